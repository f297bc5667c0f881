// Shows at once what an act did, on the page as the server last wrote it. The
// record itself is worked out by the server; this is what the room sees meanwhile.
const find = (css) => document.querySelector(css);
const named = (attribute, value) => find(`[data-${attribute}="${CSS.escape(value)}"]`);

export function apply(act) {
  const step = steps[act.kind];
  if (step) step(act);
  count();
}

const steps = {
  check_in: (a) => presence(a, "in", a.at),
  excuse: (a) => { if (!here(a.seat)) presence(a, "excused"); },
  clear: (a) => presence(a, "expected"),
  leave: (a) => presence(a, "left"),
  out: (a) => { if (here(a.seat)) presence(a, "out"); },
  in: (a) => { if (here(a.seat)) presence(a, "in"); },
  clear_room: () => everybody("in", "out"),
  return: () => everybody("out", "in"),
  call: called,
  add: (a) => listed(a.id, a.seat),
  add_all: (a) => { for (const seat of a.seats || []) listed(a.id + ":" + seat, seat); },
  earlier,
  drop: (a) => { turn(a.entry)?.remove(); },
  start,
  stop: (a) => { const t = turn(a.entry); if (t && t.dataset.turn === "speaking") halt(t, a); },
  words,
  later: (a) => ends(a, "linked"),
  sign: (a) => ends(a, "signed"),
  result: decided,
};

function here(seat) {
  const row = named("seat", seat);
  return row && (row.dataset.state === "in" || row.dataset.state === "out");
}

function presence(a, state, at) {
  const row = named("seat", a.seat);
  if (!row || (state === "in" && at && here(a.seat))) return;
  row.dataset.state = state;
  if (at) for (const t of row.querySelectorAll("[data-time]")) t.textContent = clock(at);
}

function clock(at) {
  const zone = find("[data-zone]")?.dataset.zone;
  return new Date(at).toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", timeZone: zone || undefined }).replace(/^0/, "");
}

function everybody(from, to) {
  for (const row of document.querySelectorAll(`[data-seat][data-state="${from}"]`)) row.dataset.state = to;
}

// called moves a reserve among those who are expected.
function called(a) {
  const row = named("seat", a.seat);
  if (!row || row.dataset.state !== "reserve") return;
  row.dataset.state = "expected";
  find("[data-people]")?.append(row);
}

// words puts back what was written before the page was loaded anew.
function words(a) {
  const panel = named("panel", a.entry);
  for (const area of panel?.querySelectorAll("textarea[name=words]") || []) {
    if (area === document.activeElement) continue;
    area.value = a.points.map((p) => p.text).join("\n\n");
    const select = area.form.querySelector("select[name=provision]");
    if (select) select.value = a.points[0]?.provision || "";
  }
  if (panel && ["spoken", "linked"].includes(panel.dataset.turn)) points(a.entry);
}

const turn = (entry) => named("entry", entry);

// listed puts a speaker's row and panel on the page, made from the templates.
function listed(entry, seat) {
  const list = find("[data-turns]");
  const row = named("seat", seat);
  if (!list || !row || turn(entry)) return;
  for (const other of list.children) {
    if (other.dataset.of === seat && ["waiting", "speaking"].includes(other.dataset.turn)) return;
  }
  list.append(filled("turn", entry, seat, row.dataset.name));
  find("[data-panels]")?.append(filled("panel", entry, seat, row.dataset.name));
  number();
}

function filled(kind, entry, seat, name) {
  const made = find(`template[data-new="${kind}"]`).content.cloneNode(true);
  for (const el of made.querySelectorAll("*")) {
    for (const { name: key, value } of [...el.attributes]) {
      if (value.includes("{")) el.setAttribute(key, value.replaceAll("{entry}", entry).replaceAll("{seat}", seat).replaceAll("{name}", name));
    }
    if (el.children.length === 0 && el.textContent.includes("{name}")) el.textContent = el.textContent.replaceAll("{name}", name);
  }
  return made;
}

function number() {
  let n = 0;
  for (const row of document.querySelectorAll("[data-turns] > [data-entry]")) {
    n += 1;
    const place = row.querySelector("[data-number]");
    if (place) place.textContent = n;
  }
}

function earlier(a) {
  const row = turn(a.entry);
  if (!row || row.dataset.turn !== "waiting") return;
  let before = row.previousElementSibling;
  while (before && before.dataset.turn !== "waiting") before = before.previousElementSibling;
  if (before) before.before(row);
  number();
}

function start(a) {
  const row = turn(a.entry);
  if (!row || row.dataset.turn === "speaking") return;
  const running = find('[data-entry][data-turn="speaking"]');
  if (running) halt(running, a);
  state(a.entry, "speaking");
  row.dataset.started = a.at;
  show(a.entry);
}

function halt(row, a) {
  const spoken = Number(row.dataset.spoken || 0) + (a.seconds || Math.max(0, Math.round((Date.parse(a.at) - Date.parse(row.dataset.started)) / 1000)));
  row.dataset.spoken = spoken;
  row.dataset.started = "";
  for (const t of row.querySelectorAll("[data-clock]")) t.textContent = minutes(spoken);
  state(row.dataset.entry, "spoken");
  points(row.dataset.entry);
  show(row.dataset.entry);
}

function ends(a, to) {
  const row = turn(a.entry);
  if (row?.dataset.turn === "speaking") halt(row, a);
  state(a.entry, to);
}

export function minutes(seconds) {
  return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
}

function state(entry, to) {
  for (const el of [turn(entry), named("panel", entry)]) if (el) el.dataset.turn = to;
}

// show brings a speaker's panel forward; the others keep what was typed.
export function show(entry) {
  for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== entry;
}

// points lays the words out for their speaker to read and confirm, one by one.
function points(entry) {
  const panel = named("panel", entry);
  const place = panel?.querySelector("[data-points]");
  const area = panel?.querySelector("textarea[name=words]");
  const pattern = find('template[data-new="point"]');
  if (!place || !area || !pattern) return;
  const chosen = panel.querySelector("select[name=provision]")?.value || "";
  place.replaceChildren();
  const texts = area.value.trim().includes("\n\n") ? area.value.split("\n\n") : area.value.split("\n");
  texts.map((t) => t.trim()).filter(Boolean).forEach((text, i) => {
    const made = pattern.content.cloneNode(true);
    made.querySelector("[data-text]").textContent = text;
    made.querySelector("input[name=point]").value = text;
    const select = made.querySelector("select");
    select.id = `point-${entry}-${i}`;
    select.value = chosen;
    made.querySelector("label").htmlFor = select.id;
    place.append(made);
  });
}

function decided(a) {
  const place = find("[data-result]");
  if (!place) return;
  place.textContent = [place.dataset[a.result] || "", a.text || ""].filter(Boolean).join("　");
}

function count() {
  const rows = [...document.querySelectorAll("[data-people] > [data-seat]")];
  const came = rows.filter((r) => r.dataset.state === "in" || r.dataset.state === "out").length;
  const inside = rows.filter((r) => r.dataset.state === "in").length;
  for (const [css, n] of [["came", came], ["inside", inside], ["people", rows.length]]) {
    for (const el of document.querySelectorAll(`[data-count="${css}"]`)) el.textContent = n;
  }
}
