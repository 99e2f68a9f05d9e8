import { tooltip } from '../chart';
import { figure, percent, plain, plural, short } from '../format';
import { column, numbers } from '../table';
import type { Panel } from './panel';

const N_PAIRS = 24;
const KINDS: Partial<Record<string, string>> = {
  'leads-to': 'leads to',
  together: 'together with',
  instead: 'instead of',
};

export const follows: Panel = {
  id: 'follows',
  title: 'What follows what',
  needs: ['dependencies'],
  fixed: {
    days: 'Always all sessions, or the newest 2,000 of a project: it takes many to be sure of a pair.',
  },
  view({ dependencies }, { theme, width }) {
    const pairs = dependencies.dependencies;
    const shown = pairs.filter((it) => it.kind !== 'instead').slice(0, N_PAIRS);
    const view = {
      summary: plain(dependencies.message),
      table: {
        columns: [
          column('First'),
          { title: 'How', show: (kind: unknown) => KINDS[String(kind)] ?? String(kind) },
          column('Second'),
          numbers('Sessions with both'),
          numbers('Followed by it', percent),
          numbers('Lift', figure),
        ],
        rows: pairs.map((it) => [it.first, it.kind, it.second, it.n_both, it.followed, it.lift]),
      },
    };
    if (!shown.length) return view;
    const sessions = new Map<string, number>();
    for (const { first, second, n_both } of shown) {
      for (const name of [first, second]) sessions.set(name, (sessions.get(name) ?? 0) + n_both);
    }
    const most = Math.max(...sessions.values());
    return {
      ...view,
      height: 30,
      option: {
        tooltip: tooltip(theme),
        series: [
          {
            type: 'graph',
            layout: 'circular',
            circular: { rotateLabel: true },
            left: Math.min(width * 0.22, theme.size * 11),
            right: Math.min(width * 0.22, theme.size * 11),
            top: theme.size * 8,
            bottom: theme.size * 8,
            label: {
              show: true,
              position: 'right',
              color: theme.text,
              fontSize: theme.size * 0.92,
              formatter: ({ name }: { name: string }) => short(name, 18),
            },
            edgeSymbol: ['none', 'arrow'],
            edgeSymbolSize: theme.size * 0.6,
            itemStyle: { color: theme.series[0] ?? theme.text },
            data: [...sessions]
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, n]) => ({
                name,
                value: n,
                symbolSize: theme.size * (0.5 + (0.9 * n) / most),
                tooltip: { formatter: () => name }, // a text could have a template in it
              })),
            links: shown.map((it) => ({
              source: it.first,
              target: it.second,
              symbol: it.kind === 'leads-to' ? ['none', 'arrow'] : ['none', 'none'],
              tooltip: {
                formatter: () =>
                  it.kind === 'leads-to'
                    ? `${it.first} is followed by ${it.second} in ${percent(it.followed)} of its sessions`
                    : `${it.first} and ${it.second} share ${plural(it.n_both, 'session')}, ${figure(it.lift)} times as many as by chance`,
              },
              lineStyle: {
                color: theme.series[it.kind === 'leads-to' ? 1 : 0] ?? theme.text,
                type: it.kind === 'leads-to' ? ('solid' as const) : ('dashed' as const),
                width: 1 + 3 * (it.followed ?? 0),
                opacity: theme.isContrast ? 1 : 0.75,
                curveness: 0.2,
              },
            })),
          },
        ],
      },
      remarks: [
        'A line with an arrow: the one leads to the other. A dashed line: they are used together. Thicker is oftener.',
      ],
    };
  },
};
