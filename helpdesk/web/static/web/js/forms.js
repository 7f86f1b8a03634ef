// Forms: one sending at a time, marks of errors that go with the error, the strip's warning, the focus on errors.
export const fresh = (element, name) => {
  const mark = `bound${name}`;
  if (element.dataset[mark]) return false;
  element.dataset[mark] = "1";
  return true;
};

export const all = (root, selector) => [
  ...(root.matches?.(selector) ? [root] : []),
  ...root.querySelectorAll(selector),
];

export const reselected = (field) => [...field.options].some((o) => o.selected && !o.defaultSelected);

// What a posted form leaves to the page that comes back: where the focus stands then; that a draft is no news.
const tab = (() => { try { return sessionStorage; } catch { return {}; } })();
export const { came } = tab;
delete tab.came;
document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (target.method !== "post" || defaultPrevented) return;
  const at = document.activeElement; // a select that was left for nothing has it again
  tab.came = (at === document.body ? target.querySelector("select") : at)?.id || "-";
});

// A select that is saved at once: by the mouse with the choice, by keys (they pass over other choices) with Enter or
// when it is left.
function saveChosen(select) {
  let byKeys = false;
  const save = () => { if (reselected(select)) select.form.requestSubmit(); };
  select.addEventListener("pointerdown", () => { byKeys = false; });
  select.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "Enter") { event.preventDefault(); save(); }
    else if (key === "Escape") for (const o of select.options) o.selected = o.defaultSelected;
    else if (key !== " ") byKeys = !event.altKey; // both may open the list, which is chosen from as with a mouse
  });
  select.addEventListener("change", () => { if (!byKeys) save(); });
  select.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== select) save(); }, 0));
}

// A second press while the first is on its way does nothing. The button is not disabled: its value must travel.
function guard(form) {
  let sentAt = 0;
  const release = () => {
    sentAt = 0;
    for (const button of form.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
  };
  form.addEventListener("submit", (event) => {
    if (sentAt && Date.now() - sentAt < 20000) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sentAt = Date.now();
    event.submitter?.setAttribute("aria-busy", "true");
    // another listener may have refused; then nothing is on its way
    setTimeout(() => { if (event.defaultPrevented && !("sending" in form.dataset)) release(); }, 0);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) release(); });
  form.addEventListener("sending:over", release);
}

function strip(box) {
  const from = Number(box.dataset.strip);
  const show = () => {
    const value = Number(box.querySelector("input:checked")?.value ?? 0);
    box.classList.toggle("strip--urgent", value >= from);
  };
  box.addEventListener("change", show);
  show();
}

// What was marked as wrong is being corrected: its mark, its sentence and its line of the summary go.
function corrected(id) {
  for (const field of document.querySelectorAll(`[aria-describedby~="${id}-error"]`)) {
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", field.getAttribute("aria-describedby").replace(`${id}-error`, "").trim());
    field.closest(".editor--invalid")?.classList.remove("editor--invalid");
  }
  document.getElementById(`${id}-error`)?.remove();
  const line = document.querySelector(`.error-summary a[href="#${id}"]`)?.closest("li");
  const summary = line?.closest(".error-summary");
  line?.remove();
  if (!summary) return;
  if (!summary.querySelector("li")) summary.remove();
  else summary.querySelector(".banner__title").textContent = summary.dataset.left;
}

function onCorrection({ target }) {
  const marks = target.closest?.("[aria-invalid=true]")?.getAttribute("aria-describedby") ?? "";
  const mark = marks.split(" ").find((id) => id.endsWith("-error"));
  if (mark) corrected(mark.slice(0, -"-error".length));
}

for (const name of ["input", "change"]) document.addEventListener(name, onCorrection);
// a file that cannot be sent was taken out of the list
document.addEventListener("files:changed", ({ target }) => {
  const input = target.querySelector("[data-files] input[type=file][aria-invalid=true]");
  if (input && !target.querySelector(".file--error")) corrected(input.id);
});

// Another recipient has other fields: what is said of one that is gone goes with it.
document.addEventListener("htmx:load", () => {
  for (const { hash } of document.querySelectorAll('.error-summary a[href^="#"]')) {
    if (!document.getElementById(hash.slice(1))) corrected(hash.slice(1));
  }
});

// The focus in the first wrong field; what is said above the form is seen with it where the screen holds both, and its
// label always.
function lead(first) {
  first.focus({ preventScroll: true });
  const field = first.closest(".field") ?? first;
  const summary = first.matches("[aria-invalid]") ? document.querySelector(".error-summary") : null;
  const head = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  const needed = summary && field.getBoundingClientRect().bottom - summary.getBoundingClientRect().top;
  const top = summary && needed <= innerHeight - head ? summary : field.querySelector(".label");
  for (const part of [field, top]) part?.scrollIntoView({ block: "nearest" });
}

export function bindForms(root) {
  for (const form of all(root, "form[data-guard]")) if (fresh(form, "Guard")) guard(form);
  for (const box of all(root, "[data-strip]")) if (fresh(box, "Strip")) strip(box);
  for (const field of all(root, "[data-submit-on-change]")) {
    if (!fresh(field, "Change")) continue;
    if (field.options) saveChosen(field);
    else field.addEventListener("change", () => field.form.requestSubmit()); // a box
  }
  const first = all(root, "[data-focus]")[0];
  if (first && fresh(first, "Focus")) lead(first);
  else if (root === document) document.getElementById(came)?.focus();
}
