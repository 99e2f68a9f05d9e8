// Numbers and times as people read them.

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export const count = (n: number) => number.format(n);
export const figure = (n: number | null | undefined) => (n == null ? '–' : decimal.format(n));
export const plural = (n: number, noun: string) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

/** A share of 0 to 1 in percent; what is not all or nothing is not rounded to it. */
export function percent(share: number | null | undefined): string {
  if (share == null) return '–';
  const rounded = Math.round(share * 100);
  if (share < 1 && rounded >= 100) return '> 99 %';
  if (share > 0 && rounded <= 0) return '< 1 %';
  return `${rounded} %`;
}

export function duration(seconds: number | null | undefined): string {
  if (seconds == null) return '–';
  if (seconds === 0) return '0';
  if (seconds < 0.95) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6000) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** The day of a date such as 2026-11-21, whatever the time zone here. */
export const day = (date: string) =>
  new Date(`${date.slice(0, 10)}T00:00:00Z`).toLocaleDateString('en', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });

export const hour = (at: string) =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

export function ago(at: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000);
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${plural(Math.floor(seconds / 86_400), 'day')} ago`;
}

// What moves the cursor, or turns the letters around it, would show another name than the one that is meant.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text as it can be shown: a name may hold anything. */
export const visible = (text: string) =>
  text.replace(UNSEEN, (it) => (it === '\n' || it === '\t' ? ' ' : '\ufffd'));

/** A name that fits beside a chart; its table has all of it. */
export function short(name: string, limit = 28): string {
  const letters = Array.from(name);
  return letters.length > limit ? `${letters.slice(0, limit - 1).join('')}…` : name;
}

/** A message of the server, which is laid out as Markdown, as the text that was meant. */
export const plain = (message: string) =>
  message.replace(/&#8203;/g, '').replace(/\\([!-/:-@[-`{-~])/g, '$1');
