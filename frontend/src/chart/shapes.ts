// Drawings of relations: a matrix of two lists, and a layered graph of things that lead to each other.
import { figure, type GraphData, type Item, type MatrixData, type Words } from "./data";
import { common, type Drawing } from "./draw";
import type { Theme } from "./theme";

const CELL = 30;
/** A column as narrow as this can still be read under its slanted name. */
const LEAST_COLUMN = 26;
const LEAST_LABEL = 96;

export function drawHeatmap(data: MatrixData, theme: Theme, words: Words, room: number): Drawing {
  // below this a matrix is scrolled instead of squeezed
  const width = Math.max(room, LEAST_LABEL + data.x.length * LEAST_COLUMN + 20);
  const known: [number, number, number][] = [];
  const unknown: [number, number, number][] = [];
  const items: Item[] = [];
  data.values.forEach((row, y) => {
    row.forEach((value, x) => {
      const list = value === null ? unknown : known;
      const text = `${data.y[y]} · ${data.x[x]}\n${figure(value, data.unit, words)}`;
      items.push({
        series: value === null ? 1 : 0,
        index: list.length,
        text,
        url: data.links?.[y]?.[x] ?? "",
      });
      list.push([x, y, value ?? 0]);
    });
  });
  const label = Math.min(150, Math.max(LEAST_LABEL - 12, width * 0.26));
  const top = Math.max(...known.map((cell) => cell[2]), 1);
  const narrow = (width - label) / data.x.length < 44;
  const axis = { axisLine: { show: false }, axisTick: { show: false }, splitArea: { show: false } };
  const option = {
    ...common(theme, items),
    grid: { left: label + 12, right: 8, top: 80, bottom: 36 },
    xAxis: {
      type: "category",
      position: "top",
      data: data.x,
      ...axis,
      axisLabel: { color: theme.text, rotate: 45, interval: 0, width: 84, overflow: "truncate" },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: data.y,
      ...axis,
      axisLabel: { color: theme.text, width: label, overflow: "truncate", interval: 0 },
    },
    visualMap: {
      seriesIndex: 0,
      min: 0,
      max: top,
      orient: "horizontal",
      left: label + 12,
      bottom: 0,
      itemWidth: 12,
      itemHeight: 120,
      calculable: false,
      inRange: { color: [theme.low, theme.high] },
      text: [figure(top, data.unit, words), figure(0, data.unit, words)],
      textStyle: { color: theme.muted },
    },
    series: [
      {
        type: "heatmap",
        data: known.map((cell) => ({
          value: cell,
          label: { color: cell[2] > top * 0.55 ? theme.onHigh : theme.text },
        })),
        label: {
          show: !narrow,
          // an empty cell says zero more quietly than a field of noughts; the table twin has them all
          formatter: (spot: { value: [number, number, number] }) =>
            spot.value[2] ? figure(spot.value[2], "", words) : "",
        },
        itemStyle: { borderColor: theme.surface, borderWidth: 2, borderRadius: 3 },
      },
      {
        type: "heatmap",
        data: unknown,
        itemStyle: {
          color: { image: theme.hatch, repeat: "repeat" },
          borderColor: theme.surface,
          borderWidth: 2,
        },
      },
    ],
  };
  return { option, items, height: data.y.length * CELL + 124, width };
}

/** Columns of boxes, one column per kind in the order of `kinds`; lines as thick as their weight. */
export function drawGraph(data: GraphData, theme: Theme, width: number): Drawing {
  const kinds = Object.keys(data.kinds);
  const columns = kinds.map((kind) => data.nodes.filter((node) => node.kind === kind));
  const rows = Math.max(...columns.map((column) => column.length), 1);
  const height = Math.max(rows * 44, 120);
  const gap = width < 480 ? 10 : 44;
  const box = Math.min(190, (width - 16) / kinds.length - gap);
  const step = kinds.length > 1 ? (width - box - 16) / (kinds.length - 1) : 0;
  const nodes = columns.flatMap((column, at) =>
    column.map((node, row) => ({
      ...node,
      name: node.id,
      x: 8 + box / 2 + at * step,
      y: ((row + 0.5) * height) / column.length + 24,
      symbolSize: [box, 32],
      itemStyle: { color: theme.surface, borderColor: theme.series[at % 8], borderWidth: 2 },
      label: { formatter: node.label, width: box - 10, overflow: "truncate" },
    })),
  );
  const items = nodes.map((node, index) => ({
    series: 0,
    index,
    text: [`${data.kinds[node.kind]} · ${node.label}`, node.note ?? ""].filter(Boolean).join("\n"),
    url: node.url ?? "",
  }));
  const heaviest = Math.max(...data.edges.map((edge) => edge.weight ?? 1), 1);
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const option = {
    ...common(theme, items),
    series: [
      {
        type: "graph",
        layout: "none",
        symbol: "roundRect",
        left: Math.min(...xs),
        top: Math.min(...ys),
        width: Math.max(...xs) - Math.min(...xs) || 1,
        height: Math.max(...ys) - Math.min(...ys) || 1,
        label: { show: true, color: theme.text, fontSize: 12 },
        emphasis: { focus: "adjacency" },
        data: nodes,
        edges: data.edges.map((edge) => ({
          source: edge.source,
          target: edge.target,
          lineStyle: {
            width: 1 + (3 * (edge.weight ?? 1)) / heaviest,
            color: theme.context,
            curveness: 0.12,
          },
        })),
      },
    ],
  };
  return { option, items, height: height + 48 };
}
