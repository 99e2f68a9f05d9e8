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
  option?: Option | undefined;
  /** Of the chart, in units of the letters' size. */
  height?: number;
  /** It has rows, which do not grow to whatever room there is. */
  isList?: boolean;
  table: Table;
  /** Remarks below the chart. */
  remarks?: readonly string[];
}

export interface Choice {
  label: string;
  options: readonly (readonly [value: string, title: string])[];
}

/** A choice of what is asked, from what there is. */
export interface Pick {
  label: string;
  filter: 'test';
  options(answers: Answers): readonly (readonly [value: string, title: string])[];
  chosen(answers: Answers): string;
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
  pick?: Pick;
  /** Why a filter does not change it; `days` says which time it always shows. */
  fixed?: Partial<Record<'skill' | 'project' | 'days', string>>;
  view(answers: Answers, context: Context, chosen: string): View;
}
