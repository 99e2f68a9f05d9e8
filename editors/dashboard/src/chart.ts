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
import type { Theme } from './theme';

echarts.use([
  ...[BarChart, CustomChart, GraphChart, HeatmapChart, LineChart],
  ...[AriaComponent, GridComponent, LegendPlainComponent, MarkLineComponent, MarkPointComponent],
  ...[TooltipComponent, VisualMapContinuousComponent],
  SVGRenderer, // sharp at any zoom
]);

export type Option = EChartsOption;

/** A chart in an element of its own; it follows the element's width. */
export class Chart {
  private readonly chart: echarts.ECharts;
  private readonly watched: ResizeObserver;

  constructor(parent: HTMLElement) {
    this.chart = echarts.init(parent, null, { renderer: 'svg' });
    this.watched = new ResizeObserver(() => {
      this.chart.resize();
    });
    this.watched.observe(parent);
  }

  draw(option: Option, theme: Theme): void {
    this.chart.setOption({ ...common(theme), ...option }, { notMerge: true });
  }

  dispose(): void {
    this.watched.disconnect();
    this.chart.dispose();
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

export function categories(theme: Theme, data: string[], more: object = {}): object {
  return axis(theme, { type: 'category', data, splitLine: { show: false }, ...more });
}

export function legend(theme: Theme, more: object = {}): object {
  return {
    top: 0,
    left: 0,
    itemGap: theme.size,
    itemWidth: theme.size * 1.6,
    itemHeight: theme.size * 0.7,
    textStyle: letters(theme, theme.text),
    ...more,
  };
}

export function grid(more: object = {}): object {
  return { left: 4, right: 12, top: 36, bottom: 4, containLabel: true, ...more };
}
