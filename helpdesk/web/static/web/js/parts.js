// A part of a form that a choice brings along (hx-get). Where it does not come, that is said at the choice, and it is
// asked for again by itself; where the session has ended, the way to the sign-in is shown instead of taken.
import { all, fresh } from "./forms.js";

const PATIENCE = 20000; // ms without an answer
const PAUSES = [2000, 4000, 8000, 15000];

const noteOf = (choice) => choice.closest(".field").querySelector("[data-part-note]");
const waits = (choice) => choice.isConnected && !noteOf(choice).hidden;

function bindPart(choice) {
  const note = noteOf(choice);
  let timer;
  let tries = 0;
  const again = () => { if (waits(choice)) choice.dispatchEvent(new Event("again")); };
  const tell = (name, href = "") => {
    clearTimeout(timer);
    note.querySelector("span").textContent = name && note.dataset[name];
    note.querySelector("a").hidden = !href;
    note.querySelector("a").href = href;
    note.hidden = !name;
  };
  const failed = (name) => (event) => {
    event.stopPropagation(); // not by a toast as well
    tell(name);
    timer = setTimeout(again, PAUSES[Math.min(tries, PAUSES.length - 1)]);
    tries += 1;
  };
  choice.addEventListener("htmx:configRequest", ({ detail }) => { detail.timeout = PATIENCE; });
  choice.addEventListener("htmx:sendError", failed("lost"));
  choice.addEventListener("htmx:timeout", failed("lost"));
  choice.addEventListener("htmx:responseError", failed("failed"));
  choice.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    const way = xhr.getResponseHeader("HX-Redirect");
    if (way) {
      event.preventDefault(); // what is typed stays before its writer's eyes
      tell("over", way);
    } else if (xhr.status < 300) {
      tries = 0;
      tell("");
    }
  });
}

function bind(root) {
  for (const choice of all(root, "select[hx-get]")) if (noteOf(choice) && fresh(choice, "Part")) bindPart(choice);
}

bind(document);
document.addEventListener("page:shown", ({ detail }) => bind(detail.elt));

// The line is back, or its user is: perhaps signed in again in another window.
function comeBack() {
  for (const choice of document.querySelectorAll("select[data-bound-part]")) if (waits(choice)) choice.dispatchEvent(new Event("again"));
}
window.addEventListener("online", comeBack);
document.addEventListener("visibilitychange", () => { if (!document.hidden) comeBack(); });
