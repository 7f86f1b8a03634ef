// Waits for the focus on a text area that may become an editor, then fetches the editor. Until then 0 bytes of it.
import { all, fresh } from "./forms.js";

function bindArea(area) {
  let loading = false;
  const load = async () => {
    if (loading) return;
    loading = true;
    try {
      const { edit } = await import(area.dataset.module);
      edit(area);
    } catch {
      loading = false; // no connection: the text area goes on serving; the next focus tries again
    }
  };
  area.addEventListener("focus", load);
  area.closest("[data-editor-box]")?.querySelector("[data-tools]")?.addEventListener("pointerdown", load, { once: true });
  // markup must not be shown raw
  if (area.dataset.format === "html" && area.value) load();
  area.form?.addEventListener("kept:restored", () => {
    const format = area.form.elements[`${area.name}_format`]?.value;
    if (format === "html") { area.dataset.format = "html"; load(); }
  });
}

export function bindEditors(root) {
  for (const area of all(root, "textarea[data-editor]")) if (fresh(area, "Editor")) bindArea(area);
}
