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
}

export function bindComposers(root) {
  for (const box of all(root, "[data-composer]")) if (fresh(box, "Composer")) bindComposer(box);
}
