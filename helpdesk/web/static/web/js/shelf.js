// Drafts on the server, saved while a form is written; their rules are in tickets/drafts.py.
const REST = 2500; // milliseconds between a change and its saving
const AGAIN = 15000; // and after one that failed
const LATE = 8000; // without an answer: nobody is left to believe that what stands there is saved
const GIVEN_UP = 60000; // it goes again

// Why nothing was saved, each with words of its own in the page: no connection, no session, a page that is out of date,
// or a server that fails. What it refuses it says itself.
const CAUSES = ["lost", "over", "old", "failed"];

// Whoever follows a link to a form wants an empty one; whoever reloads, goes back or had to sign in goes on.
function isOpenedAnew() {
  const [visit] = performance.getEntriesByType("navigation");
  return visit?.type === "navigate" && !/^[^?#]*\/login\//.test(document.referrer);
}

async function answered(request) {
  let answer;
  try { answer = await request; } catch { return [null, "lost"]; }
  if (answer.type === "opaqueredirect") return [null, "over"];
  try {
    const said = await answer.json();
    return answer.ok ? [said] : [null, said.message || "failed"];
  } catch { return [null, answer.headers.has("Signed-Out") ? "over" : answer.status === 403 ? "old" : "failed"]; }
}

export function shelve(form, { slot, storage, save, underItsKey, lying, anew, isAsLeft }) {
  const hand = Math.random().toString(36).slice(2); // this page
  const state = form.querySelector("[data-draft-state]");
  const drop = document.getElementById("drop-draft");
  let step = 0; // of the saving that carries what stands here now
  let pending = false; // not carried yet
  let clean = Number(form.dataset.version) > 0; // all that stands here lies there
  let failed = false; // it may have arrived
  let stopped = false;
  let shown = ""; // of requests like this one
  let busy, timer;

  const wait = (time) => { clearTimeout(timer); timer = setTimeout(store, time); };
  const enter = form.querySelector("[data-draft-enter]");
  let before = null; // what was said when the connection went
  const tell = (text, isOver = false) => {
    before = null;
    if (state) state.textContent = text;
    if (enter) enter.hidden = !isOver;
  };
  // What a writer must act upon stands at the text, where they look, and not below the form.
  let alarm = null;
  const warn = (text, isOver) => {
    if (!text) return alarm?.remove(), alarm = null;
    const field = form.querySelector("[data-composer]") ? null : form.querySelector("textarea[data-editor]")?.closest(".field");
    if (!field || alarm?.textContent.includes(text)) return;
    alarm?.remove();
    alarm = Object.assign(document.createElement("p"), { className: "banner banner--warn" });
    alarm.setAttribute("role", "alert");
    const says = document.createElement("span");
    says.append(`${text} `);
    if (isOver && enter) says.append(Object.assign(document.createElement("a"), { href: enter.href, textContent: enter.textContent }));
    alarm.append(says);
    field.after(alarm);
    alarm.scrollIntoView({ block: "nearest" });
  };
  const acts = document.querySelector("[data-draft-acts]") ?? drop; // all that can be done with it
  const offer = (id) => {
    if (!acts) return;
    acts.hidden = !id;
    for (const act of acts === drop ? [drop] : acts.querySelectorAll("form")) {
      act.setAttribute("action", act.getAttribute("action").replace(/\d+/, id ?? 0));
    }
  };

  const mark = () => {
    for (const [name, value] of Object.entries({ version: form.dataset.version, hand, step })) form.elements[`draft_${name}`].value = value;
  };

  const post = (data, keepalive = false, signal = undefined) => fetch(form.dataset.draft, {
    method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual", keepalive, signal,
  });

  // Said as soon as the browser knows of it, and taken back with the connection, not with the next saving.
  const isOurs = () => state && !stopped && form.isConnected;
  window.addEventListener("offline", () => {
    if (!isOurs()) return;
    before ??= [...state.childNodes];
    state.textContent = state.dataset.lost;
  });
  window.addEventListener("online", () => {
    if (!isOurs()) return;
    if (pending) store();
    else if (before) state.replaceChildren(...before);
    before = null;
  });

  function changed() {
    if (!pending || failed) step += 1;
    failed = false;
    pending = true;
    clean = false;
    if (!timer) wait(REST);
  }

  async function store(leaving = false) {
    clearTimeout(timer);
    timer = 0;
    if (stopped || !pending || !form.isConnected || (busy && leaving !== true)) return;
    pending = false;
    busy = true;
    save();
    mark();
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (name === "writer" || value instanceof File) data.delete(name);
    let time = REST;
    const stop = new AbortController();
    const patience = [setTimeout(() => tell(state?.dataset.lost), LATE), setTimeout(() => stop.abort(), GIVEN_UP)];
    const [said, why] = await answered(post(data, leaving === true, stop.signal));
    patience.forEach(clearTimeout);
    warn(["over", "old"].includes(why) ? state?.dataset[why] : "", why === "over");
    if (said) took(said);
    else {
      pending = failed = true;
      time = AGAIN;
      tell(CAUSES.includes(why) ? state?.dataset[why] : why, why === "over");
    }
    busy = false;
    if (pending) wait(time);
  }

  // A draft is no longer offered.
  function unoffer(key) {
    const line = document.querySelector(`[data-draft-key="${key}"]`);
    const many = line?.parentElement.parentElement.querySelector("[data-many]");
    if (many) many.textContent = many.textContent.replace(/\d+/, (all) => all - 1);
    (many ? line : line?.closest("[data-drafts]"))?.remove();
  }

  function took(said) {
    if (stopped || !form.isConnected) return;
    if (said.sent) return tell(said.told);
    for (const field of form.querySelectorAll("[data-token]")) field.value = said.files[field.value] ?? field.value;
    if (said.key !== form.dataset.key) underItsKey(form, said.key);
    form.dataset.version = said.version;
    clean = !pending;
    save();
    tell(said.told);
    offer(said.id);
    for (const key of [said.key, ...(said.gone ?? [])]) unoffer(key); // it stands in the form
    const close = document.getElementById("similar");
    if (close && said.similar !== shown && !close.querySelector("[data-focus]")) close.innerHTML = shown = said.similar ?? "";
    const other = form.querySelector("[data-draft-other]");
    if (other && said.other_at) Object.assign(other, { href: said.other_at, hidden: false });
    const note = form.querySelector("[data-draft-news]");
    if (!note || !said.news) return;
    note.hidden = false;
    note.querySelector("span").textContent = said.news;
    note.querySelector("a").href = said.news_at;
  }

  // What the browser kept and no page shows now becomes a draft of its own.
  async function push(place, record) {
    const data = new FormData();
    for (const [name, values] of Object.entries(record.fields)) for (const value of values) data.append(name, value);
    for (const { id } of record.files ?? []) if (id) data.append("staged", id);
    const own = { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, form_key: record.key,
      draft_version: record.version ?? 0, draft_hand: record.hand ?? "", draft_step: record.step ?? 0 };
    for (const [name, value] of Object.entries(own)) data.append(name, value);
    try { if ((await post(data)).ok) storage.forget(place); } catch { /* with the next page */ }
  }

  function aside(record) {
    if (record.clean || !record.key) return;
    storage.write(`${slot}:${record.key}`, record);
    push(`${slot}:${record.key}`, record);
  }

  // Whether what the browser kept comes back into this page. `there`: what lies on the server under its key.
  function wants(record, there) {
    const [version = 0, writer, last, id] = there?.draft ?? [];
    const own = record.key === form.dataset.key;
    const atFirst = Number(form.dataset.version); // a reload may overtake the saving of the page that is left
    if (writer && writer === record.hand) { // its answer may have been lost
      Object.assign(record, { version, clean: last >= record.step });
      if (own) form.dataset.version = version;
    }
    const base = record.version ?? 0;
    if (own ? base !== Number(form.dataset.version) : clean || "restored" in form.dataset) return aside(record), false;
    if (own && record.clean && base === atFirst) return false;
    if (there && record.clean && base !== version) { // gone on with elsewhere: it is offered; or thrown away there
      storage.forget(slot);
      return false;
    }
    if (!own && record.clean && isOpenedAnew() && document.querySelector(`[data-draft-key="${record.key}"]`)) return false; // it is offered
    form.dataset.version = base;
    clean = record.clean;
    // where others are offered, at once: an older copy of this text may be among them
    if (!clean) setTimeout(() => { changed(); if (document.querySelector("[data-draft-key]")) store(); }, 0);
    if (base === version && version) {
      offer(id);
      unoffer(record.key);
    }
    return true;
  }

  // than what was sent
  const isMore = (record, { sent }) => !record.clean && (sent[0] !== record.hand || sent[1] < record.step);

  // a page that was left before its answer came, and is back
  async function wasSent() {
    const key = history.state?.posted;
    const sent = key && isAsLeft() && (await lying(form, key))?.sent;
    if (sent) anew();
    return sent;
  }

  form.addEventListener("submit", mark);
  form.addEventListener("sending:start", () => {
    stopped = true;
    mark();
    history.replaceState({ posted: form.dataset.key }, "");
  });
  window.addEventListener("pageshow", wasSent);
  form.addEventListener("sending:over", () => { stopped = false; if (pending) wait(REST); });
  drop?.addEventListener("submit", () => { stopped = true; });
  for (const place of storage.slots()) {
    if (place.startsWith(`${slot}:`)) push(place, storage.read(place));
  }
  return { changed, wants, isMore, aside, wasSent, marks: () => ({ version: Number(form.dataset.version), hand, step, clean }), leave: () => store(true) };
}
