// The desk's answer box: answer or note. Each way has a button of its own; the switch shows one of them.
import { all, fresh } from "./forms.js";

function bindComposer(box) {
  const show = (mode) => {
    box.dataset.mode = mode;
    box.classList.toggle("composer--note", mode === "note");
    for (const part of box.querySelectorAll("[data-for-mode]")) part.hidden = part.dataset.forMode !== mode;
    for (const button of box.querySelectorAll("[data-mode-to]")) {
      button.setAttribute("aria-pressed", String(button.dataset.modeTo === mode));
    }
  };
  for (const button of box.querySelectorAll("[data-mode-to]")) {
    button.addEventListener("click", () => {
      show(button.dataset.modeTo);
      (box.querySelector("[contenteditable=true]") ?? box.querySelector("textarea"))?.focus();
    });
  }
  show(box.dataset.mode);
  box.closest("form")?.addEventListener("kept:restored", (event) => {
    const { mode } = event.detail;
    if (box.querySelector(`[data-mode-to="${mode}"]`)) show(mode);
    open();
  });
  // on a phone the box is one line until somebody writes in it
  const text = () => box.querySelector("textarea").value.trim();
  const open = () => box.classList.add("is-open");
  box.addEventListener("focusin", open);
  box.addEventListener("focusout", (event) => {
    if (!box.contains(event.relatedTarget) && !text()) box.classList.remove("is-open");
  });
  if (text() || box.querySelector("[aria-invalid=true]")) open();
}

export function bindComposers(root) {
  for (const box of all(root, "[data-composer]")) if (fresh(box, "Composer")) bindComposer(box);
}
