// Says so when the line is gone, and that nothing is lost.
export function offline(root) {
  const place = root.querySelector("[data-offline]");
  if (!place) return;
  const show = () => { place.textContent = navigator.onLine ? "" : place.dataset.offline; };
  window.addEventListener("offline", show);
  window.addEventListener("online", show);
  show();
}
