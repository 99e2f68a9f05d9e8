// Apache ECharts, with the parts that are used; the rest of the library stays out of the bundle.
import { BarChart, CustomChart, GraphChart, HeatmapChart, LineChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendPlainComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { EChartsOption } from 'echarts';
import { short } from './format';
import type { Theme } from './theme';

echarts.use([
  ...[BarChart, CustomChart, GraphChart, HeatmapChart, LineChart],
  ...[AriaComponent, GridComponent, LegendPlainComponent, MarkLineComponent, MarkPointComponent],
  ...[TooltipComponent, VisualMapContinuousComponent],
  SVGRenderer, // sharp at any zoom
]);

export type Option = EChartsOption;

/** A chart in an element of its own; it follows the element's size, and says when the width is another. */
export class Chart {
  private readonly chart: echarts.ECharts;

  constructor(parent: HTMLElement, hasOtherWidth: () => void) {
    this.chart = echarts.init(parent, null, { renderer: 'svg' });
    let width = parent.clientWidth;
    new ResizeObserver(() => {
      this.chart.resize();
      if (parent.clientWidth && parent.clientWidth !== width) {
        width = parent.clientWidth;
        hasOtherWidth();
      }
    }).observe(parent);
  }

  draw(option: Option, theme: Theme): void {
    this.chart.setOption({ ...common(theme), ...option }, { notMerge: true });
  }
}

function common(theme: Theme): Option {
  return {
    animation: false,
    color: [...theme.series],
    textStyle: { color: theme.text, fontFamily: theme.font, fontSize: theme.size },
    aria: { enabled: true, label: { enabled: false }, decal: { show: theme.isContrast } },
  };
}

/** The tooltip, drawn as a picture: one of HTML needs styles that our policy forbids. */
export function tooltip(theme: Theme, more: object = {}): object {
  return {
    renderMode: 'richText',
    confine: true,
    backgroundColor: theme.surface,
    borderColor: theme.line,
    borderWidth: 1,
    textStyle: { color: theme.text, fontFamily: theme.font, fontSize: theme.size },
    ...more,
  };
}

export const letters = (theme: Theme, colour = theme.quiet) => ({
  color: colour,
  fontFamily: theme.font,
  fontSize: theme.size * 0.92,
});

export function axis(theme: Theme, more: object = {}): object {
  return {
    axisLine: { lineStyle: { color: theme.line } },
    axisTick: { show: false },
    axisLabel: { ...letters(theme), hideOverlap: true },
    splitLine: { lineStyle: { color: theme.line, opacity: 0.5 } },
    ...more,
  };
}

/** The days or months below lines: the first and the last stay beside the letters of the other axis. */
export function times(theme: Theme, data: string[], more: object = {}): object {
  return categories(theme, data, {
    boundaryGap: data.length < 2,
    axisLabel: {
      ...letters(theme),
      hideOverlap: true,
      ...(data.length > 1 ? { alignMinLabel: 'left', alignMaxLabel: 'right' } : {}),
    },
    ...more,
  });
}

export function categories(theme: Theme, data: string[], more: object = {}): object {
  return axis(theme, { type: 'category', data, splitLine: { show: false }, ...more });
}

/** Names beside the rows of a chart, the first one on top; a long one is cut. */
export function rowNames(theme: Theme, data: string[], more: object = {}): object {
  return categories(theme, data, {
    inverse: true,
    axisLine: { show: false },
    axisLabel: {
      ...letters(theme, theme.text),
      interval: 0,
      lineHeight: theme.size * 1.2,
      formatter: (name: string) =>
        name
          .split('\n')
          .map((it) => short(it, 24))
          .join('\n'),
    },
    ...more,
  });
}

/** What an axis counts, above its upper end. */
export const unit = (theme: Theme, name: string) => ({
  name,
  nameGap: theme.size * 0.7,
  nameTextStyle: { ...letters(theme), align: 'left' as const },
});

export function legend(theme: Theme, more: object = {}): object {
  return {
    top: 0,
    left: 0,
    itemGap: theme.size,
    itemWidth: theme.size * 1.6,
    itemHeight: theme.size * 0.7,
    textStyle: letters(theme, theme.text),
    formatter: (name: string) => short(name),
    ...more,
  };
}

const canvas = document.createElement('canvas').getContext('2d');

/** How much room above a chart its legend takes, in as many lines as it needs; and a line for a unit. */
export function below(theme: Theme, names: readonly string[], width: number): number {
  if (canvas) canvas.font = `${theme.size * 0.92}px ${theme.font}`;
  const room = width - theme.size;
  let [lines, used] = [1, 0];
  for (const name of names) {
    const letters = canvas?.measureText(short(name)).width ?? 0;
    const its = theme.size * 1.6 + 5 + letters + theme.size;
    if (used > 0 && used + its > room) [lines, used] = [lines + 1, 0];
    used += its;
  }
  return theme.size * (1.9 * lines + 2.2);
}

export function grid(more: object = {}): object {
  return { left: 4, right: 12, top: 36, bottom: 4, containLabel: true, ...more };
}
