// Keeps what is typed into a form on this device, and nowhere else, until it is
// sent or cleared. Only texts are kept, never names, contacts or secrets.
const PREFIX = "guangyi-draft:";

export function draft(root) {
  for (const done of root.querySelectorAll("[data-draft-done]")) {
    forget(done.dataset.draftDone);
  }
  for (const form of root.querySelectorAll("form[data-draft]")) keep(root, form);
}

function keep(root, form) {
  const key = form.dataset.draft;
  const note = root.querySelector(`[data-draft-note="${CSS.escape(key)}"]`);
  const areas = [...form.querySelectorAll("textarea")];
  if (!note || areas.length === 0) return;
  offer(key, areas, note);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(key, areas, note), 600);
  });
}

function save(key, areas, note) {
  const texts = {};
  for (const area of areas) if (area.value) texts[area.id || area.name] = area.value;
  const at = new Date();
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: at.toISOString(), texts }));
  } catch {
    return; // no room or not allowed: the page promises nothing then
  }
  saved(key, at, note);
}

function saved(key, at, note) {
  const time = at.toLocaleTimeString(note.dataset.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  note.replaceChildren(note.dataset.saved.replace("%s", time), clearButton(key, note));
}

function clearButton(key, note) {
  return button(note.dataset.clear, () => {
    forget(key);
    note.textContent = note.dataset.cleared;
  });
}

// offer brings a kept text back only when asked: the page may hold a newer one.
function offer(key, areas, note) {
  const kept = read(key);
  if (!kept) return;
  const missing = areas.filter((a) => kept.texts[a.id || a.name] && !a.value.trim());
  if (missing.length === 0) {
    saved(key, new Date(kept.at), note);
    return;
  }
  const restore = button(note.dataset.restore, () => {
    for (const area of missing) {
      area.value = kept.texts[area.id || area.name];
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    missing[0].focus();
  });
  note.replaceChildren(note.dataset.found + " ", restore, " ", clearButton(key, note));
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + key));
    return kept && kept.texts ? kept : null;
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // a device without storage kept nothing
  }
}

function button(text, act) {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "gy-linkbutton";
  b.textContent = text;
  b.addEventListener("click", act);
  return b;
}
