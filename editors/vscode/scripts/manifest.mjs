// Writes what package.json repeats from elsewhere: the server's settings (schema/settings.schema.json)
// and the keys (the letters, and the shortcuts that skills suggest). With --check it only looks.
import { readFileSync, writeFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const target = new URL('../package.json', import.meta.url);
const LANGUAGES = ['python', 'javascript', 'javascriptreact', 'typescript', 'typescriptreact'];

// The six of the specification; further skills are bound by the user, with `skillsLsp.runSkill`.
const PREDEFINED = [
  'pytest-run',
  'pytest-coverage',
  'ruff-format',
  'mypy-check',
  'refactoring-agent',
  'doc-generate',
];

const OWN = {
  path: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    scope: 'machine-overridable',
    markdownDescription:
      'Paths of the `skills-lsp` program; the first that exists is used. Empty: it is looked for in the selected Python environment, on the PATH, and where this extension installed it. `${workspaceFolder}`, `${userHome}` and `${env:NAME}` are replaced.',
  },
  importStrategy: {
    type: 'string',
    enum: ['fromEnvironment', 'useInstalled'],
    markdownEnumDescriptions: [
      "The project's Python environment first, then the PATH, then what this extension installed.",
      'What this extension installed first, then the PATH; never the environment.',
    ],
    default: 'fromEnvironment',
    scope: 'window',
    markdownDescription: 'Which `skills-lsp` is used where there are several.',
  },
  installSource: {
    type: 'string',
    default: 'skills-lsp',
    scope: 'machine',
    markdownDescription:
      'What *Skills: Install Server…* installs: a requirement as pip reads it, or the path of a wheel or clone.',
  },
  notifications: {
    type: 'string',
    enum: ['always', 'onFailure', 'never'],
    default: 'always',
    scope: 'window',
    markdownDescription: 'When the end of a run is told in a notification.',
  },
  showOutput: {
    type: 'string',
    enum: ['always', 'onFailure', 'never'],
    default: 'never',
    scope: 'window',
    markdownDescription:
      'When the output of a run is shown by itself. *Skills: Show Output* shows it at any time.',
  },
  saveBeforeRun: {
    type: 'boolean',
    default: true,
    scope: 'window',
    markdownDescription: 'Save the file before a skill runs on it.',
  },
  predefinedShortcuts: {
    type: 'boolean',
    default: false,
    scope: 'window',
    markdownDescription:
      'Bind the keys that skills suggest, in files that they fit: Ctrl+Shift+T runs the test at the cursor, Ctrl+Shift+U measures coverage, Ctrl+Alt+F formats, Ctrl+Alt+M checks types, Ctrl+Shift+R refactors, Ctrl+Shift+D writes documentation. They take the place of keys of VS Code there.',
  },
  'trace.server': {
    type: 'string',
    enum: ['off', 'messages', 'verbose'],
    default: 'off',
    scope: 'window',
    markdownDescription: 'Whether the messages between VS Code and the server are logged.',
  },
};
// What the server learns from VS Code itself.
const FROM_EDITOR = ['workspaceTrusted'];
const RESTRICTED = [
  'path',
  'importStrategy',
  'installSource',
  'python',
  'database',
  'agentCommand',
  'trustedFolders',
];

function settings() {
  const { properties } = JSON.parse(read('../../../schema/settings.schema.json'));
  const all = {};
  for (const [name, it] of Object.entries(OWN)) all[`skillsLsp.${name}`] = it;
  for (const [name, it] of Object.entries(properties)) {
    if (FROM_EDITOR.includes(name)) continue;
    const { description, ...rest } = it;
    const scope = RESTRICTED.includes(name) ? 'machine-overridable' : 'window';
    all[`skillsLsp.${name}`] = { ...rest, scope, markdownDescription: description };
  }
  return { title: 'Skills LSP', properties: all };
}

const inLanguages = (languages) =>
  languages.length === 1
    ? `editorLangId == ${languages[0]}`
    : `editorLangId =~ /^(${languages.join('|')})$/`;

function keybindings() {
  const running = `skillsLsp.running && editorTextFocus`;
  const anywhere = `${running} && ${inLanguages(LANGUAGES)}`;
  const chord = (rest) => ({ key: `ctrl+k ctrl+g ${rest}`, mac: `cmd+k cmd+g ${rest}` });
  const keys = [
    { key: 'ctrl+k ctrl+y', mac: 'cmd+k cmd+y', command: 'skillsLsp.pickSkill', when: anywhere },
  ];
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    keys.push({
      ...chord(letter),
      command: 'skillsLsp.runLetter',
      when: anywhere,
      args: { letter },
    });
  }
  const skills = JSON.parse(read('../../../skills_lsp/skills/builtin/index.json'));
  for (const name of PREDEFINED) {
    const { shortcut, languages } = skills.find((it) => it.name === name).data;
    keys.push({
      key: shortcut,
      command: 'skillsLsp.runSkill',
      when: `config.skillsLsp.predefinedShortcuts && ${running} && ${inLanguages(languages)}`,
      args: { skill: name },
    });
  }
  return keys;
}

const manifest = JSON.parse(readFileSync(target, 'utf8'));
manifest.activationEvents = LANGUAGES.map((it) => `onLanguage:${it}`);
manifest.contributes.configuration = settings();
manifest.contributes.keybindings = keybindings();
manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = RESTRICTED.map(
  (it) => `skillsLsp.${it}`,
);
const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('package.json is stale: npm run generate');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
