// The evidence drawer: opens when htmx fills it, keeps the way walked, returns the focus where it came from.

import htmx from "htmx.org";

const way: string[] = [];
let goingBack = false; // one step at a time: a second press before the answer would mix up the way

function drawer(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("#zq-drawer");
}

function back(): HTMLButtonElement | null {
  return document.querySelector<HTMLButtonElement>("#zq-drawer-back");
}

async function show(url: string): Promise<void> {
  await htmx.ajax("get", url, { target: "#zq-drawer-body", swap: "innerHTML" });
}

function onSwap(event: Event): void {
  const detail = (event as CustomEvent<{ target: Element; pathInfo?: { requestPath?: string } }>).detail;
  const panel = drawer();
  if (!panel || detail.target.id !== "zq-drawer-body") return;
  const url = detail.pathInfo?.requestPath ?? "";
  if (url && way.at(-1) !== url) way.push(url);
  if (!panel.open) panel.showModal();
  const button = back();
  if (button) button.hidden = way.length < 2;
  detail.target.scrollTop = 0;
  const title = detail.target.querySelector<HTMLElement>("[data-zq-title]");
  title?.focus();
}

function onClick(event: MouseEvent): void {
  const target = event.target;
  if (!(target instanceof Element)) return;
  if (target.closest("#zq-drawer-back") && !goingBack) {
    way.pop();
    const previous = way.at(-1);
    if (previous) {
      goingBack = true;
      void show(previous).finally(() => {
        goingBack = false;
      });
    }
  }
  if (target === drawer() || target.closest("[data-zq-close]")) target.closest("dialog")?.close();
}

/** Open the evidence of a mark inside a chart, where no link can stand. */
export function openEvidence(url: string): void {
  way.length = 0;
  void show(url);
}

export function startDrawer(): void {
  document.addEventListener("htmx:afterSwap", onSwap);
  document.addEventListener("click", onClick);
  document.addEventListener("zq:evidence", (event) => openEvidence((event as CustomEvent<string>).detail));
  drawer()?.addEventListener("close", () => {
    way.length = 0;
  });
}
