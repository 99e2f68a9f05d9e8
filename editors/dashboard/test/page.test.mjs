// The page in headless Chromium, over `skills-lsp dashboard`: what it draws, beside the reports.
//   SKILLS_DASHBOARD=<address> SKILLS_REPORTS=<folder of their JSON> node --test test/
// tests/editors/dashboard/test_page.py makes both. With SKILLS_PICTURES it leaves pictures there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium } from 'playwright-core';

const { SKILLS_DASHBOARD, SKILLS_REPORTS, SKILLS_PICTURES, SKILLS_RECORD } = process.env;
const ORIGIN = new URL(SKILLS_DASHBOARD).origin;
const CHARTS = 'live trend unusual ab clock phases follows pipelines learning foretold'.split(' ');
const THEMES = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  contrast: { colorScheme: 'dark', contrast: 'more', forcedColors: 'active' },
};

const report = (name) => JSON.parse(readFileSync(join(SKILLS_REPORTS, `${name}.json`), 'utf8'));

let browser;
let context;
let page;
const said = [];

before(async () => {
  const executablePath =
    process.env.CHROMIUM ??
    execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('console', (it) => said.push(`${it.type()}: ${it.text()}`));
  page.on('pageerror', (error) => said.push(error.message));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (it) => {
      console.error(`policy: ${it.violatedDirective} ${it.blockedURI}`);
    });
  });
  await page.goto(SKILLS_DASHBOARD);
  await settled();
});
after(() => browser?.close());

const settled = () => page.waitForSelector('#charts:not(:has([aria-busy=true]))');

/** The rows of a panel's table: the values, not how they are shown. */
async function rows(id) {
  const button = page.locator(`#${id} button.table`);
  if ((await button.count()) && (await button.getAttribute('aria-expanded')) === 'false') {
    await button.click();
  }
  return page.locator(`#${id} tbody tr`).evaluateAll((all) =>
    all.map((row) =>
      [...row.cells].map((cell) => {
        const { value } = cell.dataset;
        if (value === undefined) return cell.textContent;
        return value !== '' && cell.classList.contains('number') ? Number(value) : value || null;
      }),
    ),
  );
}

describe('the page', () => {
  it('draws each chart, with a title and a sentence for who cannot see it', async () => {
    for (const id of CHARTS) {
      const chart = page.locator(`#${id} .chart`);
      assert.ok((await chart.locator('svg path').count()) > 3, id);
      assert.equal(await chart.getAttribute('role'), 'img');
      const title = await page.locator(`#${id} h2`).textContent();
      const summary = await page.locator(`#${id} .summary`).textContent();
      assert.match(await chart.getAttribute('aria-label'), new RegExp(`^Chart: ${title}[.?] .`));
      assert.match(summary, /\.\)?$/, id);
    }
  });

  it('marks what is unusual in the trend', async () => {
    const [worst] = report('anomalies').anomalies.filter((it) => it.metric === 'completion_rate');
    const remarks = await page.locator('#trend .remarks').textContent();
    assert.ok(remarks.includes(`${worst.skill} completes less`), remarks);
  });

  it('shows the figures of the reports in its tables', async () => {
    const { hours } = report('heatmap');
    assert.deepEqual(
      (await rows('clock')).map(([, ...counts]) => counts),
      hours,
    );
    const stages = report('pipeline').stages.map((it) => [
      ...[it.stage, it.pipeline, it.project, it.n_stages, it.n_succeeded],
      ...[it.success_rate, it.mean_duration_seconds],
    ]);
    assert.deepEqual(await rows('pipelines'), stages);
    const pairs = report('dependencies').dependencies.map((it) => [
      ...[it.first, it.kind, it.second, it.n_both, it.followed, it.lift],
    ]);
    assert.deepEqual((await rows('follows')).slice(0, pairs.length), pairs);
    const months = report('learning').estimate.over_time;
    assert.deepEqual(
      (await rows('learning')).map((row) => row.slice(0, 4)),
      months.map((it) => [it.group, it.n_lists, it.n_picks, it.present?.estimate ?? null]),
    );
    const { analyses } = report('ab');
    assert.deepEqual(
      (await rows('ab')).map(([metric, , control, , treatment, difference]) => [
        ...[metric, control, treatment, difference],
      ]),
      Object.entries(analyses).map(([metric, it]) => [
        ...[metric, it.control.mean, it.treatment.mean, it.comparison?.difference ?? null],
      ]),
    );
    const seen = new Map(
      (await rows('unusual')).map(([skill, what, ...its]) => [skill + what, its]),
    );
    for (const it of report('anomalies').anomalies) {
      assert.equal(seen.get(it.skill + it.metric)?.[0], it.seen);
    }
    const bySkill = new Map((await rows('phases')).map(([skill, ...all]) => [skill, all]));
    for (const { skill, phases } of report('heatmap').skills) {
      const sum = (all) => all.reduce((a, b) => a + b, 0);
      assert.equal(sum(bySkill.get(skill)), sum(Object.values(phases)), skill);
    }
  });

  it('gives a chart as a file', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('#pipelines button.csv'),
    ]);
    assert.equal(download.suggestedFilename(), 'skills-pipelines.csv');
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    assert.equal(lines[0], 'Stage,Pipeline,Project,Runs,Passed,Success,Mean time');
    assert.equal(lines.length - 2, report('pipeline').stages.length);
  });

  it('is used by keyboard alone', async () => {
    await page.reload();
    await settled();
    const reached = [];
    for (let n = 0; n < 80; n++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const it = document.activeElement;
        const panel = it.closest('section')?.id ?? '';
        const what = it.tagName === 'BODY' ? '' : `${it.tagName} ${it.className || it.type || ''}`;
        return `${panel} ${what}`.trim();
      });
      if (name === '' || reached.includes('') || (n > 5 && name === reached[0])) break;
      reached.push(name);
    }
    for (const id of CHARTS) {
      assert.ok(reached.includes(`${id} BUTTON table`), `${id}: ${reached}`);
      assert.ok(reached.includes(`${id} BUTTON csv`), id);
    }
    assert.ok(reached.includes('trend INPUT radio'));
    assert.equal(reached.filter((it) => it.startsWith('SELECT')).length, 3);
    await page.focus('#trend input[value=completion_rate]');
    await page.keyboard.press('ArrowRight');
    await page.focus('#trend button.table');
    await page.keyboard.press('Enter');
    assert.ok(await page.isChecked('#trend input[value=duration]'));
    assert.ok((await rows('trend')).length === 30);
    await page.keyboard.press('Enter');
    assert.equal(await page.isVisible('#trend table'), false);
  });

  it('follows its filters, and says where it cannot', async () => {
    const all = await page.locator('#headline .tile strong').first().textContent();
    await page.selectOption('#project', 'shop');
    await page.waitForFunction(
      (before) => document.querySelector('#headline strong').textContent !== before,
      all,
    );
    assert.equal(await page.locator('#ab .note').textContent(), 'all projects');
    assert.equal(await page.locator('#live .note').textContent(), '');
    await page.selectOption('#project', '');
    await page.selectOption('#skill', 'pytest-run');
    await page.waitForFunction(
      () => document.querySelectorAll('#phases tbody tr, #phases svg').length > 0,
    );
    await settled();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('#latest tbody th')].every(
        (it) => it.textContent === 'pytest-run',
      ),
    );
    await page.selectOption('#skill', '');
    await page.waitForFunction(
      (before) => document.querySelector('#headline strong').textContent === before,
      all,
    );
  });

  for (const [name, media] of Object.entries(THEMES)) {
    it(`has letters that can be read in ${name}`, async () => {
      await page.emulateMedia(media);
      await page.waitForTimeout(300);
      const ratio = await page.evaluate(() => {
        const light = (colour) => {
          const parts = colour
            .match(/[\d.]+/g)
            .slice(0, 3)
            .map((it) => it / 255);
          const [r, g, b] = parts.map((c) =>
            c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
          );
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const backOf = (it) => {
          const { backgroundColor } = getComputedStyle(it);
          return /^rgba\(.*, 0\)$/.test(backgroundColor)
            ? backOf(it.parentElement)
            : light(backgroundColor);
        };
        const all = document.querySelectorAll(
          '.panel p, h1, h2, .panel li, th, td, .note, button, select, label, .choice span, .tile span',
        );
        return Math.min(
          ...[...all].map((it) => {
            const [own, below] = [light(getComputedStyle(it).color), backOf(it)];
            return (Math.max(own, below) + 0.05) / (Math.min(own, below) + 0.05);
          }),
        );
      });
      assert.ok(ratio >= (name === 'contrast' ? 7 : 4.5), `${ratio}`);
      if (SKILLS_PICTURES) await pictures(name);
    });
  }

  it('shows a run of another program at once', async () => {
    await page.waitForFunction(() => document.querySelector('#connection').textContent === 'Live');
    const before = await page.locator('#latest tbody tr').first().textContent();
    execFileSync('sh', ['-c', SKILLS_RECORD], { stdio: 'ignore' });
    await page.waitForFunction(
      (old) => document.querySelector('#latest tbody tr').textContent !== old,
      before,
    );
    assert.match(await page.locator('#latest tbody tr').first().textContent(), /planted-now/);
    assert.match(await page.locator('#told').textContent(), /New run: planted-now, passed/);
  });

  it('shows hostile names as text', async () => {
    const text = await page.locator('#latest tbody tr').first().textContent();
    assert.match(text, /<img src=x onerror=alert\(1\)>/);
    assert.equal(await page.locator('#latest img').count(), 0);
  });

  it('is readable at 200 %, in one column', async () => {
    await page.setViewportSize({ width: 640, height: 450 }); // of 1280 and 900, enlarged twice
    await page.waitForTimeout(300);
    const { scrolled, width } = await page.evaluate(() => ({
      scrolled: document.documentElement.scrollWidth,
      width: document.documentElement.clientWidth,
    }));
    assert.ok(scrolled <= width, `${scrolled} > ${width}`);
    for (const id of CHARTS) {
      const box = await page.locator(`#${id} .chart svg`).boundingBox();
      assert.ok(box.width > 300 && box.width <= 640, `${id}: ${box.width}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('says nothing in the console, and breaks no policy', () => {
    assert.deepEqual(said, []);
  });

  it('cannot be asked without its cookie', async () => {
    const other = await browser.newContext();
    const answer = await other.request.get(ORIGIN);
    assert.equal(answer.status(), 403);
    await other.close();
  });
});

async function pictures(theme) {
  for (const button of await page.locator('button.table[aria-expanded=true]').all()) {
    await button.click();
  }
  await page.check('#trend input[value=completion_rate]', { force: true });
  await page.evaluate(() => {
    document.activeElement.blur();
    scrollTo(0, 0);
  });
  const into = (name) => ({ path: join(SKILLS_PICTURES, name) });
  await page.screenshot({ ...into(`dashboard-${theme}.png`), fullPage: true });
  if (theme === 'light') {
    const { y, height } = await page.locator('#trend').boundingBox();
    const clip = { x: 0, y: 0, width: 1280, height: Math.ceil(y + height) + 16 };
    await page.screenshot({ ...into('dashboard.png'), fullPage: true, clip });
  }
}
