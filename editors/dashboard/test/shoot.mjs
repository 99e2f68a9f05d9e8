// node test/shoot.mjs URL FOLDER: pictures of the page in each theme, and what its console said.
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';
const [url, folder] = process.argv.slice(2);
const executablePath =
  process.env.CHROMIUM ??
  execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
page.on('console', (it) => console.log(it.type(), it.text()));
page.on('pageerror', (it) => console.log('error', it.message));
await page.addInitScript(() =>
  document.addEventListener('securitypolicyviolation', (e) =>
    console.error(
      `CSP ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}:${e.columnNumber} ${e.sample}`,
    ),
  ),
);
const t0 = Date.now();
await page.goto(url);
await page.waitForSelector('#live svg');
console.log('live after', Date.now() - t0);
await page.waitForSelector('#charts:not(:has([aria-busy=true]))', { timeout: 60000 });
console.log('all after', Date.now() - t0);
await page.waitForTimeout(500);
for (const [name, media] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['contrast', { colorScheme: 'dark', contrast: 'more', forcedColors: 'active' }],
]) {
  await page.emulateMedia(media);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
await browser.close();
