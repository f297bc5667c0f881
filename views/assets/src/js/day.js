// The secretary's page of a meeting's day, also without network: what is pressed
// becomes an act on this device, is shown at once, and goes up when it can. Every
// form works without this script too.
import { device, fromForm, words } from "./day/acts.js";
import { apply, minutes, show } from "./day/apply.js";
import { scan, seatOf } from "./day/scan.js";
import { dropPages, push, replace, waiting } from "./day/store.js";
import { fetchPage, upload } from "./day/upload.js";

const RETRY = 5000; // ms between tries without network
const REFRESH = 20000; // ms between looks at what other devices did
const SAVE = 1500; // ms after the last key

const root = document.querySelector("[data-day]");
if (root && "indexedDB" in window) begin();

async function begin() {
  const day = { slug: root.dataset.day, address: root.dataset.address, csrf: root.dataset.csrf };
  await device();
  for (const act of await waiting()) if (act.meeting === day.slug) apply(act);
  listen(day);
  await worker(day);
  root.dataset.ready = "true";
  await go(day);
  setInterval(() => tick(), 1000);
  setInterval(() => beat(day), RETRY);
  setInterval(() => quiet(day), REFRESH);
  window.addEventListener("online", () => go(day));
  window.addEventListener("offline", () => bar(day, "offline"));
}

// worker makes the page and its items readable without network.
async function worker(day) {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(day.address + "/worker.js", { scope: day.address });
    const ready = await navigator.serviceWorker.ready;
    const pages = [location.pathname + location.search, ...[...document.querySelectorAll("[data-keep]")].map((a) => a.getAttribute("href"))];
    const assets = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")].map((e) => e.src || e.href);
    await new Promise((resolve) => {
      const answer = new MessageChannel();
      answer.port1.onmessage = resolve;
      setTimeout(resolve, 4000);
      ready.active.postMessage({ keep: pages, assets }, [answer.port2]);
    });
    root.dataset.kept = "true";
  } catch {
    // a browser that forbids it keeps the acts all the same, as long as the page is open
  }
}

function listen(day) {
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) {
      // A file or a link needs the network: without it nothing is lost by not trying.
      if (root.contains(event.target) && document.querySelector("[data-bar]").dataset.state === "offline") event.preventDefault();
      return;
    }
    event.preventDefault();
    const acts = await ready(form, event.submitter);
    for (const act of acts) await put(day, act);
    if (acts.length > 0 && form.hasAttribute("data-clear")) form.reset();
    await go(day);
  });
  let timer;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-statement]");
    if (!form) return;
    form.dataset.dirty = "true";
    clearTimeout(timer);
    timer = setTimeout(() => save(day, form), SAVE);
  });
  document.addEventListener("click", (event) => {
    const to = event.target.closest("[data-show]");
    if (!to) return;
    event.preventDefault();
    show(to.dataset.show);
    document.querySelector(`[data-panel="${CSS.escape(to.dataset.show)}"]`)?.scrollIntoView({ block: "nearest" });
  });
  scan(root, (value) => coded(day, value, "code"));
}

// ready makes the acts of a form; a typed code first finds whose it is.
async function ready(form, submitter) {
  if (form.dataset.act !== "code") {
    const running = form.closest("[data-panel]")?.dataset.panel;
    const row = running && document.querySelector(`[data-entry="${CSS.escape(running)}"]`);
    if (row?.dataset.started) form.dataset.running = Date.parse(row.dataset.started);
    return fromForm(form, submitter);
  }
  const row = seatOf(root, new FormData(form).get("code") || "");
  const told = form.querySelector("[data-told]");
  told.textContent = row ? row.dataset.name : told.dataset.unknown;
  if (!row) return [];
  form.querySelector("input[name=seat]").value = row.dataset.seat;
  return fromForm(form, submitter);
}

async function coded(day, value) {
  const form = root.querySelector("form[data-act=code]");
  form.querySelector("input[name=code]").value = value;
  form.requestSubmit();
}

async function put(day, act) {
  const queued = { ...act, meeting: day.slug };
  await push(queued);
  apply(act);
}

// save keeps the words so far. What has not gone up yet is replaced, so that a
// long statement leaves one act and not a hundred.
async function save(day, form) {
  const act = { ...(await words(form)), meeting: day.slug };
  if (act.points.length === 0) return;
  const queue = await waiting();
  const before = queue.at(-1);
  const same = before && !before.sent && before.kind === "words" && before.entry === act.entry && !day.sending;
  await (same ? replace({ ...act, order: before.order }) : push(act));
  const told = form.querySelector("[data-saved]");
  if (told) told.textContent = told.dataset.saved.replace("%s", new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }));
  await go(day);
}

// go uploads and then shows the record as the server has it.
async function go(day) {
  day.sending = true;
  const { state, refused } = await upload(day);
  day.sending = false;
  if (state === undefined) return; // another one is under way
  await bar(day, state, refused);
  if (state === "done" || state === "refused") await refresh(day);
}

async function beat(day) {
  if ((await waiting()).some((a) => a.meeting === day.slug)) await go(day);
}

async function quiet(day) {
  if (document.visibilityState === "visible" && (await waiting()).length === 0) await refresh(day);
}

async function bar(day, state, refused = []) {
  const queue = (await waiting()).filter((a) => a.meeting === day.slug);
  const place = document.querySelector("[data-bar]");
  const kind = state === "done" && queue.length > 0 ? "later" : state;
  place.hidden = queue.length === 0 && kind !== "signin" && kind !== "refused" && kind !== "offline";
  place.dataset.state = kind;
  for (const part of place.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(kind);
  for (const n of place.querySelectorAll("[data-waiting]")) n.textContent = queue.length;
  for (const t of place.querySelectorAll("[data-since]")) t.textContent = queue.length > 0 ? hour(queue[0].at) : hour(new Date());
  for (const t of place.querySelectorAll("[data-some]")) t.hidden = queue.length === 0;
  const list = place.querySelector("[data-refused]");
  if (list && refused.length > 0) list.replaceChildren(...refused.map((r) => Object.assign(document.createElement("li"), { textContent: r.message })));
}

function hour(at) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone });
}

// refresh takes the server's page part by part, and leaves alone what somebody is
// writing in.
async function refresh(day) {
  const page = await fetchPage(location.href);
  if (!page) return;
  const fresh = page.querySelector("[data-day]");
  if (!fresh) return;
  day.csrf = fresh.dataset.csrf;
  if ((await waiting()).some((a) => a.meeting === day.slug)) return; // newer here than there
  for (const part of root.querySelectorAll("[data-part]")) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (other && !busy(part)) part.replaceWith(document.adoptNode(other));
  }
  if (fresh.dataset.ended === "true") await dropPages();
  tick();
}

function busy(part) {
  const at = document.activeElement;
  if (at && part.contains(at) && at.matches("input, textarea, select")) return true;
  const shown = part.querySelector("[data-panel]:not([hidden])");
  if (shown?.dataset.turn === "speaking" && shown.querySelector("form[data-dirty]")) return true;
  return [...part.querySelectorAll("details[open]")].length > 0;
}

function tick() {
  for (const row of document.querySelectorAll("[data-entry][data-started]")) {
    if (!row.dataset.started) continue;
    const seconds = Number(row.dataset.spoken || 0) + Math.max(0, Math.round((Date.now() - Date.parse(row.dataset.started)) / 1000));
    for (const c of row.querySelectorAll("[data-clock]")) c.textContent = minutes(seconds);
    const over = seconds - Number(row.dataset.agreed || 0);
    for (const o of row.querySelectorAll("[data-over]")) {
      o.hidden = !(Number(row.dataset.agreed) > 0 && over > 0);
      o.textContent = o.dataset.over.replace("%s", minutes(Math.max(0, over)));
    }
  }
}
