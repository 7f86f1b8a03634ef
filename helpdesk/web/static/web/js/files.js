// The file picker: each chosen file becomes a line with an input of its own; where there is an address it travels at
// once. What did not travel goes with the form, so sending never waits for it.
import { all, fresh } from "./forms.js";

const PICTURES = [[/^image\//, "image"], [/sheet|excel|csv/, "file-spreadsheet"]];

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
    this.bindDrop(box.closest("form") ?? box);
  }

  bindDrop(area) {
    const drop = this.box.querySelector("[data-drop]");
    const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    area.addEventListener("dragover", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      drop.classList.add("is-over");
    });
    area.addEventListener("dragleave", (event) => {
      if (!area.contains(event.relatedTarget)) drop.classList.remove("is-over");
    });
    area.addEventListener("drop", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
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

  add(files) { for (const file of files) this.line(file); }

  line(file) {
    const line = this.template.content.firstElementChild.cloneNode(true);
    const [picture, name, size, button] = [".icon", ".cut", ".file__size", "button"].map((s) => line.querySelector(s));
    name.textContent = file.name;
    size.textContent = sized(file.size, this.units);
    button.dataset.remove = "";
    button.setAttribute("aria-label", this.box.dataset.remove.replace("{name}", file.name));
    const found = PICTURES.find(([type]) => type.test(file.type));
    if (found) this.picture(picture, found[1]);
    this.list.append(line);
    if (file.size > Number(this.box.dataset.max)) return this.refuse(line, file, this.box.dataset.tooLarge);
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

  refuse(line, file, why) {
    line.classList.add("file--error");
    line.querySelector(".cut").classList.remove("cut");
    line.querySelector("span").textContent = `${file.name} — ${why}`;
    this.picture(line.querySelector(".icon"), "circle-alert");
    line.querySelector("input[type=file]")?.remove();
    line.querySelector("progress")?.remove();
    // the server is told what did not come along: nothing is sent while the writer believes it is attached
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "refused";
    field.value = file.name;
    line.append(field);
  }

  send(line, file, own) {
    const data = this.box.dataset;
    const bar = document.createElement("progress");
    bar.className = "progress";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", data.loading.replace("{name}", file.name));
    line.append(bar);
    const size = line.querySelector(".file__size");
    const request = new XMLHttpRequest();
    line.request = request;
    request.open("POST", data.uploadUrl);
    request.setRequestHeader("X-CSRFToken", this.token());
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = (event.loaded / event.total) * 100;
      size.textContent = `${sized(event.loaded, this.units)} ${data.of} ${sized(file.size, this.units)}`;
    });
    request.addEventListener("loadend", () => {
      bar.remove();
      size.textContent = sized(file.size, this.units);
      const answer = request.response ?? {};
      if (request.status >= 200 && request.status < 300 && answer.id) this.staged(line, own, answer.id);
      else if (answer.message) this.refuse(line, file, answer.message);
      // otherwise (no connection, session over) the line's own input stays and goes with the form
    });
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  }

  staged(line, own, token) {
    own.remove();
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = this.box.dataset.staged;
    field.value = token;
    line.append(field);
  }

  token() {
    const form = this.box.closest("form");
    return (form ?? document).querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  remove(line) {
    line.request?.abort();
    const next = line.nextElementSibling?.querySelector("button") ?? this.input;
    line.remove();
    next.focus();
  }
}

export function bindFiles(root) {
  for (const box of all(root, "[data-files]")) {
    if (!fresh(box, "Files")) continue;
    const picker = new Picker(box);
    // pictures pasted into the editor of the same form arrive as an event
    box.closest("form")?.addEventListener("editor:files", (event) => {
      picker.add(event.detail.map((file, i) => (file.name && file.name !== "image.png" ? file
        : new File([file], `${box.dataset.pasted} ${new Date().toTimeString().slice(0, 8).replaceAll(":", "-")}${i ? ` ${i}` : ""}.png`, { type: file.type }))));
    });
  }
}
