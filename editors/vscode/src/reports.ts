import * as path from 'node:path';
import * as vscode from 'vscode';
import { linked } from './links';
import { isFileOnDisk } from './output';
import { placeOf } from './place';
import type { Session } from './session';
import { label } from './text';

const SCHEME = 'skills-report';
/** The preview lays out the whole document at once: above this a text editor is of more use. */
const MAX_PREVIEW = 1_000_000;
/** So many reports stay readable, for previews that were left open. */
const MAX_KEPT = 20;

interface Report {
  command: string;
  title: string;
  summary: string;
  is_report: boolean;
}

/** Documents that commands answer with, in VS Code's own Markdown preview. */
export class Reports implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private number = Date.now(); // after a reload, too, each is a new one
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(
    SCHEME,
    this,
  );
  readonly onDidChange = this.changed.event;

  constructor(private readonly session: Session) {
    session.showReport = (command, markdown) => this.show(command, markdown);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? 'This report is gone: ask for it again.\n';
  }

  /** Lets the user pick one of the reports that the running server has. */
  async pick(): Promise<void> {
    try {
      const { reports } = await this.session.call('skills.listReports', {});
      const has = new Set(this.session.commands);
      const listed = (reports as unknown as Report[]).filter((it) => has.has(it.command));
      const items: (vscode.QuickPickItem & { command?: string })[] = [];
      for (const it of listed) {
        const group = it.is_report ? 'Reports' : 'Lists';
        if (items.every((other) => other.label !== group)) {
          items.push({ label: group, kind: vscode.QuickPickItemKind.Separator });
        }
        items.push({ label: label(it.title), detail: label(it.summary), command: it.command });
      }
      const picked = await vscode.window.showQuickPick(items, {
        title: 'Show a report',
        placeHolder: 'Type a name, or what you want to know',
        matchOnDetail: true,
      });
      if (picked?.command) await this.ask(picked.command);
    } catch (error) {
      this.session.tell(error);
    }
  }

  /** Shows why the suggestions at the cursor stand in their order. */
  async explain(): Promise<void> {
    const place = placeOf();
    if (!place) {
      void vscode.window.showInformationMessage(
        'Put the cursor into a Python, JavaScript or TypeScript file first.',
      );
      return;
    }
    const { uri, line, character } = place;
    await this.ask('skills.explain', { uri, line, character });
  }

  /** Asks the server for a document and shows it. */
  async ask(command: string, params?: unknown): Promise<void> {
    try {
      const answer = (await this.session.execute(command, params)) as { markdown?: string } | null;
      if (answer?.markdown) await this.show(command, answer.markdown);
    } catch (error) {
      this.session.tell(error);
    }
  }

  async show(command: string, markdown: string): Promise<void> {
    const name = command.replace(/^skills\.(report\.)?/, '');
    const isLong = markdown.length > MAX_PREVIEW;
    // The preview knows a document by its path and version, which begins at 1 when it is opened
    // again: with one path for all it would show an old text. A text editor follows changes.
    const folder = isLong ? '' : `/${++this.number}`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `${folder}/${name}.md` });
    this.keep(uri, isLong ? markdown : withLinks(markdown));
    if (!isLong) {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
      return;
    }
    await vscode.window.showTextDocument(uri, { preview: false });
    const size = `${Math.round(markdown.length / 1e6)} million characters`;
    void vscode.window.showInformationMessage(
      `This report is too long for the preview (${size}): here it is as text.`,
    );
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  private keep(uri: vscode.Uri, text: string): void {
    this.texts.delete(uri.toString());
    this.texts.set(uri.toString(), text);
    for (const oldest of [...this.texts.keys()].slice(0, -MAX_KEPT)) this.texts.delete(oldest);
    this.changed.fire(uri);
  }
}

/** Returns a report with a link at each place in the code that it names. */
function withLinks(markdown: string): string {
  // The preview reads a path that begins with a slash as one of the first folder.
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined) return markdown;
  return linked(markdown, (file) => {
    const inside = path.relative(folder, path.resolve(folder, file));
    if (inside.startsWith('..') || path.isAbsolute(inside)) return undefined;
    return isFileOnDisk(path.join(folder, inside)) ? inside : undefined;
  });
}
