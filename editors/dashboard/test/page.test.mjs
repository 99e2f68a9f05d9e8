// The page in headless Chromium, over `skills-lsp dashboard`: what it draws, beside the reports.
//   SKILLS_DASHBOARD=<address> SKILLS_REPORTS=<folder of their JSON> node --test test/page.test.mjs
// tests/editors/dashboard/test_page.py makes both. With SKILLS_PICTURES it leaves pictures there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CHARTS, THEMES, assertAccessible, assertFits, launch, open } from './browser.mjs';
import { painted, settled as drawn } from './browser.mjs';

const { SKILLS_DASHBOARD, SKILLS_REPORTS, SKILLS_PICTURES, SKILLS_RECORD } = process.env;
const ORIGIN = new URL(SKILLS_DASHBOARD).origin;

const report = (name) => JSON.parse(readFileSync(join(SKILLS_REPORTS, `${name}.json`), 'utf8'));

let browser;
let page;
let said;

before(async () => {
  browser = await launch();
  ({ page, said } = await open(browser));
  await page.goto(SKILLS_DASHBOARD);
  await settled();
});
after(() => browser?.close());

const settled = () => drawn(page);

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
    // Everything that can be clicked, and each region that scrolls.
    const wanted = await page.evaluate(() => {
      const all = [...document.querySelectorAll('a, button, select, input, [tabindex="0"]')];
      // Of a choice the arrows reach the others.
      const seen = all.filter((it) => it.checkVisibility() && (it.type !== 'radio' || it.checked));
      seen.forEach((it, n) => (it.dataset.stop = n));
      return seen.length;
    });
    const reached = new Set();
    const unmarked = [];
    for (let n = 0; n <= wanted; n++) {
      await page.keyboard.press('Tab');
      const { stop, mark } = await page.evaluate(() => {
        const it = document.activeElement;
        const shown = it.type === 'radio' ? it.nextElementSibling : it;
        const { outlineStyle, outlineWidth } = getComputedStyle(shown);
        const isMarked = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
        return { stop: it.dataset.stop, mark: isMarked ? '' : it.outerHTML.slice(0, 80) };
      });
      if (stop !== undefined) reached.add(stop);
      if (stop !== undefined && mark) unmarked.push(mark);
    }
    assert.equal(reached.size, wanted);
    assert.deepEqual(unmarked, []);
    assert.ok(wanted > 2 * CHARTS.length + 4);
    await page.focus('#trend input[value=completion_rate]');
    await page.keyboard.press('ArrowRight');
    await page.focus('#trend button.table');
    await page.keyboard.press('Enter');
    assert.ok(await page.isChecked('#trend input[value=duration]'));
    assert.equal(await page.getAttribute('#trend button.table', 'aria-expanded'), 'true');
    assert.ok((await rows('trend')).length === 30);
    await page.keyboard.press('Space');
    assert.equal(await page.isVisible('#trend table'), false);
    assert.equal(await page.getAttribute('#trend button.table', 'aria-expanded'), 'false');
  });

  it('moves nothing, whether one prefers that or not', async () => {
    await page.selectOption('#days', '7');
    const moves = await page.evaluate(() => {
      const isMoved = (it) => {
        const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(it);
        return animationName !== 'none' || transitionDuration !== '0s' || scrollBehavior !== 'auto';
      };
      return (
        document.getAnimations().length + [...document.querySelectorAll('*')].filter(isMoved).length
      );
    });
    assert.equal(moves, 0);
    await page.selectOption('#days', '30');
    await settled();
  });

  const FILTERS = { skill: 'pytest-run', project: 'search', days: '90' };
  for (const [filter, value] of Object.entries(FILTERS)) {
    it(`filters by ${filter}: each panel follows, or says why it does not`, async () => {
      const before = await figures();
      await page.selectOption(`#${filter}`, value);
      await settled();
      const after = await figures();
      for (const [id, { table, note, summary }] of Object.entries(after)) {
        const why =
          filter === 'days' ? /^Always |\. Always / : new RegExp(`Not by (skill or )?${filter}: `);
        const isChanged = table !== before[id].table || summary !== before[id].summary;
        // The newest runs are the newest in every time.
        const isSame = filter === 'days' && id === 'latest';
        assert.ok(isChanged || isSame || why.test(note), `${id}: ${note}`);
      }
      assert.equal(new URL(page.url()).searchParams.get(filter), value);
      await page.reload(); // it is kept
      await settled();
      assert.equal(await page.inputValue(`#${filter}`), value);
      assert.equal((await figures()).phases.table, after.phases.table);
      await page.selectOption(`#${filter}`, filter === 'days' ? '30' : '');
      await settled();
    });
  }

  it('says once why it follows neither skill nor project', async () => {
    await page.selectOption('#skill', FILTERS.skill);
    await page.selectOption('#project', FILTERS.project);
    await settled();
    const { ab, trend } = await figures();
    assert.match(ab.note, /^Not by skill or project: a test is judged by all its picks/);
    assert.match(trend.summary, /in search/);
    const skills = new Set((await rows('latest')).map(([skill]) => skill));
    assert.deepEqual([...skills], [FILTERS.skill]);
    await page.selectOption('#skill', '');
    await page.selectOption('#project', '');
    await settled();
  });

  it('shows the A/B test that is picked', async () => {
    const picker = page.locator('#ab select');
    assert.deepEqual(await picker.locator('option').allTextContents(), [
      'next-step (running)',
      'other-words (stopped)',
    ]);
    await picker.selectOption('other-words');
    await settled();
    assert.match(await page.textContent('#ab .summary'), /^other-words .* keep semantic\.$/);
    const { analyses } = report('ab-other');
    assert.deepEqual(
      (await rows('ab')).map(([metric, users]) => [metric, users]),
      Object.entries(analyses).map(([metric, { control }]) => [metric, control.n_users]),
    );
    await page.reload();
    await settled();
    assert.equal(await picker.inputValue(), 'other-words');
    await picker.selectOption('next-step');
    await settled();
    assert.match(await page.textContent('#ab .summary'), /^next-step /);
  });

  it('goes on with the newest test when the one that was kept is gone', async () => {
    await page.goto(`${ORIGIN}/?test=no-such&days=12345&skill=`);
    await settled();
    await page.waitForFunction(() =>
      document.querySelector('#ab .summary').textContent.startsWith('next-step'),
    );
    assert.equal(await page.inputValue('#days'), '30');
    await page.goto(ORIGIN);
    await settled();
  });

  for (const [name, media] of Object.entries(THEMES)) {
    it(`has no barrier in ${name}`, async () => {
      await page.emulateMedia(media);
      await page.click('#pipelines button.table');
      await painted(page);
      await assertAccessible(page, name);
      await assertFits(page, name);
      await page.click('#pipelines button.table');
      assert.ok((await leastContrast()) >= (name === 'contrast' ? 7 : 4.5));
      if (SKILLS_PICTURES) await pictures(name);
    });
  }

  it('shows a run of another program at once, and its end', async () => {
    await page.waitForFunction(() => document.querySelector('#connection').textContent === 'Live');
    execFileSync('sh', ['-c', SKILLS_RECORD], { stdio: 'ignore' });
    const newest = page.locator('#latest tbody tr').first();
    await newest.filter({ hasText: /planted-now.*passed/ }).waitFor();
    // Also to who hears the page: begun and ended, or both at once.
    assert.match(await page.locator('#told').textContent(), /^(New run: )?planted-now, passed\.$/);
  });

  it('shows hostile names as text', async () => {
    const text = await page.locator('#latest tbody tr').first().textContent();
    assert.match(text, /<img src=x onerror=alert\(1\)>/);
    assert.equal(await page.locator('#latest img').count(), 0);
  });

  it('is readable at 200 %, in one column', async () => {
    await page.setViewportSize({ width: 640, height: 450 }); // of 1280 and 900, enlarged twice
    await painted(page);
    await assertFits(page, '200 %');
    for (const id of CHARTS) {
      const box = await page.locator(`#${id} .chart svg`).boundingBox();
      assert.ok(box.width > 300 && box.width <= 640, `${id}: ${box.width}`);
    }
    if (SKILLS_PICTURES) await pictures('zoomed');
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

/** Opens or closes every table. */
const tables = (isOpen) =>
  page.evaluate((wanted) => {
    for (const it of document.querySelectorAll(`button.table[aria-expanded=${!wanted}]`)) {
      if (it.checkVisibility()) it.click();
    }
  }, isOpen);

/** What each panel says and shows in figures. */
async function figures() {
  await tables(true);
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.panel')].map((it) => {
        const text = (part) => it.querySelector(part)?.textContent ?? '';
        const body = it.querySelector('.figures');
        const table = body.hidden ? '' : body.textContent;
        return [it.id, { table, note: text('.note'), summary: text('.summary') }];
      }),
    ),
  );
}

/** The ratio of letters to what is behind them, where it is least (WCAG). */
const leastContrast = () =>
  page.evaluate(() => {
    const light = (colour) => {
      const parts = colour
        .match(/[\d.]+/g)
        .slice(0, 3)
        .map((it) => it / 255);
      const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
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

async function pictures(theme) {
  await tables(false);
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
