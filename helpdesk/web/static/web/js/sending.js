// Forms with data-send travel without leaving their page: a refusal takes the page's place, so that F5 and «back» ask
// nothing; without a connection all stays as it is, and goes later.
import { all, fresh } from "./forms.js";
import { words } from "./toasts.js";

const PATIENCE = 45000; // ms without a sign of life

// `ways`: where what was written is kept and can go on, as the refusal names it.
function tell(form, title, text = "", ways = null) {
  const note = form.querySelector("[data-send-note]");
  if (!note) return;
  // what was said of an earlier sending is over; what state the request is in stays
  if (title) for (const old of document.querySelectorAll(".banner--warn[role=alert]")) old.remove();
  note.querySelector("[data-kept]")?.remove();
  note.querySelectorAll("p").forEach((p, i) => { p.textContent = [title, text][i]; });
  if (ways) note.lastElementChild.append(ways);
  note.hidden = !title;
  note.scrollIntoView({ block: "nearest" });
}

// The button says how much has gone, where it takes a while.
const labels = new WeakMap();
function count(button, share) {
  if (!labels.has(button)) labels.set(button, [...button.childNodes]);
  button.textContent = share ? `${words("sending")} ${share}\u00a0%` : words("sending");
}

function over(form, submitter) {
  if (labels.has(submitter)) submitter.replaceChildren(...labels.get(submitter));
  form.inert = false;
  delete form.dataset.sending;
  form.dispatchEvent(new CustomEvent("sending:over"));
  submitter?.focus({ preventScroll: true });
}

// An answer in the place of this page.
function show(page) {
  for (const part of page.querySelectorAll("noscript")) part.remove(); // parsed as if there were no script
  history.replaceState(null, "");
  document.title = page.title;
  const body = document.adoptNode(page.body);
  document.body.replaceWith(body);
  window.htmx?.process(body);
  document.dispatchEvent(new CustomEvent("page:shown", { detail: { elt: body } }));
  const first = body.querySelector("[data-focus]") ?? body.querySelector("main [role=alert], .flash .banner");
  if (!first || first.contains(document.activeElement)) return;
  first.tabIndex = -1;
  first.focus();
}

const read = (text) => new DOMParser().parseFromString(text, "text/html");

// The page after a success; the same page is asked for here, since its address alone would load nothing. The form
// it leaves is marked as sent (drafts.js).
async function leave(to, isSent) {
  const address = new URL(to, location.href);
  if (address.pathname !== location.pathname || address.search !== location.search) {
    if (isSent) history.replaceState({ sent: true }, "");
    return location.assign(address);
  }
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    show(read(await answer.text()));
    if (address.hash) location.replace(address);
    else history.replaceState(null, "", address); // it would load anew, without what was said
  } catch {
    location.replace(address);
    location.reload();
  }
}

function answered(form, submitter, request) {
  const to = request.getResponseHeader("HX-Redirect");
  if (to) return leave(to, request.getResponseHeader("Form-Sent"));
  if (request.responseURL.split(/[?#]/)[0] !== location.href.split(/[?#]/)[0]) return location.assign(request.responseURL);
  const page = read(request.responseText);
  if ([200, 409, 422].includes(request.status) && page.querySelector("main form, main [data-kept]")) return show(page);
  over(form, submitter);
  const [title, ...text] = [...page.querySelectorAll("main h1, main .soft, main .alone__code:not(.hint)")].map((p) => p.textContent);
  tell(form, title || words("failed"), text.join(" "), page.querySelector("[data-kept]"));
}

// Form → its button: goes again when the connection is back; without one it was changed, and its writer decides.
const waiting = new Map();
window.addEventListener("online", () => {
  for (const [form, button] of waiting) button ? form.requestSubmit(button) : tell(form, words("online"));
});

function failed(form, submitter) {
  over(form, submitter);
  tell(form, words(navigator.onLine ? "offline" : "waiting"));
  if (!navigator.onLine) waiting.set(form, submitter); // nothing goes by itself that the writer was not told of
}

// What travels ahead of the form (files.js) is let arrive, so that no byte goes twice; the button says how far it is.
// False where it stands still.
async function arrived(form, submitter) {
  const ahead = [];
  form.dispatchEvent(new CustomEvent("sending:wait", { detail: ahead }));
  if (!ahead.length) return true;
  const sum = (name) => ahead.reduce((all, one) => all + one[name], 0);
  let before = sum("loaded"), since = Date.now(), stuck = false;
  const watch = setInterval(() => {
    const loaded = sum("loaded");
    if (submitter?.localName === "button") count(submitter, sum("total") > 100000 && Math.floor(100 * loaded / sum("total")));
    if (loaded !== before) [before, since] = [loaded, Date.now()];
    stuck = Date.now() - since > PATIENCE;
    if (stuck) for (const { request } of ahead) request.abort();
  }, 300);
  await Promise.all(ahead.map(({ done }) => done));
  clearInterval(watch);
  return !stuck;
}

async function send(form, submitter) {
  waiting.delete(form);
  tell(form, "");
  form.dataset.sending = "";
  form.inert = true; // what is typed now would not be in it
  if (!await arrived(form, submitter)) return failed(form, submitter);
  if (form.isConnected) go(form, submitter);
}

function go(form, submitter) {
  form.dispatchEvent(new CustomEvent("sending:start"));
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  const request = new XMLHttpRequest();
  let watch, slow = false;
  const late = setTimeout(() => { slow = submitter?.localName === "button"; if (slow) count(submitter); }, 600);
  const alive = () => { clearTimeout(watch); watch = setTimeout(() => request.abort(), PATIENCE); };
  request.open("POST", form.getAttribute("action") || location.href);
  for (const [name, value] of [["Accept", "text/html"], ["HX-Request", "true"], ["HX-Current-URL", location.href]]) {
    request.setRequestHeader(name, value);
  }
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    alive();
    if (slow && total > 100000) count(submitter, Math.floor(100 * loaded / total));
  });
  request.addEventListener("load", () => answered(form, submitter, request));
  for (const name of ["error", "abort"]) request.addEventListener(name, () => failed(form, submitter));
  request.addEventListener("loadend", () => { clearTimeout(watch); clearTimeout(late); slow = false; });
  alive();
  request.send(body);
}

function bindSend(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) over(form); });
  for (const name of ["input", "change", "files:changed"]) {
    form.addEventListener(name, ({ detail }) => { if (waiting.has(form) && !detail?.arrived) waiting.set(form); });
  }
}

export function bindSending(root) {
  for (const form of all(root, "form[data-send]")) if (fresh(form, "Send")) bindSend(form);
}
