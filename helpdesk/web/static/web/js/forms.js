// Forms: one sending at a time, typed text kept over an expired session, the strip's warning, the focus on errors.
import { toast, words } from "./toasts.js";

const PREFIX = "keep:";
const WEEK = 7 * 24 * 3600 * 1000;

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
    setTimeout(() => { if (event.defaultPrevented && !form.classList.contains("htmx-request")) release(); }, 0);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) release(); });
  form.addEventListener("htmx:afterRequest", release);
}

const storage = {
  read(key) {
    try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; }
  },
  write(key, value) {
    try { localStorage.setItem(PREFIX + key, JSON.stringify(value)); } catch { /* full or forbidden: typing goes on */ }
  },
  forget(key) {
    try { localStorage.removeItem(PREFIX + key); } catch { /* forbidden */ }
  },
};

const kept = (form) => [...form.elements].filter((field) =>
  field.name && !["password", "file", "submit", "button", "reset"].includes(field.type)
  && (field.type !== "hidden" || field.name.endsWith("_format")) && !("noKeep" in field.dataset));

const changed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((o) => o.selected !== o.defaultSelected && o.selected);
  return field.value !== field.defaultValue;
};

function snapshot(form) {
  const fields = {};
  for (const field of kept(form)) {
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) (fields[field.name] ??= []).push(field.value);
    } else (fields[field.name] ??= []).push(field.value);
  }
  return fields;
}

// What came back: "" nothing, "choice" a choice alone (not worth a word), "text" something that was typed.
function restore(form, fields) {
  let some = "";
  const turn = {};
  for (const field of kept(form)) {
    const values = fields[field.name];
    if (!values) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      const on = values.includes(field.value);
      if (on !== field.checked) some ||= "choice";
      field.checked = on;
    } else {
      const value = values[turn[field.name] = (turn[field.name] ?? -1) + 1];
      if (value === undefined || value === field.value) continue;
      if (field.options && ![...field.options].some((o) => o.value === value)) continue;
      field.value = value;
      if (field.type !== "hidden") some = field.options || !value.trim() ? some || "choice" : "text";
    }
  }
  return some;
}

// After «back» a browser puts the editor's markup into a text area that says of itself that it holds plain text: sent
// like that, people would read tags. It becomes the text that it was. Browsers do so before or after our start.
const MARKUP = /^<(?:div|p|ul|ol|blockquote|pre|br|h[1-6])\b/;

function plainAgain(form) {
  for (const area of form.querySelectorAll("textarea[data-editor]")) {
    const format = form.elements[`${area.name}_format`]?.value ?? "text";
    if (format === "html" || area.value === area.defaultValue || !MARKUP.test(area.value)) continue;
    const lines = area.value.replace(/<br\s*\/?>|<\/(?:div|p|li|blockquote|pre|h[1-6])>/g, "$&\n");
    area.value = new DOMParser().parseFromString(lines, "text/html").body.textContent.trim();
  }
}

// A choice that the browser put back brings its part of the form along.
function partsAgain(form) {
  for (const field of form.querySelectorAll("select[hx-get]")) {
    if ([...field.options].some((option) => option.selected && !option.defaultSelected)) {
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-keep]")) {
    plainAgain(form);
    partsAgain(form);
  }
});

// Fields come and go with the chosen queue: what was typed into them is there when they come back.
const passed = new WeakMap();
const ofQueue = (form) => [...form.elements].filter((field) => field.name?.startsWith("field_"));

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.target.closest?.("form");
  if (!form) return;
  const typed = passed.get(form) ?? {};
  for (const field of ofQueue(form)) if (field.value) typed[field.name] = field.value;
  passed.set(form, typed);
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const form = detail.elt.closest?.("form");
  const typed = form && passed.get(form);
  if (typed) for (const field of ofQueue(form)) if (!field.value && typed[field.name]) field.value = typed[field.name];
});

function keep(form) {
  const key = form.dataset.keep;
  plainAgain(form);
  const found = storage.read(key);
  // the page of a refused sending brings its own text, newer than ours
  const answered = form.querySelector("[aria-invalid=true]") || document.querySelector(".error-summary");
  if (found && Date.now() - found.at < WEEK && !answered) {
    const back = restore(form, found.fields);
    if (back) {
      if (back === "text") toast(words("restored"), { seconds: 12 });
      form.dispatchEvent(new CustomEvent("kept:restored", { bubbles: true, detail: found }));
    }
  }
  let timer;
  const save = () => {
    clearTimeout(timer);
    if (kept(form).some(changed)) storage.write(key, {
      at: Date.now(),
      fields: snapshot(form),
      mode: form.querySelector("[data-composer]")?.dataset.mode, // a note must not come back as an answer
    });
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(save, 400); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", save);
  window.addEventListener("pagehide", save);
}

// The page after a success carries «keep-clear:KEY» in the tags of its message.
function forgetSent(root) {
  for (const note of all(root, "[data-tags]")) {
    for (const tag of note.dataset.tags.split(" ")) {
      if (tag.startsWith("keep-clear:")) storage.forget(tag.slice("keep-clear:".length));
    }
  }
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

export function bindForms(root) {
  forgetSent(root);
  for (const form of all(root, "form[data-keep]")) if (fresh(form, "Keep")) keep(form);
  for (const form of all(root, "form[data-guard]")) if (fresh(form, "Guard")) guard(form);
  for (const box of all(root, "[data-strip]")) if (fresh(box, "Strip")) strip(box);
  for (const control of all(root, "[data-submit-on-change]")) {
    if (fresh(control, "Change")) control.addEventListener("change", () => control.form.requestSubmit());
  }
  const first = all(root, "[data-focus]")[0];
  if (first && fresh(first, "Focus")) first.focus();
}
