import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findServer, type Places } from '../../src/find';
import { linked } from '../../src/links';
import { linksIn } from '../../src/output';
import { ago, label, lensTitle, message, oneLine } from '../../src/text';
import { isNewEnough, versionOf } from '../../src/version';

const top = fs.mkdtempSync(path.join(os.tmpdir(), 'skills-find-'));

function program(folder: string, prints = 'skills-lsp 0.1.0'): string {
  const file = path.join(top, folder, 'skills-lsp');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\necho "${prints}"\n`, { mode: 0o755 });
  return file;
}

function places(changes: Partial<Places>): Places {
  return {
    paths: [],
    environment: path.join(top, 'environment'),
    environmentRefused: '',
    installed: path.join(top, 'installed'),
    prefersInstalled: false,
    search: [path.join(top, 'path-1'), path.join(top, 'path-2')],
    ...changes,
  };
}

async function taken(changes: Partial<Places>): Promise<string> {
  const found = await findServer(places(changes));
  return found.kind === 'found' ? path.relative(top, path.dirname(found.path)) : found.kind;
}

describe('where the server is looked for', () => {
  before(() => {
    for (const folder of ['environment', 'path-2', 'installed', 'own']) program(folder);
  });

  it('is the environment, then the PATH, then the own installation', async () => {
    assert.equal(await taken({}), 'environment');
    assert.equal(await taken({ environment: undefined }), 'path-2');
    assert.equal(await taken({ environment: undefined, search: [] }), 'installed');
    assert.equal(await taken({ environment: undefined, search: [], installed: top }), 'missing');
  });

  it('is the own installation where that is preferred, and never the environment', async () => {
    assert.equal(await taken({ prefersInstalled: true }), 'installed');
    assert.equal(await taken({ prefersInstalled: true, installed: top }), 'path-2');
    assert.equal(await taken({ prefersInstalled: true, installed: top, search: [] }), 'missing');
  });

  it('is the first path of the setting that exists', async () => {
    const own = path.join(top, 'own', 'skills-lsp');
    assert.equal(await taken({ paths: [path.join(top, 'gone'), own] }), 'own');
  });

  it('is nowhere else when the setting names what is not there', async () => {
    assert.equal(await taken({ paths: [path.join(top, 'gone')] }), 'wrong-path');
    assert.equal(await taken({ paths: [path.join(top, 'own')] }), 'wrong-path');
    assert.equal(await taken({ paths: ['skills-lsp'] }), 'wrong-path');
  });

  it('is never the folder that happens to be open', async () => {
    const found = await taken({ environment: undefined, search: ['.', ''], installed: top });
    assert.equal(found, 'missing');
  });

  it('is not a file that cannot be run', async () => {
    const file = program('locked');
    fs.chmodSync(file, 0o644);
    assert.equal(await taken({ environment: path.dirname(file) }), 'path-2');
  });
});

describe('the version of a server', () => {
  it('is compared by its numbers', () => {
    assert.ok(isNewEnough('0.10.0', '0.9.9'));
    assert.ok(isNewEnough('1.0.0rc1', '0.9.0'));
    assert.ok(isNewEnough('0.1.0', '0.1.0'));
    assert.ok(!isNewEnough('0.0.9', '0.1.0'));
    assert.ok(!isNewEnough('0.1.0.dev3', '0.1.1'));
  });

  it('is asked for once, and again when the file changed', async () => {
    const kept = new Map<string, string>();
    const memory = {
      get: (key: string) => kept.get(key),
      update: (key: string, value: string) => {
        kept.set(key, value);
        return Promise.resolve();
      },
    };
    const file = program('versioned', 'skills-lsp 0.2.0');
    assert.equal((await versionOf(file, memory)).version, '0.2.0');
    assert.equal((await versionOf(file, memory)).version, '0.2.0');
    assert.equal(kept.size, 1);
    program('versioned', 'skills-lsp 0.3.0 # changed');
    assert.equal((await versionOf(file, memory)).version, '0.3.0');
  });

  it('is unknown when something else answers', async () => {
    const file = program('other', 'hello');
    const memory = { get: () => undefined, update: () => Promise.resolve() };
    const { version, said } = await versionOf(file, memory);
    assert.equal(version, undefined);
    assert.match(said, /hello/);
  });
});

describe('links in output', () => {
  const isFile = (file: string) => ['/shop/tests/test_a.py', '/shop/web/a b.ts'].includes(file);
  const places = (line: string) =>
    linksIn(line, ['/shop', '/shop/web'], isFile).map((it) => [
      line.slice(it.startIndex, it.startIndex + it.length),
      it.file,
      it.row,
      it.column,
    ]);

  it('are found in the forms that tools use', () => {
    const file = '/shop/tests/test_a.py';
    assert.deepEqual(places('tests/test_a.py:12: AssertionError'), [
      ['tests/test_a.py:12', file, 11, 0],
    ]);
    assert.deepEqual(places('  /shop/tests/test_a.py:3:7 E501'), [
      ['/shop/tests/test_a.py:3:7', file, 2, 6],
    ]);
    assert.deepEqual(places('tests/test_a.py(3,7): error'), [['tests/test_a.py(3,7)', file, 2, 6]]);
    assert.deepEqual(places('  File "tests/test_a.py", line 4, in f'), [
      ['File "tests/test_a.py", line 4', file, 3, 0],
    ]);
  });

  it('are none where no such file is', () => {
    assert.deepEqual(places('https://example.org/x.py:12 and 12:30:00 and gone.py:1'), []);
  });

  it('are not looked for in a line without an end', () => {
    assert.deepEqual(places(`${'x'.repeat(100_000)} tests/test_a.py:12`), []);
  });
});

describe('places in a report', () => {
  const find = (file: string) => (file === 'tests/test_a.py' ? file : undefined);

  it('are links to the code', () => {
    const link = (text: string) => `[${text}](/tests/test_a.py#L12)`;
    assert.equal(
      linked('For tests/test_a.py:12 (x)', find),
      `For ${link('tests/test_a.py:12')} (x)`,
    );
    assert.equal(linked('at tests/test\\_a.py:12', find), `at ${link('tests/test\\_a.py:12')}`);
    assert.equal(linked('`tests/test_a.py:12`', find), link('`tests/test_a.py:12`'));
    assert.equal(
      linked('a b.py:1', () => 'a (b)/ü.py'),
      'a [b.py:1](/a%20%28b%29/%C3%BC.py#L1)',
    );
  });

  it('are left where there is no such file, or a link already', () => {
    for (const text of [
      'gone.py:12',
      'https://example.org/tests/test_a.py:12',
      '`pytest tests/test_a.py:12`',
      '[tests/test_a.py:12](x)',
    ]) {
      assert.equal(linked(text, find), text);
    }
  });

  it('are found in a text of a million characters that has none', () => {
    const text = 'a-.'.repeat(333_333);
    assert.equal(linked(text, find), text);
  });
});

describe('text from outside', () => {
  it('makes no icon, no link and no second line', () => {
    assert.equal(label('$(bug) a\nb\u202e'), '\\$(bug) a b');
    assert.ok(!message('[x](command:y)').includes(']('));
    assert.equal(oneLine('a\u001b[2Jb\r\nc'), 'a [2Jb c');
    assert.equal(lensTitle('▶ Run $(x)'), '$(play) Run \\$(x)');
    assert.equal(lensTitle('▶ Run this test   ✗ no'), '$(play) Run this test · ✗ no');
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-01-02T00:00:00Z');
    assert.equal(ago('2026-01-01T23:59:30.000000Z', now), 'just now');
    assert.equal(ago('2026-01-01T23:55:00.000000Z', now), '5 min ago');
    assert.equal(ago('2026-01-01T20:00:00.000000Z', now), '4 h ago');
    assert.equal(ago('nonsense', now), '');
  });
});
