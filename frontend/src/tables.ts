// Tables: count of the rows chosen for a bulk action, and choosing all of the page.

function update(box: Element): void {
  const rows = [...box.querySelectorAll<HTMLInputElement>("tbody input[data-zq-pick]")];
  const chosen = rows.filter((row) => row.checked).length;
  const bulk = box.querySelector<HTMLElement>(".zq-bulk");
  if (bulk) {
    bulk.hidden = chosen === 0;
    const count = bulk.querySelector("[data-zq-chosen]");
    if (count) count.textContent = String(chosen);
  }
  const all = box.querySelector<HTMLInputElement>("input[data-zq-all]");
  if (all) {
    all.checked = rows.length > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  }
}

function onChange(event: Event): void {
  const input = event.target;
  if (!(input instanceof HTMLInputElement)) return;
  const box = input.closest(".zq-tablebox");
  if (!box) return;
  if (input.dataset.zqAll !== undefined) {
    for (const row of box.querySelectorAll<HTMLInputElement>("tbody input[data-zq-pick]")) {
      row.checked = input.checked;
    }
  }
  if (input.dataset.zqAll !== undefined || input.dataset.zqPick !== undefined) update(box);
}

/** A filter applies when it changes; its button stays for people without a script. */
function onFilter(event: Event): void {
  const input = event.target;
  if (input instanceof HTMLSelectElement && input.dataset.zqAuto !== undefined) input.form?.requestSubmit();
}

/** On a phone the further conditions start folded, so that the rows come first; what is chosen stands in the chips. */
function foldConditions(root: ParentNode): void {
  if (!matchMedia("(width < 40rem)").matches) return;
  for (const more of root.querySelectorAll<HTMLDetailsElement>("details.zq-more")) more.open = false;
}

export function startTables(): void {
  foldConditions(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof Element) foldConditions(event.target);
  });
  document.addEventListener("change", onChange);
  document.addEventListener("change", onFilter);
  for (const box of document.querySelectorAll(".zq-tablebox")) update(box);
}
