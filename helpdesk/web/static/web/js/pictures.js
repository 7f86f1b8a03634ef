// Pictures under a letter, big in the page: arrows go on, Esc closes. Without this they are links.
import { write } from "./files.js";
import { all, fresh } from "./forms.js";

let shown = null;

function show(viewer, link) {
  const image = viewer.querySelector("img"), save = viewer.querySelector("a[download]"), name = link.querySelector(".cut").textContent;
  shown = link;
  image.src = link.href;
  image.alt = name;
  write(viewer.querySelector("[data-name]"), name);
  save.href = link.dataset.picture;
  for (const button of viewer.querySelectorAll("[data-step]")) button.hidden = !next(Number(button.dataset.step));
}

function next(step) {
  const links = [...document.querySelectorAll("a[data-picture]")];
  return links[links.indexOf(shown) + step];
}

function go(viewer, step) {
  const link = next(step);
  if (link) show(viewer, link);
}

// a file that only calls itself a picture: a line like any other, saved by a click
function unreadable(link) {
  link.querySelector("img")?.remove();
  link.classList.remove("attach--pic");
  link.href = link.dataset.picture;
  delete link.dataset.picture;
}

export function bindPictures(root) {
  for (const image of all(root, ".attach--pic img")) {
    const link = image.closest("a");
    if (!fresh(link, "Image")) continue;
    image.addEventListener("error", () => unreadable(link));
    if (image.complete && !image.naturalWidth) unreadable(link);  // it failed before this script came
  }
  const viewer = document.querySelector("[data-viewer]");
  if (!viewer) return;
  for (const link of all(root, "a[data-picture]")) if (fresh(link, "Picture")) link.addEventListener("click", (event) => {
    if (!link.dataset.picture || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(viewer, link);
    viewer.showModal();
  });
  if (!fresh(viewer, "Viewer")) return;
  viewer.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-step]");
    if (button) go(viewer, Number(button.dataset.step));
    else if (target === viewer) viewer.close();
  });
  viewer.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft" || key === "ArrowRight") go(viewer, key === "ArrowLeft" ? -1 : 1);
  });
  viewer.addEventListener("close", () => shown.focus());
}
