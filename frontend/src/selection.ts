// Text chosen on a page goes into the field of a form that asks for it (`data-zq-select-from` names where).

const LONGEST = 60;

function onSelection(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-zq-select-from]");
  const chosen = document.getSelection();
  const input = form?.querySelector<HTMLInputElement>("input[name]");
  if (!form || !input || !chosen || chosen.isCollapsed || !chosen.anchorNode) return;
  const place = document.querySelector(form.dataset.zqSelectFrom ?? "")?.closest("section");
  const text = chosen.toString().trim();
  if (!place?.contains(chosen.anchorNode) || form.contains(chosen.anchorNode)) return;
  if (text && text.length <= LONGEST && !text.includes("\n")) input.value = text;
}

export function startSelection(): void {
  document.addEventListener("selectionchange", onSelection);
}
