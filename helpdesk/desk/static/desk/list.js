// Choosing rows of a list: the bar of what can be done with them stands there once something is chosen.
const bar = document.querySelector("[data-bulk]");

if (bar) {
  const boxes = [...document.querySelectorAll('input[name="ticket"][form="bulk"]')];
  const whole = bar.querySelector("[data-bulk-all]");
  const page = document.querySelector("[data-choose-all]");
  const said = bar.querySelector("[data-bulk-said]");
  const rules = new Intl.PluralRules(document.documentElement.lang || "ru");
  let last = null;

  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr").classList.toggle("is-selected", box.checked || whole.checked);
    bar.classList.toggle("is-on", chosen > 0 || whole.checked);
    const form = { one: "one", few: "few" }[rules.select(chosen)] ?? "many";
    said.textContent = whole.checked ? "" : said.dataset[form].replace(/\d+/, chosen);
    if (page) {
      page.checked = chosen === boxes.length;
      page.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };

  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      // with Shift, everything between this row and the one before
      if (event.shiftKey && last && last !== box) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = box;
    });
    box.addEventListener("change", () => {
      if (!box.checked) whole.checked = false;
      show();
    });
  }
  page?.addEventListener("change", () => {
    for (const box of boxes) box.checked = page.checked;
    whole.checked &&= page.checked;
    show();
  });
  whole.addEventListener("change", () => {
    for (const box of boxes) box.checked = whole.checked;
    show();
  });
  bar.querySelector("[data-bulk-none]").addEventListener("click", () => {
    whole.checked = false;
    for (const box of boxes) box.checked = false;
    show();
    boxes[0]?.focus();
  });
  window.addEventListener("pageshow", show); // also of a page that comes back with its ticks
  show();
}

// What others have touched meanwhile is told beside the conditions: nothing jumps. Asked for while the page is looked at.
const fresh = document.querySelector("[data-fresh-list]");
const EVERY = 20_000;

if (fresh) {
  let tag = `"${fresh.dataset.since}"`;
  let asked = Date.now();
  let said = "";
  const ask = async () => {
    if (document.hidden || Date.now() - asked < EVERY - 1000) return;
    asked = Date.now();
    try {
      const answer = await fetch(`${fresh.dataset.freshList}&since=${fresh.dataset.since}`, {
        headers: { "If-None-Match": tag }, cache: "no-store", redirect: "error",
      });
      if (!answer.ok) return;
      tag = answer.headers.get("ETag") ?? tag;
      const told = await answer.text();
      if (told !== said) fresh.innerHTML = said = told; // a template's own words
    } catch { /* without a connection the next time will do */ }
  };
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
