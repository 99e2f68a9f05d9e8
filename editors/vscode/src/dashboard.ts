import * as vscode from 'vscode';
import { randomBytes } from 'node:crypto';
import type { Listener, Session } from './session';

/** What the page asks. */
interface Request {
  type: 'request';
  id: number | string;
  command: string;
  params?: unknown;
}

/** The page may read, and nothing else: it shows what programs have printed. */
const READABLE = /^skills\.(report\.\w+|dashboard|list\w+|abList|history|sessionSummary|status)$/;

/**
 * The dashboard: `media/dashboard/index.html` in a webview, which speaks to the server through us.
 *
 * The page posts `{type: 'request', id, command, params}` and is answered with
 * `{type: 'response', id, result}` or `{type: 'response', id, error}`. What the server tells of itself
 * comes as `{type: 'event', event, data}`: runs as they start and end, and `connected` when there is a
 * new server. In the page's text `{{nonce}}`, `{{cspSource}}` and `{{base}}` are replaced.
 */
export class Dashboard implements Listener, vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly session: Session,
  ) {}

  async open(): Promise<void> {
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const folder = vscode.Uri.joinPath(this.context.extensionUri, 'media', 'dashboard');
    let page: string;
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'index.html'));
      page = new TextDecoder().decode(bytes);
    } catch {
      void vscode.window.showErrorMessage('This build of the extension has no dashboard in it.');
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      'skillsLsp.dashboard',
      'Skills Dashboard',
      vscode.ViewColumn.Active,
      { enableScripts: true, localResourceRoots: [folder], retainContextWhenHidden: true },
    );
    this.panel = panel;
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    panel.webview.onDidReceiveMessage((it: Request) => this.answer(panel.webview, it));
    panel.webview.html = page
      .replaceAll('{{nonce}}', randomBytes(16).toString('hex'))
      .replaceAll('{{cspSource}}', panel.webview.cspSource)
      .replaceAll('{{base}}', panel.webview.asWebviewUri(folder).toString());
  }

  started(): void {
    this.tell('connected', null);
  }

  lost(): void {
    this.tell('disconnected', null);
  }

  event(name: string, data: unknown): void {
    if (name !== 'output') this.tell(name, data);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private tell(event: string, data: unknown): void {
    void this.panel?.webview.postMessage({ type: 'event', event, data });
  }

  private async answer(webview: vscode.Webview, asked: Request): Promise<void> {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it comes from a page
    if (asked?.type !== 'request') return;
    const { id, command, params } = asked;
    try {
      if (!READABLE.test(command)) throw new Error(`The dashboard may not call ${command}.`);
      const result = await this.session.execute(command, params ?? {});
      await webview.postMessage({ type: 'response', id, result });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      await webview.postMessage({ type: 'response', id, error: text });
    }
  }
}
