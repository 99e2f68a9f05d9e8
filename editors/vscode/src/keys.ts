import { own } from './config';

/** The strokes before a letter; package.json binds all letters behind it. */
export const PREFIX = 'Ctrl+K Ctrl+G';

/** What the letters after the prefix stand for where the user has not said otherwise; the first
 * skill that fits the file's language and project is taken. */
export const LETTERS: Record<string, string[]> = {
  t: ['pytest-run', 'unittest-run', 'jest-run', 'mocha-test', 'node-test', 'playwright-test'],
  u: ['pytest-coverage', 'jest-coverage'],
  f: ['ruff-format', 'biome-format', 'prettier-format'],
  m: ['mypy-check', 'pyright-check', 'tsc-check'],
  r: ['refactoring-agent'],
  d: ['doc-generate'],
};

/** The keys that the setting `predefinedShortcuts` switches on; package.json binds them. */
const PREDEFINED: Record<string, string> = {
  'pytest-run': 'Ctrl+Shift+T',
  'pytest-coverage': 'Ctrl+Shift+U',
  'ruff-format': 'Ctrl+Alt+F',
  'mypy-check': 'Ctrl+Alt+M',
  'refactoring-agent': 'Ctrl+Shift+R',
  'doc-generate': 'Ctrl+Shift+D',
};

/** Returns the keys that run a skill as things are, for a label; `registered` are the user's own. */
export function keysOf(skill: string, registered: string | null | undefined): string | undefined {
  if (registered) return registered;
  if (own('predefinedShortcuts') && PREDEFINED[skill]) return PREDEFINED[skill];
  const letter = Object.entries(LETTERS).find(([, skills]) => skills[0] === skill)?.[0];
  return letter && `${PREFIX} ${letter.toUpperCase()}`;
}
