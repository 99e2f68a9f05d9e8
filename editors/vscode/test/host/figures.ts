/** How quick it is, as medians of a few tries; `npm run figures` prints them. Nothing is asserted. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension';

const N_PRESSES = 15;

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Api>('skills-lsp.skills-lsp');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const report = process.env.SKILLS_LSP_REPORT;
  if (!extension || !folder || !report) throw new Error('called by test/figures.mjs alone');

  const began = performance.now();
  const api = await extension.activate();
  const activated = performance.now();
  await api.ready();
  const started = performance.now();
  const uri = vscode.Uri.joinPath(folder, 'tests', 'test_prices.py');
  const editor = await vscode.window.showTextDocument(uri);
  await firstLens(uri);
  const lens = performance.now();

  const presses: number[] = [];
  for (let n = 0; n < N_PRESSES; n++) presses.push(await press(folder, editor));
  const figures = {
    bundle_kb: bundled(extension.extensionPath) / 1024,
    activation_ms: api.activationMs,
    activation_with_vscode_ms: activated - began,
    server_start_ms: started - activated,
    first_lens_after_server_start_ms: lens - started,
    press_to_process_ms: presses.sort((a, b) => a - b)[Math.floor(N_PRESSES / 2)],
  };
  fs.writeFileSync(report, JSON.stringify(figures));
}

/** The size of all that is loaded, which the dashboard's page is not. */
function bundled(extension: string): number {
  const files = ['extension', 'client'].map((it) => path.join(extension, 'dist', `${it}.js`));
  return files.reduce((sum, it) => sum + fs.statSync(it).size, 0);
}

async function firstLens(uri: vscode.Uri): Promise<void> {
  for (;;) {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
      100,
    );
    if (found.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** From the command that a key calls until the skill's process says when it began. */
async function press(folder: vscode.Uri, editor: vscode.TextEditor): Promise<number> {
  const trace = path.join(folder.fsPath, 'began');
  fs.rmSync(trace, { force: true });
  await vscode.window.showTextDocument(editor.document);
  const pressed = Date.now();
  await vscode.commands.executeCommand('skillsLsp.runSkill', { skill: 'say-when' });
  for (;;) {
    try {
      const at = Number(fs.readFileSync(trace, 'utf8'));
      if (at) return at / 1e6 - pressed;
    } catch {
      // Not begun yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
