import { axis, below, grid, legend, letters, times, tooltip, unit } from '../chart';
import { count, day, duration, figure, percent, plain } from '../format';
import { numbers, type Cell } from '../table';
import type { Anomaly, Answers, Dashboard, Trend } from '../answers';
import type { Panel } from './panel';

type Metric = Anomaly['metric'];

const N_LINES = 6;
// Told apart also by who sees no colours, or few.
const SHAPES = ['circle', 'rect', 'triangle', 'emptyCircle', 'emptyRect', 'emptyTriangle'];
const SHOWN: Record<Metric, (value: number) => string> = {
  completion_rate: percent,
  duration,
  uses: count,
};

export const trend: Panel = {
  id: 'trend',
  title: 'Trend',
  needs: ['dashboard'],
  uses: ['trend', 'anomalies'],
  isWide: true,
  choice: {
    label: 'Show',
    options: [
      ['completion_rate', 'Success'],
      ['duration', 'Time'],
      ['uses', 'Runs'],
    ],
  },
  view(answers, { theme, width }, chosen) {
    const metric = chosen as Metric;
    const { dashboard } = answers;
    const lines = linesOf(answers, metric);
    const show = SHOWN[metric];
    const unusual = anomaliesOf(answers).filter(
      (it) => it.metric === metric && lines.some(({ skill }) => skill === it.skill),
    );
    const table = {
      columns: [{ title: 'Day' }, ...lines.map(({ skill }) => numbers(skill, show))],
      rows: dashboard.dates.map((date, n): Cell[] => [
        date,
        ...lines.map(({ values }) => values[n] ?? null),
      ]),
    };
    if (!lines.length) return { summary: plain(dashboard.message), table: { ...table, rows: [] } };
    return {
      summary: sentence(answers.trend, dashboard),
      height: 22,
      option: {
        tooltip: tooltip(theme, {
          trigger: 'axis',
          valueFormatter: (value: unknown) => (typeof value === 'number' ? show(value) : '–'),
        }),
        legend: legend(theme),
        grid: grid({
          top: below(
            theme,
            lines.map(({ skill }) => skill),
            width,
          ),
          right: 24,
        }),
        xAxis: times(theme, dashboard.dates.map(day)),
        yAxis: axis(theme, {
          type: 'value',
          ...(metric === 'completion_rate' ? { max: 1, min: 0 } : {}),
          axisLabel: { ...letters(theme), formatter: show },
          ...(metric === 'uses' ? unit(theme, 'runs a day') : {}),
          ...(metric === 'duration' ? unit(theme, 'mean time') : {}),
          ...(metric === 'completion_rate' ? unit(theme, 'did their work') : {}),
        }),
        series: lines.map(({ skill, values }, n) => ({
          type: 'line' as const,
          name: skill,
          data: values,
          connectNulls: true,
          symbol: SHAPES[n % SHAPES.length] ?? 'circle',
          // Where there are many points the line says enough; where there are few it needs them.
          symbolSize: values.filter((it) => it !== null).length > 60 ? 0 : 5,
          lineStyle: {
            width: 2,
            type: n < SHAPES.length / 2 ? ('solid' as const) : ('dashed' as const),
          },
          markPoint: {
            symbol: 'pin',
            symbolSize: theme.size * 2.6,
            itemStyle: { color: theme.bad, borderColor: theme.surface, borderWidth: 1 },
            label: { color: theme.surface, fontWeight: 'bold' as const, formatter: '!' },
            data: unusual
              .filter((it) => it.skill === skill)
              .map((it) => marked(it, dashboard, values)),
          },
        })),
      },
      table,
      remarks: unusual.map(remark),
    };
  },
};

interface Line {
  skill: string;
  values: (number | null)[];
}

/** The lines: skills that are unusual or change, then the most used. */
function linesOf({ dashboard, trend: found, anomalies }: Answers, metric: Metric): Line[] {
  const odd = new Set(
    anomaliesOf({ dashboard, anomalies } as Answers)
      .filter((it) => it.metric === metric && !it.resolved_at)
      .map(({ skill }) => skill),
  );
  const moving = new Set(
    ((found as Trend | undefined)?.trends ?? [])
      .filter(
        (it) => it.metric === metric && it.verdict !== 'stable' && it.q !== null && it.q < 0.05,
      )
      .map(({ skill }) => skill),
  );
  const rank = (skill: string) => (odd.has(skill) ? 0 : moving.has(skill) ? 1 : 2);
  return [...dashboard.by_skill]
    .filter(({ n_uses }) => n_uses > 0)
    .sort((a, b) => rank(a.skill) - rank(b.skill))
    .slice(0, N_LINES)
    .map(({ skill, days }) => ({
      skill,
      values: days.n_uses.map((n, at) => value(metric, days, n, at)),
    }));
}

function value(
  metric: Metric,
  days: Dashboard['by_skill'][number]['days'],
  n: number,
  at: number,
): number | null {
  if (metric === 'uses') return n;
  if (metric === 'duration') return days.mean_duration_seconds[at] ?? null;
  const ended = days.n_ended[at] ?? 0;
  return ended ? (days.n_completed[at] ?? 0) / ended : null;
}

const anomaliesOf = ({ dashboard, anomalies }: Answers): Anomaly[] =>
  (anomalies as Answers['anomalies'] | undefined)
    ? [...anomalies.anomalies, ...anomalies.over]
    : dashboard.anomalies;

function marked(it: Anomaly, { dates }: Dashboard, values: (number | null)[]) {
  const found = dates.indexOf(it.detected_at.slice(0, 10));
  const at = found < 0 ? dates.length - 1 : found;
  return { name: remark(it), coord: [at, values[at] ?? it.seen ?? 0] as [number, number] };
}

const WORDS: Record<Metric, Record<Anomaly['way'], string>> = {
  completion_rate: { drop: 'completes less', spike: 'completes more' },
  duration: { drop: 'is faster', spike: 'is slower' },
  uses: { drop: 'is used less', spike: 'is used more' },
};

export const words = (it: Anomaly): string => WORDS[it.metric][it.way];

export function values(it: Anomaly): string {
  const show = (n: number | null) =>
    n === null ? '–' : it.metric === 'uses' ? figure(n) : SHOWN[it.metric](n);
  return `${show(it.seen)}, usually ${show(it.usual)}`;
}

/** What is unusual, in words. */
const remark = (it: Anomaly): string =>
  `${it.skill} ${words(it)}: ${values(it)}${it.resolved_at ? ' (over)' : ''}`;

const sentence = (found: Trend | undefined, dashboard: Dashboard): string =>
  plain((found ?? dashboard).message);
