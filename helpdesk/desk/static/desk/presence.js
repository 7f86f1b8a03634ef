// Says that this request is open here and whether something is being written, and shows who else is at it.
const place = document.querySelector("[data-here]");
const EVERY = 15_000;
const WRITING = 60_000; // since the last letter typed

if (place) {
  let typed = 0;
  let said = "";
  let busy = false;
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const mode = () => document.querySelector(".d-dock [data-mode]")?.dataset.mode ?? "answer";
  const form = (values) => new URLSearchParams({ csrfmiddlewaretoken: token(), ...values });
  const writing = () => (Date.now() - typed < WRITING ? (mode() === "note" ? "note" : "answer") : "");

  const tell = async () => {
    if (document.hidden || busy || !navigator.onLine) return;
    busy = true;
    try {
      said = writing();
      const answer = await fetch(place.dataset.here, { method: "POST", body: form({ writing: said }), redirect: "manual" });
      if (answer.ok) {
        const marks = await answer.text();
        const shown = document.querySelector("[data-here]"); // the head may have been shown anew
        if (shown && shown.dataset.marks !== marks) { shown.innerHTML = marks; shown.dataset.marks = marks; } // a template's own words
      } else if (answer.status !== 503) clearInterval(timer); // no longer to be seen here
    } catch { /* without a connection the next time will do */ }
    busy = false;
  };
  const timer = setInterval(tell, EVERY);
  document.addEventListener("visibilitychange", tell);
  document.addEventListener("input", (event) => {
    if (!event.isTrusted || !event.target.closest?.(".d-dock")) return;
    typed = Date.now();
    if (said !== writing()) tell(); // the first letter is told at once
  });
  addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.here, form({ left: "1" })));
  addEventListener("pageshow", tell);
  document.addEventListener("submit", (event) => { if (event.target.matches(".d-dock")) typed = 0; });
}

// Ready texts come along once somebody writes.
document.querySelector(".d-dock")?.addEventListener("focusin", () => import("./texts.js"), { once: true });
