import { axis, below, grid, legend, times, tooltip, unit, type Option } from '../chart';
import { day, figure, plain } from '../format';
import { column, numbers } from '../table';
import type { Theme } from '../theme';
import type { Panel } from './panel';

export const learning: Panel = {
  id: 'learning',
  title: 'Learning curve',
  needs: ['learning'],
  fixed: {
    skill: 'Not by skill: what is judged is the order of whole lists.',
    days: 'Always all months.',
  },
  view({ learning: it }, { theme, width }) {
    const groups = it.estimate?.over_time ?? [];
    const view = {
      summary: plain(it.message),
      table: {
        columns: [
          column('Month'),
          numbers('Lists'),
          numbers('Picks'),
          numbers('Order in force', figure),
          numbers('from', figure),
          numbers('to', figure),
          numbers('Patterns alone', figure),
          numbers('from', figure),
          numbers('to', figure),
        ],
        rows: groups.map(({ group, n_lists, n_picks, present, patterns }) => [
          ...[group, n_lists, n_picks],
          ...[present?.estimate ?? null, present?.low ?? null, present?.high ?? null],
          ...[patterns?.estimate ?? null, patterns?.low ?? null, patterns?.high ?? null],
        ]),
      },
    };
    const known = groups.filter(({ present, patterns }) => present && patterns);
    if (!known.length) return view;
    const lines = [
      { name: 'order in force', values: known.map(({ present }) => present) },
      { name: 'patterns alone', values: known.map(({ patterns }) => patterns) },
    ];
    return {
      ...view,
      height: 18,
      option: {
        tooltip: tooltip(theme, { trigger: 'axis', valueFormatter: shown }),
        legend: legend(theme, { data: lines.map(({ name }) => name) }),
        grid: grid({
          top: below(
            theme,
            lines.map(({ name }) => name),
            width,
          ),
        }),
        xAxis: times(
          theme,
          known.map(({ group }) => group),
        ),
        yAxis: axis(theme, {
          type: 'value',
          min: 0,
          max: 1,
          ...unit(theme, 'reciprocal rank of the pick'),
        }),
        series: lines.flatMap(({ name, values }, n) => {
          const colour = theme.series[n] ?? theme.text;
          const low = values.map((at) => clipped(at?.low));
          const high = values.map((at) => clipped(at?.high));
          return [
            ...band(`band ${n}`, low, high, colour),
            {
              type: 'line' as const,
              name,
              data: values.map((at) => at?.estimate ?? null),
              symbol: n ? 'rect' : 'circle',
              symbolSize: 7,
              lineStyle: {
                width: 2.5,
                color: colour,
                type: n ? ('dashed' as const) : ('solid' as const),
              },
              itemStyle: { color: colour },
            },
          ];
        }),
      },
      remarks: ['1 means that what was picked always stood first. The bands are 95 % intervals.'],
    };
  },
};

const shown = (value: unknown) => (typeof value === 'number' ? value.toFixed(2) : '–');
const clipped = (value: number | undefined) => Math.min(Math.max(value ?? 0, 0), 1);

/** An area between two lines: an unseen line, and what is stacked on it. */
function band(name: string, low: number[], high: number[], colour: string) {
  const line = { type: 'line' as const, stack: name, symbol: 'none', silent: true };
  const quiet = { lineStyle: { opacity: 0 }, tooltip: { show: false } };
  return [
    { ...line, ...quiet, name: `${name}, low`, data: low },
    {
      ...line,
      ...quiet,
      name: `${name}, high`,
      data: high.map((it, n) => it - (low[n] ?? 0)),
      areaStyle: { color: colour, opacity: 0.15 },
    },
  ];
}

export const foretold: Panel = {
  id: 'foretold',
  title: 'Success foretold',
  needs: ['learning'],
  fixed: {
    skill: 'Not by skill: one model learns from all runs.',
    project: 'Not by project: one model learns from all runs.',
    days: 'Always all fits.',
  },
  view({ learning: { fits } }, { theme }) {
    const measured = fits.flatMap((it) =>
      it.report.held_out ? [{ ...it, held: it.report.held_out }] : [],
    );
    const last = measured.at(-1);
    const view = {
      summary: last
        ? `The newest fit, from ${last.n_uses} runs, tells runs that succeed from those that do not with an AUC of ${figure(last.held.auc)}.`
        : 'Nothing was fitted yet: after a few hundred runs it is foretold which will succeed, and shown here how well.',
      table: {
        columns: [
          column('Fitted'),
          numbers('Runs'),
          numbers('AUC', figure),
          numbers('Log loss', figure),
          numbers('Calibration error', figure),
        ],
        rows: measured.map((it) => [
          ...[it.made_at, it.n_uses, it.held.auc, it.held.log_loss, it.held.ece],
        ]),
      },
    };
    if (!last) return view;
    return { ...view, height: 18, option: curves(theme, measured) };
  },
};

interface Fit {
  made_at: string;
  held: { auc: number | null; log_loss: number | null; ece: number | null };
}

function curves(theme: Theme, fits: Fit[]): Option {
  const line = (name: string, values: (number | null)[], n: number) => ({
    type: 'line' as const,
    name,
    data: values,
    symbolSize: 7,
    symbol: ['circle', 'rect', 'triangle'][n] ?? 'circle',
    itemStyle: { color: theme.series[n] ?? theme.text },
  });
  return {
    tooltip: tooltip(theme, { trigger: 'axis', valueFormatter: shown }),
    legend: legend(theme),
    grid: grid({ top: theme.size * 2.6 }),
    xAxis: times(
      theme,
      fits.map(({ made_at }) => day(made_at)),
    ),
    yAxis: axis(theme, { type: 'value', min: 0 }),
    series: [
      line(
        'AUC',
        fits.map(({ held }) => held.auc),
        0,
      ),
      line(
        'log loss',
        fits.map(({ held }) => held.log_loss),
        1,
      ),
      line(
        'calibration error',
        fits.map(({ held }) => held.ece),
        2,
      ),
    ],
  };
}
