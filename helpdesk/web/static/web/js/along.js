// What was typed into fields that are not asked for now goes along in the text: it is listed where the text stands, and
// each line can be struck. The words are data of the page; the server decides (fronts/intake.py).
import { all, fresh } from "./forms.js";

const squashed = (text) => text.replace(/\s+/g, "");
const month = (text) => (/^\d{4}-\d\d$/.test(text)
  ? new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", year: "numeric" }).format(new Date(`${text}-15`)) : text);

// Key → its texts, of the fields that lie unseen.
function typed(form) {
  const found = new Map();
  for (const field of form.elements) {
    const isUnseen = "beside" in field.dataset || field.closest(".asked--off");
    if (!field.name?.startsWith("field_") || field.type === "file" || !isUnseen) continue;
    if (field.type === "checkbox" ? !field.checked : !field.value.trim()) continue;
    const key = field.name.replace(/^field_|\.to$/g, "");
    found.set(key, [...(found.get(key) ?? []), field.value.trim()]);
  }
  return found;
}

function shown(texts, { kind, choices, standard, yes }) {
  const text = texts.at(-1);
  if (texts.join() === standard || kind === "file") return "";
  if (kind === "check") return text === "1" ? yes : "";
  return choices[text] ?? texts.map(month).join(" – ");
}

function list(box) {
  const form = box.closest("form");
  const said = squashed(form.querySelector(".editor__area")?.innerText ?? form.elements.body.value);
  const words = JSON.parse(box.dataset.words);
  const struck = new Set([...box.querySelectorAll("input:checked")].map((mark) => mark.name));
  const lines = [...typed(form)].flatMap(([key, texts]) => {
    const text = key in words ? shown(texts, { ...words[key], yes: box.dataset.yes }) : "";
    if (!text || said.includes(squashed(`${words[key].label}:`))) return [];
    const line = box.querySelector("template").content.firstElementChild.cloneNode(true);
    line.querySelector("bdi").textContent = `${words[key].label}: ${text}`;
    const mark = line.querySelector("input");
    mark.name = `strike_${key}`;
    mark.checked = struck.has(mark.name);
    return [line];
  });
  box.querySelector("ul").replaceChildren(...lines);
  box.hidden = !lines.length;
}

function bind(root) {
  for (const box of all(root, "[data-along]")) {
    if (!fresh(box, "Along")) continue;
    const form = box.closest("form");
    const soon = () => setTimeout(() => list(box), 0); // after the fields themselves have followed
    for (const name of ["change", "kept:restored"]) form.addEventListener(name, soon);
    document.addEventListener("htmx:afterSettle", soon);
    soon();
  }
}

bind(document);
document.addEventListener("page:shown", ({ detail }) => bind(detail.elt));
