// The entry desk: keeps the draft on the server while it is typed, leads from field to
// field with Enter, and says what a typed number of a provision means. Without it the
// form works all the same.
const PAUSE = 1200;

for (const form of document.querySelectorAll("form[data-desk]")) start(form);

function start(form) {
  const note = form.querySelector("[data-desk-note]");
  let timer, saving, dirty = false, leaving = false;

  const say = (words) => { if (note) note.textContent = words; };

  async function save() {
    clearTimeout(timer);
    if (!dirty || leaving) return;
    if (saving) { await saving; return save(); }
    dirty = false;
    saving = send().finally(() => { saving = undefined; });
    return saving;
  }

  async function send() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") body.append(name, value);
    }
    try {
      const answer = await fetch(form.dataset.desk, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const kept = await answer.json();
      if (kept.version) form.elements.version.value = kept.version;
      if (kept.version) say(form.dataset.deskSaved.replace("%s", new Date().toTimeString().slice(0, 8)));
    } catch {
      dirty = true;
      say(form.dataset.deskUnsaved);
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  window.addEventListener("pagehide", save);

  // What is on its way to the server comes first: the form must know its version.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!saving) { leaving = true; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const pressed = event.submitter;
    saving.finally(() => form.requestSubmit(pressed));
  }, true);

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!event.target.matches("input:not([type=checkbox]):not([type=radio]):not([type=file]), select")) return;
    event.preventDefault();
    const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((f) => f.getClientRects().length > 0);
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
  });

  form.dataset.deskReady = "true";
  const list = document.getElementById("provisions");
  for (const field of form.querySelectorAll("input[name=provision]")) {
    const found = document.getElementById(field.id + "-found");
    if (!list || !found) continue;
    field.addEventListener("input", () => { found.textContent = meaning(list, field.value); });
  }
}

// meaning looks a typed number up among the offered ones; the server has the last word.
function meaning(list, typed) {
  const plain = typed.normalize("NFKC").trim();
  if (plain === "") return "";
  for (const option of list.options) {
    if (option.value === plain || option.dataset.number === plain) return option.value + " " + option.dataset.words;
  }
  return "";
}
