// Turns a selection in a comment into the span that a split needs: start and
// end in code points of the text, end exclusive. Without script the clerk types
// the figures.
export function split(root) {
  for (const text of root.querySelectorAll("[data-split]")) {
    const start = root.getElementById(text.dataset.start);
    const end = root.getElementById(text.dataset.end);
    if (!start || !end) continue;
    const read = () => {
      const span = selected(text);
      if (!span) return;
      [start.value, end.value] = span;
      start.dispatchEvent(new Event("input", { bubbles: true }));
    };
    text.addEventListener("mouseup", read);
    text.addEventListener("keyup", read);
    text.addEventListener("touchend", () => setTimeout(read));
  }
}

function selected(text) {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const start = [...before.toString()].length;
  const length = [...range.toString()].length;
  return length > 0 ? [start, start + length] : null;
}
