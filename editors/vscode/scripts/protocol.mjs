// Writes src/protocol.ts, the types of the server's commands that the extension calls, from
// schema/protocol.json. With --check it only says whether the file is fresh.
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

const CALLED = [
  'choices',
  'listReports',
  'listShortcuts',
  'newSkill',
  'nextSteps',
  'rate',
  'registerShortcut',
  'run',
  'search',
  'status',
];
const target = new URL('../src/protocol.ts', import.meta.url);
const { commands } = JSON.parse(
  readFileSync(new URL('../../../schema/protocol.json', import.meta.url), 'utf8'),
);

const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1);
const parts = ['// Written by `npm run protocol` from schema/protocol.json.'];
const table = [];
for (const name of CALLED) {
  const command = commands[`skills.${name}`];
  if (!command) throw new Error(`schema/protocol.json has no skills.${name}: run make generated`);
  for (const side of ['params', 'result']) {
    const type = capital(name) + capital(side);
    parts.push(
      await compile({ ...command[side], title: type }, type, {
        bannerComment: '',
        unknownAny: true,
        style: { printWidth: 100, singleQuote: true },
      }),
    );
  }
  table.push(
    `  'skills.${name}': { params: ${capital(name)}Params; result: ${capital(name)}Result };`,
  );
}
parts.push(`/** The server's commands that the extension calls. */\nexport interface Commands {`);
const text = `${parts.join('\n')}\n${table.join('\n')}\n}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/protocol.ts is stale: npm run protocol');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
