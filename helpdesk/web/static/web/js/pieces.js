// Small things: menus that close, copied texts, dialogs, remembered panels, notices of failed swaps.
import { all, fresh } from "./forms.js";
import { toast, words } from "./toasts.js";

function pop(menu) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

function remember(panel) {
  const key = `open:${panel.dataset.remember}`;
  try {
    const kept = localStorage.getItem(key);
    if (kept !== null) panel.open = kept === "1";
    panel.addEventListener("toggle", () => localStorage.setItem(key, panel.open ? "1" : "0"));
  } catch { /* storage is forbidden: nothing to remember */ }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch { // no secure connection: the old way
    const field = document.createElement("textarea");
    field.value = button.dataset.copy;
    field.className = "vh";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  toast(`${words("copied")}: ${button.dataset.copy}`, { seconds: 3 });
}

// A notice goes with its ×; a success also with the next text, unless it offers a way back. What is being typed stays where it is.
function dismiss(note, typed) {
  const top = typed?.getBoundingClientRect().top;
  (note.parentElement.childElementCount > 1 ? note : note.parentElement).remove();
  if (typed) scrollBy({ top: typed.getBoundingClientRect().top - top, behavior: "instant" });
}

document.addEventListener("input", ({ target, isTrusted }) => {
  if (!isTrusted) return; // a kept text that comes back
  for (const button of document.querySelectorAll(".flash .banner--good > [data-dismiss]")) {
    if (!button.parentElement.querySelector("form")) dismiss(button.parentElement, target);
  }
});
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) print();
  const note = target.closest?.("[data-dismiss]")?.parentElement;
  if (!note) return;
  dismiss(note);
  const main = document.getElementById("main");
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
});

export function bindPieces(root) {
  for (const menu of all(root, "details[data-pop]")) if (fresh(menu, "Pop")) pop(menu);
  for (const panel of all(root, "details[data-remember]")) if (fresh(panel, "Remember")) remember(panel);
  for (const button of all(root, "[data-copy]")) if (fresh(button, "Copy")) button.addEventListener("click", () => copy(button));
  for (const link of all(root, "[data-back]")) {
    if (fresh(link, "Back")) link.addEventListener("click", (event) => { event.preventDefault(); history.back(); });
  }
  for (const button of all(root, "[data-dialog]")) {
    if (fresh(button, "Dialog")) button.addEventListener("click", (event) => {
      const dialog = document.getElementById(button.dataset.dialog);
      if (dialog) { event.preventDefault(); dialog.showModal(); }
    });
  }
  for (const button of all(root, "dialog [data-close]")) {
    if (fresh(button, "Close")) button.addEventListener("click", (event) => { event.preventDefault(); button.closest("dialog").close(); });
  }
  for (const note of all(root, "[data-toast]")) if (fresh(note, "Toast")) toast(note.dataset.toast);
}

document.addEventListener("htmx:responseError", () => toast(words("failed"), { bad: true }));
document.addEventListener("htmx:sendError", () => toast(words("offline"), { bad: true }));
