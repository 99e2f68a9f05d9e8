// A headless Chromium, and what each test asks of the page.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const CHARTS =
  'live trend unusual ab clock phases follows pipelines learning foretold'.split(' ');
export const THEMES = {
  light: { colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' },
  dark: { colorScheme: 'dark', contrast: 'no-preference', forcedColors: 'none' },
  contrast: { colorScheme: 'dark', contrast: 'more', forcedColors: 'active' },
};

const AXE = readFileSync(join(import.meta.dirname, '../node_modules/axe-core/axe.min.js'), 'utf8');

export function launch() {
  const executablePath =
    process.env.CHROMIUM ??
    execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A page that says in `said` what the console has, and which rule of the policy was broken. */
export async function open(browser) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  const said = [];
  page.setDefaultTimeout(60_000);
  page.on('console', (it) => said.push(`${it.type()}: ${it.text()}`));
  page.on('pageerror', (error) => said.push(error.message));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (it) => {
      console.error(`policy: ${it.violatedDirective} ${it.blockedURI}`);
    });
  });
  return { context, page, said };
}

export const settled = (page) => page.waitForSelector('#charts:not(:has([aria-busy=true]))');

/** A new theme, or width: when what was drawn for it is on the screen. */
export const painted = (page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );

/** No barrier that axe-core knows of; what it is not sure of is about colours over pictures. */
export async function assertAccessible(page, where) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, impact, nodes }) => ({
      rule: `${impact} ${id}`,
      nodes: nodes.slice(0, 3).map((it) => it.html.slice(0, 200)),
    }));
  });
  assert.deepEqual(found, [], where);
}

/** Nothing is cut, and no two things that stand beside each other overlap. */
export async function assertFits(page, where) {
  const wrong = await page.evaluate(() => {
    const name = (it) =>
      `${it.closest('section')?.id ?? 'page'}: ${it.textContent.trim().slice(0, 40)}`;
    const isSeen = (it) => it.checkVisibility() && it.getBoundingClientRect().width > 1;
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} of ${clientWidth}`);
    for (const svg of document.querySelectorAll('.chart svg')) {
      const box = svg.getBoundingClientRect();
      for (const text of [...svg.querySelectorAll('text')].filter(isSeen)) {
        const its = text.getBoundingClientRect();
        const over = Math.max(
          ...[box.left - its.left, its.right - box.right],
          ...[box.top - its.top, its.bottom - box.bottom],
        );
        if (over > 2) found.push(`cut by ${Math.round(over)}: ${name(text)}`);
      }
      // Around a circle boxes overlap where letters do not.
      const texts = [...svg.querySelectorAll('text')].filter((it) => !it.closest('#follows'));
      const boxes = texts.map((it) => it.getBoundingClientRect());
      for (const [n, one] of boxes.entries()) {
        for (const [m, other] of boxes.entries()) {
          const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
          const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
          if (n < m && across > 2 && down > 4) {
            found.push(`letters over letters: ${name(texts[n])} | ${name(texts[m])}`);
          }
        }
      }
    }
    // What can be clicked or read, without what is inside of it.
    const parts = [
      ...document.querySelectorAll('h1, h2, p, label, button, .chart, .figures, .remarks, .tile'),
    ].filter(
      (it) => isSeen(it) && !it.closest('.choice') && getComputedStyle(it).position === 'static',
    );
    for (const [n, a] of parts.entries()) {
      const one = a.getBoundingClientRect();
      if (a.scrollWidth > a.clientWidth + 1 && getComputedStyle(a).overflowX === 'visible') {
        if (a.clientWidth) found.push(`wider than its place: ${name(a)}`);
      }
      for (const b of parts.slice(n + 1)) {
        if (a.contains(b) || b.contains(a)) continue;
        const other = b.getBoundingClientRect();
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (across > 1 && down > 1) found.push(`overlap: ${name(a)} | ${name(b)}`);
      }
    }
    return found;
  });
  assert.deepEqual(wrong, [], where);
}
