import { categories, grid, letters, rowNames, tooltip, type Option } from '../chart';
import { count, percent, plural } from '../format';
import { numbers, type Cell } from '../table';
import { between, onColour, type Theme } from '../theme';
import type { Panel } from './panel';

const PHASES = ['setup', 'execution', 'verification', 'deployment', ''];
const N_SKILLS = 14;

export const clock: Panel = {
  id: 'clock',
  title: 'When work is done',
  needs: ['dashboard'],
  view({ dashboard }, { theme }) {
    const { clock: rows, weekdays, n_uses: total } = dashboard;
    const hours = Array.from({ length: 24 }, (_, n) => String(n));
    const table = {
      columns: [{ title: 'Weekday' }, ...hours.map((it) => numbers(it))],
      rows: total ? weekdays.map((name, n): Cell[] => [name, ...(rows[n] ?? [])]) : [],
    };
    if (!total) return { summary: dashboard.message, table };
    const [weekday, hour] = busiest(rows);
    return {
      summary: `Most runs are on ${weekdays[weekday] ?? ''} and from ${hour}:00 to ${(hour + 1) % 24}:00 (${dashboard.timezone}).`,
      height: 17,
      option: map(theme, {
        columns: hours.map((it) => `${it}:00`),
        rows: weekdays,
        values: rows,
        show: (n) => plural(n, 'run'),
        isClock: true,
      }),
      table,
    };
  },
};

function busiest(rows: number[][]): [weekday: number, hour: number] {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const most = (values: number[]) => values.indexOf(Math.max(...values));
  const byHour = Array.from({ length: 24 }, (_, at) => sum(rows.map((row) => row[at] ?? 0)));
  return [most(rows.map(sum)), most(byHour)];
}

export const phases: Panel = {
  id: 'phases',
  title: 'Skills by phase',
  needs: ['dashboard'],
  choice: {
    label: 'Show',
    options: [
      ['uses', 'Runs'],
      ['rate', 'Success'],
    ],
  },
  view({ dashboard }, { theme }, chosen) {
    const bySkill = new Map<string, Map<string, (typeof dashboard.phases)[number]>>();
    for (const it of dashboard.phases) {
      const own = bySkill.get(it.skill) ?? new Map<string, typeof it>();
      bySkill.set(it.skill, own.set(it.phase, it));
    }
    const uses = (skill: string) =>
      [...(bySkill.get(skill)?.values() ?? [])].reduce((sum, it) => sum + it.n_uses, 0);
    const skills = [...bySkill.keys()].sort((a, b) => uses(b) - uses(a) || (a < b ? -1 : 1));
    const used = PHASES.filter((phase) => dashboard.phases.some((it) => it.phase === phase));
    const value = (skill: string, phase: string): number | null => {
      const it = bySkill.get(skill)?.get(phase);
      if (chosen === 'uses') return it?.n_uses ?? null;
      return it?.n_ended ? it.n_completed / it.n_ended : null;
    };
    const show = chosen === 'uses' ? count : percent;
    const titles = used.map((phase) => phase || 'no phase');
    const table = {
      columns: [{ title: 'Skill' }, ...titles.map((title) => numbers(title, show))],
      rows: skills.map((skill): Cell[] => [
        skill,
        ...used.map((phase) => value(skill, phase) ?? (chosen === 'uses' ? 0 : null)),
      ]),
    };
    const [top] = skills;
    if (!top) return { summary: dashboard.message, table };
    const shown = skills.slice(0, N_SKILLS);
    const more = skills.length - shown.length;
    const rest = more > 0 ? ` ${plural(more, 'skill')} more in the table.` : '';
    return {
      summary: `${top} is used most: ${plural(uses(top), 'run')}.${rest}`,
      height: 4 + shown.length * 1.7,
      isList: true,
      option: map(theme, {
        columns: titles,
        rows: shown,
        values: shown.map((skill) => used.map((phase) => value(skill, phase))),
        show,
      }),
      table,
    };
  },
};

interface Cells {
  columns: string[];
  rows: string[];
  /** Nothing where there is no cell. */
  values: (number | null)[][];
  show: (value: number) => string;
  /** Many cells without letters, and a scale below; nothing was done where there is no cell. */
  isClock?: boolean;
}

/** A map of cells, darker where there is more. The first row is on top. */
function map(theme: Theme, { columns, rows, values, show, isClock = false }: Cells): Option {
  const flat = values.flat().filter((it) => it !== null);
  const most = Math.max(...flat, 1e-9);
  const cells = values.flatMap((row, y) =>
    row
      .map((value, x) => ({ x, y, value }))
      .filter(({ value }) => value !== null && !(isClock && value === 0)),
  );
  return {
    aria: { enabled: false }, // a pattern on each cell hides what the shades say
    tooltip: tooltip(theme, {
      formatter: ({ value: [x, y, n] }: { value: [number, number, number] }) =>
        `${rows[y] ?? ''}, ${columns[x] ?? ''}: ${show(n)}`,
    }),
    grid: grid({ top: 4, bottom: isClock ? theme.size * 3.2 : 4 }),
    xAxis: categories(theme, columns, {
      splitArea: { show: false },
      axisLine: { show: false },
      axisLabel: {
        ...letters(theme),
        interval: isClock ? 2 : 0,
        lineHeight: theme.size * 1.4,
        // Five words are too many for one line.
        formatter: (name: string, n: number) =>
          !isClock && columns.length > 4 && n % 2 ? `\n${name}` : name,
      },
    }),
    yAxis: rowNames(theme, rows),
    visualMap: {
      show: isClock,
      min: 0,
      max: most,
      calculable: false,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: theme.size * 10,
      itemWidth: theme.size * 0.8,
      text: [show(most), '0'],
      textStyle: letters(theme),
      inRange: { color: [...theme.heat] },
    },
    series: [
      {
        type: 'heatmap',
        itemStyle: {
          borderColor: theme.surface,
          borderWidth: 2,
          borderRadius: 3,
        },
        data: cells.map(({ x, y, value }) => ({
          value: [x, y, value ?? 0],
          label: {
            show: !isClock,
            formatter: show(value ?? 0),
            ...letters(theme, onColour(between(theme.heat, (value ?? 0) / most))),
          },
        })),
      },
    ],
  };
}
