import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

export const SECTION = 'skillsLsp';

/** The languages that the server looks at; package.json's activation and keys name the same. */
export const LANGUAGES = [
  'python',
  'javascript',
  'javascriptreact',
  'typescript',
  'typescriptreact',
];

export type ImportStrategy = 'fromEnvironment' | 'useInstalled';
export type When = 'always' | 'onFailure' | 'never';

/** The settings that are the extension's own; all others go to the server as they are. */
export interface OwnSettings {
  path: string[];
  importStrategy: ImportStrategy;
  installSource: string;
  notifications: When;
  showOutput: When;
  saveBeforeRun: boolean;
  predefinedShortcuts: boolean;
}

const OWN: Record<keyof OwnSettings | 'trace', true> = {
  path: true,
  importStrategy: true,
  installSource: true,
  notifications: true,
  showOutput: true,
  saveBeforeRun: true,
  predefinedShortcuts: true,
  trace: true,
};

/** Settings that decide which server runs: when one changes, it is looked for anew. */
export const LOOKUP_SETTINGS = ['path', 'importStrategy', 'trace.server', 'database'];

export function own<K extends keyof OwnSettings>(name: K): OwnSettings[K] {
  const value = vscode.workspace.getConfiguration(SECTION).get<OwnSettings[K]>(name);
  if (value === undefined) throw new Error(`package.json has no setting ${SECTION}.${name}`);
  return value;
}

/** Returns what the server is told: its own settings, and whether the workspace is trusted. */
export function forServer(given: unknown): Record<string, unknown> {
  const settings = typeof given === 'object' && given !== null ? given : {};
  const kept = Object.entries(settings).filter(([name]) => !(name in OWN));
  return { ...Object.fromEntries(kept), workspaceTrusted: vscode.workspace.isTrusted };
}

/** Returns a path of the settings with its variables replaced. */
export function expanded(value: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const home = os.homedir();
  const text = value
    .replaceAll('${workspaceFolder}', folder)
    .replaceAll('${userHome}', home)
    .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => process.env[name] ?? '');
  return text === '~' || text.startsWith('~/') ? path.join(home, text.slice(1)) : text;
}
