// The page of a request: opens at its newest letter, asks for a reminder's time when one is chosen, unfolds by a key.
// All of it is a convenience: the page works without this file.

// A wide page does it by itself (its thread is a box that begins at its end); a narrow one scrolls as a whole.
function openAtNewest(thread) {
  const letters = thread.querySelectorAll(".art");
  const arrived = performance.getEntriesByType("navigation")[0]?.type;
  const hasNews = document.querySelector(".d-conv > .banner"); // what was refused stands above
  if (!letters.length || location.hash || hasNews || arrived !== "navigate") return;
  if (!matchMedia("(max-width: 63.99em)").matches) return;
  const below = [".d-dock", ".d-nav"].map((part) => document.querySelector(part)?.offsetHeight ?? 0);
  const room = innerHeight - below[0] - below[1];
  const top = letters[letters.length - 1].getBoundingClientRect().top - 8;
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

function bind() {
  for (const box of document.querySelectorAll("[data-until]")) bindUntil(box);
  for (const heading of document.querySelectorAll("[data-unfold]")) bindUnfold(heading);
  for (const thread of document.querySelectorAll("[data-newest]")) openAtNewest(thread);
  for (const link of document.querySelectorAll("[data-news]")) bindNews(link);
  for (const form of document.querySelectorAll("form[data-ask-draft]")) bindClosing(form);
}

bind();
document.addEventListener("page:shown", bind); // the page that answers a sending takes the place of this one
