// What is typed, chosen and attached in a form is kept in this browser until it is sent, over F5 and an expired session.
import { all, fresh } from "./forms.js";
import { toast, words } from "./toasts.js";

const PREFIX = "keep:";
const WEEK = 7 * 24 * 3600 * 1000;

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

// The files of the list: those that lie on the server with their id, others by name alone.
const filesOf = (form) => [...form.querySelectorAll("[data-files] .file[data-name]")].map((line) => ({
  name: line.dataset.name,
  size: Number(line.dataset.size),
  id: line.querySelector("[data-token]")?.value,
}));

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

// The form goes on under the key that it had: its files lie on the server under it, and what may have arrived already
// is known by it.
function underItsKey(form, key) {
  const box = form.querySelector("[data-upload-url]");
  if (box) box.dataset.uploadUrl = box.dataset.uploadUrl.replace(form.dataset.key, key);
  form.dataset.key = form.elements.form_key.value = key;
}

function bringBack(form, found) {
  const back = restore(form, found.fields);
  const files = found.files ?? [];
  if (!back && !files.length) return;
  if (found.key && form.dataset.key) underItsKey(form, found.key);
  if (back) {
    passed.set(form, Object.fromEntries(Object.entries(found.fields).map(([name, values]) => [name, values[0]])));
    form.dispatchEvent(new CustomEvent("kept:restored", { bubbles: true, detail: found }));
    partsAgain(form);
  }
  if (files.length) form.dispatchEvent(new CustomEvent("kept:files", { detail: files }));
  // a form that the server brought back says so itself
  if ((back === "text" || files.length) && !("restored" in form.dataset)) toast(words("restored"), { seconds: 12 });
}

// A page that was left while the form travelled knows nothing of its fate: the desk says whether the key was accepted.
async function wasSent(form, key) {
  const address = form.querySelector("[data-upload-url]")?.dataset.uploadUrl;
  const token = form.elements.csrfmiddlewaretoken?.value;
  if (!key || !form.dataset.key || !address || !token) return false;
  try {
    const answer = await fetch(address.replace(form.dataset.key, key), {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      body: new URLSearchParams({ list: "1" }),
    });
    return answer.ok && (await answer.json()).sent;
  } catch { return false; } // no connection: the text comes back, and the key tells later
}

function keep(form) {
  const key = form.dataset.keep;
  plainAgain(form);
  const found = storage.read(key);
  // the page that answers a sending brings its own text, newer than ours
  const answered = "answered" in form.dataset || form.querySelector("[aria-invalid=true]") || document.querySelector(".error-summary");
  let timer;
  let touched = false;
  if (found && Date.now() - found.at < WEEK && !answered) wasSent(form, found.key).then((sent) => {
    if (sent) {
      if (storage.read(key)?.key === found.key) storage.forget(key);
      toast(words("sent"), { seconds: 12 });
    } else if (!touched && form.isConnected) bringBack(form, found);
  });
  const save = () => {
    clearTimeout(timer);
    if (!form.isConnected) return; // another page has taken its place
    const files = filesOf(form);
    if (answered || files.length || kept(form).some(changed)) storage.write(key, {
      at: Date.now(),
      fields: snapshot(form),
      mode: form.querySelector("[data-composer]")?.dataset.mode, // a note must not come back as an answer
      key: form.dataset.key,
      files,
    });
    else if (touched) storage.forget(key); // all of it was taken out again
  };
  const later = () => { touched = true; clearTimeout(timer); timer = setTimeout(save, 400); };
  for (const name of ["input", "change", "files:changed"]) form.addEventListener(name, later);
  form.addEventListener("submit", () => {
    if (form.dataset.key) form.elements.form_key.value = form.dataset.key; // browsers put old hidden values back
    save();
  });
  window.addEventListener("pagehide", save);
  if (answered) save();
}

// The page after a success carries «keep-clear:KEY» in the tags of its message.
function forgetSent(root) {
  for (const note of all(root, "[data-tags]")) {
    for (const tag of note.dataset.tags.split(" ")) {
      if (tag.startsWith("keep-clear:")) storage.forget(tag.slice("keep-clear:".length));
    }
  }
}

export function bindDrafts(root) {
  forgetSent(root);
  for (const form of all(root, "form[data-keep]")) if (fresh(form, "Keep")) keep(form);
}
