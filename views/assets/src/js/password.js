// A button that shows a password; typing long ones blind keeps people out.
export function password(root) {
  for (const group of root.querySelectorAll("[data-password]")) {
    const input = group.querySelector("input");
    const b = root.createElement("button");
    b.type = "button";
    b.className = "govuk-button gy-button--quiet";
    b.textContent = group.dataset.show;
    b.setAttribute("aria-controls", input.id);
    b.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      b.textContent = hidden ? group.dataset.hide : group.dataset.show;
    });
    input.form?.addEventListener("submit", () => { input.type = "password"; });
    input.after(b);
  }
}
