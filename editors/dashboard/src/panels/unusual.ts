import { axis, grid, letters, rowNames, tooltip } from '../chart';
import { figure, plain, short } from '../format';
import { column, numbers } from '../table';
import { values, words } from './trend';
import type { Panel } from './panel';

export const unusual: Panel = {
  id: 'unusual',
  title: 'Unusual now',
  needs: ['anomalies'],
  fixed: { days: 'Always the last 24 hours beside the 28 days before.' },
  view({ anomalies }, { theme }) {
    const found = anomalies.anomalies;
    const shown = found.slice(0, 12);
    const view = {
      summary: plain(anomalies.message),
      table: {
        columns: [
          column('Skill'),
          column('What'),
          numbers('Seen', figure),
          numbers('Usually', figure),
          numbers('Standard errors off', figure),
        ],
        rows: found.map((it) => [it.skill, it.metric, it.seen, it.usual, it.z]),
      },
    };
    if (!shown.length) return view;
    return {
      ...view,
      height: 6 + shown.length * 3,
      isList: true,
      option: {
        tooltip: tooltip(theme, { trigger: 'axis', axisPointer: { type: 'shadow' } }),
        grid: grid({ top: 8, bottom: theme.size * 1.6, right: theme.size * 11 }),
        xAxis: axis(theme, {
          type: 'value',
          splitNumber: 3,
          name: 'standard errors off',
          nameLocation: 'middle',
          nameGap: theme.size * 1.8,
          nameTextStyle: letters(theme),
        }),
        yAxis: rowNames(
          theme,
          shown.map((it) => `${short(it.skill, 20)}\n${words(it)}`),
        ),
        series: [
          {
            type: 'bar',
            name: 'standard errors off',
            barMaxWidth: theme.size * 1.4,
            itemStyle: { color: theme.bad },
            label: {
              show: true,
              position: 'right',
              ...letters(theme, theme.text),
              textBorderColor: theme.surface, // over the lines of the axis
              textBorderWidth: 3,
              formatter: ({ dataIndex }: { dataIndex: number }) =>
                shown[dataIndex] ? values(shown[dataIndex]) : '',
            },
            data: shown.map((it) => Math.abs(it.z ?? 0)),
          },
        ],
      },
    };
  },
};
