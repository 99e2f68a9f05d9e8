// What is packed, and what the README and the walkthrough say of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXTENSION, PYTHON, VSIX } from '../workbench.mjs';

const BELONGS =
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/\w+\.js|images\/(icon|lens)\.png|walkthrough\/\w+\.md|media\/dashboard\/\w+\.(html|js|css|txt))$/;
const MAX_KB = 600;

const text = (file) => readFileSync(join(EXTENSION, file), 'utf8');
const { contributes, main } = JSON.parse(text('package.json'));
const steps = contributes.walkthroughs.flatMap((it) => it.steps);
const readme = text('README.md');

describe('the package', () => {
  it('holds what belongs into it and no more', () => {
    const listing = ['--no-install', 'vsce', 'ls', '--no-dependencies'];
    const packed = execFileSync('npx', listing, { cwd: EXTENSION, encoding: 'utf8' });
    const files = packed.split('\n').filter((it) => it !== '');
    assert.deepEqual(
      files.filter((it) => !BELONGS.test(it)),
      [],
    );
    const media = steps.map((it) => it.media.markdown ?? it.media.image);
    for (const file of [main.replace('./', ''), 'images/icon.png', ...media]) {
      assert.ok(files.includes(file), file);
    }
    assert.ok(statSync(VSIX).size < MAX_KB * 1024);
  });

  it('has the README with pictures that lead to their place in the repository', () => {
    const read =
      'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())';
    const args = ['-c', read, VSIX, 'extension/readme.md'];
    const shown = picturesIn(execFileSync(PYTHON, args, { encoding: 'utf8' }));
    const place = 'https://github.com/skills-lsp/skills-lsp/raw/HEAD/editors/vscode/';
    assert.deepEqual(
      shown,
      picturesIn(readme).map((it) => place + it),
    );
  });

  it('is made by the lines of the README', () => {
    const lines = /^## Install\n.*?^```sh\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
    const [server, folder, ...rest] = lines.split('\n');
    assert.match(server, /^pipx install \. /);
    assert.equal(folder, 'cd editors/vscode');
    // The first two lines are run by whoever runs these tests, the last by what installs it here.
    const vsix = VSIX.slice(EXTENSION.length + 1);
    assert.deepEqual(rest, ['npm ci', 'npm run package', `code --install-extension ${vsix}`, '']);
  });
});

describe('the README and the walkthrough', () => {
  const pages = [readme, JSON.stringify(steps), ...steps.map((it) => it.media.markdown ?? '')];
  const said = pages.map((it) => (it.startsWith('walkthrough/') ? text(it) : it)).join('\n');

  it('name settings and commands that are there', () => {
    const known = new Set([
      ...Object.keys(contributes.configuration.properties),
      ...contributes.commands.map((it) => it.command),
      'skillsLsp.running',
      'skillsLsp.hasRuns',
    ]);
    const named = said.match(/skillsLsp(\.\w+)+/g);
    assert.ok(named.length > 10);
    assert.deepEqual(
      named.filter((it) => !known.has(it)),
      [],
    );
  });

  it('name every command of the palette, and none that is not there', () => {
    const hidden = contributes.menus.commandPalette.filter((it) => it.when === 'false');
    const titles = contributes.commands
      .filter((it) => hidden.every((other) => other.command !== it.command))
      .map((it) => it.title);
    const rows = readme.split('\n').filter((it) => it.startsWith('| '));
    const table = rows.flatMap((it) => it.split('|')[1].split(','));
    const named = table.map((it) => it.trim());
    assert.deepEqual(
      titles.filter((it) => !named.includes(it)),
      [],
    );
    const called = [...said.matchAll(/_Skills: ([^_]+)_/g)].map((it) => it[1]);
    assert.ok(called.length > 5);
    assert.deepEqual(
      called.filter((it) => !titles.includes(it)),
      [],
    );
  });

  it('show pictures that are there', () => {
    const pictures = picturesIn(readme);
    assert.ok(pictures.length >= 5);
    for (const file of pictures) assert.ok(existsSync(join(EXTENSION, file)), file);
  });
});

function picturesIn(page) {
  return [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((it) => it[1]);
}
