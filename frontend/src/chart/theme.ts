// The colours and fonts of the page's theme, read where the tokens stand: in CSS.

export interface Theme {
  series: string[];
  text: string;
  muted: string;
  surface: string;
  grid: string;
  context: string;
  low: string;
  high: string;
  onHigh: string;
  font: string;
  hatch: HTMLCanvasElement;
  moves: boolean;
}

function pattern(line: string, ground: string): HTMLCanvasElement {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  if (pen) {
    pen.fillStyle = ground;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = line;
    pen.beginPath();
    for (const at of [-4, 4, 12]) {
      pen.moveTo(at - 4, 12);
      pen.lineTo(at + 8, 0);
    }
    pen.stroke();
  }
  return tile;
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => token(`--chart-${number}`)),
    text: token("--color-base-content"),
    muted: token("--zq-muted"),
    surface: token("--color-base-100"),
    grid: token("--chart-grid"),
    context: token("--chart-context"),
    low: token("--chart-low"),
    high: token("--chart-high"),
    onHigh: token("--color-primary-content"),
    font: style.fontFamily,
    hatch: pattern(token("--chart-context"), token("--color-base-100")),
    moves: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}
