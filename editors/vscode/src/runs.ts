import * as path from 'node:path';
import * as vscode from 'vscode';
import { own } from './config';
import { Outputs, style } from './output';
import type { Listener, Session } from './session';
import { label, message, oneLine } from './text';

/** What `skills/started` says. */
export interface Started {
  run: number;
  invocation: number | null;
  skill: string;
  title: string;
  command: string;
  uri: string;
  line: number;
  character: number;
  folder: string;
}

interface Problem {
  path: string;
  line: number;
  column: number | null;
  message: string;
  severity: string;
}

/** What `skills/finished` says. */
export interface Finished {
  run: number;
  invocation: number | null;
  skill: string;
  status: string;
  message: string;
  /** What usually comes next here. */
  next: { skill: string; title: string } | null;
  summary: string;
  duration_seconds: number;
  problems: Problem[];
}

const SUCCESSES = ['passed', 'handed-over'];
const MAX_PROBLEMS_LISTED = 200;
/** The button for the next step is left out rather than keep the result waiting. */
const NEXT_STEP_MS = 500;

interface NextStep {
  button: string;
  run: { skill: string; uri: string; line: number; character: number; offer?: string };
}

/** The skills that run: their output, the status bar item while there are any, their results. */
export class Runs implements Listener, vscode.Disposable {
  private readonly running = new Map<number, Started>();
  private readonly outputs: Outputs;
  private item: vscode.StatusBarItem | undefined;
  /** The last run that started, kept over restarts of the server. */
  last: Started | undefined;
  /** The last run that ended and is in the history. */
  lastEnded: Finished | undefined;
  /** Whether the server that runs now knows of the last run. */
  isLastOfThisServer = false;

  constructor(private readonly session: Session) {
    this.outputs = new Outputs((skill) => {
      void this.cancel({ skill });
    });
  }

  started(): void {
    this.isLastOfThisServer = false;
  }

  event(name: string, data: unknown): void {
    if (name === 'started') this.onStarted(data as Started);
    if (name === 'output') {
      const { skill, run, text } = data as { skill: string; run: number; text: string };
      this.outputs.write(skill, text);
      this.showLine(run, text);
    }
    if (name === 'finished') this.onFinished(data as Finished);
  }

  lost(willRestart: boolean): void {
    const names = [...this.running.values()].map((it) => it.skill);
    for (const skill of names) {
      this.outputs.write(skill, `\n${style.red('The server ended; so did this run.')}\n\n`);
    }
    this.running.clear();
    this.isLastOfThisServer = false;
    this.update();
    if (names.length > 0) void this.tellLost(names, willRestart);
  }

  showOutput(skill?: string): void {
    this.outputs.show(skill);
  }

  async cancel(what: { skill?: string; run?: number }): Promise<void> {
    try {
      await this.session.execute('skills.cancel', what);
    } catch (error) {
      this.session.tell(error);
    }
  }

  /** Stops the only run, or the one that is picked. */
  async cancelPicked(): Promise<void> {
    const all = [...this.running.values()];
    const only = all.length === 1 ? all[0] : undefined;
    if (only) return this.cancel({ run: only.run });
    if (all.length === 0) {
      void vscode.window.showInformationMessage('No skill is running.');
      return;
    }
    const picked = await vscode.window.showQuickPick(
      [
        { label: `Stop all ${all.length}`, run: 0 },
        ...all.map((it) => ({
          label: label(it.title),
          description: label(`${it.skill}, ${path.basename(it.uri)}`),
          run: it.run,
        })),
      ],
      { title: 'Stop which skill?' },
    );
    if (picked) await this.cancel({ run: picked.run });
  }

  async rerunLast(): Promise<void> {
    if (this.isLastOfThisServer) {
      await this.session.run('skills.rerunLast', {});
    } else if (this.last) {
      const { skill, uri, line, character } = this.last;
      await this.session.run('skills.run', { skill, uri, line, character });
    } else {
      void vscode.window.showInformationMessage('No skill was run in this window yet.');
    }
  }

  /** Lets the user say how useful a run was, 1 to 5; it is kept with the run. */
  async rate(finished: Finished | undefined = this.lastEnded): Promise<void> {
    if (!finished?.invocation) {
      void vscode.window.showInformationMessage('There is no finished run to rate in this window.');
      return;
    }
    const words = ['useless', 'of little use', 'fair', 'useful', 'just what was needed'];
    const items = words
      .map((word, place) => ({
        label: '$(star-full)'.repeat(place + 1) + '$(star-empty)'.repeat(4 - place),
        description: `${place + 1}: ${word}`,
        rating: place + 1,
      }))
      .reverse();
    const title = `How useful was ${label(finished.skill)}?`;
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder: '1 to 5' });
    if (!picked) return;
    try {
      const { invocation } = finished;
      const said = await this.session.call('skills.rate', { invocation, rating: picked.rating });
      vscode.window.setStatusBarMessage(label(said.message), 4000);
    } catch (error) {
      this.session.tell(error);
    }
  }

  dispose(): void {
    this.item?.dispose();
    this.outputs.dispose();
  }

  private onStarted(run: Started): void {
    this.running.set(run.run, run);
    this.last = run;
    this.isLastOfThisServer = true;
    const folders = [run.folder, folderOf(run.uri)].filter((it) => it !== '');
    const head = `${style.bold(`▶ ${oneLine(run.title)}`)}\n${style.dim(oneLine(run.command))}\n\n`;
    this.outputs.begin(run.skill, folders, head);
    if (own('showOutput') === 'always') this.outputs.show(run.skill);
    this.update();
  }

  private onFinished(finished: Finished): void {
    const started = this.running.get(finished.run);
    this.running.delete(finished.run);
    if (finished.invocation !== null) this.lastEnded = finished;
    this.update();
    void this.session.tellStatus(); // what ranks may be another engine by now
    const isGood = SUCCESSES.includes(finished.status);
    this.outputs.write(finished.skill, ending(finished, isGood, started?.folder ?? ''));
    const isBad = !isGood && finished.status !== 'cancelled';
    if (isBad && own('showOutput') === 'onFailure') this.outputs.show(finished.skill);
    const when = own('notifications');
    if (when === 'always' || (when === 'onFailure' && isBad)) {
      void this.notify(finished, started, isBad);
    }
  }

  private async notify(
    finished: Finished,
    started: Started | undefined,
    isBad: boolean,
  ): Promise<void> {
    const next = started && (await this.nextStep(finished, started));
    const buttons = ['Show Output', ...(next ? [next.button] : [])];
    if (finished.invocation !== null) buttons.push('Rate…');
    const text = message(finished.message);
    const picked = await (isBad
      ? vscode.window.showWarningMessage(text, ...buttons)
      : vscode.window.showInformationMessage(text, ...buttons));
    if (picked === 'Show Output') this.outputs.show(finished.skill);
    if (picked === 'Rate…') await this.rate(finished);
    if (next && picked === next.button) await this.session.run('skills.run', next.run);
  }

  /** Returns what usually comes next, of which the message tells; else what fits the place best. */
  private async nextStep(
    { next, status }: Finished,
    { skill, uri, line, character }: Started,
  ): Promise<NextStep | undefined> {
    const place = { uri, line, character };
    if (next) return { button: 'Run Next Step', run: { skill: next.skill, ...place } };
    if (status === 'cancelled') return undefined;
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => {
        resolve(undefined);
      }, NEXT_STEP_MS);
    });
    try {
      const asked = this.session.call('skills.nextSteps', { skill, ...place, limit: 1 });
      const steps = await Promise.race([asked, late]);
      const best = steps?.suggestions[0] as { skill: string } | undefined;
      if (!steps || !best) return undefined;
      const run = { skill: best.skill, ...place, offer: steps.offer };
      return { button: `Next: ${message(best.skill)}`, run };
    } catch {
      return undefined; // The file is gone, or the server is.
    }
  }

  private async tellLost(names: string[], willRestart: boolean): Promise<void> {
    const what = names.length === 1 ? (names[0] ?? '') : `${names.length} skills`;
    const then = willRestart ? ' It is started again; the run is kept as interrupted.' : '';
    const text = message(`The skills-lsp server ended while ${what} ran.${then}`);
    const buttons = willRestart ? ['Run Again', 'Show Log'] : ['Restart Server', 'Show Log'];
    const picked = await vscode.window.showWarningMessage(text, ...buttons);
    if (picked === 'Run Again') await this.rerunLast();
    if (picked === 'Restart Server') await vscode.commands.executeCommand('skillsLsp.restart');
    if (picked === 'Show Log') await vscode.commands.executeCommand('skillsLsp.showLog');
  }

  /** Shows the item while something runs; it is made when something first does. */
  private update(): void {
    const all = [...this.running.values()];
    void vscode.commands.executeCommand('setContext', 'skillsLsp.hasRuns', all.length > 0);
    if (all.length === 0) {
      this.item?.hide();
      return;
    }
    this.item ??= this.makeItem();
    const what = all.length === 1 ? label(all[0]?.skill ?? '') : `${all.length} skills`;
    this.item.text = `$(sync~spin) ${what}`;
    this.item.tooltip = `${all.map((it) => it.title).join('\n')}\nClick to stop.`;
    this.item.show();
  }

  private makeItem(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem(
      'skillsLsp.running',
      vscode.StatusBarAlignment.Left,
    );
    item.name = 'Skills: running';
    item.command = 'skillsLsp.cancel';
    return item;
  }

  private showLine(run: number, text: string): void {
    const line = text.trimEnd().split('\n').at(-1);
    const title = this.running.get(run)?.title;
    if (this.item && line && title) this.item.tooltip = `${title}\n${line}\nClick to stop.`;
  }
}

function folderOf(uri: string): string {
  return path.dirname(vscode.Uri.parse(uri).fsPath);
}

function ending(finished: Finished, isGood: boolean, folder: string): string {
  const color = isGood ? style.green : finished.status === 'cancelled' ? style.yellow : style.red;
  const mark = isGood ? '✓' : finished.status === 'cancelled' ? '■' : '✗';
  const shown = finished.problems.slice(0, MAX_PROBLEMS_LISTED);
  const lines = shown.map((it) => {
    const at = it.column === null ? `${it.line}` : `${it.line}:${it.column}`;
    return `${within(it.path, folder)}:${at}  ${it.message.split('\n', 1)[0] ?? ''}`;
  });
  const left = finished.problems.length - shown.length;
  if (left > 0) lines.push(style.dim(`and ${left} more`));
  const list = lines.length > 0 ? `\n${lines.join('\n')}` : '';
  return `\n${color(`${mark} ${finished.summary}`)}${list}\n\n`;
}

/** Returns a path as it is written inside a folder; outside, as it is. */
function within(file: string, folder: string): string {
  const relative = folder ? path.relative(folder, file) : file;
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
