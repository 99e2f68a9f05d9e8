// Measures and prints: npm run figures. Needs what the tests need, and an idle machine.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXTENSION, project, start } from './workbench.mjs';

const SKILL = `
title = "Say when"
description = "Writes down when its process began."
category = "testing"
modality = "testing"
phase = "execution"
scope = "file"
[triggers]
star-import = 0.1
[run]
kind = "program"
tool = "say-when"
args = []
cwd = "{project}"
`;

execFileSync(process.execPath, ['esbuild.mjs', '--tests'], { cwd: EXTENSION });
const { folder, home, top } = project();
mkdirSync(join(folder, '.skills'));
writeFileSync(join(folder, '.skills/say-when.toml'), SKILL);
mkdirSync(join(top, 'bin'));
writeFileSync(join(top, 'bin/say-when'), '#!/bin/sh\ndate +%s%N >began\n', { mode: 0o755 });
const report = join(top, 'figures.json');
const env = { SKILLS_LSP_REPORT: report, PATH: `${join(top, 'bin')}:${process.env.PATH}` };
const settings = { 'skillsLsp.notifications': 'never' };
const workbench = await start({ folder, home, extension: EXTENSION, env, settings });
try {
  await workbench.runInHost(join(EXTENSION, 'dist/test/figures.js'));
  const size = statSync(join(EXTENSION, 'dist/extension.js')).size;
  const figures = { bundle_kb: size / 1024, ...JSON.parse(readFileSync(report, 'utf8')) };
  for (const [name, value] of Object.entries(figures)) console.log(name, Math.round(value));
} finally {
  await workbench.stop();
  rmSync(top, { recursive: true, force: true });
}
