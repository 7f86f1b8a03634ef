// Fields that depend on others: what is shown and what must be filled in follows each choice. The rules are data of the
// page ([name, values]); the server decides.
import { all, fresh } from "./forms.js";

const named = (form, name) => form.querySelector(`[data-asked="${CSS.escape(name)}"]`);
const box = (asked) => asked.querySelector("[type=checkbox]");
const value = (asked) => (box(asked) ? String(Number(box(asked).checked)) : asked.querySelector("select, input, textarea").value.trim());

function holds(form, rule, seen) {
  if (!rule) return true;
  const [name, values] = JSON.parse(rule);
  const other = named(form, name);
  return Boolean(other) && !seen.includes(other) && isShown(form, other, seen) && values.includes(value(other));
}

const isShown = (form, asked, seen = []) => holds(form, asked.dataset.shown, [...seen, asked]);

function follow(form) {
  for (const asked of form.querySelectorAll("[data-asked]")) {
    const shown = isShown(form, asked);
    const { always, needed } = asked.dataset;
    const must = shown && (always !== undefined || (needed !== undefined && holds(form, needed, [asked])));
    asked.classList.toggle("asked--off", !shown);
    asked.classList.toggle("asked--needed", must);
    const field = box(asked) ?? asked.querySelector("select, input:not([type=hidden], [type=file]), textarea");
    if (field) field.required = must;
    const instead = asked.querySelector("[data-instead]");
    if (instead) instead.hidden = value(asked) !== "";
  }
}

// Another queue is chosen: what was typed goes along unseen, and is back when its field is.
const typed = new WeakMap();
const fields = (form) => [...form.elements].filter((field) => field.name?.startsWith("field_") && field.type !== "file");
const lacks = (field, text) => Boolean(text && field.options) && ![...field.options].some((o) => o.value === text);

function keep(form) {
  const found = typed.get(form) ?? {};
  for (const field of fields(form)) found[field.name] = field.type === "checkbox" ? String(Number(field.checked)) : field.value;
  typed.set(form, found);
  place(form, true);
}

function back(form) {
  const found = typed.get(form);
  if (!found) return;
  for (const [name, text] of Object.entries(found)) {
    const there = fields(form).filter((field) => field.name === name && !("beside" in field.dataset));
    const beside = form.querySelector(`[data-beside][name="${CSS.escape(name)}"]`);
    if (there.length) beside?.remove();
    else if (beside) beside.value = text;
    else {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value: text });
      field.dataset.beside = "";
      form.prepend(field);
    }
    for (const field of there) {
      if (lacks(field, text) && field.closest(".asked--month, .asked--period")) field.add(new Option(text));
      if (field.type === "checkbox") field.checked = text === "1";
      else if (field.type !== "hidden" && !lacks(field, text)) field.value = text;
    }
  }
}

// What drafts.js brought back, also for a recipient whose fields come later.
function restored(form, kept) {
  const found = typed.get(form) ?? {};
  for (const [name, texts] of Object.entries(kept)) if (name.startsWith("field_")) found[name] = texts.at(-1);
  typed.set(form, found);
  back(form);
}

// Each file stands under its field, or in the form's own list.
function place(form, away = false) {
  const general = form.querySelector('[data-files=""] .files');
  for (const line of form.querySelectorAll(".file[data-for]")) {
    const own = form.querySelector(`[data-files="${CSS.escape(line.dataset.for)}"] .files`);
    const to = (!away && own) || general;
    if (to && line.parentElement !== to) to.append(line);
  }
}

function bind(root) {
  for (const form of all(root, "form")) {
    if (!form.querySelector(".intake") || !fresh(form, "Asked")) continue;
    form.addEventListener("kept:restored", ({ detail }) => restored(form, detail.fields));
    for (const name of ["input", "change", "kept:restored"]) form.addEventListener(name, () => follow(form));
    form.addEventListener("files:changed", () => place(form));
    follow(form);
  }
}

bind(document);
document.addEventListener("page:shown", ({ detail }) => bind(detail.elt));
const formOf = (element) => element.closest?.("form[data-bound-asked]");
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = formOf(detail.target);
  if (form) keep(form);
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const form = formOf(detail.elt);
  if (!form) return;
  back(form);
  place(form);
  follow(form);
});
