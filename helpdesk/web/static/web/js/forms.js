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

export function bindForms(root) {
  for (const form of all(root, "form[data-guard]")) if (fresh(form, "Guard")) guard(form);
  for (const box of all(root, "[data-strip]")) if (fresh(box, "Strip")) strip(box);
  for (const control of all(root, "[data-submit-on-change]")) {
    if (fresh(control, "Change")) control.addEventListener("change", () => control.form.requestSubmit());
  }
  const first = all(root, "[data-focus]")[0];
  if (first && fresh(first, "Focus")) first.focus();
}
