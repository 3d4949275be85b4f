// From plain data and a theme to what ECharts draws; only the chart types in use are loaded.
import { BarChart, GraphChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { figure, type Item, type SeriesData, short, type Value, type Words } from "./data";
import type { Theme } from "./theme";

use([
  BarChart,
  LineChart,
  HeatmapChart,
  GraphChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

export { init };

export interface Drawing {
  option: EChartsCoreOption;
  items: Item[];
  height: number;
  /** Wider than the room there is: the drawing is scrolled. */
  width?: number;
}

const ROW = 30;

/** What every drawing shares. The tooltip is drawn on the canvas: the content policy allows no inline style. */
export function common(theme: Theme, items: Item[]): EChartsCoreOption {
  return {
    color: theme.series,
    animation: theme.moves,
    animationDuration: 150,
    textStyle: { fontFamily: theme.font, color: theme.text, fontSize: 12 },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: theme.surface,
      borderColor: theme.grid,
      textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.font },
      formatter: (spot: { seriesIndex: number; dataIndex: number; dataType?: string }) =>
        spot.dataType === "edge"
          ? ""
          : (items.find((item) => item.series === spot.seriesIndex && item.index === spot.dataIndex)?.text ??
            ""),
    },
  };
}

function axisText(theme: Theme): object {
  return {
    axisLine: { lineStyle: { color: theme.context } },
    axisTick: { show: false },
    axisLabel: { color: theme.muted, fontSize: 12 },
    nameTextStyle: { color: theme.muted },
    splitLine: { lineStyle: { color: theme.grid } },
  };
}

function legend(data: SeriesData, theme: Theme): object {
  return {
    show: data.series.length > 1,
    top: 0,
    left: 0,
    icon: "roundRect",
    textStyle: { color: theme.text },
  };
}

function seriesItems(data: SeriesData, words: Words): Item[] {
  return data.series.flatMap((series, at) =>
    data.categories.map((category, index) => {
      const parts = [`${category} · ${series.name}`, figure(series.data[index], data.unit, words)];
      if (series.count) parts.push(`${words.count} ${figure(series.count[index], "", words)}`);
      if (series.low && series.high) {
        const low = figure(series.low[index], data.unit, words);
        parts.push(`${words.interval} ${low} – ${figure(series.high[index], data.unit, words)}`);
      }
      return { series: at, index, text: parts.join("\n"), url: data.links?.[index] ?? "" };
    }),
  );
}

export function drawBar(data: SeriesData, theme: Theme, words: Words, width: number): Drawing {
  const items = seriesItems(data, words);
  const known = data.series.flatMap((series) =>
    series.data.filter((value): value is number => value !== null),
  );
  const top = Math.max(...known, 0);
  const label = Math.min(160, Math.max(64, width * 0.3));
  const one = data.series.length === 1;
  const value = (series: SeriesData["series"][number], index: number): object => {
    const figureHere = series.data[index] ?? null;
    if (figureHere !== null) return { value: figureHere };
    const hatch = {
      color: { image: theme.hatch, repeat: "repeat" },
      borderColor: theme.context,
      borderWidth: 1,
    };
    return { value: top * 0.25 || 1, itemStyle: hatch, label: { formatter: words.unknown } };
  };
  const counted = (series: SeriesData["series"][number], index: number): string => {
    const text = figure(series.data[index], data.unit, words);
    return series.count ? `${text} (${figure(series.count[index], "", words)})` : text;
  };
  const option = {
    ...common(theme, items),
    legend: legend(data, theme),
    grid: { left: label + 12, right: one ? 88 : 24, top: one ? 4 : 32, bottom: 24 },
    xAxis: {
      type: "value",
      ...axisText(theme),
      axisLabel: {
        color: theme.muted,
        hideOverlap: true,
        formatter: (tick: number) => short(tick, words) + (data.unit === "%" ? "%" : ""),
      },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: data.categories,
      ...axisText(theme),
      axisLabel: { color: theme.text, width: label, overflow: "truncate", fontSize: 12 },
    },
    series: data.series.map((series) => ({
      type: "bar",
      name: series.name,
      barMaxWidth: 18,
      itemStyle: { borderRadius: [0, 3, 3, 0] },
      label: {
        show: one,
        position: "right",
        color: theme.muted,
        formatter: (spot: { dataIndex: number }) => counted(series, spot.dataIndex),
      },
      data: data.categories.map((_, index) => value(series, index)),
    })),
  };
  const rows = data.categories.length * Math.max(1, data.series.length * 0.7);
  return { option, items, height: Math.round(rows * ROW + (one ? 36 : 64)) };
}

function band(low: Value[], high: Value[], at: number, theme: Theme, hatched = false): object[] {
  const shared = {
    type: "line",
    stack: `band-${at}`,
    silent: true,
    symbol: "none",
    lineStyle: { opacity: 0 },
  };
  const area = hatched
    ? { color: { image: theme.hatch, repeat: "repeat" }, opacity: 0.8 }
    : { color: theme.series[at % 8], opacity: 0.18 };
  const gap = low.map((value, index) => {
    const upper = high[index];
    return value === null || upper === null || upper === undefined ? null : upper - value;
  });
  return [
    { ...shared, data: low, tooltip: { show: false } },
    { ...shared, data: gap, areaStyle: area, tooltip: { show: false } },
  ];
}

/** How many rows the legend takes; the drawing begins below them. A Chinese letter is as wide as two others. */
function legendRows(data: SeriesData, width: number): number {
  let rows = 1;
  let used = 0;
  for (const { name } of data.series) {
    const letters = [...name].reduce((sum, letter) => sum + (letter > "\u2e80" ? 12 : 6.6), 0);
    const item = letters + 46;
    if (used > 0 && used + item > width) {
      rows += 1;
      used = 0;
    }
    used += item;
  }
  return rows;
}

export function drawLine(data: SeriesData, theme: Theme, words: Words, width: number): Drawing {
  const extra = (legendRows(data, width) - 1) * 24;
  const items = seriesItems(data, words);
  const lines = data.series.map((series) => ({
    type: "line",
    name: series.name,
    symbol: "circle",
    symbolSize: 6,
    lineStyle: { width: 2, type: series.dashed ? "dashed" : "solid" },
    connectNulls: false,
    data: series.data,
  }));
  const bands = data.series.flatMap((series, at) =>
    series.low && series.high ? band(series.low, series.high, at, theme, series.hatched) : [],
  );
  const option = {
    ...common(theme, items),
    legend: { ...legend(data, theme), data: data.series.map((series) => series.name) },
    grid: { left: 56, right: 32, top: (data.series.length > 1 ? 40 : 28) + extra, bottom: 28 },
    xAxis: { type: "category", data: data.categories, ...axisText(theme), boundaryGap: false },
    yAxis: {
      type: "value",
      ...axisText(theme),
      axisLabel: { color: theme.muted, formatter: (tick: number) => short(tick, words) },
    },
    series: [...lines, ...bands],
  };
  return { option, items, height: 300 + extra };
}
