// The plan editor: tables, fields and texts over one plan in the page, saved as one goes, judged beside the table.
import { type Column, shown, type Words } from "./cells";
import { type Clash, Clashes } from "./conflicts";
import { startForms } from "./forms";
import { Grid, type GridConfig, type Host } from "./grid";
import { type Answer, type Batch, type Change, type Result, Saver, type State, type Urls } from "./saver";
import { type Content, HEAD, type Operation, Plan, type Value } from "./values";

type Start = {
  sequence: number;
  rows: Record<string, [string, Content][]>;
  grids: GridConfig[];
  fields: Column[];
  sections: { value: string; label: string }[];
  words: Words;
  urls: Urls;
  undo: boolean;
  redo: boolean;
};

/** A cell that findings mean: table, row, field, whether something there blocks. */
type Mark = [string, string, string, boolean];

class Editor {
  readonly #root: HTMLElement;
  readonly #start: Start;
  readonly #plan: Plan;
  readonly #saver: Saver;
  readonly #grids: Map<string, Grid>;
  readonly #clashes: Clashes;
  readonly #refreshForms: () => void;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#start = JSON.parse(
      root.querySelector("script[type='application/json']")?.textContent ?? "{}",
    ) as Start;
    const { words, urls, sequence, rows, grids } = this.#start;
    this.#plan = new Plan(rows);
    const host: Host = {
      plan: this.#plan,
      words,
      weeks: (term) => this.#plan.value("terms", term, ["teaching_weeks"]) as number | null,
      change: (operations) => this.#change(operations),
      turn: (kind) => this.#saver.turn(kind),
    };
    this.#saver = new Saver(urls, sequence, {
      answered: (answer, batch) => this.#answered(answer, batch),
      stands: (state, waiting, detail) => this.#stands(state, waiting, detail),
    });
    const made = grids.map((config): [string, Grid] => [
      config.table,
      new Grid(this.#find(`[data-grid="${config.table}"]`), config, host),
    ]);
    this.#grids = new Map(made);
    this.#clashes = new Clashes(this.#find("[data-plan-clashes]"), words, {
      insist: (operation, current) => this.#change([{ ...operation, before: current }]),
      show: (operation) => this.#show(operation.table, operation.key, operation.path ?? []),
    });
    this.#refreshForms = startForms(root, host);
    this.#refreshForms();
    root.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("keydown", (event) => this.#onKey(event));
    this.#turnable(this.#start);
    this.#marked();
    this.#openPart(location.hash.slice(1));
    root.dataset.ready = "";
  }

  #find<Found extends HTMLElement>(selector: string): Found {
    const found = this.#root.querySelector<Found>(selector);
    if (!found) throw new Error(`the editor has no ${selector}`);
    return found;
  }

  #change(operations: Operation[]): void {
    if (!operations.length) return;
    for (const one of operations) this.#plan.apply(one);
    this.#drawn(operations);
    this.#saver.add(operations);
  }

  /** Show what operations changed: whole tables where rows came, went or moved, else the rows alone. */
  #drawn(operations: Operation[]): void {
    const tables = new Set(operations.filter((one) => one.kind !== "set").map((one) => one.table));
    for (const table of tables) this.#grids.get(table)?.draw();
    for (const one of operations) {
      if (!tables.has(one.table)) this.#grids.get(one.table)?.refresh(one.key);
    }
    // weekly hours are written by the weeks of their term
    if (operations.some((one) => one.table === "terms")) this.#grids.get("courses")?.refreshAll();
    if (operations.some((one) => one.table === HEAD || one.table === "sections")) this.#refreshForms();
  }

  #answered(answer: Answer, batch: Batch | null): void {
    answer.results.forEach((result, at) => {
      const operation = batch?.operations[at] ?? null;
      if (operation && result.status !== "done") this.#refused(operation, result);
    });
    const changed: Operation[] = [];
    for (const change of answer.changes) {
      for (const one of change.operations) {
        if (this.#saver.touches(one)) continue;
        this.#plan.apply(one);
        changed.push(one);
      }
    }
    this.#drawn(changed);
    this.#told(answer.changes);
    this.#turnable(answer);
    if (answer.rail !== null) {
      this.#find("[data-plan-rail]").innerHTML = answer.rail;
      this.#marked();
    }
    if (!batch) for (const result of answer.results) if (result.status !== "done") this.#blocked(result);
    const turned = batch || !answer.results.length ? null : (changed.at(-1) ?? null);
    if (turned) this.#show(turned.table, turned.key, turned.path ?? []);
  }

  /** Put back what the server holds, and keep what was typed where it can be seen. */
  #refused(operation: Operation, result: Result): void {
    const { table, key, path = [] } = operation;
    if (
      operation.kind === "add" &&
      result.status === "conflict" &&
      table !== "sections" &&
      table !== "terms"
    ) {
      this.#again(operation, result);
      return;
    }
    const back: Operation = result.gone
      ? { kind: "remove", table, key }
      : operation.kind === "set"
        ? { ...operation, after: result.current }
        : operation.kind === "remove"
          ? { kind: "add", table, key, after: result.current, place: null }
          : operation.kind === "rename"
            ? { kind: "rename", table, key: String(operation.after), after: key }
            : {
                kind: "set",
                table,
                key,
                path: ["text"],
                after: (result.current as Content | null)?.text ?? null,
              };
    const label = this.#label(table, key, path);
    const clash: Clash = {
      operation,
      result,
      label,
      mine: this.#written(table, path, operation.after ?? null),
      theirs: this.#written(table, path, result.current),
    };
    this.#plan.apply(back);
    this.#drawn([back]);
    this.#clashes.add(clash);
  }

  /** Two people took the same new key: this row takes the next free one, and theirs comes in beside it. */
  #again(operation: Operation, result: Result): void {
    const { table, key } = operation;
    const fresh = `${key}-${Math.random().toString(36).slice(2, 5)}`;
    this.#plan.apply({ kind: "rename", table, key, after: fresh });
    this.#plan.apply({ kind: "add", table, key, after: result.current, place: operation.place ?? null });
    this.#drawn([operation]);
    this.#saver.add([{ ...operation, key: fresh, after: this.#plan.rows(table).get(fresh) ?? {} }]);
  }

  /** An undo that met a later change of somebody else. */
  #blocked(result: Result): void {
    this.#find("[data-plan-news]").textContent = result.text;
  }

  #column(table: string, path: readonly string[]): Column | undefined {
    const columns =
      table === HEAD ? this.#start.fields : this.#start.grids.find((one) => one.table === table)?.columns;
    return columns?.find((one) => one.path.length > 0 && one.path.join() === path.join());
  }

  #label(table: string, key: string, path: readonly string[]): string {
    const section = this.#start.sections.find((one) => table === "sections" && one.value === key);
    const row = this.#plan.rows(table).get(key);
    const name = section?.label ?? (table === HEAD ? "" : String(row?.name ?? key));
    const column = this.#column(table, path);
    const field = column?.group ? `${column.group} ${column.label}` : (column?.label ?? "");
    return [name, field].filter(Boolean).join(" · ");
  }

  #written(table: string, path: readonly string[], value: Value): string {
    const column = this.#column(table, path);
    if (column) return shown(column, value, this.#start.words, () => null);
    const text = (value as Content | null)?.text;
    return value === null
      ? ""
      : String(text ?? (typeof value === "object" ? Object.values(value).join(" ") : value));
  }

  #told(changes: Change[]): void {
    const others = changes.filter((one) => !one.own);
    if (!others.length) return;
    const names = [...new Set(others.map((one) => one.by))].join(this.#start.words.comma);
    const count = others.reduce((sum, one) => sum + one.operations.length, 0);
    const text = (this.#start.words.others ?? "").replace("{names}", names).replace("{count}", String(count));
    this.#find("[data-plan-news]").textContent = text;
  }

  #turnable({ undo, redo }: { undo: boolean; redo: boolean }): void {
    for (const [kind, can] of [
      ["undo", undo],
      ["redo", redo],
    ] as const) {
      this.#find<HTMLButtonElement>(`button[data-turn="${kind}"]`).disabled = !can;
    }
  }

  #stands(state: State, waiting: number, detail: string): void {
    const box = this.#find("[data-plan-state]");
    box.dataset.planState = state;
    box.textContent = (this.#start.words[state] ?? "").replace("{count}", String(waiting));
    if (state === "stopped") this.#find("[data-plan-news]").textContent = detail;
  }

  /** Mark the cells that findings mean, and count them at the parts they lie in. */
  #marked(): void {
    const byTable = new Map<string, Map<string, string>>();
    const told = JSON.parse(this.#root.querySelector("#plan-marks")?.textContent ?? "[]") as Mark[];
    for (const [table, key, path, blocks] of told) {
      const marks = byTable.get(table) ?? new Map<string, string>();
      marks.set(`${key}\n${path}`, blocks ? "block" : "warn");
      byTable.set(table, marks);
    }
    for (const [table, grid] of this.#grids) grid.mark(byTable.get(table) ?? new Map());
  }

  #onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const part = event.target.closest<HTMLElement>("[data-part-of]");
    if (part) {
      event.preventDefault();
      this.#openPart(part.dataset.partOf ?? "");
      return;
    }
    const turn = event.target.closest<HTMLElement>("button[data-turn]");
    if (turn) this.#saver.turn(turn.dataset.turn as "undo" | "redo");
    const fill = event.target.closest<HTMLElement>("button[data-fill]");
    if (fill) this.#fill(JSON.parse(fill.dataset.fill ?? "[]") as { path: string[]; value: Value }[]);
    const place = event.target.closest<HTMLElement>("[data-place]");
    if (place) {
      this.#show(
        place.dataset.table ?? "",
        place.dataset.key ?? "",
        JSON.parse(place.dataset.path ?? "[]") as string[],
      );
    }
  }

  /** Write computed sums into the plan's own summary: one change. */
  #fill(values: { path: string[]; value: Value }[]): void {
    const operations = values.map(({ path, value }): Operation => {
      const before = this.#plan.value(HEAD, HEAD, path);
      return { kind: "set", table: HEAD, key: HEAD, path, before, after: value };
    });
    this.#change(operations.filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after)));
  }

  #onKey(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.matches("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    this.#saver.turn(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  #openPart(key: string): void {
    const parts = [...this.#root.querySelectorAll<HTMLElement>("[data-part]")];
    const open = parts.find((one) => one.dataset.part === key) ?? parts[0];
    for (const part of parts) part.hidden = part !== open;
    for (const tab of this.#root.querySelectorAll<HTMLElement>("[data-part-of]")) {
      if (tab.dataset.partOf === open?.dataset.part) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    if (key) history.replaceState(null, "", `#${open?.dataset.part}`);
  }

  #show(table: string, key: string, path: readonly string[]): void {
    const target =
      table === HEAD
        ? this.#root.querySelector<HTMLElement>(`[data-name="${path.join(".")}"]`)
        : table === "sections"
          ? this.#root.querySelector<HTMLElement>(`[data-section="${key || path[1] || ""}"]`)
          : this.#root.querySelector<HTMLElement>(`[data-grid="${table}"]`);
    if (!target) return;
    const part = target.closest<HTMLElement>("[data-part]");
    if (part?.hidden) this.#openPart(part.dataset.part ?? "");
    if (this.#grids.get(table)?.show(key, path)) return;
    target.scrollIntoView({ block: "center" });
    (target.matches("input, textarea, select") ? target : target.querySelector("button"))?.focus();
  }
}

export function startEditor(): void {
  const root = document.querySelector<HTMLElement>("[data-plan-editor]:not([data-ready])");
  if (root) new Editor(root);
}
