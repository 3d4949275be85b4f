// The frame: "/" goes to search, menus close as people expect, theme and narrow side bar are remembered.

const YEAR = 31_536_000;

function remember(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the server reads it to draw the page right the first time
  document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax`;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function closeMenus(except?: Element): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.zq-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !typing(event.target)) {
    event.preventDefault();
    document.querySelector<HTMLInputElement>("#zq-search")?.focus();
  }
  if (event.key === "Escape") {
    const open = document.querySelector<HTMLDetailsElement>("details.zq-menu[open]");
    closeMenus();
    open?.querySelector("summary")?.focus();
  }
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  closeMenus(event.target.closest("details.zq-menu") ?? undefined);
  const narrow = event.target.closest<HTMLElement>("[data-zq-narrow]");
  if (narrow) {
    const root = document.documentElement;
    const next = root.dataset.side === "narrow" ? "wide" : "narrow";
    root.dataset.side = next;
    narrow.setAttribute("aria-expanded", String(next === "wide"));
    remember("zq_side", next);
  }
  if (event.target.closest("[data-zq-print]")) window.print();
}

/** The theme changes at once; without a script the same form asks the server. */
function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.zqTheme === undefined) return;
  const theme = (event.submitter as HTMLButtonElement | null)?.value ?? "";
  event.preventDefault();
  remember("zq_theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme === "dark" ? "zhiqiao-dark" : "zhiqiao";
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.value === theme));
  }
  closeMenus();
  document.dispatchEvent(new CustomEvent("zq:theme"));
}

/** Long contents at the side begin where one is, without moving the page. */
function showPlace(): void {
  const list = document.querySelector<HTMLElement>(".zq-report-wide");
  const here = list?.querySelector<HTMLElement>("[aria-current]");
  if (!list || !here) return;
  const below = here.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom;
  if (below > 0) list.scrollTop += below + list.clientHeight / 2;
}

export function startFrame(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  showPlace();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    document.dispatchEvent(new CustomEvent("zq:theme")),
  );
}
