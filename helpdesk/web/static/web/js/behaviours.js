// Binds behaviours to data-* attributes. Every form works without this file; all words come from the page.
import { bindComposers } from "./composer.js";
import { bindDrafts } from "./drafts.js";
import { bindEditors } from "./editing.js";
import { bindFiles } from "./files.js";
import { bindForms } from "./forms.js";
import { bindKeys } from "./keys.js";
import { bindPieces } from "./pieces.js";
import { bindSending } from "./sending.js";

function bind(root) {
  bindEditors(root);
  bindComposers(root);
  bindFiles(root);
  bindDrafts(root); // after those three: it may put kept text and files back
  bindForms(root);
  bindSending(root); // last: whoever stops a form from being sent has spoken before
  // the viewer comes along where there are pictures; until then they are links
  if (root.querySelector("a[data-picture]")) import("./pictures.js").then(({ bindPictures }) => bindPictures(root));
  bindPieces(root);
}

bind(document);
bindKeys();
for (const name of ["htmx:load", "page:shown"]) document.addEventListener(name, (event) => {
  if (event.detail.elt !== document.body || name === "page:shown") bind(event.detail.elt);
});
