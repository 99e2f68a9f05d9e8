// The colours of the page, as the style sheet has them: from VS Code, or from the browser's preference.

export interface Theme {
  text: string;
  quiet: string;
  line: string;
  surface: string;
  /** Of series, in their order. */
  series: readonly string[];
  good: string;
  bad: string;
  /** From few to many. */
  heat: readonly [string, string];
  isContrast: boolean;
  font: string;
  /** In pixels. */
  size: number;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const of = (name: string) => resolved(style.getPropertyValue(name).trim());
  return {
    text: of('--text'),
    quiet: of('--quiet'),
    line: of('--line'),
    surface: of('--surface'),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => of(`--series-${n}`)),
    good: of('--good'),
    bad: of('--bad'),
    heat: [of('--heat-few'), of('--heat-many')],
    isContrast: style.getPropertyValue('--contrast').trim() === '1',
    font: style.fontFamily,
    size: parseFloat(style.fontSize),
  };
}

/** Calls back when the colours change: VS Code's theme, the browser's preference, the size of letters. */
export function onThemeChange(changed: () => void): void {
  const watched = new MutationObserver(changed);
  for (const element of [document.documentElement, document.body]) {
    watched.observe(element, { attributeFilter: ['class', 'style', 'data-vscode-theme-kind'] });
  }
  for (const query of [
    'prefers-color-scheme: dark',
    'prefers-contrast: more',
    'forced-colors: active',
  ]) {
    matchMedia(`(${query})`).addEventListener('change', changed);
  }
}

const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

/** A colour of CSS, which may be a name or a mixture, as `#rrggbb`; over the surface where it shines through. */
function resolved(colour: string): string {
  if (!canvas || colour === '') return colour;
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0, a = 255] = canvas.getImageData(0, 0, 1, 1).data;
  return a === 255 ? hex([r, g, b]) : `rgba(${r}, ${g}, ${b}, ${(a / 255).toFixed(3)})`;
}

const hex = (parts: number[]) => `#${parts.map((it) => it.toString(16).padStart(2, '0')).join('')}`;

const parts = (colour: string) =>
  [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) || 0);

/** A colour between two. */
export function between([from, to]: readonly [string, string], share: number): string {
  const [a, b] = [parts(from), parts(to)];
  return hex(a.map((it, n) => Math.round(it + ((b[n] ?? 0) - it) * share)));
}

/** Black or white, whichever is read better on a colour (WCAG's relative luminance). */
export function onColour(colour: string): string {
  const [r = 0, g = 0, b = 0] = parts(colour).map((it) => {
    const c = it / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
}
