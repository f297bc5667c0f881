// Puts a copy button beside a receipt's number and secret.
export function copy(root) {
  if (!navigator.clipboard) return;
  for (const place of root.querySelectorAll("[data-copy]")) {
    const text = place.textContent.trim();
    const b = root.createElement("button");
    b.type = "button";
    b.className = "gy-linkbutton gy-no-print";
    b.textContent = place.dataset.copy;
    b.setAttribute("aria-describedby", place.id);
    b.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      b.textContent = place.dataset.copied;
      setTimeout(() => { b.textContent = place.dataset.copy; }, 3000);
    });
    place.after(b);
  }
}
