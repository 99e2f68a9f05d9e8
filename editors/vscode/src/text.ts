/** How text from outside is shown: without what VS Code would read as an icon, a link or a command. */

// Control characters, and those that turn the direction of what follows.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Returns a text for a terminal: one line, without what would move its cursor. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, ' ').trim();
}

/** Returns a text for a label: one line, no icon made of `$(name)`. */
export function label(text: string): string {
  return oneLine(text).replaceAll('$(', '\\$(');
}

/** Returns a text for a notification, which makes links of `[text](target)`. */
export function message(text: string): string {
  return oneLine(text).replaceAll('](', ']\u200b(');
}

/**
 * Returns a lens's title with the play mark as VS Code draws it, and no other icon. VS Code shows several
 * spaces as one, so how it went last time is set apart otherwise.
 */
export function lensTitle(title: string): string {
  return label(title).replace(/^▶ /, '$(play) ').replace(/ {2,}/, ' · ');
}

/** Returns how long ago an instant was, in one word or two. */
export function ago(instant: string, now = Date.now()): string {
  const seconds = (now - Date.parse(instant)) / 1000;
  if (!Number.isFinite(seconds)) return '';
  const steps: [number, number, string][] = [
    [60, 1, ''],
    [3600, 60, 'min'],
    [86_400, 3600, 'h'],
    [Infinity, 86_400, 'd'],
  ];
  for (const [below, size, unit] of steps) {
    if (seconds < below) return unit ? `${Math.floor(seconds / size)} ${unit} ago` : 'just now';
  }
  return '';
}
