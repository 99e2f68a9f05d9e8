import type { Answers, Filters, Name } from '../answers';
import type { Option } from '../chart';
import type { Table } from '../table';
import type { Theme } from '../theme';

export interface Context {
  filters: Filters;
  theme: Theme;
  now: number;
  /** How wide the chart will be, in pixels. */
  width: number;
}

/** What a panel shows of its answers. */
export interface View {
  /** One sentence that says what the chart shows; without a chart, what to do to get one. */
  summary: string;
  /** Nothing where there is nothing to draw. */
  option?: Option;
  /** Of the chart, in units of the letters' size. */
  height?: number;
  table: Table;
  /** Remarks below the chart. */
  remarks?: readonly string[];
}

export interface Choice {
  label: string;
  options: readonly (readonly [value: string, title: string])[];
}

export interface Panel {
  id: string;
  title: string;
  /** The answers without which nothing can be said. */
  needs: readonly Name[];
  /** Those that say more when they are there. */
  uses?: readonly Name[];
  isWide?: boolean;
  /** Its table is all there is to see. */
  isList?: boolean;
  choice?: Choice;
  view(answers: Answers, context: Context, chosen: string): View;
}
