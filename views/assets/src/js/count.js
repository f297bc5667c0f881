// Counts what is left of a text's limit, in code points as the server does.
// Nothing is cut. The figure is spoken a moment after typing stops.
export function count(root) {
  for (const area of root.querySelectorAll("textarea[data-limit]")) {
    const info = root.getElementById(area.id + "-info");
    if (!info) continue;
    const spoken = root.createElement("span");
    spoken.className = "govuk-visually-hidden";
    spoken.setAttribute("aria-live", "polite");
    info.after(spoken);
    let timer;
    const show = () => {
      const left = Number(area.dataset.limit) - [...area.value].length;
      const words = left < 0 ? area.dataset.over : area.dataset.left;
      info.textContent = words.replace("%d", Math.abs(left).toLocaleString("en"));
      info.classList.toggle("gy-count--over", left < 0);
      clearTimeout(timer);
      if (left < Number(area.dataset.limit) / 10) {
        timer = setTimeout(() => { spoken.textContent = info.textContent; }, 1000);
      }
    };
    area.addEventListener("input", show);
    show();
  }
}
