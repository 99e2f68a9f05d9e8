// A server that dies while its page is open, and one that takes its place.
//   SKILLS_SERVE=<JSON array: the command that serves> node --test test/lost.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { launch, open, settled } from './browser.mjs';

const [program, ...words] = JSON.parse(process.env.SKILLS_SERVE);

let browser;
let server;
before(async () => {
  browser = await launch();
});
after(async () => {
  server?.kill();
  await browser?.close();
});

/** Serves; the address that was printed. */
async function serve(...more) {
  server = spawn(program, [...words, ...more], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(server, 'exit').then(([code]) => assert.fail(`it ended with ${code}`));
  ended.catch(() => undefined); // later it is to end
  const [line] = await Promise.race([once(server.stdout, 'data'), ended]);
  return new URL(String(line).trim());
}

describe('a page whose server dies', () => {
  it('says so and what to do, and goes on with the next one at the same port', async () => {
    const { context, page } = await open(browser);
    const first = await serve();
    await page.goto(first.href);
    await settled(page);
    const isLive = () =>
      page.waitForFunction(() => document.querySelector('#connection').textContent === 'Live');
    await isLive();

    server.kill('SIGKILL');
    await page.waitForSelector('#connection.lost');
    const said = await page.textContent('#connection');
    assert.match(said, /The server has ended. Run skills-lsp dashboard --port \d+ and open/);
    assert.ok(said.includes(`--port ${first.port} `));
    assert.ok(await page.isVisible('#live svg'), 'the charts stay');
    await page.selectOption('#days', '7');
    await page.waitForFunction(() =>
      document.querySelector('#live .summary').textContent.startsWith('Nobody answers.'),
    );

    const second = await serve('--port', first.port);
    assert.notEqual(second.search, first.search);
    // Another server, whose address was not opened here: to this page it is as good as none.
    const refused = await page.waitForResponse((it) => it.url().endsWith('/news'));
    assert.equal(refused.status(), 403);
    assert.ok(await page.isVisible('#connection.lost'));
    const other = await context.newPage();
    await other.goto(second.href);
    await isLive();
    await page.waitForSelector('#live svg');
    assert.equal(await page.inputValue('#days'), '7');

    // The address has been used: somebody else who has it sees nothing.
    const somebody = await browser.newContext();
    const answer = await somebody.request.get(second.href);
    assert.equal(answer.status(), 403);
    assert.match(await answer.text(), /This address has been used/);
  });
});
