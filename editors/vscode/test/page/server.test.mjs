// A server that is not there, too old or something else, and how it comes to be there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXTENSION, PYTHON, SERVER, VSIX, project, start } from '../workbench.mjs';
import { Driver } from './driver.mjs';

/** A wheel as pip installs it without a network: its program starts the server of these tests. */
const WHEEL = `
import sys, zipfile

wheel, server = sys.argv[1:]
name = "skills_lsp-0.1.0.dist-info"
files = {
    "started.py": f"import os, sys\\ndef main(): os.execv({server!r}, [{server!r}, *sys.argv[1:]])\\n",
    f"{name}/METADATA": "Metadata-Version: 2.1\\nName: skills-lsp\\nVersion: 0.1.0\\n",
    f"{name}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    f"{name}/entry_points.txt": "[console_scripts]\\nskills-lsp = started:main\\n",
}
record = "".join(f"{it},,\\n" for it in (*files, f"{name}/RECORD"))
with zipfile.ZipFile(wheel, "w") as out:
    for file, text in {**files, f"{name}/RECORD": record}.items():
        out.writestr(file, text)
`;

describe('a server that cannot be used', function () {
  const { folder, home, top } = project();
  const person = join(top, 'person');
  const old = join(top, 'old/skills-lsp');
  const other = join(top, 'other/skills-lsp');
  const long = join(top, 'long/skills-lsp');
  const wheel = join(top, 'skills_lsp-0.1.0-py3-none-any.whl');
  let workbench;
  let driver;

  before(async () => {
    const programs = join(top, 'programs');
    script(old, 'echo skills-lsp 0.0.9');
    script(other, 'echo no server at all; exit 2');
    const reports = join(EXTENSION, 'test/page/longReports.mjs');
    script(
      long,
      `[ "$1" = --version ] && exec echo skills-lsp 0.1.0\nexec "${process.execPath}" "${reports}"`,
    );
    execFileSync(PYTHON, ['-c', WHEEL, wheel, SERVER]);
    // As uv does it: a launcher where the user's programs are.
    const made = join(person, '.local/bin/skills-lsp');
    script(
      join(programs, 'uv'),
      `echo "Resolved 9 packages"
mkdir -p ${join(person, '.local/bin')}
printf '#!/bin/sh\\nexec ${SERVER} "$@"\\n' >${made}
chmod +x ${made}
echo "$@" >${join(top, 'uv-was-called-with')}`,
    );
    const path = `${programs}:/usr/bin:/bin`;
    workbench = await start({
      folder,
      home,
      vsix: VSIX,
      settings: {
        'skillsLsp.path': [join(top, 'gone/skills-lsp')],
        'skillsLsp.installSource': wheel,
      },
      env: { PATH: path, HOME: person },
    });
    driver = new Driver(workbench);
  });
  after(async () => {
    await workbench?.stop();
    rmSync(top, { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest.state === 'failed') {
      await driver.picture(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
    }
  });

  it('is told when the setting names no program', async () => {
    await driver.open('tests/test_prices.py');
    await driver.toast('skillsLsp.path names no program').waitFor();
    await driver.languageStatus(/Skills: not running.*names no program/s);
    await driver.clearToasts();
  });

  it('is told when it is too old, with the version that is needed', async () => {
    workbench.set({ 'skillsLsp.path': [old] });
    await driver
      .toast('skills-lsp 0.0.9 is too old: this extension needs 0.1.0 or newer')
      .waitFor();
    await driver.picture('old');
    await driver.clearToasts();
  });

  it('is told when it is something else', async () => {
    workbench.set({ 'skillsLsp.path': [other] });
    await driver.toast('does not answer as skills-lsp does').waitFor();
    await driver.clearToasts();
  });

  it('is installed when it is missing, and then starts', async () => {
    workbench.set({ 'skillsLsp.path': [] });
    await driver.toast('is not installed').waitFor();
    await driver.picture('install');
    await driver.answer('is not installed', 'Install…');
    await driver.rows().filter({ hasText: 'A private environment' }).waitFor();
    await driver.picture('install-with');
    await driver.pick('uv tool');
    await driver.lens('Run this test').first().waitFor();
    assert.equal(
      readFileSync(join(top, 'uv-was-called-with'), 'utf8'),
      `tool install --upgrade ${wheel}\n`,
    );
    await driver.languageStatus(/Skills: ready\s*\d+ skills, ranks by/);
  });

  it('is installed into an environment of its own, with what pip prints to read', async () => {
    rmSync(join(person, '.local'), { recursive: true });
    await driver.command('Skills: Restart Server');
    await driver.answer('is not installed', 'Install…');
    await driver.pick('A private environment');
    await driver.toast('Installing skills-lsp').getByText('show output').click();
    await driver.page.getByLabel('Skills LSP Installation').first().waitFor();
    await driver.goToFile('test_prices.py');
    await driver.press('Control+j'); // the panel away
    await driver.lens('Run this test').first().waitFor();
    await driver.languageStatus('Skills: ready');
  });

  it('may answer with a report that is too long for the preview', async () => {
    workbench.set({ 'skillsLsp.path': [long] });
    await driver.lens('Run this test').first().waitFor({ state: 'detached' });
    await driver.command('Skills: Show Report…');
    await driver.pick('Long');
    await driver.toast('too long for the preview (12 million characters)').waitFor();
    await driver.clearToasts();
    // It is there to the end, and the window follows the keys.
    await driver.goToLine(200_004);
    await driver.page.locator('.view-line', { hasText: 'This is the last line.' }).waitFor();
    await driver.goToLine(1);
    await driver.page.locator('.view-line', { hasText: '# A long report' }).waitFor();
  });
});

function script(file, text) {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}
