/** Which version a server is, and whether it is new enough. Knows no VS Code. */

import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';

/** The oldest server that this extension works with. */
export const MINIMUM = '0.1.0';

const TIMEOUT_MS = 15_000;

export interface Answer {
  /** Undefined when it did not say one. */
  version: string | undefined;
  /** What it printed, or why it could not be started. */
  said: string;
}

/** Remembers what a program answered, for as long as the file stays the same. */
export interface Memory {
  get(key: string): string | undefined;
  update(key: string, value: string): PromiseLike<void>;
}

/** Asks a server for its version: once for each file, as a start of Python takes its time. */
export async function versionOf(program: string, memory: Memory): Promise<Answer> {
  const { mtimeMs, size, ino } = await fs.stat(program);
  const key = `version:${program}`;
  const stamp = `${mtimeMs}:${size}:${ino} `;
  const known = memory.get(key);
  if (known?.startsWith(stamp)) return { version: known.slice(stamp.length), said: '' };
  const answer = await ask(program);
  // A server installed in place keeps its launcher: only what is new enough is worth remembering.
  if (answer.version && isNewEnough(answer.version)) {
    await memory.update(key, stamp + answer.version);
  }
  return answer;
}

function ask(program: string): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, shell: program.endsWith('.cmd') };
    execFile(program, ['--version'], options, (error, stdout, stderr) => {
      const version = /^skills-lsp (\d+\.\d+\.\d+\S*)/m.exec(stdout)?.[1];
      const said = [stdout, stderr, version ? '' : (error?.message ?? '')].join('\n').trim();
      resolve({ version, said });
    });
  });
}

/** Says whether a version is at least the minimum; what stands behind the three numbers is left out. */
export function isNewEnough(version: string, minimum = MINIMUM): boolean {
  const [have, need] = [version, minimum].map((it) =>
    it.split('.', 3).map((part) => parseInt(part)),
  );
  for (let place = 0; place < 3; place++) {
    const difference = (have?.[place] ?? 0) - (need?.[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
