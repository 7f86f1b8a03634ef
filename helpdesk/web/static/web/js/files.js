// The file picker: each chosen file becomes a line with an input of its own; where there is an address it travels at
// once. What is still travelling when the form is sent is waited for; what did not travel goes with the form.
import { all, fresh } from "./forms.js";

const PICTURES = [[/^image\/|\.(?:png|jpe?g|gif|webp)$/i, "image"], [/sheet|excel|csv|\.(?:xlsx?|ods)$/i, "file-spreadsheet"]];

// A name as the server will write it (core/text/safe.py), so that it is the same before and after.
const named = ({ name }) => name.replaceAll("\\", "/").replace(/[/ ]+$/, "").replace(/.*\//s, "")
  .replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]+/g, " ").replace(/[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff\u00ad\u180e]/g, "")
  .replace(/[<>:"|?*]/g, "_").replace(/\s+/g, " ").trim();

// A name as it is written into its place: shortened or broken before its ending, which stays whole (web/filenames.py).
export function write(place, name) {
  const [, start, end] = /^(.+)(\.[\p{L}\p{N}]{1,8})$/su.exec(name) ?? [null, name];
  place.replaceChildren(...[start, end].filter(Boolean).map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  if (end) place.lastChild.className = "nowrap";
}

function sized(bytes, units) {
  let value = bytes, step = 0;
  while (value >= 1024 && step < units.length - 1) { value /= 1024; step += 1; }
  const shown = step > 1 && value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${shown.toLocaleString(document.documentElement.lang)}\u00a0${units[step]}`;
}

class Picker {
  constructor(box) {
    this.box = box;
    this.list = box.querySelector(".files");
    this.input = box.querySelector("input[type=file]");
    this.template = box.querySelector("template[data-file-line]");
    this.units = box.dataset.units.split(",");
    box.addEventListener("change", (event) => { if (event.target === this.input) this.chosen(); });
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (!button) return;
      event.preventDefault();
      this.remove(button.closest(".file"));
    });
    this.form = box.closest("form");
    this.field = box.dataset.files; // what these files are for; those of the form in general have none
    if (!this.field) this.form?.addEventListener("kept:files", (event) => this.back(event.detail));
    // what is still travelling arrives before the form goes: its bytes go once
    this.form?.addEventListener("sending:wait", ({ detail }) => {
      for (const { travel } of this.list.children) if (travel) detail.push(travel);
    });
    this.bindDrop(this.field ? box : this.form ?? box);
  }

  bindDrop(area) {
    const drop = this.box.querySelector("[data-drop]");
    const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    area.addEventListener("dragover", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      if (this.field) event.stopPropagation();
      drop.classList.add("is-over");
    });
    area.addEventListener("dragleave", (event) => {
      if (!area.contains(event.relatedTarget)) drop.classList.remove("is-over");
    });
    area.addEventListener("drop", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      if (this.field) event.stopPropagation();
      drop.classList.remove("is-over");
      this.add(event.dataTransfer.files);
    });
  }

  chosen() {
    const files = [...this.input.files];
    this.input.value = "";
    this.add(files);
    this.input.focus();
  }

  // the list is another one: what is kept of it, and what was said about it, follows
  // (`arrived`: nothing that the writer has done)
  changed(arrived = false) { this.form?.dispatchEvent(new CustomEvent("files:changed", { bubbles: true, detail: { arrived } })); }

  add(files) {
    if ([...files].some((file) => this.fits(file))) this.letGo();
    for (const file of files) {
      for (const old of this.list.querySelectorAll(".file--again")) if (old.dataset.name === named(file)) old.remove();
      this.line(file);
    }
    this.changed();
  }

  fits(file) { return file.size <= Number(this.box.dataset.max); }

  // Another file in the place of one that cannot be sent: what was said of that stays to be read, and keeps nothing back.
  letGo() {
    for (const mark of this.list.querySelectorAll(".file--error [name^=refused]")) mark.remove();
  }

  // Files of a form that was not sent: those that lie on the server still are listed again, the others named.
  async back(files) {
    let there = [];
    try {
      const answer = await fetch(this.box.dataset.uploadUrl, {
        method: "POST",
        headers: { "X-CSRFToken": this.token(), Accept: "application/json" },
        body: new URLSearchParams({ list: "1" }),
      });
      if (answer.ok) there = (await answer.json()).files;
    } catch { /* no connection */ }
    const listed = [...this.list.querySelectorAll("[data-token]")].map((field) => field.value);
    for (const file of files) {
      if (listed.includes(String(file.id))) continue;
      const found = there.find((one) => String(one.id) === String(file.id));
      const line = this.drawn(found ?? file);
      if (found?.field) line.dataset.for = found.field;
      if (found) this.staged(line, null, found.id);
      else {
        line.classList.add("file--again");
        this.refuse(line, file, this.box.dataset.again);
      }
    }
    this.changed();
  }

  drawn(file) {
    const line = this.template.content.firstElementChild.cloneNode(true);
    const [picture, name, button] = [".icon", ".cut", "button"].map((s) => line.querySelector(s));
    line.dataset.name = named(file);
    write(name, line.dataset.name);
    line.dataset.size = file.size;
    if (this.field) line.dataset.for = this.field;
    this.size(line);
    button.dataset.remove = "";
    button.setAttribute("aria-label", this.box.dataset.remove.replace("{name}", named(file)));
    const found = PICTURES.find(([type]) => type.test(file.type ?? file.name));
    if (found) this.picture(picture, found[1]);
    this.list.append(line);
    return line;
  }

  size(line) {
    const size = Number(line.dataset.size);
    line.classList.toggle("file--empty", !size);
    line.querySelector(".file__size").textContent = size ? sized(size, this.units) : this.box.dataset.empty;
  }

  line(file) {
    const line = this.drawn(file);
    line.file = file;
    if (!this.fits(file)) return this.refuse(line, file, this.box.dataset.tooLarge, "file_too_big");
    const own = document.createElement("input");
    own.type = "file";
    own.name = this.box.dataset.name;
    own.hidden = true;
    const carrier = new DataTransfer();
    carrier.items.add(file);
    own.files = carrier.files;
    line.append(own);
    if (this.box.dataset.uploadUrl) this.send(line, file, own);
  }

  picture(icon, name) {
    const use = icon.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${name}`));
  }

  refuse(line, file, why, code = "") {
    file.gone?.();
    line.classList.add("file--error");
    if (why !== this.box.dataset.again) delete line.dataset.name; // not worth keeping
    const name = line.querySelector(".cut");
    name.classList.remove("cut", "cut--file");
    write(name, named(file));
    name.append(` — ${why}`);
    this.picture(line.querySelector(".icon"), "circle-alert");
    line.querySelector("input[type=file]")?.remove();
    line.querySelector("progress")?.remove();
    // the server is told what did not come along: nothing is sent while the writer believes it is attached
    for (const [name, value] of [["refused", named(file)], ["refused_why", code]]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      line.append(field);
    }
  }

  send(line, file, own) {
    const data = this.box.dataset;
    const bar = document.createElement("progress");
    bar.className = "progress";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", data.loading.replace("{name}", named(file)));
    line.append(bar);
    const size = line.querySelector(".file__size");
    const request = new XMLHttpRequest();
    let arrived;
    const done = new Promise((tell) => { arrived = tell; });
    const travel = line.travel = { request, done, loaded: 0, total: file.size };
    request.open("POST", data.uploadUrl);
    request.setRequestHeader("X-CSRFToken", this.token());
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      Object.assign(travel, { loaded: event.loaded, total: event.total });
      bar.value = (event.loaded / event.total) * 100;
      size.textContent = `${sized(event.loaded, this.units)} ${data.of} ${sized(file.size, this.units)}`;
    });
    request.addEventListener("loadend", () => {
      bar.remove();
      delete line.travel;
      this.size(line);
      const answer = request.response ?? {};
      if (request.status >= 200 && request.status < 300 && answer.id) {
        if (answer.name) write(line.querySelector(".cut"), line.dataset.name = answer.name);
        this.staged(line, own, answer.id);
        file.kept?.(answer.id, answer.name ?? file.name);
      } else if (answer.message) this.refuse(line, file, answer.message);
      // otherwise (no connection, session over) the line's own input stays and goes with the form
      this.changed(true);
      arrived();
    });
    const body = new FormData();
    body.append("file", file);
    if (this.field) body.append("field", this.field);
    request.send(body);
  }

  staged(line, own, token) {
    own?.remove();
    const field = document.createElement("input");
    field.type = "hidden";
    field.dataset.token = "";
    field.name = this.box.dataset.staged;
    field.value = token;
    line.append(field);
  }

  token() {
    const form = this.box.closest("form");
    return (form ?? document).querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  remove(line) {
    line.travel?.request.abort();
    line.file?.gone?.(); // from the text as well, where it was pasted
    const next = line.nextElementSibling?.querySelector("button") ?? this.input;
    line.remove();
    this.changed();
    next.focus();
  }
}

export function bindFiles(root) {
  for (const box of all(root, "[data-files]")) {
    if (!fresh(box, "Files")) continue;
    const picker = new Picker(box);
    if (picker.field) continue;
    // pictures pasted into the editor of the same form arrive as an event
    box.closest("form")?.addEventListener("editor:files", (event) => {
      picker.add(event.detail.map((file, i) => (file.name && file.name !== "image.png" ? file
        : Object.assign(new File([file], `${box.dataset.pasted} ${new Date().toTimeString().slice(0, 8).replaceAll(":", "-")}${i ? ` ${i}` : ""}.png`, { type: file.type }), { kept: file.kept, gone: file.gone }))));
    });
  }
}
