// Autosave: what people do goes to the server one after the other, is repeated when the network fails, and comes back
// with what others did meanwhile. Nothing is thrown away before the server has answered.
import type { Operation, Value } from "./values";

export type Result = {
  status: "done" | "conflict" | "refused";
  current: Value;
  gone: boolean;
  text: string;
  by: string;
  at: string;
};
export type Change = { sequence: number; by: string; own: boolean; operations: Operation[] };
export type Answer = {
  sequence: number;
  results: Result[];
  changes: Change[];
  rail: string | null;
  undo: boolean;
  redo: boolean;
  detail?: string;
};
export type Batch = { token: string; operations: Operation[] };
export type Turn = "undo" | "redo";
export type State = "saved" | "saving" | "offline" | "stopped";
export type Urls = { edit: string; turn: string; changes: string };

type Listener = {
  answered(answer: Answer, batch: Batch | null): void;
  stands(state: State, waiting: number, detail: string): void;
};

const POLL = 4000;
const RETRY = [1000, 2000, 5000, 15000];

export class Saver {
  readonly #urls: Urls;
  readonly #listener: Listener;
  readonly #waiting: Batch[] = [];
  readonly #turns: Turn[] = [];
  #sequence: number;
  #busy = false;
  #failures = 0;
  #stopped = false;

  constructor(urls: Urls, sequence: number, listener: Listener) {
    this.#urls = urls;
    this.#sequence = sequence;
    this.#listener = listener;
    setInterval(() => void this.#look(), POLL);
    addEventListener("beforeunload", (event) => {
      if (this.#waiting.length) event.preventDefault();
    });
    addEventListener("online", () => void this.#work());
  }

  /** Tell whether an operation that waits touches a field, so that what others wrote there is not shown over it. */
  touches(operation: Operation): boolean {
    return this.#waiting.some((batch) =>
      batch.operations.some(
        (one) =>
          one.table === operation.table &&
          one.key === operation.key &&
          (one.kind !== "set" || operation.kind !== "set" || overlaps(one.path ?? [], operation.path ?? [])),
      ),
    );
  }

  add(operations: Operation[]): void {
    if (!operations.length) return;
    this.#waiting.push({ token: token(), operations });
    void this.#work();
  }

  turn(kind: Turn): void {
    this.#turns.push(kind);
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#busy || this.#stopped) return;
    this.#busy = true;
    try {
      while (this.#waiting.length || this.#turns.length) {
        this.#tell("saving");
        const batch = this.#waiting[0] ?? null;
        const turn = batch ? null : (this.#turns[0] as Turn);
        const answer = batch ? await this.#send(batch) : await this.#back(turn as Turn);
        if (!answer) return;
        if (batch) this.#waiting.shift();
        else this.#turns.shift();
        this.#took(answer, batch);
      }
      this.#tell("saved");
    } finally {
      this.#busy = false;
    }
  }

  #send(batch: Batch): Promise<Answer | null> {
    const rail = this.#waiting.length < 2 && !this.#turns.length;
    return this.#post(this.#urls.edit, { base: this.#sequence, rail, ...batch });
  }

  #back(kind: Turn): Promise<Answer | null> {
    return this.#post(this.#urls.turn, { base: this.#sequence, rail: true, token: token(), kind });
  }

  async #post(url: string, body: object): Promise<Answer | null> {
    const headers = { "Content-Type": "application/json", ...csrf() };
    try {
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      if (response.ok || response.status === 409) {
        const answer = (await response.json()) as Answer;
        if (answer.results) {
          this.#failures = 0;
          return answer;
        }
        return this.#stop(answer.detail ?? "");
      }
      if (response.status < 500) return this.#stop(String(response.status));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // a TypeError is how fetch tells that the network failed
    }
    this.#tell("offline");
    const delay = RETRY[Math.min(this.#failures++, RETRY.length - 1)];
    setTimeout(() => void this.#work(), delay);
    return null;
  }

  /** The version can not be edited any more, or the person may not: what waits stays on the page. */
  #stop(detail: string): null {
    this.#stopped = true;
    this.#tell("stopped", detail);
    return null;
  }

  async #look(): Promise<void> {
    if (this.#busy || this.#stopped || document.hidden || this.#waiting.length) return;
    this.#busy = true;
    try {
      const response = await fetch(`${this.#urls.changes}?since=${this.#sequence}`);
      if (response.ok && response.status !== 204) this.#took((await response.json()) as Answer, null);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    } finally {
      this.#busy = false;
    }
    if (this.#waiting.length || this.#turns.length) void this.#work();
  }

  #took(answer: Answer, batch: Batch | null): void {
    this.#sequence = answer.sequence;
    this.#listener.answered(answer, batch);
  }

  #tell(state: State, detail = ""): void {
    this.#listener.stands(state, this.#waiting.length, detail);
  }
}

function overlaps(left: string[], right: string[]): boolean {
  return left.slice(0, right.length).join("\0") === right.slice(0, left.length).join("\0");
}

function token(): string {
  // randomUUID needs a secure context; campus installations without TLS have none
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function csrf(): Record<string, string> {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
}
