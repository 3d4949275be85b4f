// The rows of a plan in the page: values at paths, and the operations that change them (twin of operations.py).

export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
export type Content = { [name: string]: Value };
export type Kind = "set" | "add" | "remove" | "move" | "rename";
export type Operation = {
  kind: Kind;
  table: string;
  key: string;
  path?: string[];
  before?: Value;
  after?: Value;
  place?: string | null;
  left?: string | null;
};
export type Entry = { weeks?: number; weekly_hours?: number; hours?: number };

/** The table, and the key of its only row, that hold the plan's own fields. */
export const HEAD = "plan";

export function isContent(value: Value | undefined): value is Content {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function same(left: Value | undefined, right: Value | undefined): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: Value | undefined): string {
  return JSON.stringify(value ?? null, (_, part: unknown) =>
    isContent(part as Value)
      ? Object.fromEntries(Object.entries(part as Content).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

export function valueAt(content: Content, path: readonly string[]): Value {
  let held: Value | undefined = content;
  for (const name of path) {
    if (Array.isArray(held)) {
      const own = held.filter((entry) => isContent(entry) && String(entry.term) === name).map(withoutTerm);
      return own.length ? own : null;
    }
    held = isContent(held) ? held[name] : undefined;
  }
  return held ?? null;
}

function withoutTerm(entry: Value): Value {
  const { term: _, ...rest } = entry as Content;
  return rest;
}

export function put(content: Content, path: readonly string[], value: Value): Content {
  const [name = "", ...rest] = path;
  const held = content[name];
  let next = value;
  if (rest.length && (Array.isArray(held) || (name === "terms" && held === undefined))) {
    next = withTerm((held as Content[] | undefined) ?? [], Number(rest[0]), value);
  } else if (rest.length) {
    const inner = put(isContent(held) ? held : {}, rest, value);
    next = Object.keys(inner).length ? inner : null;
  }
  const found = { ...content, [name]: next };
  if (next === null) delete found[name];
  return found;
}

function withTerm(entries: Content[], term: number, value: Value): Value {
  const added = ((value ?? []) as Content[]).map((entry) => ({ term, ...entry }));
  const others = entries.filter((entry) => entry.term !== term);
  const at = others.findIndex((entry) => Number(entry.term) > term);
  const found = at < 0 ? [...others, ...added] : others.toSpliced(at, 0, ...added);
  return found.length ? found : null;
}

/** The tables of a plan, each with its rows by key in their order. */
export class Plan {
  readonly #tables: Map<string, Map<string, Content>>;

  constructor(rows: Record<string, [string, Content][]>) {
    this.#tables = new Map(Object.entries(rows).map(([table, held]) => [table, new Map(held)]));
  }

  rows(table: string): Map<string, Content> {
    let found = this.#tables.get(table);
    if (!found) {
      found = new Map();
      this.#tables.set(table, found);
    }
    return found;
  }

  value(table: string, key: string, path: readonly string[]): Value {
    return valueAt(this.rows(table).get(key) ?? {}, path);
  }

  /** Make a change as the server made it, or as it will be asked to; what is gone is left alone. */
  apply(operation: Operation): void {
    const { table, key } = operation;
    const rows = this.rows(table);
    switch (operation.kind) {
      case "set": {
        const row = rows.get(key);
        if (row) rows.set(key, put(row, operation.path ?? [], operation.after ?? null));
        return;
      }
      case "add":
        if (!rows.has(key))
          this.#insert(table, key, (operation.after ?? {}) as Content, operation.place ?? null);
        return;
      case "remove":
        rows.delete(key);
        return;
      case "move": {
        const row = rows.get(key);
        if (!row || operation.place === key) return;
        rows.delete(key);
        this.#insert(table, key, row, operation.place ?? null);
        return;
      }
      case "rename": {
        const next = String(operation.after);
        const renamed = [...rows].map(([name, row]): [string, Content] => [name === key ? next : name, row]);
        this.#tables.set(table, new Map(renamed));
      }
    }
  }

  #insert(table: string, key: string, row: Content, place: string | null): void {
    const old = [...this.rows(table)];
    const at = place === null ? 0 : old.findIndex(([name]) => name === place) + 1 || old.length;
    this.#tables.set(table, new Map(old.toSpliced(at, 0, [key, row])));
  }
}
