// Single keys of the workbench. They act only outside fields, only on staff
// pages, and not when the reader switched them off (WCAG 2.1.4).
const OFF = "guangyi-keys-off";

export function keys(root) {
  if (!root.documentElement.classList.contains("gy-staff")) return;
  const controls = [...root.querySelectorAll("[data-key]")];
  if (controls.length === 0) return;
  for (const place of root.querySelectorAll("[data-keys-switch]")) addSwitch(root, place);
  root.addEventListener("keydown", (event) => {
    const name = wanted(event);
    if (!name) return;
    const control = controls.find((c) => c.dataset.key.toLowerCase() === name && c.getClientRects().length > 0);
    if (!control) return;
    event.preventDefault();
    control.focus();
    control.click();
  });
}

function wanted(event) {
  if (event.isComposing) return "";
  if (event.ctrlKey || event.metaKey) {
    return event.key === "Enter" ? "ctrl+enter" : "";
  }
  if (event.altKey || off() || typing(event.target)) return "";
  return event.key.length === 1 ? event.key.toLowerCase() : "";
}

function typing(target) {
  if (target.matches("textarea, select, [contenteditable]")) return true;
  return target.matches("input") && !["radio", "checkbox", "button", "submit"].includes(target.type);
}

function off() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

// addSwitch offers a checkbox that is kept on this device.
function addSwitch(root, place) {
  const toggle = root.createElement("input");
  toggle.type = "checkbox";
  toggle.checked = off();
  toggle.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, toggle.checked ? "1" : "0");
    } catch {
      toggle.checked = false;
    }
  });
  const label = root.createElement("label");
  label.append(toggle, " ", place.dataset.keysSwitch);
  place.append(label);
}
