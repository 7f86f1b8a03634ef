// Notices at the foot of the window: 8 s each, held while the pointer or the focus is on them.
const box = () => document.querySelector("[data-toasts]");

export const words = (name) => box()?.dataset[name] ?? "";

export function toast(text, { bad = false, seconds = 8 } = {}) {
  const place = box();
  if (!place || !text) return;
  const note = document.createElement("div");
  note.className = bad ? "toast toast--bad" : "toast";
  const line = document.createElement("span");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", words("close"));
  close.addEventListener("click", () => note.remove());
  note.append(line, close);
  place.append(note);
  let timer;
  const run = () => { timer = setTimeout(() => note.remove(), seconds * 1000); };
  const hold = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) note.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) note.addEventListener(name, run);
  run();
}
