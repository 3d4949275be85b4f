// One table of the editor: drawn once, changed cell by cell, driven by the keyboard like a spreadsheet.

import { freshKey, pasted } from "./block";
import { type Column, read, shown, type Weeks, type Words } from "./cells";
import { cellEditor, type Ending } from "./entry";
import type { Content, Operation, Plan } from "./values";
import { same } from "./values";

export type GridConfig = { table: string; title: string; columns: Column[] };
export type Host = {
  plan: Plan;
  words: Words;
  weeks: Weeks;
  /** Make changes in the page and send them. */
  change(operations: Operation[]): void;
  turn(kind: "undo" | "redo"): void;
};
type Spot = { row: number; column: number };

const PAGE = 10;

export class Grid {
  readonly table: string;
  readonly #box: HTMLElement;
  readonly #host: Host;
  readonly #body: HTMLTableSectionElement;
  readonly #columns: Column[];
  #at: Spot = { row: 0, column: 0 };
  #anchor: Spot | null = null;
  #editing = false;
  #drawn: string[] = [];
  #stale = false;
  /** An empty field in the chosen cell: what is typed goes into it, so that input methods for Chinese work. */
  #ghost = document.createElement("input");
  readonly #table: HTMLTableElement;

  constructor(box: HTMLElement, config: GridConfig, host: Host) {
    this.#box = box;
    this.#host = host;
    this.table = config.table;
    this.#columns = config.columns;
    const table = box.querySelector("table") as HTMLTableElement;
    this.#table = table;
    this.#body = table.tBodies[0] as HTMLTableSectionElement;
    table.addEventListener("keydown", (event) => this.#onKey(event));
    table.addEventListener("mousedown", (event) => this.#onPointer(event));
    this.#renewGhost();
    table.addEventListener("click", (event) => this.#onClick(event));
    table.addEventListener("dblclick", (event) => this.#edit(this.#spotOf(event.target)));
    table.addEventListener("copy", (event) => this.#onCopy(event));
    table.addEventListener("paste", (event) => this.#onPaste(event));
    for (const button of box.querySelectorAll<HTMLButtonElement>("button[data-do]")) {
      button.addEventListener("click", () => this.#command(button.dataset.do ?? ""));
    }
    for (const toggle of box.querySelectorAll<HTMLInputElement>("input[data-shows]")) {
      toggle.addEventListener("change", () =>
        table.toggleAttribute(`data-${toggle.dataset.shows}`, toggle.checked),
      );
    }
    this.draw();
  }

  get #keys(): string[] {
    return this.#drawn;
  }

  /** Draw all rows anew: at the start and when rows came, went or moved; not under the hands of who types. */
  draw(): void {
    this.#stale = this.#editing;
    if (this.#editing) return;
    const hadFocus = document.activeElement === this.#ghost;
    this.#drawn = [...this.#host.plan.rows(this.table).keys()];
    this.#body.replaceChildren(...this.#keys.map((key, number) => this.#row(key, number)));
    this.#at.row = Math.max(0, Math.min(this.#at.row, this.#keys.length - 1));
    this.#offer();
    if (hadFocus) this.#ghost.focus();
    this.#box.toggleAttribute("data-empty", this.#keys.length === 0);
  }

  /** Show what changed in a row without touching the others. */
  refresh(key: string): void {
    const row = this.#body.rows[this.#keys.indexOf(key)];
    if (!row) return;
    for (const [at, column] of this.#columns.entries())
      this.#fill(row.cells[at + 1] as HTMLElement, column, key);
  }

  refreshAll(): void {
    for (const key of this.#keys) this.refresh(key);
  }

  /** Bring a field into sight and focus it; the row alone where no field is meant. */
  show(key: string, path: readonly string[]): boolean {
    const row = this.#keys.indexOf(key);
    if (row < 0) return false;
    const exact = this.#columns.findIndex((one) => one.path.length > 0 && one.path.join() === path.join());
    const near = this.#columns.findIndex((one) => one.path[0] === path[0] && one.path.length > 0);
    const column = exact >= 0 ? exact : Math.max(near, 0);
    this.#reveal(this.#columns[column]);
    this.#focus({ row, column });
    return true;
  }

  /** Mark cells that findings mean: severity by row and field. */
  mark(marks: Map<string, string>): void {
    for (const cell of this.#body.querySelectorAll<HTMLElement>("[data-mark]"))
      cell.removeAttribute("data-mark");
    for (const [place, severity] of marks) {
      const [key = "", path = ""] = place.split("\n");
      const row = this.#keys.indexOf(key);
      const column = this.#columns.findIndex((one) => one.path.join() === path && path !== "");
      const cell = row < 0 ? undefined : this.#body.rows[row]?.cells[column < 0 ? 0 : column + 1];
      if (cell) cell.dataset.mark = severity;
    }
  }

  #row(key: string, number: number): HTMLTableRowElement {
    const row = document.createElement("tr");
    row.dataset.key = key;
    const handle = document.createElement("td");
    handle.className = "zq-plan-handle";
    const more = document.createElement("button");
    more.type = "button";
    more.tabIndex = -1;
    more.dataset.open = "";
    more.textContent = String(number + 1);
    more.setAttribute("aria-label", `${this.#host.words.fields} ${number + 1}`);
    handle.append(more);
    row.append(handle);
    for (const column of this.#columns) {
      const cell = document.createElement(column.kind === "key" ? "th" : "td");
      if (column.kind === "key") cell.setAttribute("scope", "row");
      cell.dataset.label = column.group ? `${column.group} ${column.label}` : column.label;
      cell.dataset.kind = column.kind;
      if (column.is_more) cell.dataset.more = "";
      if (column.path[0] === "activities") cell.dataset.activity = "";
      this.#fill(cell, column, key);
      row.append(cell);
    }
    return row;
  }

  #fill(cell: HTMLElement, column: Column, key: string): void {
    if (cell.dataset.editing !== undefined) return;
    const text = column.kind === "key" ? key : this.#text(column, key);
    write(cell, text);
    cell.toggleAttribute("data-blank", text === "");
  }

  #text(column: Column, key: string): string {
    const value = this.#host.plan.value(this.table, key, column.path);
    return shown(column, value, this.#host.words, this.#host.weeks);
  }

  #cell(spot: Spot): HTMLElement | undefined {
    return this.#body.rows[spot.row]?.cells[spot.column + 1] as HTMLElement | undefined;
  }

  #spotOf(target: EventTarget | null): Spot | null {
    const cell = target instanceof Element ? target.closest<HTMLTableCellElement>("td, th") : null;
    const row = cell?.parentElement;
    if (!cell || !(row instanceof HTMLTableRowElement) || row.parentElement !== this.#body) return null;
    return cell.cellIndex > 0 ? { row: row.sectionRowIndex, column: cell.cellIndex - 1 } : null;
  }

  /** Put the field into the chosen cell; Tab reaches the table by it. */
  #offer(): void {
    const cell = this.#cell(this.#at);
    if (!cell || this.#editing) return;
    if (this.#ghost.parentElement !== cell) cell.append(this.#ghost);
    this.#ghost.setAttribute("aria-label", `${cell.dataset.label ?? ""} ${cell.textContent ?? ""}`.trim());
  }

  #focus(spot: Spot, extend = false): void {
    const painted = this.#anchor !== null;
    if (extend) this.#anchor ??= this.#at;
    else this.#anchor = null;
    this.#at = spot;
    this.#offer();
    if (document.activeElement !== this.#ghost) this.#ghost.focus();
    if (painted || extend) this.#paintChoice();
  }

  #range(): { rows: number[]; columns: number[] } {
    const from = this.#anchor ?? this.#at;
    const span = (a: number, b: number): number[] =>
      Array.from({ length: Math.abs(a - b) + 1 }, (_, step) => Math.min(a, b) + step);
    const columns = span(from.column, this.#at.column).filter((column) => this.#isVisible(column));
    return { rows: span(from.row, this.#at.row), columns };
  }

  #paintChoice(): void {
    for (const cell of this.#body.querySelectorAll("[aria-selected]")) cell.removeAttribute("aria-selected");
    if (!this.#anchor) return;
    const { rows, columns } = this.#range();
    for (const row of rows) {
      for (const column of columns) this.#cell({ row, column })?.setAttribute("aria-selected", "true");
    }
  }

  /** Tell whether a column is shown, from what was chosen: asking the cell would lay the page out anew. */
  #isVisible(at: number): boolean {
    const column = this.#columns[at];
    if (!column) return false;
    if (column.is_more && this.#table.dataset.more === undefined) return false;
    return column.path[0] !== "activities" || this.#table.dataset.activities !== undefined;
  }

  #reveal(column: Column | undefined): void {
    const shows = column?.is_more ? "more" : column?.path[0] === "activities" ? "activities" : "";
    const toggle = this.#box.querySelector<HTMLInputElement>(`input[data-shows="${shows}"]`);
    if (toggle && !toggle.checked) toggle.click();
  }

  /** Return the next visible place in a direction; the same one at the edge. */
  #next(spot: Spot, down: number, right: number): Spot {
    const row = Math.max(0, Math.min(this.#keys.length - 1, spot.row + down));
    let column = spot.column + right;
    while (right && this.#columns[column] && !this.#isVisible(column)) column += Math.sign(right);
    return { row, column: this.#columns[column] ? column : spot.column };
  }

  #onKey(event: KeyboardEvent): void {
    if (this.#editing || event.isComposing) return;
    if (!this.#spotOf(event.target)) return;
    const held = event.ctrlKey || event.metaKey;
    if (this.#move(event, held) || this.#act(event, held)) {
      event.preventDefault();
    } else if (held && event.key.toLowerCase() === "c") {
      // browsers copy only where something is chosen
      this.#ghost.value = " ";
      this.#ghost.select();
    }
  }

  /** Something was typed, or is being composed, over the chosen cell. */
  #typed(): void {
    const column = this.#columns[this.#at.column];
    if (this.#editing || !column) return;
    if (column.kind !== "enum" && column.kind !== "truth") {
      this.#edit(this.#at, this.#ghost);
      return;
    }
    const typed = this.#ghost.value;
    this.#ghost.value = "";
    this.#edit(this.#at, undefined, typed);
  }

  #move(event: KeyboardEvent, held: boolean): boolean {
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-PAGE, 0],
      PageDown: [PAGE, 0],
    };
    const step = steps[event.key];
    if (event.altKey && step?.[0]) {
      this.#shift(Math.sign(step[0]));
      return true;
    }
    if (step) {
      const far = held ? this.#columns.length + this.#keys.length : 0;
      const next =
        far && step[1] === 0 ? this.#next(this.#at, step[0] * far, 0) : this.#next(this.#at, ...step);
      this.#focus(next, event.shiftKey);
      return true;
    }
    if (event.key === "Home" || event.key === "End") {
      const column = event.key === "Home" ? 0 : this.#columns.findLastIndex((_, at) => this.#isVisible(at));
      const row = held ? (event.key === "Home" ? 0 : this.#keys.length - 1) : this.#at.row;
      this.#focus({ row, column }, event.shiftKey);
      return true;
    }
    return event.key === "Tab" && this.#tab(event.shiftKey ? -1 : 1);
  }

  /** Go on to the next cell, over the end of a row into the next; at the end of the table Tab leaves it. */
  #tab(right: 1 | -1): boolean {
    const next = this.#next(this.#at, 0, right);
    if (next.column !== this.#at.column) {
      this.#focus(next);
      return true;
    }
    const row = this.#at.row + right;
    if (row < 0 || row >= this.#keys.length) return false;
    this.#at = { row, column: right > 0 ? 0 : this.#columns.length - 1 };
    this.#focus(this.#isVisible(this.#at.column) ? this.#at : this.#next(this.#at, 0, right));
    return true;
  }

  #act(event: KeyboardEvent, held: boolean): boolean {
    const key = event.key.toLowerCase();
    if (held && key === "z") this.#host.turn(event.shiftKey ? "redo" : "undo");
    else if (held && key === "y") this.#host.turn("redo");
    else if (held && key === "enter") this.#command("add");
    else if (held && (key === "delete" || key === "backspace")) this.#command("remove");
    else if (key === "enter" || key === "f2") this.#edit(this.#at);
    else if (key === "delete" || key === "backspace") this.#clear();
    else if (key === "escape") this.#box.querySelector<HTMLElement>("button[data-do]")?.focus();
    else return false;
    return true;
  }

  #onPointer(event: MouseEvent): void {
    const spot = this.#spotOf(event.target);
    if (!spot || event.button !== 0 || (event.target as Element).closest("[data-editing]")) return;
    event.preventDefault(); // the focus goes to the field in the cell, not to nothing
    (document.activeElement as HTMLElement | null)?.blur();
    if (!isTouch()) this.#focus(spot, event.shiftKey);
  }

  #onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("button[data-open]");
    if (opener) opener.closest("tr")?.toggleAttribute("data-opened");
    else if (isTouch() && !target.closest("[data-editing]")) this.#edit(this.#spotOf(target));
  }

  /** Open a cell for typing: with a field that already holds what was typed, with a first sign, or as it stands. */
  #edit(spot: Spot | null, begun?: HTMLInputElement, typed?: string): void {
    const cell = spot && this.#cell(spot);
    const column = spot && this.#columns[spot.column];
    const key = spot && this.#keys[spot.row];
    if (!cell || !column || key === undefined || this.#editing || key === null) return;
    this.#at = spot;
    this.#editing = true;
    const text = column.kind === "key" ? key : this.#text(column, key);
    const shows = { text, words: this.#host.words, ...(begun ? { begun } : {}), ...(typed ? { typed } : {}) };
    cellEditor(cell, column, shows, (ending, after) => {
      this.#editing = false;
      if (begun) this.#renewGhost();
      cell.replaceChildren(text);
      if (after !== null && after !== text) this.#write([{ key, column, text: after }]);
      if (this.#stale) this.draw();
      this.#leave(spot, ending);
    });
  }

  /** The field that was typed into carries the listeners of an edit: the next one begins with a new one. */
  #renewGhost(): void {
    const fresh = document.createElement("input");
    fresh.className = "zq-plan-ghost";
    fresh.autocomplete = "off";
    fresh.addEventListener("input", () => this.#typed());
    fresh.addEventListener("compositionstart", () => this.#typed());
    this.#ghost = fresh;
  }

  #leave(spot: Spot, ending: Ending): void {
    if (ending === "away") {
      this.#offer();
      return;
    }
    const steps: Record<string, [number, number]> = { down: [1, 0], up: [-1, 0], stay: [0, 0] };
    const step = steps[ending];
    if (step) {
      this.#focus(this.#next(spot, ...step));
    } else {
      this.#at = spot;
      if (!this.#tab(ending === "right" ? 1 : -1)) this.#focus(spot);
    }
  }

  /** Write texts into fields: one change, one step of undo. */
  #write(cells: { key: string; column: Column; text: string }[]): void {
    const { plan, words, weeks } = this.#host;
    const operations: Operation[] = [];
    for (const { key, column, text } of cells) {
      if (column.kind === "key") {
        const after = text.trim();
        if (after && after !== key) operations.push({ kind: "rename", table: this.table, key, after });
        continue;
      }
      const before = plan.value(this.table, key, column.path);
      const after = read(column, text, words, weeks);
      if (!same(before, after)) {
        operations.push({ kind: "set", table: this.table, key, path: column.path, before, after });
      }
    }
    this.#host.change(operations);
  }

  #clear(): void {
    const { rows, columns } = this.#range();
    const cells = rows.flatMap((row) =>
      columns.map((at) => ({ key: this.#keys[row] ?? "", column: this.#columns[at] as Column, text: "" })),
    );
    this.#write(cells.filter((cell) => cell.column.kind !== "key"));
  }

  #onCopy(event: ClipboardEvent): void {
    if (this.#editing || !event.clipboardData) return;
    const { rows, columns } = this.#range();
    const lines = rows.map((row) =>
      columns
        .map((column) => (this.#cell({ row, column })?.textContent ?? "").replace(/[\t\n]/g, " "))
        .join("\t"),
    );
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
    this.#ghost.value = "";
  }

  /** Paste a block from a spreadsheet at the cell: further rows are added where it is longer than the table. */
  #onPaste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain");
    if (this.#editing || !text) return;
    event.preventDefault();
    const columns = this.#columns.filter((_, at) => at >= this.#at.column && this.#isVisible(at));
    this.#host.change(pasted(text, this.#host, this.table, this.#keys, this.#at.row, columns));
  }

  #command(name: string): void {
    const key = this.#keys[this.#at.row];
    if (name === "add") this.#add(key ?? null);
    else if (key === undefined) return;
    else if (name === "remove") this.#remove();
    else if (name === "up" || name === "down") this.#shift(name === "up" ? -1 : 1);
  }

  #add(after: string | null): void {
    const key = freshKey(this.table, new Set(this.#keys));
    const category = after === null ? null : this.#host.plan.value(this.table, after, ["category"]);
    const row: Content = category === null ? {} : { category };
    this.#host.change([{ kind: "add", table: this.table, key, after: row, place: after }]);
    const wanted = this.#columns.findIndex((one) => one.path[0] === "name" || one.path[0] === "text");
    this.#focus({ row: this.#keys.indexOf(key), column: Math.max(wanted, 0) });
  }

  #remove(): void {
    const { rows } = this.#range();
    const operations = rows.map((row): Operation => {
      const key = this.#keys[row] ?? "";
      return {
        kind: "remove",
        table: this.table,
        key,
        before: this.#host.plan.rows(this.table).get(key) ?? null,
      };
    });
    this.#host.change(operations);
    if (this.#keys.length) this.#focus({ row: this.#at.row, column: this.#at.column });
  }

  #shift(by: number): void {
    const key = this.#keys[this.#at.row];
    const goal = this.#at.row + by;
    if (key === undefined || goal < 0 || goal >= this.#keys.length) return;
    const place = by > 0 ? (this.#keys[goal] ?? null) : (this.#keys[goal - 1] ?? null);
    this.#host.change([{ kind: "move", table: this.table, key, place }]);
    this.#focus({ row: goal, column: this.#at.column });
  }
}

/** Write the text of a cell beside the field that may stand in it. */
function write(cell: HTMLElement, text: string): void {
  const first = cell.firstChild;
  if (first instanceof Text) {
    if (first.data !== text) first.data = text;
  } else if (text) {
    cell.prepend(text);
  }
}

function isTouch(): boolean {
  return matchMedia("(pointer: coarse), (width < 40rem)").matches;
}
