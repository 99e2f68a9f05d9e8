// A server of one report, of ten million characters: `longReports.mjs serve`.
import {
  StreamMessageReader,
  StreamMessageWriter,
  createMessageConnection,
} from 'vscode-jsonrpc/node.js';

const N_LINES = 200_000;
const LINE = `- ${'*so it goes* `on`, '.repeat(3)}\n`;

const markdown = () => `# A long report\n\n${LINE.repeat(N_LINES)}\nThis is the last line.\n`;
const answers = {
  'skills.status': () => ({ version: '0.1.0', engine: 'words', n_skills: 0, has_history: true }),
  'skills.listReports': () => ({
    reports: [{ command: 'skills.report.long', title: 'Long', summary: '', is_report: true }],
    message: '',
  }),
  'skills.report.long': () => ({ markdown: markdown() }),
};

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
connection.onRequest('initialize', () => ({
  capabilities: { executeCommandProvider: { commands: Object.keys(answers) } },
}));
connection.onRequest('workspace/executeCommand', ({ command }) => answers[command]());
connection.onRequest('shutdown', () => null);
connection.onNotification('exit', () => process.exit(0));
connection.onClose(() => process.exit(1));
connection.listen();
