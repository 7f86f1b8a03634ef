// The page of a request: opens at its newest letter, asks for a reminder's time when one is chosen, unfolds by a key.
// All of it is a convenience: the page works without this file.

// A wide page does it by itself (its thread is a box that begins at its end); a narrow one scrolls as a whole.
function openAtNewest(thread) {
  const letters = thread.querySelectorAll(".art");
  const arrived = performance.getEntriesByType("navigation")[0]?.type;
  const hasNews = document.querySelector(".d-conv > .banner"); // what was refused stands above
  if (!letters.length || location.hash || hasNews || arrived !== "navigate" || document.activeElement.matches("select")) return;
  if (!matchMedia("(max-width: 63.99em)").matches) return;
  const high = (part) => document.querySelector(part)?.offsetHeight ?? 0;
  const room = innerHeight - high(".d-dock") - high(".d-nav");
  const top = letters[letters.length - 1].getBoundingClientRect().top - high(".d-slim") - 8;
  const end = thread.getBoundingClientRect().bottom;
  scrollBy(0, Math.max(0, end - top > room ? top : end - room));
}

// The link to the first new letter has done its work once that letter is in sight.
function bindNews(link) {
  const line = document.getElementById("new");
  if (!line || !("IntersectionObserver" in window)) return;
  new IntersectionObserver(([seen], watch) => {
    if (!seen.isIntersecting) return;
    link.hidden = true;
    watch.disconnect();
  }).observe(line);
}

// Whoever closes a request while a text or a file is in the box is asked first; what is there stays kept either way.
function bindClosing(form) {
  form.addEventListener("submit", (event) => {
    const dialog = document.getElementById("close-draft");
    const dock = document.querySelector(".d-dock");
    const editor = dock?.querySelector("[contenteditable=true]");
    const text = editor ? editor.textContent : dock?.querySelector("textarea")?.value ?? "";
    if (!dialog || !(text.trim() || dock?.querySelector("[data-files] .file"))) return;
    event.preventDefault();
    dialog.showModal();
  });
}

// Somebody else may write while the page stands open: it asks now and then, while it is looked at, and says so. What is
// shown then takes only the place of what nobody types into.
const EVERY = 15000;
const chosen = (field) => Math.max(0, [...field.options].findIndex((option) => option.defaultSelected)); // the first where none is said
const touched = (field) => (field.options ? field.selectedIndex !== chosen(field) : field.value !== field.defaultValue);

function bindFresh(box) {
  const banner = box.firstElementChild;
  const told = banner.querySelector("[data-told]");
  const tell = (text) => {
    const line = told.firstElementChild;
    if (line.textContent === text && told.isConnected) return; // read aloud once; what was put away stays away
    line.textContent = text;
    const other = document.querySelector(".d-conv > .banner:not([hidden]) > div"); // one bar at a time: the news join it
    if (other) other.append(told);
    else banner.firstElementChild.after(told);
    banner.hidden = Boolean(other);
  };
  const ask = async () => {
    if (!box.isConnected) return clearInterval(timer);
    if (document.hidden || !navigator.onLine || navigator.connection?.saveData) return;
    const answer = await fetch(box.dataset.fresh, { redirect: "manual" }).catch(() => null);
    if (!answer || answer.status === 204) return;
    if (!answer.ok) return clearInterval(timer); // no longer to be seen here
    tell((await answer.json()).text);
  };
  const timer = setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  told.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    showFresh(event.target.href);
  });
}

function bindAway(button) {
  button.addEventListener("click", () => {
    button.closest(".banner").hidden = true;
    document.querySelector(".d-thread").focus({ preventScroll: true });
  });
}

async function showFresh(address) {
  const answer = await fetch(address).catch(() => null);
  const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
  const dock = document.querySelector(".d-dock");
  const seen = page.querySelector(".d-dock [name=seen]");
  if (!page.querySelector(".d-thread") || !dock !== !seen) return location.assign(address);
  document.querySelector(".d-conv > .banner [data-told]")?.remove();
  const side = [...document.querySelectorAll(".d-side :is(input:not([type=hidden]), select, textarea)")];
  for (const part of [".d-thead", "[data-fresh]", ".d-thread", ...(side.some(touched) ? [] : [".d-side"])]) {
    const fresh = document.adoptNode(page.querySelector(part));
    document.querySelector(part).replaceWith(fresh);
    document.dispatchEvent(new CustomEvent("page:shown", { detail: { elt: fresh } }));
  }
  if (dock) dock.elements.seen.value = seen.value;
  const thread = document.querySelector(".d-thread");
  if (dock?.contains(document.activeElement)) return; // whoever writes goes on
  (thread.querySelector(".newline") ?? thread).scrollIntoView({ block: "nearest" });
  thread.focus({ preventScroll: true });
}

function bindUntil(box) {
  const state = document.getElementById(box.dataset.until);
  if (!state) return;
  const show = () => box.classList.toggle("is-on", state.value === "reminder");
  state.addEventListener("change", show);
  state.form.addEventListener("kept:restored", show);
  show();
}

// A key clicks the heading: the first press unfolds, a later one comes back to the field instead of folding it.
function bindUnfold(heading) {
  const fold = heading.parentElement;
  const focus = () => { if (fold.open) fold.querySelector("select")?.focus(); };
  heading.addEventListener("click", (event) => {
    if (fold.open && !event.isTrusted) event.preventDefault();
    setTimeout(focus, 0);
  });
}

// Notices stand above the box, which covers the foot of a narrow page.
function bindDock(dock) {
  if (!("ResizeObserver" in window)) return;
  const tell = () => document.documentElement.style.setProperty("--dock", `${dock.offsetHeight}px`);
  new ResizeObserver(tell).observe(dock);
}

// The way back from what was just done is offered for a while; after that the history tells how it was.
function bindGone(form) {
  setTimeout(() => form.remove(), form.dataset.gone * 1000);
}

// An answer that waits: its seconds are counted; when they are over, the page asks what became of it.
function bindHeld(box) {
  const told = box.querySelector("[data-left]");
  const words = told.dataset.words;
  let left = Number(told.dataset.left);
  const until = Date.now() + left * 1000;
  const timer = setInterval(async () => {
    if (!box.isConnected) return clearInterval(timer);
    const now = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    if (now && now === left) return;
    left = now;
    told.textContent = left ? words.replace(/\d+/, left) : box.dataset.leaves;
    if (left || document.hidden) return;
    const answer = await fetch(box.dataset.held, { redirect: "manual" }).catch(() => null);
    if (!box.isConnected || !answer || answer.status === 204) return;
    clearInterval(timer);
    if (!answer.ok) return;
    const { sent, at } = await answer.json();
    if (at) return location.assign(at);
    box.textContent = sent;
    setTimeout(() => box.remove(), 8000);
    showFresh(location.pathname);
  }, 1000);
}

function bindTitle(fold) {
  fold.addEventListener("toggle", () => { if (fold.open) fold.querySelector("input[name=subject]").select(); });
}

const known = new WeakSet();

// A part of the page may be shown anew beside others that stay.
function each(selector, work) {
  for (const part of document.querySelectorAll(selector)) {
    if (known.has(part)) continue;
    known.add(part);
    work(part);
  }
}

function bind() {
  each("[data-until]", bindUntil);
  each("[data-unfold]", bindUnfold);
  each("[data-newest]", openAtNewest);
  each("[data-news]", bindNews);
  each("[data-gone]", bindGone);
  each("[data-title]", bindTitle);
  each("[data-held]", bindHeld);
  each("[data-fresh]", bindFresh);
  each("[data-away]", bindAway);
  each("form[data-ask-draft]", bindClosing);
  each(".d-dock", bindDock);
}

bind();
document.addEventListener("page:shown", bind); // the page that answers a sending takes the place of this one
