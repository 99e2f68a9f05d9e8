// Bundles the page into the Python package, which serves it, and which the VS Code extension copies.
import { build } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, 'src');
const target = process.argv[2] ?? join(import.meta.dirname, '../../skills_lsp/dashboard');

mkdirSync(target, { recursive: true });
copyFileSync(join(source, 'index.html'), join(target, 'index.html'));
const { metafile } = await build({
  entryPoints: { dashboard: join(source, 'main.ts') },
  absWorkingDir: import.meta.dirname,
  bundle: true,
  charset: 'utf8',
  format: 'iife',
  // Comments of the libraries' files would be longer than what they are about: LICENSES.txt has them.
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  minify: true,
  outdir: target,
  target: 'es2022',
});
writeFileSync(join(target, 'LICENSES.txt'), licences(Object.keys(metafile.inputs)));
await build({
  entryPoints: [join(source, 'dashboard.css')],
  charset: 'utf8',
  logLevel: 'warning',
  minify: true,
  outdir: target,
  target: 'es2022',
});

/** The licence and the notice of each library that is in the bundle. */
function licences(inputs) {
  const names = inputs.flatMap((it) => /node_modules\/([^/]+)/.exec(it)?.[1] ?? []);
  const texts = [...new Set(names)].sort().map((name) => {
    const folder = join(import.meta.dirname, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = ['NOTICE', 'LICENSE', 'LICENSE.txt', 'licenses/LICENSE-d3'].map((file) =>
      join(folder, file),
    );
    const text = files.filter((it) => existsSync(it)).map((it) => readFileSync(it, 'utf8').trim());
    return [`${name} ${version} (${license})`, ...text].join('\n\n');
  });
  return `dashboard.js has parts of these libraries.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
