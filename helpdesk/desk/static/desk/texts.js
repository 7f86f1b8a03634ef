// Ready texts: «::» in what is being written, or the button below it, opens the list; what is chosen is put in.
const TYPED = /(?:^|[\s(«"])::([\p{L}\d_-]{0,30})$/u;
const box = document.querySelector("[data-ready]");
const place = () => box.closest("form").querySelector("[contenteditable=true]") ?? box.closest("form").querySelector("textarea");

// What stands before the caret in its line.
function before(target) {
  if (target.matches("textarea")) return target.value.slice(0, target.selectionStart);
  const selection = getSelection();
  const node = selection.focusNode;
  return node?.nodeType === Node.TEXT_NODE && target.contains(node) ? node.data.slice(0, selection.focusOffset) : "";
}

function put(target, text, back) {
  if (target.matches("textarea")) {
    target.setRangeText(text, target.selectionStart - back, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
  } else target.dispatchEvent(new CustomEvent("editor:insert", { detail: { text, back } }));
  target.focus();
}

function bind(button) {
  const menu = button.parentElement.querySelector("[data-ready-menu]");
  const find = menu.querySelector("input");
  const list = menu.querySelector("ul");
  const none = menu.querySelector("[data-none]");
  let back = -1; // letters of «::…» to be replaced; −1 while the list is searched by its own field
  let at = 0;
  let closed = ""; // what was typed when the list was sent away: it stays away
  const lines = () => [...list.children];
  const shown = () => lines().filter((line) => !line.hidden);

  const mark = (step) => {
    const some = shown();
    at = some.length ? (at + step + some.length) % some.length : 0;
    for (const line of lines()) line.setAttribute("aria-selected", String(line === some[at]));
    some[at]?.scrollIntoView({ block: "nearest" });
    if (some[at]) find.setAttribute("aria-activedescendant", some[at].id); else find.removeAttribute("aria-activedescendant");
  };
  const filter = (words) => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    for (const line of lines()) line.hidden = !wanted.every((word) => line.dataset.words.includes(word));
    none.hidden = shown().length > 0;
    at = 0;
    mark(0);
  };
  const load = async () => {
    if (list.childElementCount) return true;
    const answer = await fetch(button.dataset.ready, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) list.innerHTML = await answer.text(); // a template's own words
    return Boolean(answer?.ok);
  };
  const close = () => { menu.hidden = true; };
  const choose = (line) => {
    close();
    if (line) put(place(), line.dataset.text, Math.max(back, 0));
  };
  const open = async (words, letters) => {
    if (!await load()) return false;
    back = letters;
    menu.hidden = false;
    find.value = words;
    filter(words);
    return true;
  };

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (!menu.hidden) return close();
    if (await open("", -1)) find.focus();
    else button.form.requestSubmit(button); // the page for it does without this list
  });
  find.addEventListener("input", () => filter(find.value));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the caret stays where it is
  list.addEventListener("click", (event) => choose(event.target.closest("li")));
  button.form.addEventListener("input", ({ target, isTrusted }) => {
    if (!isTrusted || !target.matches("[contenteditable=true], textarea")) return;
    const typed = TYPED.exec(before(target))?.[1];
    if (typed === undefined) { closed = ""; if (back >= 0) close(); return; }
    if (closed && typed.startsWith(closed.slice(1))) return;
    open(typed, typed.length + 2);
  });
  button.form.addEventListener("keydown", (event) => {
    if (menu.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(step);
    else if (event.key === "Enter" || (event.key === "Tab" && back >= 0)) choose(shown()[at]);
    else if (event.key === "Escape") {
      closed = back >= 0 ? `:${find.value}` : "";
      close();
      if (event.target === find) place().focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
  document.addEventListener("pointerdown", ({ target }) => { if (!menu.contains(target) && target !== button) close(); });
}

if (box) bind(box);
