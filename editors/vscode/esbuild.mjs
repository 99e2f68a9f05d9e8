// Bundles the extension with the dashboard's page (and with --tests the tests that run inside the extension host).
import { build } from 'esbuild';
import { cpSync, readdirSync } from 'node:fs';

const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['vscode', 'mocha'],
  logLevel: 'warning',
};

await build({
  ...common,
  entryPoints: ['src/extension.ts', 'src/client.ts'],
  outdir: 'dist',
  external: [...common.external, './client.js'],
  supported: { 'dynamic-import': false }, // the extension host loads by require
  minify: true,
  mainFields: ['module', 'main'],
  sourcemap: process.argv.includes('--sourcemap'),
});

// Built by editors/dashboard, and the same that `skills-lsp dashboard` serves.
cpSync('../../skills_lsp/dashboard', 'media/dashboard', { recursive: true });

if (process.argv.includes('--tests')) {
  const suites = readdirSync('test/host').filter((it) => it.endsWith('.ts'));
  await build({
    ...common,
    entryPoints: suites.map((it) => `test/host/${it}`),
    outdir: 'dist/test',
    sourcemap: 'inline',
  });
}
