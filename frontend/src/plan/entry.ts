// The field that stands in a cell while it is edited: text, long text or a choice; it ends by keys as spreadsheets do.
import type { Column, Words } from "./cells";

export type Ending = "down" | "up" | "right" | "left" | "stay" | "away";
/** `begun` is a field that already stands in the cell and holds what was typed, `typed` the first sign of a choice. */
type Shown = { text: string; words: Words; begun?: HTMLInputElement; typed?: string };
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Open a cell for typing; `end` is called once, with the text or null where nothing is to be changed. */
export function cellEditor(
  cell: HTMLElement,
  column: Column,
  shown: Shown,
  end: (ending: Ending, text: string | null) => void,
): void {
  const field = shown.begun ?? fieldOf(column, shown);
  field.setAttribute("aria-label", cell.dataset.label ?? column.label);
  field.className = "";
  cell.dataset.editing = "";
  if (shown.begun) {
    // moving the field would end what an input method composes in it
    for (const node of [...cell.childNodes]) if (node !== field) node.remove();
  } else {
    cell.replaceChildren(field);
  }
  let over = false;
  const finish = (ending: Ending, keep: boolean): void => {
    if (over) return;
    over = true;
    delete cell.dataset.editing;
    end(ending, keep ? field.value : null);
  };
  field.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).isComposing) return;
    const ending = endingOf(event as KeyboardEvent, field, shown.begun !== undefined);
    if (!ending) {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    finish(ending, (event as KeyboardEvent).key !== "Escape");
  });
  field.addEventListener("blur", () => finish("away", true));
  if (field instanceof HTMLSelectElement && matchMedia("(pointer: coarse)").matches) {
    field.addEventListener("change", () => finish("stay", true));
  }
  if (shown.begun) return;
  field.focus();
  if (field instanceof HTMLSelectElement) return;
  field.setSelectionRange(field.value.length, field.value.length);
}

function fieldOf(column: Column, shown: Shown): Field {
  if (column.kind === "enum" || column.kind === "truth") return choiceOf(column, shown);
  const field = document.createElement(column.kind === "long" ? "textarea" : "input");
  field.value = shown.text;
  if (column.kind === "number") field.inputMode = "decimal";
  field.autocomplete = "off";
  return field;
}

function choiceOf(column: Column, shown: Shown): HTMLSelectElement {
  const field = document.createElement("select");
  const yesNo = [shown.words.yes ?? "", shown.words.no ?? ""];
  const labels = column.kind === "truth" ? yesNo : column.options.map((one) => one.label);
  field.append(...["", ...labels].map((label) => new Option(label, label)));
  field.value = shown.text;
  const wanted = shown.typed?.toLowerCase();
  const begun = wanted && labels.find((label) => label.toLowerCase().startsWith(wanted));
  if (begun) field.value = begun;
  return field;
}

function endingOf(event: KeyboardEvent, field: Field, wasTyped: boolean): Ending | null {
  if (event.key === "Escape") return "stay";
  if (event.key === "Tab") return event.shiftKey ? "left" : "right";
  if (event.key === "Enter") {
    if (event.altKey || (event.shiftKey && field instanceof HTMLTextAreaElement)) {
      insertLine(field);
      return null;
    }
    return event.shiftKey ? "up" : "down";
  }
  // begun by typing, arrows go on to the next cell; begun with Enter they move within the text
  if (wasTyped && event.key === "ArrowDown" && !(field instanceof HTMLSelectElement)) return "down";
  if (wasTyped && event.key === "ArrowUp" && !(field instanceof HTMLSelectElement)) return "up";
  return null;
}

function insertLine(field: Field): void {
  if (field instanceof HTMLTextAreaElement)
    field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
}
