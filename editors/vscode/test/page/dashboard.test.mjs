// The dashboard in the workbench: drawn by the packed page, live, in the colours of the theme.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON, ROOT, VSIX, project, start } from '../workbench.mjs';
import { Driver } from './driver.mjs';

const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  contrast: 'Default High Contrast',
};

describe('the dashboard in the workbench', function () {
  const { folder, home, top } = project();
  const database = join(top, 'history.db');
  const said = [];
  let workbench;
  let driver;

  before(async () => {
    execFileSync(PYTHON, ['-m', 'tests.editors.dashboard.planted', database], {
      cwd: ROOT,
      env: { ...process.env, SKILLS_LSP_HOME: home },
    });
    const settings = { 'skillsLsp.database': database };
    workbench = await start({ folder, home, vsix: VSIX, settings });
    driver = new Driver(workbench);
    driver.page.on('console', (it) => {
      if (/Content Security Policy|dashboard/.test(it.text())) said.push(it.text());
    });
  });
  after(() => workbench?.stop());
  afterEach(async function () {
    if (this.currentTest.state === 'failed') await driver.picture('failed-dashboard');
  });

  const shown = (selector) => driver.webview().locator(selector);

  it('draws every chart', async () => {
    await driver.open('tests/test_prices.py');
    await driver.lens('Run this test').first().waitFor();
    await driver.command('Skills: Open Dashboard');
    await shown('#live .chart svg').waitFor();
    await shown('#charts:not(:has([aria-busy=true]))').waitFor();
    const empty = await shown('.panel.empty h2').allInnerTexts();
    assert.deepEqual(empty, []);
  });

  it('shows a run as soon as it has ended', async () => {
    const before = await shown('#headline .tile strong').first().innerText();
    await driver.page.locator('.tab', { hasText: 'test_prices.py' }).click();
    await driver.lens('Run this test').nth(1).click();
    await driver.toast('pytest-run: 1 failed').waitFor();
    await driver.command('Skills: Open Dashboard');
    await shown('#latest tbody tr:first-child', { hasText: 'pytest-run' }).waitFor();
    const status = await shown('#latest tbody tr').first().innerText();
    assert.match(status, /pytest-run\s+just now\s+failed/);
    assert.notEqual(await shown('#headline .tile strong').first().innerText(), before);
    await driver.clearToasts();
  });

  it('gives the figures of a chart as a file', async () => {
    const [download] = await Promise.all([
      driver.page.waitForEvent('download'),
      shown('#pipelines button.csv').click(),
    ]);
    assert.equal(download.suggestedFilename(), 'skills-pipelines.csv');
    await shown('h1').scrollIntoViewIfNeeded();
  });

  for (const [name, theme] of Object.entries(THEMES)) {
    it(`has the colours of ${theme}`, async () => {
      workbench.set({ 'workbench.colorTheme': theme });
      const kind = { light: 'vscode-light', dark: 'vscode-dark', contrast: 'vscode-high-contrast' };
      await shown(`body.${kind[name]}`).waitFor();
      const colours = await shown('body').evaluate((body) => [
        getComputedStyle(body).backgroundColor,
        getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background'),
      ]);
      const [r, g, b] = colours[0].match(/\d+/g).map(Number);
      const hex = `#${[r, g, b].map((it) => it.toString(16).padStart(2, '0')).join('')}`;
      assert.equal(hex, colours[1].trim().toLowerCase());
      const button = shown('#live button.csv');
      const [own, back] = await button.evaluate((it) => {
        const { color, backgroundColor } = getComputedStyle(it);
        return [color, backgroundColor];
      });
      assert.ok(contrast(own, back) >= 4.5, `${own} on ${back}`);
      await driver.picture(`dashboard-${name}`);
    });
  }

  it('breaks no policy', () => assert.deepEqual(said, []));
});

/** How well a colour is read on another (WCAG). */
function contrast(...colours) {
  const [a, b] = colours.map((colour) => {
    const [r, g, blue] = colour
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map((it) => {
        const c = it / 255;
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  });
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
