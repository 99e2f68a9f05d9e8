/** Where the server is looked for, in what order, and why one was taken. Knows no VS Code. */

import * as fs from 'node:fs/promises';
import * as path from 'node:path';

export type Found =
  | { kind: 'found'; path: string; why: string }
  | { kind: 'wrong-path'; looked: string[] }
  | { kind: 'missing'; looked: string[] };

/** The places, as they are just now. */
export interface Places {
  /** The setting `skillsLsp.path`, with its variables replaced. */
  paths: readonly string[];
  /** The folder of programs of the selected Python environment; undefined when there is none. */
  environment: string | undefined;
  /** Why the environment is left out; empty when it is not. */
  environmentRefused: string;
  /** The folders of programs that the extension's own installation has. */
  installed: string;
  prefersInstalled: boolean;
  /** The folders of PATH, and those where pipx and uv put programs. */
  search: readonly string[];
}

const NAMES = process.platform === 'win32' ? ['skills-lsp.exe', 'skills-lsp.cmd'] : ['skills-lsp'];

/** Returns the first server there is. A path that was set is never replaced by another in silence. */
export async function findServer(places: Places): Promise<Found> {
  if (places.paths.length > 0) {
    for (const given of places.paths) {
      if (path.isAbsolute(given) && (await isProgram(given))) {
        return { kind: 'found', path: given, why: 'the setting skillsLsp.path names it' };
      }
    }
    return { kind: 'wrong-path', looked: [...places.paths] };
  }
  const looked: string[] = [];
  const candidates = ordered(places);
  for (const { folder, why } of candidates) {
    const found = await inFolder(folder);
    if (found) return { kind: 'found', path: found, why };
    looked.push(folder);
  }
  if (places.environmentRefused) looked.push(places.environmentRefused);
  return { kind: 'missing', looked: [...new Set(looked)] };
}

interface Candidate {
  folder: string;
  why: string;
}

function ordered(places: Places): Candidate[] {
  const environment = places.environment
    ? [{ folder: places.environment, why: 'it is in the selected Python environment' }]
    : [];
  const installed = { folder: places.installed, why: 'the extension installed it' };
  const search = places.search
    .filter((folder) => path.isAbsolute(folder)) // "." would be whatever folder is open
    .map((folder) => ({ folder, why: 'it is on the PATH' }));
  return places.prefersInstalled ? [installed, ...search] : [...environment, ...search, installed];
}

async function inFolder(folder: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const file = path.join(folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}
