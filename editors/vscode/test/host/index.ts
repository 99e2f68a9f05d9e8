/** Entry point of the tests inside the extension host, as for @vscode/test-electron. */

import * as path from 'node:path';
import Mocha from 'mocha';

export function run(): Promise<void> {
  const mocha = new Mocha({ timeout: 60_000, slow: 5_000, color: false });
  if (process.env.SKILLS_LSP_REPORT) {
    mocha.reporter('json', { output: process.env.SKILLS_LSP_REPORT });
  }
  for (const name of ['pure', 'session', 'keys']) {
    mocha.addFile(path.join(__dirname, `${name}.test.js`));
  }
  return new Promise((resolve, reject) => {
    mocha.run((failures) => {
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
  });
}
