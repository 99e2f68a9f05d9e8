// The figures of a chart as a table, and as a file.
import { element } from './dom';

export type Cell = string | number | null;

export interface Column {
  title: string;
  /** How a cell is shown; its value goes into the file. */
  show?: (value: Cell) => string;
  isNumber?: boolean;
  /** It may be broken into lines. */
  isLong?: boolean;
}

export interface Table {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
}

export const column = (title: string): Column => ({ title });
export const numbers = (title: string, show?: (value: number) => string): Column => ({
  title,
  isNumber: true,
  show: (value) => (typeof value === 'number' ? (show?.(value) ?? String(value)) : '–'),
});

// A text of so many letters may be broken into lines: it would push the others out of sight.
const WORDY = 28;

export function tableElement(caption: string, { columns, rows }: Table): HTMLTableElement {
  const cell = (value: Cell, at: number) => {
    const { show, isNumber, isLong } = columns[at] ?? column('');
    const text = show ? show(value) : String(value ?? '–');
    const isWordy = isLong ?? (!isNumber && text.length > WORDY);
    const kind = isNumber ? 'number' : isWordy ? 'long' : undefined;
    if (at === 0) return element('th', { scope: 'row', class: kind }, text);
    return element('td', { class: kind, 'data-value': value ?? '' }, text);
  };
  const head = columns.map(({ title, isNumber }) =>
    element('th', { scope: 'col', class: isNumber ? 'number' : undefined }, title),
  );
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map(cell)))),
  );
}

/** The table as RFC 4180 has it. Spreadsheets run what begins with one of `=+-@`: it gets a quote. */
export function csv({ columns, rows }: Table): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  return lines.map((line) => line.map(quoted).join(',') + '\r\n').join('');
}

function quoted(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  element('a', { href: url, download: name }).click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
