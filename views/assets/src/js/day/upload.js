// Sends what waits, in order. The same act sent twice is one act, so that an
// answer that was lost on the way costs nothing.
import { forget, waiting } from "./store.js";

const MOST = 100;
let sending = false;

// upload answers how it stands: "done", "offline", "signin", "refused" or "later".
export async function upload(day) {
  if (sending) return "busy";
  sending = true;
  try {
    return await all(day);
  } finally {
    sending = false;
  }
}

async function all(day) {
  const refused = [];
  for (;;) {
    const queue = (await waiting()).filter((a) => a.meeting === day.slug);
    if (queue.length === 0) return refused.length > 0 ? { state: "refused", refused } : { state: "done" };
    const some = queue.slice(0, MOST);
    const answer = await send(day, some);
    if (answer.state) return answer;
    refused.push(...answer.refused);
    const settled = new Set([...answer.stored, ...answer.refused.map((r) => r.id)]);
    const gone = some.filter((a) => settled.has(a.id)).map((a) => a.order);
    if (gone.length === 0) return { state: "later" };
    await forget(gone);
  }
}

async function send(day, acts, again = true) {
  const plain = acts.map(({ order, meeting, ...act }) => act);
  const body = new URLSearchParams({ csrf: day.csrf, now: new Date().toISOString(), acts: JSON.stringify(plain) });
  let response;
  try {
    response = await fetch(day.address + "/acts", { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
  } catch {
    return { state: "offline" };
  }
  if (response.status === 401) return { state: "signin" };
  if (response.status === 403 && again && (await renew(day))) return send(day, acts, false);
  if (response.status !== 200) return { state: response.status === 403 ? "signin" : "later" };
  return response.json();
}

// renew fetches a fresh guard when the page lay open for longer than one lives.
async function renew(day) {
  const page = await fetchPage(location.href);
  const fresh = page?.querySelector("[data-day]")?.dataset.csrf;
  if (fresh) day.csrf = fresh;
  return Boolean(fresh);
}

// fetchPage reads a page of the day anew; null when there is no network or the
// session ended.
export async function fetchPage(address) {
  try {
    const response = await fetch(address, { headers: { Accept: "text/html", "Day-Fresh": "1" }, redirect: "follow" });
    if (!response.ok || response.redirected || response.headers.get("Day-Kept")) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return null;
  }
}
