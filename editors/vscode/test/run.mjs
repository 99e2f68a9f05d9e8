// All tests of the extension: inside the extension host, then the packed .vsix in the workbench.
//   node test/run.mjs            everything
//   node test/run.mjs host       only inside the extension host
//   node test/run.mjs work       only the page tests of that name
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXTENSION, ROOT, project, start } from './workbench.mjs';

const wanted = process.argv.slice(2);

execFileSync('sh', [join(ROOT, 'scripts/fetch_vscode.sh')], { stdio: 'inherit' });
mkdirSync(join(EXTENSION, 'dist'), { recursive: true });
execFileSync('npm', ['run', '--silent', 'package'], { cwd: EXTENSION, stdio: 'inherit' });
const failed = [];

if (wanted.length === 0 || wanted.includes('host')) {
  execFileSync(process.execPath, ['esbuild.mjs', '--tests'], { cwd: EXTENSION, stdio: 'inherit' });
  if ((await inHost()) !== 0) failed.push('host');
}
const suites = readdirSync(join(EXTENSION, 'test/page'))
  .filter((it) => it.endsWith('.test.mjs'))
  .filter((it) => wanted.length === 0 || wanted.includes(it.replace('.test.mjs', '')));
for (const suite of suites) {
  const mocha = join(EXTENSION, 'node_modules/mocha/bin/mocha.js');
  const { status } = spawnSync(process.execPath, [mocha, `test/page/${suite}`], {
    cwd: EXTENSION,
    stdio: 'inherit',
  });
  if (status !== 0) failed.push(suite);
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}.`);
  process.exit(1);
}

/** Runs mocha inside the extension host and prints what it reported. */
async function inHost() {
  const { folder, home, top } = project();
  const report = join(top, 'report.json');
  const env = { SKILLS_LSP_REPORT: report };
  const workbench = await start({ folder, home, extension: EXTENSION, env });
  try {
    const code = await workbench.runInHost(join(EXTENSION, 'dist/test/index.js'));
    const { stats, passes, failures } = JSON.parse(readFileSync(report, 'utf8'));
    for (const it of passes) console.log(`    ✔ ${it.fullTitle} (${it.duration}ms)`);
    for (const it of failures) console.error(`    ✖ ${it.fullTitle}\n${it.err.stack}`);
    console.log(`\n  ${stats.passes} passing, ${stats.failures} failing in the extension host`);
    return stats.passes > 0 ? code : 1;
  } finally {
    await workbench.stop();
    rmSync(top, { recursive: true, force: true });
  }
}
