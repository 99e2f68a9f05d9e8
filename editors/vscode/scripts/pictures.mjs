// Takes the README's pictures from those that the page tests made: node scripts/pictures.mjs
// They are taken on an idle machine, so that what is timed in them is, and are made small by pngquant.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PICTURES = {
  lens: 'result',
  menu: 'menu',
  pick: 'pick',
  running: 'running',
  report: 'report',
};
for (const [name, made] of Object.entries(PICTURES)) {
  const from = fileURLToPath(new URL(`../dist/pictures/readme-${made}.png`, import.meta.url));
  const to = fileURLToPath(new URL(`../images/${name}.png`, import.meta.url));
  execFileSync('pngquant', ['--force', '--strip', '--speed', '1', '--output', to, from]);
}
