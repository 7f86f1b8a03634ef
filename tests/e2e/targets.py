"""What a finger has to hit (WCAG 2.2, 2.5.8): everything that is pressed is 24 CSS pixels wide and high at least, but
links within a sentence."""

# A label belongs to its box: where the two touch, either may be pressed.
_SMALL = """() => {
  const LEAST = 24;
  const seen = (e) => {
    const { width, height } = e.getBoundingClientRect(), style = getComputedStyle(e);
    return width > 1 && height > 1 && style.visibility !== "hidden" && style.opacity !== "0" && !e.closest("[inert], [hidden], .vh");
  };
  const fits = (box) => Math.round(box.width) >= LEAST && Math.round(box.height) >= LEAST;
  const words = (node) => (node.textContent ?? "").replace(/[\\s\\u200b·,.;:()—–-]+/g, "");
  // a line of text around it that is no target itself
  const inSentence = (e) => {
    if (getComputedStyle(e).display !== "inline") return false;
    let block = e.parentElement;
    while (getComputedStyle(block).display.startsWith("inline") && !block.matches("a, button")) block = block.parentElement;
    if (getComputedStyle(block).display.includes("flex") || getComputedStyle(block).display.includes("grid")) return false;
    const bare = block.cloneNode(true);
    for (const part of bare.querySelectorAll("a, button, .vh, svg, time, ul, ol, form, noscript")) part.remove();
    return words(bare).length > 0;
  };
  const found = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']")) {
    if (!seen(e) || e.disabled) continue;
    const boxes = [e, ...(e.labels ?? [])].map((one) => one.getBoundingClientRect());
    // a picture within makes a link as large as itself
    boxes.push(...[...e.querySelectorAll("img")].map((one) => one.getBoundingClientRect()));
    if (boxes.some(fits) || inSentence(e)) continue;
    const { width, height } = boxes[0];
    found.push(`${e.outerHTML.replace(/\\s+/g, " ").slice(0, 160)} ${Math.round(width)}×${Math.round(height)}`);
  }
  return found;
}"""


def small_targets(page):
    """What of a page is too small to be hit, as far as it can be seen."""
    return page.evaluate(_SMALL)
