// The pictures of the READMEs, and the walkthrough: each surface as someone who uses it sees it.
// scripts/pictures.mjs takes them over into images/.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER, VSIX, project, start } from '../workbench.mjs';
import { Driver, PICTURES } from './driver.mjs';

/** A README shows them 800 pixels wide or so, where the letters of these keep their size. */
const SIZE = { width: 900, height: 560 };
const FONT = "'JetBrains Mono', 'DejaVu Sans Mono', monospace";
const SETTINGS = {
  'breadcrumbs.enabled': false,
  'editor.fontFamily': FONT,
  'editor.occurrencesHighlight': 'off',
  'editor.overviewRulerBorder': false,
  'editor.scrollbar.horizontal': 'hidden',
  'editor.scrollbar.vertical': 'hidden',
  'terminal.integrated.fontFamily': FONT,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'workbench.activityBar.location': 'hidden',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.layoutControl.enabled': false,
};
/** What the status bar has in a page, and not on a desktop. */
const OF_THE_PAGE = ['host', 'forwardedPorts', 'workbench.keyboardLayout'];
const TITLE = 'Run a Task at the Cursor';

const ORDERS = `import pytest

from bookshop.prices import total


@pytest.mark.parametrize("copies", range(1, 13))
def test_each_copy_is_counted(copies):
    assert total([1000] * copies) == 1000 * copies


def test_an_empty_basket_is_free():
    assert total([], discount=10) == 0
`;
// The ninth waits, so that the picture shows the middle of a run.
const WAITING = `import pathlib
import time


def pytest_runtest_setup(item):
    while item.name.endswith("[9]") and not pathlib.Path("../go-on").exists():
        time.sleep(0.02)
`;

describe('the pictures', function () {
  this.bail(true);
  const { folder, home, top } = project();
  let workbench;
  let driver;

  before(async () => {
    writeFileSync(join(folder, 'tests/test_orders.py'), ORDERS);
    writeFileSync(join(folder, 'tests/conftest.py'), WAITING);
    const window = { viewport: SIZE, deviceScaleFactor: 2, colorScheme: 'dark' };
    const env = { PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' }; // ours would take most of a run's time
    workbench = await start({ folder, home, vsix: VSIX, settings: SETTINGS, env, window });
    driver = new Driver(workbench);
  });
  after(() => workbench?.stop());
  afterEach(async function () {
    if (this.currentTest.state === 'failed') await take('failed');
  });

  /** Takes what is seen, down to a height, with no pointer over it. */
  async function take(name, height) {
    const { page } = driver;
    const size = page.viewportSize();
    await page.mouse.move(size.width - 2, size.height / 2);
    await page.waitForTimeout(400); // lists and notifications slide in
    const clip = { x: 0, y: 0, width: size.width, height: height ?? size.height };
    await page.screenshot({ path: join(PICTURES, `readme-${name}.png`), clip });
  }

  function steps() {
    return driver.page.locator('.getting-started-step');
  }

  async function openWalkthrough() {
    await driver.command('Welcome: Open Walkthrough...');
    await driver.type(TITLE);
    await driver.pick(TITLE);
    await steps().first().waitFor();
  }

  it('show the walkthrough, with something beside each step', async () => {
    await driver.page.setViewportSize({ width: 1200, height: 760 });
    await workbench.open();
    await driver.statusItem('').first().waitFor();
    const hidden = OF_THE_PAGE.map((it) => `[id="status.${it}"]`).join();
    await driver.page.addStyleTag({ content: `${hidden} { display: none !important; }` });
    await driver.press('Control+b'); // no list of files
    await driver.goToFile('test_prices.py');
    await driver.lens('Run this test').first().waitFor();
    await openWalkthrough();
    await steps().filter({ hasText: 'The server is there' }).waitFor();
    assert.equal(await steps().count(), 4);
    await steps().nth(0).click();
    await driver.webview().getByText('Where the server is looked for').waitFor();
    await take('walkthrough-server');
    await steps().nth(1).click();
    await driver.page.locator('.getting-started-media img').waitFor();
    await take('walkthrough-run');
    await steps().nth(2).click();
    await driver.webview().getByText('the list of all skills').waitFor();
    await take('walkthrough-keys');
    await steps().nth(3).click();
    await driver.webview().getByText('What is kept').waitFor();
    await take('walkthrough-report');
    await driver.command('View: Close All Editors');
    await driver.page.setViewportSize(SIZE);
  });

  it('show a lens over each test', async () => {
    await driver.goToFile('test_prices.py');
    await driver.lens('Run this test').first().waitFor();
    await driver.goToLine(12);
    await take('lens');
  });

  it('show what was seen and what is suggested over a name', async () => {
    await driver.page.getByText('test_discount_is_taken_once').first().hover();
    await driver.page.locator('.monaco-hover:visible', { hasText: 'test-function' }).waitFor();
    await driver.page.waitForTimeout(400);
    await driver.page.screenshot({ path: join(PICTURES, 'readme-hover.png') });
  });

  it('show the menu of code actions', async () => {
    await driver.goToFile('prices.py', 'bookshop/prices.py');
    await driver.page.locator('.view-line', { hasText: 'def formula' }).waitFor();
    await driver.goToLine(15);
    await driver.menu('Audit this for security');
    await take('menu');
    await driver.press('Escape');
    await driver.command('View: Close Editor');
    await driver.lens('Run this test').first().waitFor();
  });

  it('show the result of a run at its line', async () => {
    await driver.lens('Run this test').nth(1).click();
    await driver.toast('pytest-run: 1 failed').waitFor();
    await driver.page.locator('.squiggly-error').first().waitFor();
    await driver.lens('assert 1350 == 1300').waitFor();
    await driver.goToLine(12);
    await take('result');
    await driver.clearToasts();
  });

  it('show the list of skills', async () => {
    await driver.page.setViewportSize({ width: SIZE.width, height: 760 });
    await driver.goToLine(12);
    await driver.press('Control+k', 'Control+y');
    await driver.rows().filter({ hasText: '1 failed: assert 1350 == 1300' }).first().waitFor();
    await take('pick', 500);
    await driver.press('Escape');
    await driver.page.setViewportSize(SIZE);
  });

  it('show why the order is as it is', async () => {
    await driver.goToLine(12);
    await driver.command('Skills: Explain Suggestions');
    await driver.webview().getByText('pytest-run').first().waitFor();
    await take('explain');
    await driver.command('View: Close All Editors');
  });

  it('show a run with its output as it comes', async () => {
    await driver.goToFile('test_orders.py');
    await driver.lens('Run this test').first().waitFor();
    await driver.goToLine(7);
    await driver.press('Control+k', 'Control+y');
    await driver.type('pytest-verbose');
    await driver.pick('pytest-verbose');
    await driver.statusItem('pytest-verbose').waitFor();
    await driver.command('Skills: Show Output');
    await driver.terminalLine('test_each_copy_is_counted[8] PASSED').waitFor();
    await take('running');
    writeFileSync(join(top, 'go-on'), '');
    await driver.toast('pytest-verbose: 12 passed').waitFor();
    await driver.clearToasts();
    await driver.press('Control+j');
    await driver.goToLine(11);
    await driver.press('Control+k', 'Control+g', 't');
    await driver.toast('pytest-run: 1 passed').waitFor();
    await driver.clearToasts();
  });

  it('show the walkthrough done by having done it', async () => {
    await openWalkthrough();
    await driver.webview().getByText('Where the server is looked for').waitFor(); // takes the focus
    await take('walkthrough-done');
    assert.equal(await driver.page.locator('.getting-started-step .codicon.complete').count(), 4);
  });

  it('show a report of some weeks', async () => {
    const made = join(top, 'demo.db');
    execFileSync(SERVER, ['demo-data', '--into', made, '--rows', '3000']);
    workbench.set({ 'skillsLsp.database': made });
    await driver.command('View: Close All Editors');
    await driver.goToFile('test_prices.py');
    // The server is started again by itself, as this setting needs it.
    await driver.lens('Run this test').nth(1).waitFor();
    await driver.command('Skills: Show Report…');
    await driver.type('Overview');
    await driver.pick('Overview');
    await driver.webview().getByText('pre-commit-all').first().waitFor();
    await take('report');
  });
});
