/** The language client: a bundle of its own, so that its 300 KB are read when a server is started. */

export { CloseAction, ErrorAction, LanguageClient, State } from 'vscode-languageclient/node.js';
