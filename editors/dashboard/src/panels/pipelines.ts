import { axis, grid, letters, rowNames, tooltip } from '../chart';
import { duration, percent, plain } from '../format';
import { column, numbers } from '../table';
import type { Panel } from './panel';

const BOTTLENECK = 0.8; // reports/pipeline.py
const N_STAGES = 14;
const NARROW = 0.45; // a bar that its words do not fit into

export const pipelines: Panel = {
  id: 'pipelines',
  title: 'Pipeline stages',
  needs: ['pipeline'],
  view({ pipeline }, { theme }) {
    const { stages } = pipeline;
    const view = {
      summary:
        stages.length || !pipeline.pipelines.length
          ? plain(pipeline.message)
          : 'No such stage was recorded in this time. Choose a longer time, another skill or project.',
      table: {
        columns: [
          column('Stage'),
          column('Pipeline'),
          column('Project'),
          numbers('Runs'),
          numbers('Passed'),
          numbers('Success', percent),
          numbers('Mean time', duration),
        ],
        rows: stages.map((it) => [
          ...[it.stage, it.pipeline, it.project, it.n_stages],
          ...[it.n_succeeded, it.success_rate, it.mean_duration_seconds],
        ]),
      },
    };
    if (!stages.length) return view;
    const shown = stages.slice(0, N_STAGES); // the worst first
    const isOne = new Set(stages.map((it) => `${it.project} ${it.pipeline}`)).size === 1;
    return {
      ...view,
      height: 4 + shown.length * 2.4,
      isList: true,
      option: {
        tooltip: tooltip(theme, {
          trigger: 'axis',
          axisPointer: { type: 'shadow' },
          valueFormatter: (value: unknown) => percent(Number(value)),
        }),
        grid: grid({ top: 22, right: 16 }),
        xAxis: axis(theme, {
          type: 'value',
          min: 0,
          max: 1,
          axisLabel: { ...letters(theme), formatter: percent },
        }),
        yAxis: rowNames(
          theme,
          shown.map((it) => (isOne ? it.stage : `${it.stage} (${it.pipeline}, ${it.project})`)),
        ),
        series: [
          {
            type: 'bar',
            name: 'passed',
            barMaxWidth: theme.size * 1.5,
            data: shown.map((it) => {
              const colour = it.is_bottleneck ? theme.bad : theme.good;
              const isNarrow = it.success_rate < NARROW;
              return {
                value: it.success_rate,
                itemStyle: { color: colour },
                label: {
                  show: true,
                  position: isNarrow ? ('right' as const) : ('insideLeft' as const),
                  ...letters(theme, isNarrow ? theme.text : theme.surface),
                  textBorderColor: colour, // over the patterns of high contrast
                  textBorderWidth: theme.isContrast && !isNarrow ? 4 : 0,
                  formatter: `${percent(it.success_rate)} · ${duration(it.mean_duration_seconds)}`,
                },
              };
            }),
            markLine: {
              symbol: 'none',
              silent: true,
              lineStyle: { color: theme.text, type: 'dashed' },
              label: { ...letters(theme), formatter: percent(BOTTLENECK), position: 'start' },
              data: [{ xAxis: BOTTLENECK }],
            },
          },
        ],
      },
      remarks: pipeline.recommendations
        .filter(({ priority }) => priority !== 'low')
        .slice(0, 3)
        .map((it) => `${it.pipeline}, ${it.stage}: ${plain(it.text)}`),
    };
  },
};
