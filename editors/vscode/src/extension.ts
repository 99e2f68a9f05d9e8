import * as vscode from 'vscode';
import { LOOKUP_SETTINGS, SECTION } from './config';
import { Dashboard } from './dashboard';
import { Installer } from './install';
import { Log } from './log';
import { newSkill, trustProjectSkills } from './newSkill';
import { Picker } from './pick';
import { onPythonChange } from './places';
import { Reports } from './reports';
import { Runs } from './runs';
import { Session } from './session';
import { Shortcuts } from './shortcuts';
import { Status } from './status';

/** What other extensions, and the tests, can ask of this one. */
export interface Api {
  /** Settles when every start and restart that is under way is done; true when a server runs. */
  readonly ready: () => Promise<boolean>;
  /** How long `activate` took; VS Code's own work around it is not in it. */
  readonly activationMs: number;
}

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): Api {
  const began = performance.now();
  const log = new Log();
  const status = new Status();
  const started = new Session(context, log, status, (reason) => void installer.offer(reason));
  session = started;
  const installer = new Installer(context, log, () => started.restart('it was installed'));
  const runs = new Runs(started);
  const reports = new Reports(started);
  const picker = new Picker(started);
  const shortcuts = new Shortcuts(started, picker);
  const dashboard = new Dashboard(context, started);
  started.listen(runs);
  started.listen(dashboard);

  const commands: Record<string, (args: unknown) => unknown> = {
    pickSkill: () => picker.run(),
    search: () => search(picker),
    runSkill: (args) => shortcuts.runSkill(args),
    runLetter: (args) => shortcuts.runLetter(args),
    rerunLast: () => runs.rerunLast(),
    cancel: () => runs.cancelPicked(),
    showOutput: () => {
      runs.showOutput();
    },
    rateLast: () => runs.rate(),
    explain: () => reports.explain(),
    showReport: (args) => (typeof args === 'string' ? reports.ask(args) : reports.pick()),
    openDashboard: () => dashboard.open(),
    registerShortcut: () => shortcuts.register(),
    togglePredefinedShortcuts: () => shortcuts.togglePredefined(),
    newSkill: () => newSkill(started),
    trustProjectSkills: () => trustProjectSkills(started),
    install: () => installer.install(),
    showInstallation: () => {
      installer.showOutput();
    },
    restart: () => started.restart('asked for'),
    showLog: () => {
      log.show();
    },
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(`${SECTION}.${name}`, run));
  }

  context.subscriptions.push(
    ...[log, status, installer, runs, reports, dashboard],
    onPythonChange(() => void started.lookAgain('another Python environment was selected')),
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.lookAgain('the workspace is trusted')),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const changed = LOOKUP_SETTINGS.find((it) => event.affectsConfiguration(`${SECTION}.${it}`));
      if (changed) void started.restart(`the setting ${SECTION}.${changed} changed`);
      else if (event.affectsConfiguration(SECTION)) void started.tellSettings();
    }),
  );
  void started.restart('the extension was activated');
  return {
    ready: () => started.settled.then(() => started.isRunning),
    activationMs: performance.now() - began,
  };
}

export function deactivate(): Promise<void> | undefined {
  return session?.dispose();
}

async function search(picker: Picker): Promise<void> {
  const query = await vscode.window.showInputBox({
    title: 'Search the skills',
    prompt: 'Say what you want to do, in any words.',
    placeHolder: 'find code that is never used',
  });
  if (query?.trim()) await picker.run(query.trim());
}
