// Bundles the page into the Python package, which serves it, and which the VS Code extension copies.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, 'src');
const target = process.argv[2] ?? join(import.meta.dirname, '../../skills_lsp/dashboard');

mkdirSync(target, { recursive: true });
copyFileSync(join(source, 'index.html'), join(target, 'index.html'));
await build({
  entryPoints: { dashboard: join(source, 'main.ts') },
  absWorkingDir: import.meta.dirname,
  bundle: true,
  charset: 'utf8',
  format: 'iife',
  // A comment with the licences would be longer than the page: LICENSES.txt has them.
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  outdir: target,
  target: 'es2022',
});
await build({
  entryPoints: [join(source, 'dashboard.css')],
  charset: 'utf8',
  logLevel: 'warning',
  minify: true,
  outdir: target,
  target: 'es2022',
});
