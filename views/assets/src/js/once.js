// A second press while the first is on its way is ignored. The server tells
// doubles apart as well; this only spares a slow line.
export function once(root) {
  for (const form of root.querySelectorAll("form[data-once]")) {
    let sending = false;
    form.addEventListener("submit", (event) => {
      if (sending) {
        event.preventDefault();
        return;
      }
      sending = true;
      const pressed = event.submitter;
      if (pressed) pressed.setAttribute("aria-disabled", "true");
      if (pressed && form.dataset.sending) pressed.textContent = form.dataset.sending;
    });
    // Coming back by the browser's own button finds the form ready again.
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
  }
}
