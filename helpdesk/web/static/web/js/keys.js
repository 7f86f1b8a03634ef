// Single keys (event.code, so they work in the Russian layout), off with data-keys="off" on the body; Ctrl+Enter sends.
const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]");

const visible = (element) => element.offsetParent !== null;

// What stands above a form and says how to send it may be sent from.
const sends = (target) => target.closest?.("[data-sends]")?.dataset.sends;

function send(target) {
  const form = target.closest?.("form") ?? document.querySelector(sends(target));
  if (!form) return false;
  const buttons = [...form.querySelectorAll("button")].filter((b) => b.type === "submit" && (visible(b) || (b.dataset.forMode && !b.hidden))); // also of a box that is folded
  const main = buttons.find((b) => b.matches(".btn--primary, .btn--note")) ?? buttons[0];
  if (!main) return false;
  form.requestSubmit(main);
  return true;
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")];
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.classList.contains("is-cursor"));
  const next = Math.min(rows.length - 1, Math.max(0, now + (now < 0 ? 1 : step)));
  rows[now]?.classList.remove("is-cursor");
  rows[next].classList.add("is-cursor");
  rows[next].scrollIntoView({ block: "nearest" });
  rows[next].querySelector("a")?.focus({ preventScroll: true });
}

function tick() {
  const box = document.querySelector("[data-row].is-cursor input[type=checkbox]");
  if (box) box.click();
}

function press(event) {
  const { code } = event;
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(code)}"]`)].find(visible);
  if (target) {
    event.preventDefault();
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  } else if (code === "KeyJ" || code === "KeyK") {
    event.preventDefault();
    move(code === "KeyJ" ? 1 : -1);
  } else if (code === "KeyX") tick();
  else if (code === "KeyC") document.querySelector("[data-row].is-cursor [data-copy]")?.click();
  else if (code === "Enter" && event.target === document.body) document.querySelector("[data-row].is-cursor a")?.click();
}

export function bindKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "Enter" && (typing(event.target) || sends(event.target))) {
      if (send(event.target)) event.preventDefault();
      return;
    }
    if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?" || (event.shiftKey && event.code === "Slash")) {
      const help = document.getElementById("keys");
      if (help) { event.preventDefault(); help.showModal(); }
      return;
    }
    if (!event.shiftKey) press(event);
  });
}
