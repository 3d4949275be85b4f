// <zq-chart>: draws the JSON inside it, follows theme and width, answers keys, and shows the table twin on request.
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import type { GraphData, Item, MatrixData, SeriesData, Words } from "./data";
import type { Drawing } from "./draw";
import { readTheme } from "./theme";

type Canvas = {
  setOption(option: object, notMerge: boolean): void;
  resize(size?: object): void;
  dispatchAction(action: object): void;
  on(event: string, act: (spot: { seriesIndex: number; dataIndex: number; dataType?: string }) => void): void;
  dispose(): void;
};

export class ZqChart extends LitElement {
  static override properties = {
    showsTable: { state: true },
    failed: { state: true },
    spoken: { state: true },
  };

  static override styles = css`
    :host { display: block; position: relative; }
    #canvas { width: 100%; min-height: 7.5rem; overflow-x: auto; overflow-y: hidden; }
    #canvas:focus-visible { outline: 2px solid var(--zq-focus); outline-offset: 2px; }
    button { font: inherit; font-size: 0.75rem; color: var(--color-primary); background: none; border: 0;
      min-height: 2.25rem; padding: 0 0.25rem; cursor: pointer; text-underline-offset: 3px; }
    button:hover { text-decoration: underline; }
    button:focus-visible { outline: 2px solid var(--zq-focus); }
    .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    [hidden] { display: none; }
    @media (pointer: coarse) { button { min-height: 2.75rem; } }
  `;

  declare showsTable: boolean;
  declare failed: boolean;
  declare spoken: string;

  #canvas: Canvas | undefined;
  #items: Item[] = [];
  #at = -1;
  #width = 0;
  readonly #observer = new ResizeObserver(() => this.#fit());
  readonly #redraw = (): void => void this.#draw();

  constructor() {
    super();
    this.showsTable = false;
    this.failed = false;
    this.spoken = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("zq:theme", this.#redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("zq:theme", this.#redraw);
    this.#observer.disconnect();
    this.#canvas?.dispose();
    this.#canvas = undefined;
  }

  override firstUpdated(_: PropertyValues): void {
    this.#observer.observe(this);
    void this.#draw();
  }

  override render(): unknown {
    const words = this.dataset;
    const title = this.#title();
    return html`
      ${this.failed ? html`<p role="status">${words.failed}</p>` : nothing}
      <div id="canvas" tabindex="0" role="group" aria-label="${title} · ${words.keys}"
        ?hidden=${this.showsTable || this.failed} @keydown=${this.#onKey}></div>
      <div class="spoken" aria-live="polite">${this.spoken}</div>
      <div ?hidden=${!this.showsTable && !this.failed}><slot name="twin"></slot></div>
      <button type="button" ?hidden=${this.failed} aria-pressed=${this.showsTable ? "true" : "false"}
        @click=${this.#toggle}>${this.showsTable ? words.chart : words.table}</button>
    `;
  }

  #read(): unknown {
    return JSON.parse(this.querySelector("script[type='application/json']")?.textContent ?? "null");
  }

  #title(): string {
    return (this.#read() as { title?: string } | null)?.title ?? "";
  }

  #holder(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>("#canvas");
  }

  #toggle(): void {
    this.showsTable = !this.showsTable;
    if (!this.showsTable) void this.updateComplete.then(() => this.#draw());
  }

  #fit(): void {
    const width = this.#holder()?.clientWidth ?? 0;
    if (width && Math.abs(width - this.#width) > 1) void this.#draw();
  }

  async #draw(): Promise<void> {
    const holder = this.#holder();
    const width = holder?.clientWidth ?? 0;
    if (!holder || !width) return;
    this.#width = width;
    try {
      const { draw, init } = await import("./load");
      const data = this.#read() as SeriesData & MatrixData & GraphData;
      const drawing: Drawing = draw(this.dataset.kind ?? "", data, readTheme(this), this.#words(), width);
      holder.style.height = `${drawing.height}px`;
      this.#canvas ??= this.#start(init(holder) as unknown as Canvas);
      this.#canvas.resize({ width: drawing.width ?? width, height: drawing.height });
      this.#canvas.setOption(drawing.option, true);
      this.#items = drawing.items;
    } catch (error) {
      console.error(error);
      this.failed = true;
    }
  }

  #start(canvas: Canvas): Canvas {
    canvas.on("click", (spot) => {
      if (spot.dataType !== "edge") this.#open(this.#find(spot.seriesIndex, spot.dataIndex));
    });
    return canvas;
  }

  #words(): Words {
    const { unknown = "", count = "", interval = "", language = "zh" } = this.dataset;
    return { unknown, count, interval, language };
  }

  #find(series: number, index: number): Item | undefined {
    return this.#items.find((item) => item.series === series && item.index === index);
  }

  #open(item: Item | undefined): void {
    if (!item?.url) return;
    if (item.url.startsWith("/evidence/")) {
      document.dispatchEvent(new CustomEvent("zq:evidence", { detail: item.url }));
    } else {
      location.assign(item.url);
    }
  }

  #onKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") this.#open(this.#items[this.#at]);
    if (!step || this.#items.length === 0) return;
    event.preventDefault();
    const start = this.#at < 0 && step < 0 ? 0 : this.#at;
    this.#at = (start + step + this.#items.length) % this.#items.length;
    const item = this.#items[this.#at];
    if (!item) return;
    this.spoken = item.text.replaceAll("\n", "，");
    const spot = { seriesIndex: item.series, dataIndex: item.index };
    this.#canvas?.dispatchAction({ type: "downplay" });
    this.#canvas?.dispatchAction({ type: "highlight", ...spot });
    this.#canvas?.dispatchAction({ type: "showTip", ...spot });
  }
}

customElements.define("zq-chart", ZqChart);
