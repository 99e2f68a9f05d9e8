import { axis, categories, grid, letters, tooltip } from '../chart';
import { duration, figure, percent, plain, visible } from '../format';
import { column, numbers } from '../table';
import type { AbTest } from '../answers';
import type { Panel } from './panel';

const TITLES: Partial<Record<string, string>> = {
  completion: 'Work done',
  duration: 'Time',
  rating: 'Rating',
};

type Analysis = AbTest['analyses'][string];

export const ab: Panel = {
  id: 'ab',
  title: 'A/B tests',
  needs: ['ab'],
  fixed: {
    skill: 'Not by skill: a test is judged by all its picks, as parts of it differ by chance.',
    project: 'Not by project: a test is judged by all its picks, as parts of it differ by chance.',
    days: 'Always from the start of the test to its end.',
  },
  pick: {
    label: 'Test',
    filter: 'test',
    options: ({ ab: { tests } }) =>
      (tests ?? []).map(({ test, state }) => [test, `${visible(test)} (${state})`]),
    chosen: ({ ab: { test, tests } }) => tests?.find((it) => visible(it.test) === test)?.test ?? '',
  },
  view({ ab: test }, { theme }) {
    const found = Object.entries(test.analyses);
    const view = {
      summary: plain(test.message),
      table: {
        columns: [
          column('Metric'),
          numbers('Control: users'),
          numbers('Control: mean', figure),
          numbers('Treatment: users'),
          numbers('Treatment: mean', figure),
          numbers('Difference', figure),
          numbers('From', figure),
          numbers('To', figure),
          numbers('p', figure),
        ],
        rows: found.map(([metric, { control, treatment, comparison }]) => [
          metric,
          ...[control.n_users, control.mean, treatment.n_users, treatment.mean],
          ...[comparison?.difference ?? null, comparison?.low ?? null],
          ...[comparison?.high ?? null, comparison?.p_any_time ?? null],
        ]),
      },
    };
    const compared = found.filter(([, it]) => it.comparison).reverse();
    if (!compared.length) return view;
    const points = compared.map(([metric, it], n) => [n, ...inAims(metric, it)]);
    const reach = Math.max(2, ...points.flatMap(([, ...all]) => all.map(Math.abs))) * 1.1;
    return {
      ...view,
      height: 7 + compared.length * 4,
      isList: true,
      option: {
        tooltip: tooltip(theme, {
          formatter: ({ dataIndex }: { dataIndex: number }) => told(compared[dataIndex]),
        }),
        grid: grid({ top: 8, bottom: 26, right: 24 }),
        xAxis: axis(theme, {
          type: 'value',
          min: -reach,
          max: reach,
          name: '← control is better      treatment is better →',
          nameLocation: 'middle',
          nameGap: 12,
          nameTextStyle: letters(theme),
          axisLabel: { show: false },
          splitLine: { show: false },
        }),
        yAxis: categories(
          theme,
          compared.map(([metric]) => TITLES[metric] ?? metric),
          {
            axisLabel: letters(theme, theme.text),
            axisLine: { show: false },
          },
        ),
        series: [
          {
            type: 'custom',
            data: points,
            encode: { x: [1, 2, 3], y: 0 },
            renderItem: (_, api) => {
              const y = api.value(0);
              const [x = 0, top = 0] = api.coord([api.value(1), y]);
              const [low = 0] = api.coord([api.value(2), y]);
              const [high = 0] = api.coord([api.value(3), y]);
              const isClear = Number(api.value(2)) > 0 || Number(api.value(3)) < 0;
              const colour = isClear ? theme.good : theme.quiet;
              const said = told(compared[Number(y)]);
              const half = theme.size * 0.5;
              const line = (x1: number, x2: number, y1: number, y2: number) => ({
                type: 'line' as const,
                shape: { x1, x2, y1, y2 },
                style: { stroke: colour, lineWidth: 2 },
              });
              return {
                type: 'group',
                children: [
                  line(low, high, top, top),
                  line(low, low, top - half, top + half),
                  line(high, high, top - half, top + half),
                  {
                    type: 'circle' as const,
                    shape: { cx: x, cy: top, r: theme.size * 0.45 },
                    style: { fill: colour },
                  },
                  {
                    type: 'text' as const,
                    x,
                    y: top - theme.size * 1.6,
                    style: {
                      text: said,
                      fill: theme.text,
                      align: 'center' as const,
                      stroke: theme.surface, // over the line in the middle
                      lineWidth: 4,
                      fontFamily: theme.font,
                      fontSize: theme.size * 0.92,
                    },
                  },
                ],
              };
            },
            markLine: {
              symbol: 'none',
              silent: true,
              z: 1, // behind the words
              label: { show: false },
              lineStyle: { color: theme.text, type: 'solid', width: 1 },
              data: [{ xAxis: 0 }],
            },
          },
        ],
      },
      remarks: [
        'The bars are 95 % intervals that hold however often one looks, in units of the smallest difference worth finding. One that crosses the middle is open.',
      ],
    };
  },
};

/** The difference and its interval, in units of the aim; what is less time is better. */
function inAims(metric: string, { comparison }: Analysis): [number, number, number] {
  if (!comparison) return [0, 0, 0];
  const unit = (metric === 'duration' ? -1 : 1) / (comparison.aim || 1);
  const [low, high] = [comparison.low * unit, comparison.high * unit].sort((a, b) => a - b);
  return [comparison.difference * unit, low ?? 0, high ?? 0];
}

function told(found: [string, Analysis] | undefined): string {
  if (!found) return '';
  const [metric, { control, treatment }] = found;
  const show = (mean: number | null) => {
    if (mean === null) return '–';
    if (metric === 'completion') return percent(mean);
    return metric === 'duration' ? duration(Math.exp(mean)) : mean.toFixed(1);
  };
  return `${show(control.mean)} → ${show(treatment.mean)}`;
}
