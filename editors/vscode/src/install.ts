import { execFile, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { expanded, own } from './config';
import { LazyChannel, type Log } from './log';
import { searchPath, selectedPython } from './places';
import { message } from './text';

const run = promisify(execFile);
const IS_WINDOWS = process.platform === 'win32';
const MIN_PYTHON = [3, 11] as const;

/** One way to install the server: programs called one after the other. */
interface Way extends vscode.QuickPickItem {
  steps: [string, string[]][];
}

/** Offers to install the server, and does it where the user can see how it goes. */
export class Installer implements vscode.Disposable {
  private readonly output = new LazyChannel('Skills LSP Installation');
  private isOffering = false;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: Log,
    private readonly installed: () => Promise<void>,
  ) {}

  /** Says what is wrong and offers to mend it; once at a time. */
  async offer(reason: string): Promise<void> {
    if (this.isOffering) return;
    this.isOffering = true;
    try {
      const buttons = ['Install…', 'Open Settings', 'Show Log'];
      const picked = await vscode.window.showWarningMessage(message(reason), ...buttons);
      if (picked === 'Install…') await this.install();
      if (picked === 'Show Log') this.log.show();
      if (picked === 'Open Settings') {
        await vscode.commands.executeCommand('workbench.action.openSettings', 'skillsLsp.path');
      }
    } finally {
      this.isOffering = false;
    }
  }

  async install(): Promise<void> {
    const ways = await this.ways();
    if (ways.length === 0) {
      void vscode.window.showErrorMessage(
        `Neither Python ${MIN_PYTHON.join('.')} or newer nor pipx or uv was found: install Python first.`,
      );
      return;
    }
    const way = await vscode.window.showQuickPick(ways, { title: 'Install skills-lsp with' });
    if (!way) return;
    const place = { location: vscode.ProgressLocation.Notification, cancellable: true };
    const title = 'Installing skills-lsp ([show output](command:skillsLsp.showInstallation))';
    const failure = await vscode.window.withProgress({ ...place, title }, (progress, token) =>
      this.follow(way, progress, token),
    );
    if (failure === undefined) {
      this.log.info(`Installed skills-lsp: ${way.label}.`);
      await this.installed();
      return;
    }
    this.log.error(`The installation failed: ${failure}`);
    const text = message(`skills-lsp was not installed: ${failure}.`);
    const picked = await vscode.window.showErrorMessage(text, 'Show Output');
    if (picked) this.showOutput();
  }

  /** Shows what the programs print that install it. */
  showOutput(): void {
    this.output.show(true);
  }

  dispose(): void {
    this.output.dispose();
  }

  /** Calls a way's programs; returns why it failed, or undefined. */
  private async follow(
    way: Way,
    progress: vscode.Progress<{ message: string }>,
    token: vscode.CancellationToken,
  ): Promise<string | undefined> {
    for (const [program, args] of way.steps) {
      this.output.appendLine(`> ${[program, ...args].join(' ')}`);
      const code = await call(program, args, token, (text) => {
        this.output.append(text);
        const line = text.trimEnd().split('\n').at(-1)?.trim();
        if (line) progress.report({ message: line.slice(0, 80) });
      });
      if (token.isCancellationRequested) return 'it was cancelled';
      if (code !== 0) return `${path.basename(program)} ended with ${code}`;
    }
    return undefined;
  }

  private async ways(): Promise<Way[]> {
    const source = expanded(own('installSource'));
    const ways: Way[] = [];
    const uv = await onPath('uv');
    if (uv) {
      const steps: Way['steps'] = [[uv, ['tool', 'install', '--upgrade', source]]];
      ways.push({ label: 'uv tool', description: 'for every editor and the terminal', steps });
    }
    const pipx = await onPath('pipx');
    if (pipx) {
      const steps: Way['steps'] = [[pipx, ['install', '--force', source]]];
      ways.push({ label: 'pipx', description: 'for every editor and the terminal', steps });
    }
    const python = await newEnoughPython();
    if (python) {
      const folder = path.join(this.context.globalStorageUri.fsPath, 'env');
      const inside = path.join(folder, IS_WINDOWS ? 'Scripts' : 'bin', 'python');
      const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--upgrade', source];
      await fs.mkdir(this.context.globalStorageUri.fsPath, { recursive: true });
      ways.push({
        label: 'A private environment',
        description: 'for this extension alone',
        detail: `made with ${python}`,
        steps: [
          [python, ['-m', 'venv', folder]],
          [inside, pip],
        ],
      });
    }
    return ways;
  }
}

function call(
  program: string,
  args: string[],
  token: vscode.CancellationToken,
  said: (text: string) => void,
): Promise<number | string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    token.onCancellationRequested(() => child.kill());
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', said);
    }
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'no exit code');
    });
  });
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of searchPath()) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, IS_WINDOWS ? `${name}.exe` : name);
    try {
      await fs.access(file, fs.constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

async function newEnoughPython(): Promise<string | undefined> {
  const isTrusted = vscode.workspace.isTrusted;
  const selected = isTrusted ? await selectedPython() : undefined;
  const named = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
  const found = await Promise.all(named.map(onPath));
  for (const python of [selected, ...found]) {
    if (!python) continue;
    const question = `import sys; print(sys.version_info >= (${MIN_PYTHON.join(', ')}))`;
    try {
      const { stdout } = await run(python, ['-I', '-c', question], { timeout: 10_000 });
      if (stdout.trim() === 'True') return python;
    } catch {
      // It does not work; another may.
    }
  }
  return undefined;
}
