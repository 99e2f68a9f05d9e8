// A user's day in the packed extension: run, read, go on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, VSIX, project, start } from '../workbench.mjs';
import { Driver } from './driver.mjs';

const SLOW_TEST = `
import time


def test_slow():
    open("began", "w").close()
    time.sleep(120)


def test_quick():
    pass
`;
const HOSTILE_SKILL = `
title = "$(bug) [x](command:workbench.action.quit) <b>bold</b>"
description = "Its title must be shown as text."
category = "testing"
modality = "testing"
phase = "execution"
languages = ["python"]
scope = "file"
[triggers]
star-import = 0.1
[run]
kind = "program"
tool = "true"
args = []
cwd = "{project}"
`;

describe('the packed extension in the workbench', function () {
  const { folder, home } = project();
  let workbench;
  let driver;

  before(async () => {
    writeFileSync(join(folder, 'tests/test_slow.py'), SLOW_TEST);
    execFileSync('mkdir', ['-p', join(folder, '.skills')]);
    writeFileSync(join(folder, '.skills/odd-title.toml'), HOSTILE_SKILL);
    workbench = await start({ folder, home, vsix: VSIX });
    driver = new Driver(workbench);
  });
  after(() => workbench?.stop());
  afterEach(async function () {
    if (this.currentTest.state === 'failed') {
      await driver.picture(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
      await driver.press('Escape', 'Escape');
    }
  });

  it('shows a lens with a play icon over each test', async () => {
    await driver.open('tests/test_prices.py');
    await driver.lens('Run this test').first().waitFor();
    assert.equal(await driver.lens('Run this test').count(), 4);
    assert.equal(await driver.lens('Run these tests').locator('.codicon-play').count(), 1);
  });

  it('offers skills in the menu of the light bulb', async () => {
    await driver.goToLine(10);
    await driver.menu('Run this test: test_discount_is_taken_once');
    await driver.picture('menu');
    await driver.press('Escape');
    await driver.goToLine(6);
    await driver.menu('Run this test: test_total_of_nothing');
    await driver.press('Enter'); // the first is chosen
    await driver.toast('pytest-run: 1 passed').waitFor();
    await driver.clearToasts();
  });

  it('runs a failing test from its lens and shows the failure at its line', async () => {
    await driver.lens('Run this test').nth(1).click();
    await driver.toast('pytest-run: 1 failed').waitFor();
    await driver.lens('assert 1350 == 1300').waitFor();
    await driver.page.locator('.squiggly-error').first().waitFor();
    await driver.picture('failure');
    await driver.command('Problems: Focus on Problems View');
    await driver.page.getByText('assert 1350 == 1300').last().waitFor();
    const shown = await driver.page.locator('.markers-panel').innerText();
    assert.match(shown, /skills/);
    assert.match(shown, /Ln 12/);
  });

  it('shows the output in a terminal with links to the code', async () => {
    await driver.answer('pytest-run: 1 failed', 'Show Output');
    await driver.terminalLine('✗ 1 failed:').waitFor();
    await driver.picture('output');
    await driver.goToLine(1);
    await driver.followLink('tests/test_prices.py:12: AssertionError');
    await driver.statusItem('Ln 12, Col 1').waitFor();
    await driver.press('Control+j'); // the panel away
  });

  it('keeps a rating with the run', async () => {
    await driver.command('Skills: Rate Last Run…');
    await driver.pick('4: useful');
    await driver.statusItem('Rated 4 of 5').waitFor();
    const query = 'SELECT rating FROM skill_user_interactions WHERE rating IS NOT NULL';
    assert.equal(fromHistory(home, query), '[(4.0,)]');
  });

  it('lists the suggested skills first, and the last result with them', async () => {
    await driver.goToLine(10);
    await driver.press('Control+k', 'Control+y');
    await driver.rows().first().waitFor();
    const texts = await driver.rows().allInnerTexts();
    const all = texts.join('\n');
    assert.match(all, /pytest-run\s+\d+ %\s+Ctrl\+K Ctrl\+G T/);
    assert.match(all, /1 failed: assert 1350 == 1300.*(just now|min ago)/);
    await driver.picture('pick');
    await driver.press('Escape');
  });

  it('shows a title of any characters as text', async () => {
    await driver.goToLine(10);
    await driver.press('Control+k', 'Control+y');
    await driver.type('odd-title');
    const row = driver.rows().filter({ hasText: 'odd-title' }).first();
    await row.waitFor();
    assert.match(
      await row.innerText(),
      /\$\(bug\) \[x\]\(command:workbench\.action\.quit\) <b>bold<\/b>/,
    );
    assert.equal(await row.locator('.codicon-bug, b').count(), 0);
    await row.click();
    const toast = driver.toast('odd-title:');
    await toast.waitFor();
    assert.equal(await toast.locator('.notification-list-item-message a').count(), 0);
    await driver.answer('odd-title:', 'Show Output');
    await driver.terminalLine('▶ $(bug) [x](command:workbench.action.quit) <b>bold</b>').waitFor();
    await driver.clearToasts();
    await driver.press('Control+j'); // the panel away
  });

  it('finds skills by what they are for', async () => {
    await driver.goToLine(10);
    await driver.command('Skills: Search Skills…');
    await driver.type('which lines do my tests never reach');
    await driver.press('Enter');
    await driver.rows().filter({ hasText: 'pytest-coverage' }).first().waitFor();
    await driver.picture('search');
    await driver.press('Escape');
  });

  it('runs what a chord stands for, and the last again', async () => {
    await driver.clearToasts();
    await driver.goToLine(6);
    await driver.press('Control+k', 'Control+g', 't');
    await driver.toast('pytest-run: 1 passed').waitFor();
    await driver.clearToasts();
    await driver.command('Skills: Rerun Last');
    await driver.answer('pytest-run: 1 passed', 'Rate…');
    await driver.pick('5: just what was needed');
    await driver.statusItem('Rated 5 of 5').waitFor();
    const query =
      'SELECT status FROM skill_invocation AS ran' +
      ' JOIN skill_user_interactions AS said ON said.invocation_id = ran.id WHERE rating = 5';
    assert.equal(fromHistory(home, query), "[('passed',)]");
    await driver.clearToasts();
  });

  it('explains its order with a link to the line', async () => {
    await driver.goToLine(10);
    await driver.command('Skills: Explain Suggestions');
    await driver.statusItem('Ln 10, Col 1').waitFor({ state: 'detached' });
    await driver.webview().getByRole('link', { name: 'tests/test_prices.py:10' }).click();
    await driver.statusItem('Ln 10, Col 1').waitFor();
    await driver.page.locator('.tab.active', { hasText: 'test_prices.py' }).waitFor();
  });

  it('stops a running skill from the status bar', async () => {
    await driver.goToFile('test_slow.py');
    await driver.lens('Run this test').nth(1).waitFor();
    await driver.lens('Run this test').first().click();
    const item = driver.statusItem('pytest-run');
    await item.waitFor();
    await until(() => exists(join(folder, 'began')));
    await driver.picture('running');
    await item.click();
    await driver.toast('pytest-run: cancelled').waitFor();
    await item.waitFor({ state: 'detached' });
    await driver.clearToasts();
  });

  it('opens reports in the Markdown preview', async () => {
    await driver.command('Skills: Show Report…');
    await driver.rows().filter({ hasText: 'Baselines' }).first().waitFor();
    await driver.picture('reports');
    await driver.type('the latest runs');
    await driver.pick('History');
    await driver.webview().getByText('pytest-run').first().waitFor();
    await driver.picture('report');
    await driver.press('Control+F4');
  });

  it('tells when the server dies in the middle of a run, and runs it again', async () => {
    await driver.goToFile('test_slow.py');
    execFileSync('rm', [join(folder, 'began')]);
    await driver.lens('Run this test').first().click();
    await until(() => exists(join(folder, 'began')));
    process.kill(serverOf(home), 'SIGKILL');
    await driver.toast('server ended while pytest-run ran').waitFor();
    await driver.picture('lost');
    execFileSync('rm', [join(folder, 'began')]);
    await driver.answer('server ended while pytest-run ran', 'Run Again');
    await until(() => exists(join(folder, 'began')));
    await driver.statusItem('pytest-run').click();
    await driver.toast('pytest-run: cancelled').waitFor();
    const query = 'SELECT status FROM skill_invocation ORDER BY id DESC LIMIT 2';
    assert.equal(fromHistory(home, query), "[('cancelled',), ('interrupted',)]");
    await history(driver, (rows) => /pytest-run .*interrupted/.test(rows[1]));
    await driver.press('Control+F4');
    await driver.clearToasts();
  });

  it('shares one history with a second window, where neither waits for the other', async () => {
    const second = new Driver(await workbench.another());
    await second.open('tests/test_prices.py');
    await second.lens('Run this test').first().waitFor();
    await driver.page.bringToFront();
    await driver.goToFile('test_slow.py');
    execFileSync('rm', [join(folder, 'began')]);
    await driver.lens('Run this test').first().click();
    await until(() => exists(join(folder, 'began')));
    await second.page.bringToFront();
    await second.lens('Run this test').first().click();
    await second.toast('pytest-run: 1 passed').waitFor();
    const shown = await history(
      second,
      ([last, other]) => /pytest-run .*passed/.test(last) && /pytest-run .*running/.test(other),
    );
    await second.page.close();
    await driver.page.bringToFront();
    await history(driver, (rows) => rows.join('\n') === shown.join('\n'));
    await driver.press('Control+F4');
    await driver.statusItem('pytest-run').click();
    await driver.toast('pytest-run: cancelled').waitFor();
    await driver.clearToasts();
    const servers = 'SELECT server_id FROM skill_invocation ORDER BY id DESC LIMIT 2';
    assert.equal(new Set(fromHistory(home, servers).match(/\d+/g)).size, 2);
  });

  it('gives free letters to skills, at once', async () => {
    await driver.goToFile('test_slow.py');
    await driver.goToLine(10);
    await driver.command('Skills: Register Shortcut…');
    await driver.rows().first().waitFor();
    await driver.type('py-compile-check');
    await driver.pick('py-compile-check');
    await driver.type('ctrl+k ctrl+g x');
    await driver.press('Enter');
    await driver.toast('It works at once').waitFor();
    await driver.goToLine(10);
    await driver.press('Control+k', 'Control+g', 'x');
    await driver.toast('py-compile-check:').waitFor();
    await driver.clearToasts();
  });

  it('runs the next step from the result', async () => {
    await driver.goToFile('test_prices.py');
    await driver.lens('Run this test').nth(1).click();
    await driver.toast('pytest-run: 1 failed').waitFor();
    const query = 'SELECT count(*) FROM skill_invocation';
    const before = fromHistory(home, query);
    await driver.answer('pytest-run: 1 failed', /^(Run Next Step|Next: .+)$/);
    // Which one it is follows from what was learned of the runs above.
    await until(() => fromHistory(home, query) !== before);
    const going = "SELECT id FROM skill_invocation WHERE status = 'running'";
    await until(() => fromHistory(home, going) === '[]');
    await driver.clearToasts();
  });

  it('writes the file of a new skill, and opens it', async () => {
    await driver.command('Skills: New Skill…');
    await driver.pick('A command');
    await driver.type('check-links');
    await driver.press('Enter');
    await driver.page.locator('.tab.active', { hasText: 'check-links.toml' }).waitFor();
    assert.match(readFileSync(join(folder, '.skills/check-links.toml'), 'utf8'), /^title = /m);
  });

  it('takes the predefined keys when the walkthrough switches them on', async () => {
    await driver.command('Welcome: Open Walkthrough...');
    await driver.type('Run a Task at the Cursor');
    await driver.pick('Run a Task at the Cursor');
    await driver.page.getByText('Take the keys').first().click();
    await driver.page.getByText('Switch Single Keys On or Off').click();
    await driver.toast('predefined keys are on').waitFor();
    await driver.goToFile('test_slow.py');
    await driver.goToLine(10);
    await driver.press('Control+Shift+t');
    await driver.toast('pytest-run: 1 passed').waitFor();
  });
});

/** Opens the report on the history, and waits until its rows, newest first, are as they should be. */
async function history(driver, isTrue) {
  await driver.command('Skills: Show Report…');
  await driver.type('the latest runs');
  await driver.pick('History');
  const rows = driver.webview().locator('table', { hasText: 'When' }).locator('tbody tr');
  const read = () =>
    rows.evaluateAll((all) =>
      all.map((row) => [...row.cells].slice(1, 3).map((it) => it.innerText.trim())),
    );
  const end = Date.now() + 60_000;
  for (;;) {
    const shown = (await read()).map((cells) => cells.join(' '));
    if (isTrue(shown)) return shown;
    assert.ok(Date.now() < end, `the report has ${JSON.stringify(shown)}`);
    await new Promise((settle) => setTimeout(settle, 100));
  }
}

function exists(file) {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

async function until(isTrue) {
  const end = Date.now() + 60_000;
  while (!isTrue()) {
    assert.ok(Date.now() < end, `not within a minute: ${isTrue}`);
    await new Promise((settle) => setTimeout(settle, 50));
  }
}

/** Asks the database with the server's own SQLite: Node 20 has none, and Python's may be older. */
function fromHistory(home, query) {
  const code = `import apsw, sys; print(apsw.Connection(sys.argv[1]).execute(sys.argv[2]).fetchall())`;
  const database = join(home, 'data/skills.db');
  return execFileSync(PYTHON, ['-c', code, database, query], { encoding: 'utf8' }).trim();
}

/** The process id of the server that keeps this home's history. */
function serverOf(home) {
  const query = 'SELECT process_id FROM skill_server ORDER BY id DESC LIMIT 1';
  return Number(/\d+/.exec(fromHistory(home, query))[0]);
}
