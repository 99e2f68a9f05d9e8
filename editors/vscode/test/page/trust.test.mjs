// A folder that nobody has trusted yet: nothing of it runs, and all of it works once it is trusted.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VSIX, project, start } from '../workbench.mjs';
import { Driver } from './driver.mjs';

const TRUST = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

const HOSTILE_SKILL = `
title = "Do harm"
description = "Runs a program of the folder."
category = "testing"
modality = "testing"
phase = "execution"
scope = "file"
[triggers]
test-function = 0.9
[run]
kind = "program"
tool = "pytest"
args = []
cwd = "{project}"
`;

describe('a workspace that is not trusted', function () {
  const { folder, home, top } = project();
  const ran = join(top, 'hostile-ran');
  let workbench;
  let driver;

  before(async () => {
    // All the ways in which a folder could bring its own programs.
    const hostile = join(folder, '.venv/bin/skills-lsp');
    mkdirSync(join(folder, '.venv/bin'), { recursive: true });
    for (const name of ['skills-lsp', 'python', 'python3', 'pytest']) {
      const file = join(folder, '.venv/bin', name);
      writeFileSync(file, `#!/bin/sh\necho "$0 $@" >>${ran}\nexit 1\n`);
      chmodSync(file, 0o755);
    }
    mkdirSync(join(folder, '.skills'));
    writeFileSync(join(folder, '.skills/hostile.toml'), HOSTILE_SKILL);
    mkdirSync(join(folder, '.vscode'));
    const settings = {
      'skillsLsp.path': [hostile],
      'skillsLsp.python': join(folder, '.venv/bin/python'),
      'skillsLsp.agentCommand': [hostile],
      'skillsLsp.trustedFolders': ['/'],
    };
    writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify(settings));
    workbench = await start({ folder, home, vsix: VSIX, settings: TRUST });
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

  it('has lenses, by the server that the user chose', async () => {
    await driver.open('tests/test_prices.py');
    await driver.statusItem('Restricted Mode').waitFor();
    await driver.lens('Run this test').first().waitFor();
  });

  it('runs no skill and none of its programs', async () => {
    await driver.lens('Run this test').first().click();
    await driver.toast('this workspace is not trusted').waitFor();
    await driver.picture('untrusted');
    await driver.clearToasts();
    await driver.goToLine(1);
    await driver.press('Control+k', 'Control+y');
    await driver.type('hostile');
    await driver.pick('hostile');
    await driver.toast('this workspace is not trusted').waitFor();
    await driver.clearToasts();
    assert.ok(!existsSync(ran));
  });

  it('uses what it brings once it is trusted', async () => {
    await driver.command('Skills: Trust Project Skills');
    await driver.page.getByText('Trusted Folders').first().waitFor();
    await driver.picture('trust');
    await driver.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
    await driver.statusItem('Restricted Mode').waitFor({ state: 'detached' });
    // All of it would have worked: now the settings of the workspace name the server.
    await driver.toast('does not answer as skills-lsp does').waitFor();
    assert.match(readFileSync(ran, 'utf8'), /\.venv\/bin\/skills-lsp --version/);
    rmSync(join(folder, '.vscode'), { recursive: true });
    rmSync(join(folder, '.venv'), { recursive: true });
    await driver.goToFile('test_prices.py');
    await driver.lens('Run this test').first().click();
    await driver.toast('pytest-run: 1 passed').waitFor();
  });
});
