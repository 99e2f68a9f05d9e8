import { axis, categories, grid, letters, tooltip } from '../chart';
import { figure, plain } from '../format';
import { column, numbers } from '../table';
import { remark } from './trend';
import type { Panel } from './panel';

export const unusual: Panel = {
  id: 'unusual',
  title: 'Unusual now',
  needs: ['anomalies'],
  view({ anomalies }, { theme, filters }) {
    const found = anomalies.anomalies.filter((it) => !filters.skill || it.skill === filters.skill);
    const shown = found.slice(0, 12).reverse();
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
      height: 4 + shown.length * 3.4,
      option: {
        tooltip: tooltip(theme, { trigger: 'axis', axisPointer: { type: 'shadow' } }),
        grid: grid({ top: 8, right: theme.size * 11 }),
        xAxis: axis(theme, { type: 'value', name: '', splitNumber: 3 }),
        yAxis: categories(
          theme,
          shown.map((it) => remark(it).split(':')[0] ?? ''),
          { axisLabel: letters(theme, theme.text), axisLine: { show: false } },
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
              formatter: ({ dataIndex }: { dataIndex: number }) =>
                shown[dataIndex] ? remark(shown[dataIndex]).replace(/^.*?: /, '') : '',
            },
            data: shown.map((it) => Math.abs(it.z ?? 0)),
          },
        ],
      },
    };
  },
};
