import * as os from 'node:os';
import * as path from 'node:path';
import type { PythonExtension } from '@vscode/python-extension';
import * as vscode from 'vscode';
import { expanded, own } from './config';
import type { Places } from './find';

const PROGRAMS = process.platform === 'win32' ? 'Scripts' : 'bin';

/** Returns the folder of programs of the environment that the extension itself made. */
export function installedFolder(context: vscode.ExtensionContext): string {
  return path.join(context.globalStorageUri.fsPath, 'env', PROGRAMS);
}

/** Returns the places where a server may be, as the settings and the editor have them now. */
export async function places(context: vscode.ExtensionContext): Promise<Places> {
  const isTrusted = vscode.workspace.isTrusted;
  return {
    paths: own('path').map(expanded),
    // A folder that nobody trusts may bring an environment whose skills-lsp is anything.
    environment: isTrusted ? await environment() : undefined,
    environmentRefused: isTrusted ? '' : 'no Python environment, as the workspace is not trusted',
    installed: installedFolder(context),
    prefersInstalled: own('importStrategy') === 'useInstalled',
    search: searchPath(),
  };
}

/** Returns the folders of PATH, and where pipx and uv put programs, which an editor may not have. */
export function searchPath(): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((it) => it !== '');
  return [...folders, path.join(os.homedir(), '.local', 'bin')];
}

async function environment(): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const selected = await selectedPython(folder?.uri);
  if (selected) return path.dirname(selected);
  if (folder === undefined) return undefined;
  for (const name of ['.venv', 'venv']) {
    const programs = vscode.Uri.joinPath(folder.uri, name, PROGRAMS);
    try {
      await vscode.workspace.fs.stat(programs);
      return programs.fsPath;
    } catch {
      // There is none of this name.
    }
  }
  return undefined;
}

/** Returns the interpreter that is selected in the Python extension, where that is installed. */
export async function selectedPython(resource?: vscode.Uri): Promise<string | undefined> {
  const api = await pythonApi();
  if (!api) return undefined;
  const selected = api.environments.getActiveEnvironmentPath(resource);
  const resolved = await api.environments.resolveEnvironment(selected);
  return resolved?.executable.uri?.fsPath;
}

/** Calls back when another Python environment is selected. */
export function onPythonChange(changed: () => void): vscode.Disposable {
  let subscription: vscode.Disposable | undefined;
  let isDisposed = false;
  void pythonApi().then((api) => {
    if (!isDisposed) subscription = api?.environments.onDidChangeActiveEnvironmentPath(changed);
  });
  return new vscode.Disposable(() => {
    isDisposed = true;
    subscription?.dispose();
  });
}

async function pythonApi(): Promise<PythonExtension | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>('ms-python.python');
  if (!extension) return undefined;
  try {
    return await extension.activate();
  } catch {
    return undefined; // It is broken, which it says itself.
  }
}
