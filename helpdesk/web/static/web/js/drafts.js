// What is typed, chosen and attached in a form is kept in this browser until it is sent, over F5 and an expired session;
// where the form has a shelf (shelf.js), on the server as well.
import { all, came, fresh, reselected } from "./forms.js";
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
  slots() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)); } catch { return []; }
  },
  forget(key) {
    try { localStorage.removeItem(PREFIX + key); } catch { /* forbidden */ }
  },
};

const kept = (form) => [...form.elements].filter((field) =>
  field.name && !["password", "file", "submit", "button", "reset"].includes(field.type)
  && (field.type !== "hidden" || field.name.endsWith("_format") || "beside" in field.dataset) && !("noKeep" in field.dataset));

const changed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return reselected(field);
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
    const lines = area.value.replace(/<br\s*\/?>|<\/(?:div|p|li|blockquote|pre|h[1-6])>/g, "\n").replace(/<[^>]*>/g, "");
    const plain = document.createElement("textarea");
    plain.innerHTML = lines; // holds no elements: entities alone are read
    area.value = plain.value.trim();
  }
}

// A choice that the browser put back brings its part of the form along.
let byItself = false;

function partsAgain(form) {
  byItself = true;
  for (const field of form.querySelectorAll("select[hx-get]")) {
    if (reselected(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  byItself = false;
}

// «Back» to a form that was sent: its text must not become a draft again. A fresh one takes its place.
let over = false;
const isOver = () => over || history.state?.sent;

function anew() {
  over = true;
  history.replaceState(null, "");
  location.replace(location.pathname + location.search);
}

window.addEventListener("pageshow", () => {
  if (history.state?.sent) anew();
  if (over) return;
  for (const form of document.querySelectorAll("form[data-keep]")) {
    plainAgain(form);
    partsAgain(form);
  }
});

// The form goes on under the key that it had: its files lie on the server under it, and what may have arrived already
// is known by it.
function underItsKey(form, key) {
  for (const box of form.querySelectorAll("[data-upload-url]")) box.dataset.uploadUrl = box.dataset.uploadUrl.replace(form.dataset.key, key);
  form.dataset.key = form.elements.form_key.value = key;
}

function bringBack(form, found) {
  const back = restore(form, found.fields);
  const files = found.files ?? [];
  if (!back && !files.length && !kept(form).some(changed)) return;
  if (found.key && form.dataset.key) underItsKey(form, found.key);
  if (back) {
    form.dispatchEvent(new CustomEvent("kept:restored", { bubbles: true, detail: found }));
    partsAgain(form);
  }
  if (files.length) form.dispatchEvent(new CustomEvent("kept:files", { detail: files }));
  // a form that the server brought back says so itself; what another form of the page led back to was never away
  if ((back === "text" || files.length) && !came && !("restored" in form.dataset)) toast(words("restored"), { seconds: 12 });
}

// What lies on the server for a key, and whether it was accepted; null without a connection: the key tells later.
async function lying(form, key) {
  const address = form.querySelector("[data-upload-url]")?.dataset.uploadUrl;
  const token = form.elements.csrfmiddlewaretoken?.value;
  if (!key || !form.dataset.key || !address || !token) return null;
  try {
    const answer = await fetch(address.replace(form.dataset.key, key), {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      body: new URLSearchParams({ list: "1" }),
    });
    return answer.ok ? await answer.json() : null;
  } catch { return null; }
}

function keep(form) {
  const slot = form.dataset.keep;
  plainAgain(form);
  const found = storage.read(slot);
  // the page that answers a sending brings its own text, newer than ours
  const answered = "answered" in form.dataset || form.querySelector("[aria-invalid=true]") || document.querySelector(".error-summary");
  let timer, shelf;
  let touched = false;
  const save = () => {
    clearTimeout(timer);
    if (isOver() || !form.isConnected) return; // another page has taken its place
    const files = filesOf(form);
    if (answered || files.length || kept(form).some(changed)) storage.write(slot, {
      at: Date.now(),
      fields: snapshot(form),
      mode: form.querySelector("[data-composer]")?.dataset.mode, // a note must not come back as an answer
      key: form.dataset.key,
      files,
      ...shelf?.marks(),
    });
    else if (touched) storage.forget(slot); // all of it was taken out again
  };
  const start = async () => {
    if (form.dataset.shelf) try {
      shelf = (await import(form.dataset.shelf)).shelve(form, { slot, storage, save, underItsKey, lying, anew, isAsLeft: () => !touched && kept(form).some(changed) });
      if (touched) shelf.changed();
    } catch { /* no connection: the browser keeps it alone */ }
    if (await shelf?.wasSent()) return;
    if (!found || answered || Date.now() - found.at > WEEK) return;
    const there = await lying(form, found.key);
    if (there?.sent && !shelf?.isMore(found, there)) {
      if (storage.read(slot)?.key === found.key) storage.forget(slot);
      toast(words("sent"), { seconds: 12 });
    } else if (touched) shelf?.aside(found);
    else if (form.isConnected && (!shelf || shelf.wants(found, there))) bringBack(form, found);
  };
  start();
  const later = () => { if (byItself) return; touched = true; clearTimeout(timer); timer = setTimeout(save, 400); shelf?.changed(); };
  for (const name of ["input", "change", "files:changed"]) form.addEventListener(name, later);
  form.addEventListener("submit", () => {
    if (form.dataset.key) form.elements.form_key.value = form.dataset.key; // browsers put old hidden values back
    save();
  });
  // the editor's own listener would come after this one, whatever it asks for: it is asked from here
  window.addEventListener("pagehide", () => { form.dispatchEvent(new Event("keep:now")); save(); if (!isOver()) shelf?.leave(); });
  if (answered) save();
}

// Tags of a success: web/parts/message.html.
function forgetSent(root) {
  for (const note of all(root, "[data-tags]")) {
    for (const tag of note.dataset.tags.split(" ")) {
      if (tag.startsWith("keep-clear:")) storage.forget(tag.slice("keep-clear:".length));
      if (tag.startsWith("keep-drop:")) for (const slot of storage.slots()) {
        if (storage.read(slot)?.key === tag.slice("keep-drop:".length)) storage.forget(slot);
      }
      if (!tag.startsWith("keep-less:")) continue;
      const [, names, ...rest] = tag.split(":");
      const key = rest.join(":");
      const found = storage.read(key);
      for (const name of names.split(",")) delete found?.fields[name];
      if (found) storage.write(key, found);
    }
  }
}

export function bindDrafts(root) {
  forgetSent(root);
  if (history.state?.sent) anew();
  if (over) return;
  for (const form of all(root, "form[data-keep]")) if (fresh(form, "Keep")) keep(form);
}
