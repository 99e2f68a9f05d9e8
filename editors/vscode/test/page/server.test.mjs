// A server that is not there, too old or something else, and how it comes to be there.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER, VSIX, project, start } from '../workbench.mjs';
import { Driver } from './driver.mjs';

describe('a server that cannot be used', function () {
  const { folder, home, top } = project();
  const person = join(top, 'person');
  const old = join(top, 'old/skills-lsp');
  const other = join(top, 'other/skills-lsp');
  let workbench;
  let driver;

  before(async () => {
    const programs = join(top, 'programs');
    script(old, 'echo skills-lsp 0.0.9');
    script(other, 'echo no server at all; exit 2');
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
      settings: { 'skillsLsp.path': [join(top, 'gone/skills-lsp')] },
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
    assert.ok(existsSync(join(top, 'uv-was-called-with')));
  });
});

function script(file, text) {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}
