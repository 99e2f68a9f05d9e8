import * as vscode from 'vscode';

/** What the extension does itself: which server was found and why, restarts, failures. */
export class Log implements vscode.Disposable {
  private made: vscode.LogOutputChannel | undefined;

  private get channel(): vscode.LogOutputChannel {
    return (this.made ??= vscode.window.createOutputChannel('Skills LSP', { log: true }));
  }

  info(message: string): void {
    this.channel.info(message);
  }

  warn(message: string): void {
    this.channel.warn(message);
  }

  error(message: string): void {
    this.channel.error(message);
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.made?.dispose();
  }
}

/** An output channel that is not listed before something is written to it. */
export class LazyChannel implements vscode.OutputChannel {
  private made: vscode.OutputChannel | undefined;

  constructor(readonly name: string) {}

  private get channel(): vscode.OutputChannel {
    return (this.made ??= vscode.window.createOutputChannel(this.name));
  }

  append(value: string): void {
    this.channel.append(value);
  }

  appendLine(value: string): void {
    this.channel.appendLine(value);
  }

  replace(value: string): void {
    this.channel.replace(value);
  }

  clear(): void {
    this.made?.clear();
  }

  show(first?: vscode.ViewColumn | boolean, preserveFocus?: boolean): void {
    this.channel.show(typeof first === 'boolean' ? first : preserveFocus);
  }

  hide(): void {
    this.made?.hide();
  }

  dispose(): void {
    this.made?.dispose();
  }
}
