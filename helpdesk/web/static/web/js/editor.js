// The editor proper: Squire over DOMPurify, kept in step with its text area. Loaded on the first focus.
import "../vendor/purify.js";
import Squire from "../vendor/squire.js";

const RULES = {
  ALLOWED_TAGS: ["a", "b", "strong", "i", "em", "u", "s", "sub", "sup", "p", "div", "br", "ul", "ol", "li", "blockquote", "pre", "code",
    "h1", "h2", "h3", "h4", "hr", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"],
  ALLOWED_ATTR: ["href", "title", "colspan", "rowspan"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|#|\/(?!\/))/i,
  RETURN_DOM_FRAGMENT: true,
  RETURN_DOM: true,
};

const clean = (html) => document.importNode(window.DOMPurify.sanitize(html, RULES), true);

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const fromText = (text) => text.split("\n").map((line) => `<div>${escaped(line) || "<br>"}</div>`).join("");

const COMMANDS = {
  bold: { tag: "B", on: (e) => e.bold(), off: (e) => e.removeBold() },
  italic: { tag: "I", on: (e) => e.italic(), off: (e) => e.removeItalic() },
  list: { tag: "UL", on: (e) => e.makeUnorderedList(), off: (e) => e.removeList() },
  numbers: { tag: "OL", on: (e) => e.makeOrderedList(), off: (e) => e.removeList() },
  quote: { tag: "BLOCKQUOTE", on: (e) => e.increaseQuoteLevel(), off: (e) => e.decreaseQuoteLevel() },
  link: { tag: "A", off: (e) => e.removeLink() },
  clear: { on: (e) => e.removeAllFormatting() },
};

function link(editor, area) {
  const address = window.prompt(area.dataset.askLink, "https://");
  if (!address || address === "https://") return;
  const full = /^[a-z][a-z0-9+.-]*:/i.test(address) || address.startsWith("/") ? address : `https://${address}`;
  if (RULES.ALLOWED_URI_REGEXP.test(full)) editor.makeLink(full);
}

function bindTools(editor, area, tools) {
  if (!tools) return;
  const buttons = [...tools.querySelectorAll("[data-command]")];
  const press = (button) => {
    const command = COMMANDS[button.dataset.command];
    const on = command.tag && editor.hasFormat(command.tag);
    if (on) command.off(editor);
    else if (command.on) command.on(editor);
    else link(editor, area);
    editor.focus();
  };
  for (const button of buttons) {
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
    button.addEventListener("click", () => press(button));
  }
  const show = () => {
    for (const button of buttons) {
      const { tag } = COMMANDS[button.dataset.command];
      if (tag) button.setAttribute("aria-pressed", String(editor.hasFormat(tag)));
    }
  };
  editor.addEventListener("pathChange", show);
  editor.addEventListener("select", show);
  // one stop of the Tab key, arrows inside (the pattern «toolbar»)
  tools.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const now = buttons.indexOf(document.activeElement);
    const next = buttons[(now + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
    event.preventDefault();
  });
}

function frame(area) {
  const root = document.createElement("div");
  root.className = "editor__area written";
  root.setAttribute("role", "textbox");
  root.setAttribute("aria-multiline", "true");
  root.setAttribute("aria-labelledby", `${area.id}-label`);
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (area.hasAttribute(name)) root.setAttribute(name, area.getAttribute(name));
  }
  if (area.required) root.setAttribute("aria-required", "true");
  if (area.placeholder) root.dataset.placeholder = area.placeholder;
  root.spellcheck = true;
  return root;
}

const hasText = (root) => root.textContent.trim() !== "" || root.querySelector("table, hr") !== null;

const REST = 150; // milliseconds

export function edit(area) {
  if (area.classList.contains("editor__source")) return;
  const focused = document.activeElement === area;
  const root = frame(area);
  const { id } = area;
  const start = area.dataset.format === "html" ? area.value : fromText(area.value);
  area.after(root);
  // it stays where programs that fill in forms (dictation, extensions) find it; people see the editor in front of it
  area.classList.add("editor__source");
  area.tabIndex = -1;
  area.setAttribute("aria-hidden", "true");
  area.required = false;
  area.id = `${id}-source`;
  root.id = id;
  const label = document.getElementById(`${id}-label`);
  label?.removeAttribute("for");
  label?.addEventListener("click", () => root.focus());

  const editor = new Squire(root, { blockTag: "DIV", sanitizeToDOMFragment: clean, didError: () => {} });
  editor.setHTML(start);
  const format = area.form?.elements[`${area.name}_format`];
  const sync = () => {
    clearTimeout(timer);
    timer = 0;
    const some = hasText(root);
    area.value = some ? editor.getHTML() : "";
    root.toggleAttribute("data-empty", !some);
    if (format) format.value = "html";
  };
  let timer = 0;
  sync();
  // A long text costs much to write out: that is done when the fingers rest, and at once where somebody wants it.
  let own = false;
  const settle = () => {
    if (!timer) return;
    sync();
    own = true;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    own = false;
  };
  editor.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(settle, REST);
    if (root.hasAttribute("data-empty")) root.toggleAttribute("data-empty", !hasText(root));
  });
  root.addEventListener("blur", settle);
  window.addEventListener("pagehide", settle, { capture: true });
  area.addEventListener("input", () => { if (!own) { editor.setHTML(fromText(area.value)); sync(); } });
  area.form?.addEventListener("submit", sync, { capture: true });
  area.form?.addEventListener("reset", () => setTimeout(() => { editor.setHTML(""); sync(); }, 0));
  area.form?.addEventListener("kept:restored", () => { editor.setHTML(area.value); sync(); });
  editor.addEventListener("pasteImage", (event) => {
    const files = [...event.detail.clipboardData.items].filter((i) => i.kind === "file").map((i) => i.getAsFile());
    area.form?.dispatchEvent(new CustomEvent("editor:files", { detail: files.filter(Boolean) }));
  });
  bindTools(editor, area, area.closest("[data-editor-box]")?.querySelector("[data-tools]"));
  area.dispatchEvent(new CustomEvent("editor:ready", { bubbles: true }));
  if (focused) { editor.focus(); editor.moveCursorToEnd(); }
  return editor;
}
