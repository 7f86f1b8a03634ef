// The editor proper: Squire over DOMPurify, kept in step with its text area. Loaded on the first focus.
import "../vendor/purify.js";
import Squire from "../vendor/squire.js";

const RULES = {
  ALLOWED_TAGS: ["a", "b", "strong", "i", "em", "u", "s", "sub", "sup", "p", "div", "br", "ul", "ol", "li", "blockquote", "pre", "code",
    "h1", "h2", "h3", "h4", "hr", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "img"],
  ALLOWED_ATTR: ["href", "title", "colspan", "rowspan", "src", "alt"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|\/(?!\/))/i,
  ADD_URI_SAFE_ATTR: ["colspan", "rowspan"],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
  RETURN_DOM: true,
};

// Word writes a list as paragraphs with a mark in front, which says of itself that it is to be ignored.
function wordLists(body) {
  let list;
  for (const line of body.querySelectorAll("p[data-style*='mso-list']")) {
    const mark = line.querySelector("[data-style*='mso-list:Ignore']");
    if (!mark) continue;
    const tag = /^\s*[\d\p{L}]{1,3}[.)]/u.test(mark.textContent) ? "ol" : "ul";
    mark.remove();
    if (list?.localName !== tag || line.previousElementSibling !== list) line.before(list = document.createElement(tag));
    const item = document.createElement("li");
    item.append(...line.childNodes);
    list.append(item);
    line.remove();
  }
}

// As the server does (core/text/sanitise.py): a link that leads nowhere here, such as Word's to a footnote, is its text;
// a paragraph without a word is none.
function withoutTraces(fragment) {
  for (const link of fragment.querySelectorAll("a:not([href]), a[href='']")) link.replaceWith(...link.childNodes);
  for (const line of fragment.querySelectorAll("p")) {
    if (!line.querySelector("img") && !line.textContent.replace(/[\s\u200b\ufeff]/g, "")) line.remove();
  }
}

// A tag with its attributes, in whose values a «>» may stand. It never fails, so it never goes back.
const TAG = /<[a-z][^\s/>]*(?:[\s/]+|[^\s/>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>][^\s>]*)?)?|=)*>?/gi;

// Pictures stay where they are files of the form already; of others the server would know nothing.
function clean(html) {
  const bare = html.replace(/<style\b[^]*?(?:<\/style>|$)/gi, "").replace(TAG, (tag) => tag.replace(/(?<=[\s/"'])style(?=\s*=)/gi, "data-style"));
  const { body } = new DOMParser().parseFromString(bare, "text/html"); // the policy complains of any style, even there
  wordLists(body);
  const fragment = window.DOMPurify.sanitize(body.innerHTML, RULES);
  for (const picture of fragment.querySelectorAll("img")) if (!KEPT.test(picture.getAttribute("src"))) picture.remove();
  withoutTraces(fragment);
  return document.importNode(fragment, true); // only now could a picture be asked for
}

// A picture in the text is a file of the form: shown from where it lies, written as a name that goes with it.
const KEPT = /^\/[^:]*\/uploads\/.*[?&]file=(\d+)$/;
const addressOf = (form, id) => {
  const address = form?.querySelector('[data-files=""][data-upload-url]')?.dataset.uploadUrl;
  return address && `${address}${address.includes("?") ? "&" : "?"}file=${id}`;
};
const shown = (form, html) => html.replace(/src="cid:kept-(\d+)"/g, (_all, id) => `src="${addressOf(form, id) ?? ""}"`);
const named = (html) => html.replace(/<img[^>]*>/g, (tag) => {
  const id = /[?&;]file=(\d+)"/.exec(tag)?.[1];
  return id ? tag.replace(/src="[^"]*"/, `src="cid:kept-${id}"`) : "";
});

// What extensions and the browser's own tools leave on elements is no part of the text; the server drops it as well.
const ours = (html) => (/\s(?:style|class|data-)/.test(html)
  ? html.replace(TAG, (tag) => tag.replace(/\s(?:style|class|data-[\w-]+)="[^"]*"/g, "")) : html);

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

// Below a table at the end stands a line to write on in; where nothing was written, it is no part of the text.
const bare = (html) => html.replace(/(<\/table>(?:<\/div>)*)(?:<div><br\s*\/?><\/div>)+$/, "$1");

// Below a pasted table one writes on, not in its last cell.
function leaveTables(editor, root) {
  editor.addEventListener("willPaste", ({ detail }) => {
    requestAnimationFrame(() => { // what was pasted may be longer than the window
      const at = editor.getSelection().startContainer;
      (at instanceof Element ? at : at.parentElement)?.scrollIntoView({ block: "nearest" });
    });
    let last = detail.fragment?.lastChild;
    while (last && (last.localName === "div" || !last.textContent.trim())) last = last.localName === "div" ? last.lastChild : last.previousSibling;
    if (last?.localName !== "table" || editor.hasFormat("TABLE")) return;
    queueMicrotask(() => { // before the next key
      const range = editor.getSelection();
      const next = [...root.children].find((part) => part.contains(range.startContainer))?.nextElementSibling;
      if (!next) return;
      range.setStart(next, 0);
      range.collapse(true);
      editor.setSelection(range);
    });
  });
}

// White space that markup would swallow stays, character for character: places in the text are places in the editor.
const kept = (line) => line.replace(/^[ \t]|[ \t](?=[ \t]|$)/g, "\u00a0");

const fromText = (text) => text.split("\n").map((line) => `<div>${escaped(kept(line)) || "<br>"}</div>`).join("");

// The selection of a text area, in the editor that was made of its lines.
function select(editor, root, { value, selectionStart, selectionEnd, selectionDirection }) {
  const place = (offset) => {
    const before = value.slice(0, offset).split("\n");
    const line = root.children[before.length - 1];
    return [line.firstChild instanceof Text ? line.firstChild : line, before.pop().length];
  };
  const range = document.createRange();
  range.setStart(...place(selectionStart));
  range.setEnd(...place(selectionEnd));
  editor.setSelection(range);
  if (selectionDirection !== "backward") return;
  document.getSelection().setBaseAndExtent(range.endContainer, range.endOffset, range.startContainer, range.startOffset);
}

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

const hasText = (root) => root.textContent.trim() !== "" || root.querySelector("table, hr, img") !== null;

const REST = 150; // milliseconds

// A picture stands in a line of its own, and what is typed goes on below it: within a line it tore the text apart.
function onItsLine(editor, root, picture) {
  const line = picture.parentElement;
  if (line?.parentElement !== root || line.localName !== "div") return; // of a list, a quotation, a table
  const own = document.createElement("div"), rest = document.createElement("div");
  while (picture.nextSibling) rest.append(picture.nextSibling);
  own.append(picture);
  if (!rest.textContent && !rest.querySelector("img")) rest.replaceChildren(document.createElement("br"));
  line.after(own, rest);
  if (!line.textContent && !line.querySelector("img")) line.remove();
  const range = document.createRange();
  range.setStart(rest, 0);
  editor.setSelection(range);
}

// A selection that is being drawn with the pointer must not break off.
export function edit(area) {
  if (area.matches(":active")) document.addEventListener("pointerup", () => setTimeout(() => replace(area)), { once: true });
  else replace(area);
}

function replace(area) {
  if (area.classList.contains("editor__source")) return;
  const focused = document.activeElement === area;
  const root = frame(area);
  const { id, scrollTop, value, selectionStart, selectionEnd, selectionDirection } = area;
  const isText = area.dataset.format !== "html";
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
  editor.setHTML(isText ? fromText(value) : shown(area.form, value));
  const format = area.form?.elements[`${area.name}_format`];
  const sync = () => {
    clearTimeout(timer);
    timer = 0;
    typed = false;
    const some = hasText(root);
    const text = some ? bare(named(ours(editor.getHTML()))) : "";
    const isNew = text !== written;
    if (isNew || area.value !== text) area.value = written = text;
    root.toggleAttribute("data-empty", !some);
    if (format) format.value = "html";
    return isNew;
  };
  let timer = 0;
  let written = null; // of the text, as it was last put into its area
  let typed = false; // the editor itself says so a moment later: too late for a page that is left at once
  root.addEventListener("input", () => { typed = true; });
  sync();
  // A long text costs much to write out: that is done when the fingers rest, and at once where somebody wants it.
  let own = false;
  const tell = () => {
    if (!sync()) return; // a style that an extension or a picture of the page leaves there is no text
    own = true;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    own = false;
  };
  const settle = () => { if (timer || typed) tell(); };
  editor.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(settle, REST);
    if (root.hasAttribute("data-empty")) root.toggleAttribute("data-empty", !hasText(root));
  });
  root.addEventListener("blur", settle);
  area.form?.addEventListener("keep:now", settle); // before a page is left
  area.addEventListener("input", () => { if (!own) { editor.setHTML(fromText(area.value)); sync(); } });
  area.form?.addEventListener("submit", sync, { capture: true });
  area.form?.addEventListener("reset", () => setTimeout(() => { editor.setHTML(""); sync(); }, 0));
  area.form?.addEventListener("kept:restored", () => {
    editor.setHTML(format?.value === "text" ? fromText(area.value) : shown(area.form, area.value)).moveCursorToEnd();
    sync();
  });
  editor.addEventListener("pasteImage", (event) => {
    const files = [...event.detail.clipboardData.items].filter((i) => i.kind === "file").map((i) => i.getAsFile());
    for (const file of files.filter(Boolean)) {
      const picture = editor.insertImage(URL.createObjectURL(file), { alt: "" });
      onItsLine(editor, root, picture);
      file.kept = (id, name) => {
        Object.assign(picture, { src: addressOf(area.form, id), alt: name });
        tell();
      };
      file.gone = () => {
        const line = picture.parentElement;
        picture.remove();
        if (line !== root && line?.localName === "div" && !line.hasChildNodes()) line.remove();
        tell();
      };
    }
    area.form?.dispatchEvent(new CustomEvent("editor:files", { detail: files.filter(Boolean) }));
  });
  root.addEventListener("editor:insert", ({ detail: { text, back } }) => { // a text from elsewhere, in the place of so many letters
    const range = editor.getSelection();
    if (back && range.startContainer.nodeType === Node.TEXT_NODE) range.setStart(range.startContainer, Math.max(0, range.startOffset - back));
    editor.setSelection(range);
    if (text.includes("\n")) editor.insertHTML(fromText(text));
    else editor.insertPlainText(text);
    tell();
  });
  const box = area.closest("[data-composer]");
  if (box) root.addEventListener("keydown", (event) => { // out of the text, to where single keys work
    if (event.key !== "Escape" || event.isComposing) return;
    box.tabIndex = -1;
    box.focus();
  });
  leaveTables(editor, root);
  bindTools(editor, area, area.closest("[data-editor-box]")?.querySelector("[data-tools]"));
  area.dispatchEvent(new CustomEvent("editor:ready", { bubbles: true }));
  if (!focused) return;
  editor.focus();
  if (isText) select(editor, root, { value, selectionStart, selectionEnd, selectionDirection });
  else editor.moveCursorToEnd();
  root.scrollTop = scrollTop;
}
