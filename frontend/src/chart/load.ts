// The heavy half of the chart island, loaded when the first chart is drawn.
import type { GraphData, MatrixData, SeriesData, Words } from "./data";
import { type Drawing, drawBar, drawLine, init } from "./draw";
import { drawGraph, drawHeatmap } from "./shapes";
import type { Theme } from "./theme";

export { init };

export function draw(
  kind: string,
  data: SeriesData & MatrixData & GraphData,
  theme: Theme,
  words: Words,
  width: number,
): Drawing {
  switch (kind) {
    case "bar":
      return drawBar(data, theme, words, width);
    case "line":
      return drawLine(data, theme, words, width);
    case "heatmap":
      return drawHeatmap(data, theme, words, width);
    case "graph":
      return drawGraph(data, theme, width);
    default:
      throw new Error(`no chart of kind ${kind}`);
  }
}
