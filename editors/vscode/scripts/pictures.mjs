// Takes the README's pictures from those that the page tests made: node scripts/pictures.mjs
import { copyFileSync } from 'node:fs';

const PICTURES = { lens: 'failure', pick: 'pick', report: 'report' };
for (const [name, made] of Object.entries(PICTURES)) {
  copyFileSync(
    new URL(`../dist/pictures/${made}.png`, import.meta.url),
    new URL(`../images/${name}.png`, import.meta.url),
  );
}
