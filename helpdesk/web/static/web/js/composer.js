// The desk's answer box: answer or note. Each way has a button of its own; the switch shows one of them.
import { all, fresh } from "./forms.js";

function bindComposer(box) {
  const now = box.closest("form")?.querySelector("[data-mode-now]"); // for a draft of it
  const show = (mode) => {
    box.dataset.mode = mode;
    if (now) now.value = mode;
    box.classList.toggle("composer--note", mode === "note");
    for (const part of box.querySelectorAll("[data-for-mode]")) part.hidden = part.dataset.forMode !== mode;
    for (const button of box.querySelectorAll("[data-mode-to]")) {
      button.setAttribute("aria-pressed", String(button.dataset.modeTo === mode));
    }
  };
  for (const button of box.querySelectorAll("[data-mode-to]")) {
    button.addEventListener("click", () => {
      show(button.dataset.modeTo);
      if (box.querySelector("textarea")?.value) now?.dispatchEvent(new Event("change", { bubbles: true }));
      (box.querySelector("[contenteditable=true]") ?? box.querySelector("textarea"))?.focus();
    });
  }
  show(box.dataset.mode);
  box.closest("form")?.addEventListener("kept:restored", (event) => {
    const { mode } = event.detail;
    if (box.querySelector(`[data-mode-to="${mode}"]`)) show(mode);
  });
  fold(box);
}

// On a phone the box is one line, a draft's first, until somebody writes in it; on a low one the bar below gives way.
function fold(box) {
  let pressed = false; // something is: it must not move away, and on some phones a button takes no focus
  const set = (isOpen) => {
    box.classList.toggle("is-open", isOpen);
    document.body.classList.toggle("is-writing", isOpen);
  };
  const leave = () => {
    if (!box.classList.contains("is-open") || pressed || box.contains(document.activeElement)) return;
    if (box.closest("form")?.inert || box.querySelector("[aria-invalid=true]")) return; // on its way; to be corrected
    set(false);
    for (const area of box.querySelectorAll("textarea, .editor__area")) area.scrollTop = 0;
  };
  box.addEventListener("focusin", () => set(true));
  box.addEventListener("focusout", () => setTimeout(leave, 0));
  document.addEventListener("pointerdown", () => { pressed = true; });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => setTimeout(() => {
    pressed = false;
    leave();
  }, 300));
  if (box.querySelector("[aria-invalid=true]")) set(true);
}

export function bindComposers(root) {
  for (const box of all(root, "[data-composer]")) if (fresh(box, "Composer")) bindComposer(box);
}
