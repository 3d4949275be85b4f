// A form or button with data-confirm asks first; the sentence says what will be lost.

function ask(text: string): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("#zq-confirm");
  if (!dialog) return Promise.resolve(window.confirm(text));
  const sentence = dialog.querySelector("p");
  if (sentence) sentence.textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.sure === "yes") return;
  const submitter = event.submitter as HTMLButtonElement | null;
  const text = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!text) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  void ask(text).then((yes) => {
    if (!yes) return;
    form.dataset.sure = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.sure;
  });
}

export function startConfirm(): void {
  document.addEventListener("submit", onSubmit, { capture: true });
}
