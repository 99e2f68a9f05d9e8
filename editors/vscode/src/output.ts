import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** What is kept of a skill's output while no terminal shows it. */
const MAX_KEPT = 400_000;

export const style = {
  bold: (text: string) => `\u001b[1m${text}\u001b[22m`,
  dim: (text: string) => `\u001b[2m${text}\u001b[22m`,
  red: (text: string) => `\u001b[31m${text}\u001b[39m`,
  green: (text: string) => `\u001b[32m${text}\u001b[39m`,
  yellow: (text: string) => `\u001b[33m${text}\u001b[39m`,
};

/** The output of one skill: kept as it comes, and shown in a terminal when somebody looks. */
class SkillOutput implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.closed.event;
  private kept = '';
  private isOpen = false;
  terminal: vscode.Terminal | undefined;
  /** The folders that relative paths in it may be meant from. */
  folders: string[] = [];

  constructor(private readonly cancel: () => void) {}

  write(text: string): void {
    const lines = text.replace(/\r?\n/g, '\r\n');
    this.kept = (this.kept + lines).slice(-MAX_KEPT);
    if (this.isOpen) this.written.fire(lines);
  }

  open(): void {
    this.isOpen = true;
    this.written.fire(this.kept);
  }

  close(): void {
    this.isOpen = false;
    this.terminal = undefined;
  }

  handleInput(data: string): void {
    if (data === '\u0003') this.cancel();
  }

  dispose(): void {
    this.terminal?.dispose();
    this.written.dispose();
    this.closed.dispose();
  }
}

/** One terminal for each skill, made when it is first looked at. */
export class Outputs implements vscode.Disposable, vscode.TerminalLinkProvider<PlaceLink> {
  private readonly all = new Map<string, SkillOutput>();
  private readonly registration = vscode.window.registerTerminalLinkProvider(this);
  private last = '';

  constructor(private readonly cancel: (skill: string) => void) {}

  /** Takes the folders that a run's relative paths are meant from, and what it prints at its start. */
  begin(skill: string, folders: string[], text: string): void {
    const output = this.of(skill);
    output.folders = folders;
    output.write(text);
    this.last = skill;
  }

  write(skill: string, text: string): void {
    this.of(skill).write(text);
  }

  /** Shows a skill's output, or that of the last run. */
  show(skill: string = this.last, preserveFocus = true): void {
    const output = this.all.get(skill);
    if (!output) {
      void vscode.window.showInformationMessage('No skill was run in this window yet.');
      return;
    }
    output.terminal ??= vscode.window.createTerminal({
      name: skill,
      pty: output,
      iconPath: new vscode.ThemeIcon('play'),
      isTransient: true,
    });
    output.terminal.show(preserveFocus);
  }

  provideTerminalLinks(context: vscode.TerminalLinkContext): PlaceLink[] {
    const output = [...this.all.values()].find((it) => it.terminal === context.terminal);
    return output ? linksIn(context.line, output.folders) : [];
  }

  async handleTerminalLink(link: PlaceLink): Promise<void> {
    const at = new vscode.Position(link.row, link.column);
    await vscode.window.showTextDocument(vscode.Uri.file(link.file), {
      selection: new vscode.Range(at, at),
    });
  }

  dispose(): void {
    this.registration.dispose();
    for (const it of this.all.values()) it.dispose();
  }

  private of(skill: string): SkillOutput {
    let output = this.all.get(skill);
    if (!output) {
      output = new SkillOutput(() => {
        this.cancel(skill);
      });
      this.all.set(skill, output);
    }
    return output;
  }
}

export class PlaceLink extends vscode.TerminalLink {
  constructor(
    start: number,
    length: number,
    readonly file: string,
    readonly row: number,
    readonly column: number,
  ) {
    super(start, length, 'Open in the editor');
  }
}

// tests/test_shop.py:12:5, /a/b.ts:3, C:\x\y.py:7, and File "a b.py", line 3
const PLACES = [
  /(?<file>(?:[A-Za-z]:)?[^\s:"'()[\]<>|*?]+\.\w+):(?<line>\d+)(?::(?<column>\d+))?/g,
  /(?<file>(?:[A-Za-z]:)?[^\s:"'()[\]<>|*?]+\.\w+)\((?<line>\d+),(?<column>\d+)\)/g,
  /File "(?<file>[^"]+)", line (?<line>\d+)/g,
];
const MAX_LINE = 4000;

/** Returns the places in a line of output whose files exist. */
export function linksIn(
  line: string,
  folders: readonly string[],
  isFile: (file: string) => boolean = isFileOnDisk,
): PlaceLink[] {
  const links: PlaceLink[] = [];
  if (line.length > MAX_LINE) return links;
  for (const match of PLACES.flatMap((pattern) => [...line.matchAll(pattern)])) {
    const { file = '', line: row = '1', column = '1' } = match.groups ?? {};
    const found = [file, ...folders.map((it) => path.resolve(it, file))].find(
      (it) => path.isAbsolute(it) && isFile(it),
    );
    if (found === undefined) continue;
    links.push(
      new PlaceLink(
        match.index,
        match[0].length,
        found,
        Math.max(0, Number(row) - 1),
        Math.max(0, Number(column) - 1),
      ),
    );
  }
  return links;
}

export function isFileOnDisk(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
