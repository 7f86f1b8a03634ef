// Binds behaviours to data-* attributes. Every form works without this file; all words come from the page.
import { bindComposers } from "./composer.js";
import { bindEditors } from "./editing.js";
import { bindFiles } from "./files.js";
import { bindForms } from "./forms.js";
import { bindKeys } from "./keys.js";
import { bindPieces } from "./pieces.js";

function bind(root) {
  bindEditors(root);
  bindComposers(root);
  bindForms(root); // after those two: it may put kept text back
  bindFiles(root);
  bindPieces(root);
}

bind(document);
bindKeys();
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) bind(event.detail.elt);
});
