import * as vscode from 'vscode';
import type {
  CloseHandlerResult,
  ErrorHandler,
  LanguageClient,
  LanguageClientOptions,
} from 'vscode-languageclient/node';
import { LANGUAGES, SECTION, forServer, own } from './config';
import { findServer } from './find';
import { LazyChannel, type Log } from './log';
import { places } from './places';
import type { Commands } from './protocol';
import type { Status } from './status';
import { lensTitle, message } from './text';
import { MINIMUM, isNewEnough, versionOf } from './version';

/** A server that ended so often, within so long, is not started again by itself. */
const MAX_ENDS = 4;
const ENDS_WITHIN_MS = 180_000;

/** So long a request waits for a server that starts again. */
const RESTART_MS = 20_000;

const RUN_COMMANDS = ['skills.run', 'skills.rerunLast'];

// Most of what is bundled, and run when a server is started: VS Code waits for the activation.
const loadClient = () => import('./client.js');
type Lsp = Awaited<ReturnType<typeof loadClient>>;

/** What the rest of the extension wants to hear of. */
export interface Listener {
  /** A server is there, new or anew. */
  started(): void;
  /** The server ended without being told to; `willRestart` says whether it comes back by itself. */
  lost(willRestart: boolean): void;
  event(name: string, data: unknown): void;
}

/** The one server of this window: found, started, started again, stopped. */
export class Session implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private hasServer = false;
  private program = '';
  private work: Promise<void> = Promise.resolve();
  private isRestartWaiting = false;
  private ends: number[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly listeners: Listener[] = [];
  private readonly serverChannel = new LazyChannel('Skills LSP Server');
  private readonly traceChannel = new LazyChannel('Skills LSP Trace');
  /** Shows a document that a command answered with. */
  showReport: (command: string, markdown: string) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: Log,
    private readonly status: Status,
    private readonly offerInstall: (reason: string) => void,
  ) {}

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  get isRunning(): boolean {
    return this.hasServer;
  }

  /** The commands that the running server has. */
  get commands(): string[] {
    return this.client?.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
  }

  /** Settles when all starts and restarts that were asked for so far are done. */
  get settled(): Promise<void> {
    return this.work;
  }

  /** Starts, or starts again. Asked for several times while one is under way, it is done once more. */
  restart(reason: string): Promise<void> {
    if (!this.isRestartWaiting) {
      this.isRestartWaiting = true;
      this.enqueue(async () => {
        this.isRestartWaiting = false;
        this.log.info(`Starting the server: ${reason}.`);
        this.ends = [];
        await this.stop();
        await this.start();
      });
    }
    return this.work;
  }

  /** Looks for the server anew, and starts again only if it is another one now. */
  lookAgain(reason: string): Promise<void> {
    this.enqueue(async () => {
      const found = await findServer(await places(this.context));
      if (this.isRunning && found.kind === 'found' && found.path === this.program) {
        await this.tellSettings();
        return;
      }
      void this.restart(reason);
    });
    return this.work;
  }

  /** Lets the server ask for the settings again. */
  async tellSettings(): Promise<void> {
    if (!this.isRunning) return;
    await this.client?.sendNotification('workspace/didChangeConfiguration', { settings: null });
  }

  /** Calls a command of the server that the extension knows the types of. */
  async call<K extends keyof Commands>(
    command: K,
    params: Commands[K]['params'],
  ): Promise<Commands[K]['result']> {
    return (await this.execute(command, params)) as Commands[K]['result'];
  }

  /** Calls any command of the server; waits for a server that is just starting. */
  async execute(command: string, params?: unknown): Promise<unknown> {
    await this.work;
    if (this.client && !this.isRunning) await this.comesBack();
    if (!this.client || !this.isRunning) throw new Error('The skills-lsp server is not running.');
    const answer: unknown = await this.client.sendRequest('workspace/executeCommand', {
      command,
      arguments: params === undefined ? [] : [params],
    });
    return answer;
  }

  /** Runs a skill, or the last one again, as a click on a lens does. */
  async run(command: 'skills.run' | 'skills.rerunLast', params: object): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      await this.refuse();
      return;
    }
    await saveBefore([params]);
    try {
      await this.execute(command, params);
    } catch (error) {
      this.tell(error);
    }
  }

  dispose(): Promise<void> {
    this.enqueue(() => this.stop());
    return this.work.then(() => {
      this.serverChannel.dispose();
      this.traceChannel.dispose();
    });
  }

  /** Settles when a server that is starting again by itself is there, or has taken too long. */
  private comesBack(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RESTART_MS);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private enqueue(step: () => Promise<void>): void {
    this.work = this.work.then(step).catch((error: unknown) => {
      this.log.error(String(error));
    });
  }

  private async start(): Promise<void> {
    this.status.starting();
    const found = await findServer(await places(this.context));
    if (found.kind === 'wrong-path') {
      this.fail(`skillsLsp.path names no program: ${found.looked.join(', ')}`, 'Open Settings');
      return;
    }
    if (found.kind === 'missing') {
      this.log.warn(`No skills-lsp was found in: ${found.looked.join(', ')}.`);
      this.status.failed('skills-lsp is not installed');
      this.offerInstall('skills-lsp, the server of this extension, is not installed.');
      return;
    }
    const { version, said } = await versionOf(found.path, this.context.globalState);
    if (version === undefined) {
      this.log.error(said);
      this.fail(`${found.path} --version does not answer as skills-lsp does`, 'Open Settings');
      return;
    }
    if (!isNewEnough(version)) {
      const reason = `skills-lsp ${version} is too old: this extension needs ${MINIMUM} or newer.`;
      this.log.error(`${found.path}: ${reason}`);
      this.status.failed(reason);
      this.offerInstall(reason);
      return;
    }
    this.log.info(`Taking ${found.path} (${version}), because ${found.why}.`);
    await this.connect(found.path);
  }

  private async connect(program: string): Promise<void> {
    this.program = program;
    const command = { command: program, args: ['serve'] };
    const lsp = await loadClient();
    const client = new lsp.LanguageClient(SECTION, 'Skills LSP', command, this.options(lsp));
    client.registerFeature({
      fillClientCapabilities: (capabilities) => {
        const skills = { notifications: true, results: true, reports: true };
        capabilities.experimental = { skills };
      },
      initialize: () => undefined,
      getState: () => ({ kind: 'static' }),
      clear: () => undefined,
    });
    for (const event of ['started', 'output', 'finished', 'refused']) {
      client.onNotification(`skills/${event}`, (data: unknown) => {
        for (const it of this.listeners) it.event(event, data);
      });
    }
    client.onDidChangeState(({ newState }) => {
      this.hasServer = newState === lsp.State.Running;
      if (this.hasServer) void this.onRunning();
      else void vscode.commands.executeCommand('setContext', 'skillsLsp.running', false);
    });
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.client = undefined;
      this.fail(`the server ${program} did not start: ${String(error)}`, 'Show Server Output');
    }
  }

  private async onRunning(): Promise<void> {
    await vscode.commands.executeCommand('setContext', 'skillsLsp.running', true);
    for (const it of this.waiting.splice(0)) it();
    for (const it of this.listeners) it.started();
    await this.tellStatus();
  }

  /** Shows what the server says of itself. */
  async tellStatus(): Promise<void> {
    try {
      this.status.ready(await this.call('skills.status', {}));
    } catch {
      // It ended meanwhile, which is told where that is noticed.
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.hasServer = false;
    if (!client) return;
    await vscode.commands.executeCommand('setContext', 'skillsLsp.running', false);
    try {
      await client.stop();
      await client.dispose();
    } catch {
      // A client that is starting, or whose start failed, cannot be stopped; its process is gone.
    }
  }

  private options(lsp: Lsp): LanguageClientOptions {
    const schemes = ['file', 'untitled'];
    return {
      documentSelector: LANGUAGES.flatMap((language) =>
        schemes.map((scheme) => ({ language, scheme })),
      ),
      initializationOptions: forServer(vscode.workspace.getConfiguration(SECTION)),
      outputChannel: this.serverChannel,
      traceOutputChannel: this.traceChannel,
      errorHandler: this.errorHandler(lsp),
      middleware: {
        provideCodeLenses: async (document, token, next) => {
          const lenses = await next(document, token);
          for (const lens of lenses ?? []) decorate(lens);
          return lenses;
        },
        resolveCodeLens: async (lens, token, next) => {
          const resolved = await next(lens, token);
          return resolved && decorate(resolved);
        },
        executeCommand: async (command, args, next) => {
          if (RUN_COMMANDS.includes(command)) {
            if (!vscode.workspace.isTrusted) return this.refuse();
            await saveBefore(args);
          }
          try {
            const answer = (await next(command, args)) as { markdown?: string } | null;
            if (answer?.markdown) await this.showReport(command, answer.markdown);
            return answer;
          } catch (error) {
            this.tell(error);
            return undefined;
          }
        },
        workspace: {
          configuration: async (params, token, next) => {
            const answers = await next(params, token);
            if (!Array.isArray(answers)) return answers;
            return answers.map((it: unknown, place) =>
              params.items[place]?.section === SECTION ? forServer(it) : it,
            );
          },
        },
      },
    };
  }

  /** Shows what the server said against a request; anything else goes to the log. */
  tell(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.log.warn(text);
    void this.showError(message(text));
  }

  /** The server would refuse as well, but cannot lead to where trust is given. */
  private async refuse(): Promise<undefined> {
    const text = 'No skill runs here yet: this workspace is not trusted.';
    const picked = await vscode.window.showWarningMessage(text, 'Manage Workspace Trust');
    if (picked) await vscode.commands.executeCommand('workbench.trust.manage');
    return undefined;
  }

  private errorHandler({ CloseAction, ErrorAction }: Lsp): ErrorHandler {
    return {
      error: (error, _message, count) => {
        this.log.warn(`The connection to the server: ${error.message}`);
        return {
          action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
          handled: true,
        };
      },
      closed: () => this.onClosed(CloseAction),
    };
  }

  private onClosed(CloseAction: Lsp['CloseAction']): CloseHandlerResult {
    const now = Date.now();
    this.ends = [...this.ends, now].filter((at) => now - at < ENDS_WITHIN_MS);
    const willRestart = this.ends.length <= MAX_ENDS;
    this.log.warn(
      `The server ended by itself; ${willRestart ? 'it is started again' : 'it stays ended'}.`,
    );
    for (const it of this.listeners) it.lost(willRestart);
    if (willRestart) {
      this.status.starting();
      return { action: CloseAction.Restart, handled: true };
    }
    this.fail(`the server ended ${this.ends.length} times within three minutes`, 'Restart');
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  private fail(reason: string, button: 'Open Settings' | 'Restart' | 'Show Server Output'): void {
    this.log.error(reason);
    this.status.failed(reason);
    void this.showError(message(`Skills LSP is not running: ${reason}.`), button);
  }

  private async showError(text: string, ...buttons: string[]): Promise<void> {
    const picked = await vscode.window.showErrorMessage(text, ...buttons, 'Show Log');
    if (picked === 'Show Log') this.log.show();
    if (picked === 'Show Server Output') this.serverChannel.show(true);
    if (picked === 'Restart') await this.restart('asked for');
    if (picked === 'Open Settings') {
      await vscode.commands.executeCommand('workbench.action.openSettings', `${SECTION}.path`);
    }
  }
}

function decorate<T extends vscode.CodeLens>(lens: T): T {
  if (lens.command) lens.command.title = lensTitle(lens.command.title);
  return lens;
}

/** Saves the document that a run is about, so that what runs is what is seen. */
async function saveBefore(args: unknown[]): Promise<void> {
  if (!own('saveBeforeRun')) return;
  const uri = (args[0] as { uri?: unknown } | undefined)?.uri;
  const document = vscode.workspace.textDocuments.find(
    (it) => it.isDirty && !it.isUntitled && (uri === undefined || it.uri.toString() === uri),
  );
  await document?.save();
}
