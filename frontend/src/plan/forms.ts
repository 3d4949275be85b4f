// The fields of the plan itself and the texts of its sections: plain inputs that save themselves.
import { type Column, read, shown } from "./cells";
import type { Host } from "./grid";
import { HEAD, type Operation, same, type Value } from "./values";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const PAUSE = 1500;

/** Connect all fields and texts; the returned function shows again what the plan holds. */
export function startForms(root: HTMLElement, host: Host): () => void {
  const refreshers = [...root.querySelectorAll<Field>("[data-field]")].map((field) =>
    startField(field, host),
  );
  refreshers.push(
    ...[...root.querySelectorAll<HTMLTextAreaElement>("[data-section]")].map((one) => startText(one, host)),
  );
  refreshers.push(
    ...[...root.querySelectorAll<HTMLInputElement>("[data-none]")].map((one) => startNone(one, host)),
  );
  return () => {
    for (const refresh of refreshers) refresh();
  };
}

function startField(field: Field, host: Host): () => void {
  const column = JSON.parse(field.dataset.field ?? "{}") as Column;
  const value = (): Value => host.plan.value(HEAD, HEAD, column.path);
  const text = (): string => {
    const held = value();
    if (field instanceof HTMLSelectElement) return held === null ? "" : String(held);
    return shown(column, held, host.words, host.weeks);
  };
  field.addEventListener("change", () => {
    const before = value();
    const after = read(column, field.value, host.words, host.weeks);
    if (same(before, after)) return;
    host.change([{ kind: "set", table: HEAD, key: HEAD, path: column.path, before, after }]);
  });
  return follow(field, text);
}

/** Show what the plan holds unless somebody is typing. */
function follow(field: Field, text: () => string): () => void {
  const refresh = (): void => {
    if (document.activeElement !== field || field.dataset.dirty === undefined) field.value = text();
  };
  field.addEventListener("input", () => {
    field.dataset.dirty = "";
  });
  field.addEventListener("change", () => {
    delete field.dataset.dirty;
  });
  refresh();
  return refresh;
}

function startText(field: HTMLTextAreaElement, host: Host): () => void {
  const key = field.dataset.section ?? "";
  const held = (): Value => host.plan.value("sections", key, ["text"]);
  let timer = 0;
  const save = (): void => {
    clearTimeout(timer);
    const before = held();
    const after = field.value === "" ? null : field.value;
    if (same(before, after)) return;
    const row = host.plan.rows("sections").get(key);
    const operation: Operation = row
      ? { kind: "set", table: "sections", key, path: ["text"], before, after: after ?? "" }
      : { kind: "add", table: "sections", key, after: { text: after }, place: null };
    host.change([operation]);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  });
  field.addEventListener("change", save);
  return follow(field, () => String(held() ?? ""));
}

/** A box that says that there is nothing: known to be empty is not the same as unknown. */
function startNone(box: HTMLInputElement, host: Host): () => void {
  const path = ["known", box.dataset.none ?? ""];
  box.addEventListener("change", () => {
    const before = host.plan.value(HEAD, HEAD, path);
    host.change([{ kind: "set", table: HEAD, key: HEAD, path, before, after: box.checked || null }]);
  });
  return () => {
    box.checked = host.plan.value(HEAD, HEAD, path) === true;
  };
}
