// A block of cells copied from a spreadsheet becomes changes of rows that are there and rows that are added.
import { type Column, read, type Weeks, type Words } from "./cells";
import { type Content, type Operation, type Plan, put, same, type Value } from "./values";

type Into = { plan: Plan; words: Words; weeks: Weeks };

/** Return the changes that write a block into a table from a row on, into these columns. */
export function pasted(
  text: string,
  into: Into,
  table: string,
  keys: readonly string[],
  from: number,
  columns: readonly Column[],
): Operation[] {
  const operations: Operation[] = [];
  const taken = new Set(keys);
  let last = keys.at(-1) ?? null;
  readBlock(text).forEach((line, down) => {
    const key = keys[from + down];
    const cells = line
      .slice(0, columns.length)
      .map((typed, at) => ({ column: columns[at] as Column, typed }));
    if (key !== undefined) {
      for (const { column, typed } of cells)
        operations.push(...written(into, table, key, column, typed, taken));
      return;
    }
    const named = cells.find((one) => one.column.kind === "key")?.typed.trim();
    const fresh = named && !taken.has(named) ? named : freshKey(table, taken);
    taken.add(fresh);
    let row: Content = {};
    for (const { column, typed } of cells) {
      if (column.kind !== "key") row = filled(row, column, read(column, typed, into.words, into.weeks));
    }
    operations.push({ kind: "add", table, key: fresh, after: row, place: last });
    last = fresh;
  });
  // a row takes its new key last: what is written into it names it as it was
  return operations.sort((a, b) => Number(a.kind === "rename") - Number(b.kind === "rename"));
}

function written(
  into: Into,
  table: string,
  key: string,
  column: Column,
  typed: string,
  taken: Set<string>,
): Operation[] {
  if (column.kind === "key") {
    const after = typed.trim();
    if (!after || after === key || taken.has(after)) return [];
    taken.add(after);
    return [{ kind: "rename", table, key, after }];
  }
  const before = into.plan.value(table, key, column.path);
  const after = read(column, typed, into.words, into.weeks);
  return same(before, after) ? [] : [{ kind: "set", table, key, path: column.path, before, after }];
}

function filled(row: Content, column: Column, value: Value): Content {
  return value === null ? row : put(row, column.path, value);
}

/** Return a key that no row has: the next number after the stem that most rows share. */
export function freshKey(table: string, taken: Set<string>): string {
  const last =
    [...taken].findLast((key) => /\d+$/.test(key)) ?? (table === "terms" ? "0" : `${table.slice(0, 1)}0`);
  const stem = last.replace(/\d+$/, "");
  const digits = last.length - stem.length;
  let number = Number(last.slice(stem.length));
  let key: string;
  do {
    number += 1;
    key = `${stem}${String(number).padStart(digits, "0")}`;
  } while (taken.has(key));
  return key;
}

/** Read tab-separated text as spreadsheets copy it: a cell with a line break or quotation mark stands in quotes. */
function readBlock(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y;
  let at = 0;
  while (at <= text.length) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    rows.at(-1)?.push(found?.[1] !== undefined ? found[1].replaceAll('""', '"') : (found?.[2] ?? ""));
    at = cell.lastIndex;
    if (text[at] === "\t") at += 1;
    else {
      at += text.startsWith("\r\n", at) ? 2 : 1;
      if (at < text.length) rows.push([]);
      else break;
    }
  }
  return rows;
}
