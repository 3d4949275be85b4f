// What could not be saved as it was meant: both values stand here until a person has chosen; nothing is lost.
import type { Words } from "./cells";
import type { Result } from "./saver";
import type { Operation, Value } from "./values";

export type Clash = {
  operation: Operation;
  result: Result;
  label: string;
  mine: string;
  theirs: string;
};
type Acts = {
  /** Write one's own value over what stands now. */
  insist(operation: Operation, current: Value): void;
  show(operation: Operation): void;
};

export class Clashes {
  readonly #box: HTMLElement;
  readonly #words: Words;
  readonly #acts: Acts;

  constructor(box: HTMLElement, words: Words, acts: Acts) {
    this.#box = box;
    this.#words = words;
    this.#acts = acts;
  }

  add(clash: Clash): void {
    const item = document.createElement("li");
    item.append(this.#sentence(clash), this.#values(clash), this.#buttons(clash, item));
    this.#box.querySelector("ul")?.append(item);
    this.#box.hidden = false;
  }

  #sentence(clash: Clash): HTMLElement {
    const line = document.createElement("p");
    const place = document.createElement("strong");
    place.textContent = clash.label;
    line.append(place, " ", clash.result.text);
    return line;
  }

  #values(clash: Clash): HTMLElement {
    const list = document.createElement("dl");
    list.className = "zq-facts";
    const parts =
      clash.result.status === "refused"
        ? [[this.#words.typed, clash.mine]]
        : [
            [this.#words.mine, clash.mine],
            [
              clash.result.by ? `${this.#words.theirs} · ${clash.result.by}` : this.#words.theirs,
              clash.theirs,
            ],
          ];
    for (const [name, text] of parts) {
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = name ?? "";
      value.textContent = text || (this.#words.blank ?? "");
      list.append(term, value);
    }
    return list;
  }

  #buttons(clash: Clash, item: HTMLElement): HTMLElement {
    const row = document.createElement("div");
    row.className = "zq-row";
    const close = (): void => {
      item.remove();
      this.#box.hidden = !this.#box.querySelector("li");
      this.#acts.show(clash.operation);
    };
    const button = (text: string | undefined, act: () => void): void => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-sm";
      made.textContent = text ?? "";
      made.addEventListener("click", act);
      row.append(made);
    };
    if (clash.result.status === "conflict" && !clash.result.gone && clash.operation.kind !== "add") {
      button(this.#words.insist, () => {
        this.#acts.insist(clash.operation, clash.result.current);
        close();
      });
    }
    button(clash.result.status === "refused" ? this.#words.close : this.#words.yield, close);
    return row;
  }
}
