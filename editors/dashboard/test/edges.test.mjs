// The page as a webview has it, over what is hard to show: nothing, one run, hostile names, thousands.
//   SKILLS_EDGES=<file of answers by history> node --test test/edges.test.mjs
// tests/editors/dashboard/edges.py makes the answers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assertAccessible, assertFits, launch, open, painted, settled } from './browser.mjs';

const { SKILLS_EDGES, SKILLS_PICTURES } = process.env;
const EDGES = JSON.parse(readFileSync(SKILLS_EDGES, 'utf8'));
const BUILT = join(import.meta.dirname, '../../../skills_lsp/dashboard');
const KINDS = ['vscode-light', 'vscode-dark', 'vscode-high-contrast', 'vscode-high-contrast-light'];

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** The page beside an extension that answers from what was made up; `asked` is what it was asked. */
async function show(history) {
  const { page, said, context } = await open(browser);
  const words = { nonce: 'n', cspSource: "'self'", base: '.' };
  await page.route('http://webview.test/**', async (route) => {
    const file = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    const body = readFileSync(join(BUILT, file), 'utf8');
    const types = { html: 'text/html', css: 'text/css', js: 'text/javascript' };
    await route.fulfill({
      body: body.replace(/\{\{(\w+)\}\}/g, (_, word) => words[word]),
      contentType: `${types[file.split('.').at(-1)]}; charset=utf-8`,
    });
  });
  await page.addInitScript((answers) => {
    const kept = { state: undefined, asked: [], answers };
    globalThis.extension = kept;
    const answer = ({ id, command, params }) => {
      kept.asked.push({ command, params });
      const result = kept.answers?.[command];
      const said = result ? { result } : { error: 'The server has ended.' };
      postMessage({ type: 'response', id, ...said });
    };
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (it) => setTimeout(answer, 0, it),
      getState: () => kept.state,
      setState: (state) => (kept.state = state),
    });
  }, EDGES[history]);
  await page.goto('http://webview.test/');
  await settled(page);
  return { page, said, context };
}

describe('the page over', () => {
  for (const history of Object.keys(EDGES)) {
    it(`${history}: nothing is cut, missing or broken`, async () => {
      const { page, said, context } = await show(history);
      await painted(page);
      if (SKILLS_PICTURES) await picture(page, history);
      await assertFits(page, history);
      const text = await page.locator('body').innerText();
      const charts = await page.locator('.chart svg text').allTextContents();
      for (const words of [text, ...charts]) {
        assert.doesNotMatch(words, /\b(NaN|undefined|null|Infinity|Invalid Date)\b|\[object/);
        assert.doesNotMatch(words, /[\u0000-\u0008\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/);
      }
      for (const panel of await page.locator('.panel').all()) {
        const summary = await panel.locator('.summary').textContent();
        assert.match(summary, /\w.{10,}\.\)?$/su, await panel.getAttribute('id'));
        // No command line in a page: what to do is to be done here, or in a terminal as a whole line.
        assert.doesNotMatch(summary, /`--|--n-days/);
      }
      await page.setViewportSize({ width: 640, height: 900 });
      await painted(page);
      await assertFits(page, `${history} at 200 %`);
      assert.deepEqual(said, []);
      await context.close();
    });
  }

  it('nothing: says what to do, and draws no empty axes', async () => {
    const { page, context } = await show('empty');
    assert.equal(await page.locator('.chart:visible').count(), 0);
    assert.equal(await page.locator('button:visible').count(), 0);
    assert.match(await page.textContent('#latest .summary'), /run one with skills-lsp run/);
    await assertAccessible(page, 'empty');
    await context.close();
  });

  it('hostile names: shows them as text, and gives files that run nothing', async () => {
    const { page, said, context } = await show('hostile');
    for (const button of await page.locator('button.table').all()) {
      if (await button.isVisible()) await button.click();
    }
    assert.equal(await page.locator('main img').count(), 0);
    const names = await page.locator('#phases tbody th').allTextContents();
    assert.ok(names.includes('<img src=x onerror=alert(1)>'), names.join('\n'));
    assert.ok(names.includes('tsc\ufffd[31m-\ufffdcheck\ufffd'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('#phases button.csv'),
    ]);
    const file = readFileSync(await download.path(), 'utf8');
    assert.match(file, /^'=cmd\|'\/c calc'!A1,/m);
    assert.match(file, /^'-,/m);
    assert.doesNotMatch(file, /^[=+@-]/m);
    const value = await page.locator('#skill option', { hasText: 'tsc' }).getAttribute('value');
    await page.selectOption('#skill', value);
    const asked = await page.evaluate(() => globalThis.extension.asked.at(-1).params);
    assert.ok(
      Object.values(asked).includes('tsc\u001b[31m-\u202echeck\u2066'),
      JSON.stringify(asked),
    );
    await page.evaluate(() => document.querySelector('#skill').blur());
    await assertAccessible(page, 'hostile');
    assert.deepEqual(said, []);
    await context.close();
  });

  it('thousands of skills: offers the most used, and says so', async () => {
    const { page, context } = await show('many');
    const options = await page.locator('#skill option').allTextContents();
    assert.equal(options.length, 502);
    assert.equal(options.at(-1), 'The 500 most used are listed.');
    assert.match(await page.locator('#phases .summary').textContent(), /2,986 skills more/);
    await context.close();
  });

  it('one day: the themes of VS Code can all be read', async () => {
    const { page, context } = await show('day');
    await page.click('#phases button.table');
    for (const kind of KINDS) {
      await page.evaluate((name) => {
        document.body.className = name;
        document.body.dataset.vscodeThemeKind = name;
        // What VS Code gives a page in such a theme.
        const isDark = /dark$|contrast$/.test(name);
        const colours = isDark
          ? ['#1e1e1e', '#cccccc', '#9d9d9d']
          : ['#ffffff', '#3b3b3b', '#616161'];
        const names = ['editor-background', 'foreground', 'descriptionForeground'];
        names.forEach((it, n) =>
          document.documentElement.style.setProperty(`--vscode-${it}`, colours[n]),
        );
        for (const [it, n] of [
          ['editorWidget-background', 0],
          ['button-secondaryBackground', 0],
          ['button-secondaryForeground', 1],
        ]) {
          document.documentElement.style.setProperty(`--vscode-${it}`, colours[n]);
        }
      }, kind);
      await painted(page);
      await assertAccessible(page, kind);
    }
    await context.close();
  });

  it('a server that ends and comes back: says so, keeps its charts, and goes on', async () => {
    const { page, said, context } = await show('day');
    assert.equal(await page.textContent('#connection'), 'Live');
    await page.evaluate(() => {
      globalThis.extension.was = globalThis.extension.answers;
      globalThis.extension.answers = undefined;
      postMessage({ type: 'event', event: 'disconnected', data: null });
    });
    await page.waitForSelector('#connection.lost');
    assert.match(await page.textContent('#connection'), /ended. The charts go on when it is back/);
    assert.ok(await page.isVisible('#live svg'));
    await page.selectOption('#days', '7');
    await page.waitForFunction(() => !document.querySelector('#live svg')?.checkVisibility());
    assert.match(await page.textContent('#live .summary'), /server has ended/);
    await page.evaluate(() => {
      globalThis.extension.answers = globalThis.extension.was;
      postMessage({ type: 'event', event: 'connected', data: null });
    });
    await page.waitForSelector('#live svg');
    assert.equal(await page.textContent('#connection'), 'Live');
    assert.equal(await page.evaluate(() => globalThis.extension.state), 'days=7');
    assert.deepEqual(said, []);
    await context.close();
  });
});

async function picture(page, history) {
  const path = join(SKILLS_PICTURES, `edge-${history}.png`);
  await page.screenshot({ path, fullPage: true });
}
