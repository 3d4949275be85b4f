// The plain data of a chart as the server writes it; null is unknown.

export type Value = number | null;

export interface Series {
  name: string;
  data: Value[];
  count?: Value[];
  low?: Value[];
  high?: Value[];
  /** No longer observed, hence drawn dashed. */
  dashed?: boolean;
  /** The band rests on assumptions, hence hatched. */
  hatched?: boolean;
}

interface Common {
  title: string;
  unit?: string;
  links?: (string | null)[];
}

export interface SeriesData extends Common {
  categories: string[];
  series: Series[];
}

export interface MatrixData extends Omit<Common, "links"> {
  x: string[];
  y: string[];
  values: Value[][];
  links?: (string | null)[][];
}

export interface GraphData extends Common {
  kinds: Record<string, string>;
  nodes: { id: string; label: string; kind: string; url?: string; note?: string }[];
  edges: { source: string; target: string; label?: string; weight?: number }[];
}

export interface Words {
  unknown: string;
  count: string;
  interval: string;
  language: string;
}

/** One thing of the chart that the pointer or the keyboard can reach. */
export interface Item {
  series: number;
  index: number;
  text: string;
  url: string;
}

/** A figure with thousands separators and its unit when that is per cent. */
export function figure(value: Value | undefined, unit: string | undefined, words: Words): string {
  if (value === null || value === undefined) return words.unknown;
  const text = value.toLocaleString("en", { maximumFractionDigits: 2 });
  return unit === "%" ? `${text}%` : text;
}

/** A figure short enough for an axis: 1.2万 in Chinese, 12k in English. */
export function short(value: number, words: Words): string {
  const steps: [number, string][] =
    words.language === "zh"
      ? [
          [1e8, "亿"],
          [1e4, "万"],
        ]
      : [
          [1e9, "B"],
          [1e6, "M"],
          [1e3, "k"],
        ];
  const step = steps.find(([size]) => Math.abs(value) >= size);
  if (!step) return value.toLocaleString("en", { maximumFractionDigits: 2 });
  return `${(value / step[0]).toLocaleString("en", { maximumFractionDigits: 1 })}${step[1]}`;
}
