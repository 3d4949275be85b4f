// How the fields of a row are written and read: what people type or paste becomes a value; the server judges it.
import type { Entry, Value } from "./values";

export type ColumnKind = "key" | "text" | "long" | "number" | "enum" | "truth" | "list" | "date" | "term";
export type Option = { value: string; label: string };
export type Column = {
  path: string[];
  label: string;
  kind: ColumnKind;
  options: Option[];
  is_more: boolean;
  group: string;
};
export type Words = Record<string, string>;
/** The teaching weeks of a term, where they are told: then a cell shows weekly hours alone. */
export type Weeks = (term: string) => number | null;

export function shown(column: Column, value: Value, words: Words, weeks: Weeks): string {
  if (value === null) return "";
  switch (column.kind) {
    case "enum":
      return column.options.find((one) => one.value === value)?.label ?? String(value);
    case "truth":
      return value === true ? (words.yes ?? "") : value === false ? (words.no ?? "") : String(value);
    case "list":
      return Array.isArray(value)
        ? value.map((one) => labelOf(column, one)).join(words.comma)
        : String(value);
    case "term":
      return Array.isArray(value)
        ? value.map((one) => shownEntry(one as Entry, weeks(column.path[1] ?? ""))).join(" + ")
        : String(value);
    default:
      return String(value);
  }
}

function labelOf(column: Column, value: Value): string {
  return column.options.find((one) => one.value === value)?.label ?? String(value);
}

function shownEntry(entry: Entry, usual: number | null): string {
  if (entry.hours !== undefined) return `${entry.hours}h`;
  if (entry.weeks !== undefined && entry.weeks === usual) return String(entry.weekly_hours ?? "?");
  if (entry.weeks === undefined && usual === null) return String(entry.weekly_hours ?? "?");
  return `${entry.weekly_hours ?? "?"}×${entry.weeks ?? "?"}`;
}

export function read(column: Column, typed: string, words: Words, weeks: Weeks): Value {
  const text = typed.trim();
  if (text === "") return null;
  switch (column.kind) {
    case "number":
      return readNumber(text);
    case "enum":
      return readWord(column.options, text);
    case "truth":
      return readTruth(text, words);
    case "list":
      return text
        .split(/[、,，;；\s]+/u)
        .filter(Boolean)
        .map((one) => readWord(column.options, one));
    case "date":
      return readDate(text);
    case "term":
      return text.split("+").map((part) => readEntry(part, weeks(column.path[1] ?? "")));
    default:
      return column.kind === "long" ? typed.trimEnd() : text;
  }
}

function readNumber(text: string): Value {
  const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
}

function readWord(options: Option[], text: string): string {
  const wanted = text.toLowerCase();
  const exact = options.find((one) => one.value === wanted || one.label.toLowerCase() === wanted);
  const begun = options.filter((one) => one.label.toLowerCase().startsWith(wanted));
  return exact?.value ?? (begun.length === 1 ? (begun[0]?.value ?? text) : text);
}

function readTruth(text: string, words: Words): Value {
  const wanted = text.toLowerCase();
  if ([words.yes?.toLowerCase(), "是", "yes", "true", "1", "√", "✓"].includes(wanted)) return true;
  if ([words.no?.toLowerCase(), "否", "no", "false", "0", "×"].includes(wanted)) return false;
  return text;
}

function readDate(text: string): string {
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  return found ? `${found[1]}-${found[2]?.padStart(2, "0")}-${found[3]?.padStart(2, "0")}` : text;
}

function readEntry(part: string, usual: number | null): Value {
  const text = part.normalize("NFKC").trim();
  const hours = /^=?\s*(\d+(?:\.\d+)?)\s*(?:h|学时|节)?$/i.exec(text);
  const product = /^(\d+(?:\.\d+)?)\s*[x×*]\s*(\d+(?:\.\d+)?)$/i.exec(text);
  if (product) return { weekly_hours: Number(product[1]), weeks: Number(product[2]) };
  if (hours && /^\d+(\.\d+)?$/.test(text)) {
    return usual === null ? { weekly_hours: Number(text) } : { weekly_hours: Number(text), weeks: usual };
  }
  return hours ? { hours: Number(hours[1]) } : { hours: text };
}
