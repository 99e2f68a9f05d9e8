// node test/figures.mjs ADDRESS RECORD: how long the page takes to open, and to follow a run.
// RECORD is a command that records a run and prints when it was on the disk, in ms since 1970.
// Prints JSON: {"open_ms": […], "complete_ms": […], "follow_ms": […]}. benchmarks/dashboard.py calls it.
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

const [address, record] = process.argv.slice(2);
const N = 7;
const executablePath =
  process.env.CHROMIUM ??
  execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const figures = { open_ms: [], complete_ms: [], follow_ms: [] };
await page.goto(address);
for (let n = 0; n < N; n++) {
  await page.reload();
  await page.waitForFunction(() => performance.getEntriesByName('dashboard-drawn').length);
  const [drawn] = await page.evaluate(() =>
    performance.getEntriesByName('dashboard-drawn').map((it) => it.startTime),
  );
  await page.waitForSelector('#charts:not(:has([aria-busy=true]))');
  figures.open_ms.push(drawn);
  figures.complete_ms.push(await page.evaluate(() => performance.now()));
}
await page.evaluate(() => {
  const told = () => {
    requestAnimationFrame(() => setTimeout(() => (globalThis.shownAt = Date.now())));
  };
  new MutationObserver(told).observe(document.querySelector('#told'), { childList: true });
});
for (let n = 0; n < N; n++) {
  await page.evaluate(() => (globalThis.shownAt = 0));
  const recordedAt = Number(execFileSync('sh', ['-c', record], { encoding: 'utf8' }));
  await page.waitForFunction(() => globalThis.shownAt);
  figures.follow_ms.push((await page.evaluate(() => globalThis.shownAt)) - recordedAt);
  await page.evaluate(() => (document.querySelector('#told').textContent = ''));
  await page.waitForTimeout(1000); // what is asked after a run has settled is another matter
}
await browser.close();
console.log(JSON.stringify(figures));
