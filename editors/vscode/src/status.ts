import * as vscode from 'vscode';
import { LANGUAGES } from './config';
import type { StatusResult } from './protocol';

/** The entry in the language status, beside those of the other servers. */
export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;

  constructor() {
    this.item = vscode.languages.createLanguageStatusItem(
      'skillsLsp.status',
      LANGUAGES.map((language) => ({ language })),
    );
    this.item.name = 'Skills LSP';
    this.starting();
  }

  starting(): void {
    this.show('Skills: starting', '', vscode.LanguageStatusSeverity.Information);
    this.item.busy = true;
  }

  ready(state: StatusResult): void {
    const engine =
      state.engine === 'words' ? 'ranks by code and words' : `ranks by meaning (${state.engine})`;
    const detail = [`${state.n_skills} skills`, engine, `server ${state.version}`];
    if (!state.has_history) detail.push('keeps no history');
    const level = state.has_history
      ? vscode.LanguageStatusSeverity.Information
      : vscode.LanguageStatusSeverity.Warning;
    this.show('Skills: ready', detail.join(', '), level);
  }

  failed(reason: string): void {
    this.show('Skills: not running', reason, vscode.LanguageStatusSeverity.Error);
  }

  private show(text: string, detail: string, severity: vscode.LanguageStatusSeverity): void {
    this.item.busy = false;
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
    this.item.command = { command: 'skillsLsp.showLog', title: 'Show Log' };
  }

  dispose(): void {
    this.item.dispose();
  }
}
