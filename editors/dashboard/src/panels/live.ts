import { axis, below, categories, grid, legend, tooltip, unit } from '../chart';
import { ago, count, duration, hour, percent, plural } from '../format';
import { column, numbers } from '../table';
import type { Panel } from './panel';

export const live: Panel = {
  id: 'live',
  title: 'Live use and success',
  needs: ['dashboard'],
  fixed: { days: 'Always the last 24 hours.' },
  view({ dashboard }, { theme, width }) {
    const hours = dashboard.last_hours;
    const total = hours.reduce((sum, it) => sum + it.n_uses, 0);
    const ended = hours.reduce((sum, it) => sum + it.n_ended, 0);
    const done = hours.reduce((sum, it) => sum + it.n_completed, 0);
    const running = total - ended;
    const stack = (name: string, colour: string, data: number[]) => ({
      type: 'bar' as const,
      name,
      stack: 'runs',
      itemStyle: { color: colour },
      barCategoryGap: '25%',
      data,
    });
    const share = ended ? `, ${percent(done / ended)} of them did their work` : '';
    return {
      summary: total
        ? `${plural(total, 'run')} in the last 24 hours${share}${running ? `; ${count(running)} not ended yet` : ''}.`
        : 'Nothing was run in the last 24 hours. What you run in any editor shows up here at once.',
      option: total
        ? {
            tooltip: tooltip(theme, { trigger: 'axis' }),
            legend: legend(theme),
            grid: grid({ top: below(theme, ['did its work', 'did not', 'not ended'], width) }),
            xAxis: categories(
              theme,
              hours.map(({ at }) => hour(at)),
            ),
            yAxis: axis(theme, { type: 'value', minInterval: 1, ...unit(theme, 'runs') }),
            series: [
              stack(
                'did its work',
                theme.good,
                hours.map((it) => it.n_completed),
              ),
              stack(
                'did not',
                theme.bad,
                hours.map((it) => it.n_ended - it.n_completed),
              ),
              stack(
                'not ended',
                theme.quiet,
                hours.map((it) => it.n_uses - it.n_ended),
              ),
            ],
          }
        : undefined,
      table: {
        columns: [
          { title: 'Hour from', show: (at) => hour(String(at)) },
          numbers('Runs'),
          numbers('Ended'),
          numbers('Did their work'),
        ],
        rows: total ? hours.map((it) => [it.at, it.n_uses, it.n_ended, it.n_completed]) : [],
      },
    };
  },
};

export const latest: Panel = {
  id: 'latest',
  title: 'Latest runs',
  needs: ['dashboard'],
  isList: true,
  view({ dashboard }, { now }) {
    return {
      summary: dashboard.latest.length
        ? 'The newest first, from all editors and pipelines.'
        : dashboard.message,
      table: {
        columns: [
          { title: 'Skill' },
          { title: 'When', show: (at) => ago(String(at), now) },
          column('Outcome'),
          { title: 'Summary', isLong: true },
          numbers('Time', duration),
          column('Project'),
        ],
        rows: dashboard.latest.map((it) => [
          ...[it.skill, it.invoked_at, it.status, it.summary],
          ...[it.duration_seconds, it.project],
        ]),
      },
    };
  },
};
