// Serves the day of one meeting when there is no network: its pages from the
// device's own store, which signing out empties, and the site's style sheets and
// scripts, which hold nothing personal. It answers for nothing else.
const NAME = "guangyi-day";
const ASSETS = "guangyi-day-assets";
const LIFE = 24 * 60 * 60 * 1000; // a page older than this is not shown

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, assets } = event.data || {};
  const done = Promise.all([...(keep || []).map(keepPage), ...(assets || []).map(keepAsset)]).catch(() => {});
  event.waitUntil(done.then(() => event.ports[0]?.postMessage("kept")));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (url.pathname === day()) event.respondWith(page(request, url));
});

const day = () => new URL(self.registration.scope).pathname;

async function keepPage(address) {
  const url = new URL(address, location.origin);
  if (url.pathname !== day()) return;
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  await store(url, response.clone());
}

async function keepAsset(address) {
  const cache = await caches.open(ASSETS);
  if (!(await cache.match(address))) await cache.add(address);
}

async function asset(request) {
  const kept = await caches.match(request, { cacheName: ASSETS, ignoreVary: true });
  return kept || fetch(request);
}

async function page(request, url) {
  let response;
  try {
    response = await fetch(request);
  } catch (fault) {
    const kept = request.headers.get("Day-Fresh") ? null : await read(url);
    if (kept) return kept;
    throw fault;
  }
  await store(url, response.clone());
  return response;
}

const key = (url) => url.pathname + url.search;

async function store(url, response) {
  if (response.status === 401 || response.status === 403 || response.status === 404 || response.redirected) {
    await change((s) => s.clear()); // signed out, or no longer theirs
    return;
  }
  if (!response.ok || !(response.headers.get("Content-Type") || "").includes("text/html")) return;
  const html = await response.text();
  await change((s) => s.put({ html, at: Date.now() }, key(url)));
}

async function read(url) {
  const kept = await change((s) => s.get(key(url)), "readonly");
  if (!kept || Date.now() - kept.at > LIFE) return null;
  return new Response(kept.html, { headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Day-Kept": "1" } });
}

// change runs one act on the pages; without the store, which the page makes and
// signing out deletes, nothing is kept.
async function change(act, mode = "readwrite") {
  const known = indexedDB.databases ? await indexedDB.databases() : [{ name: NAME }];
  if (!known.some((d) => d.name === NAME)) return undefined;
  return new Promise((resolve) => {
    const ask = indexedDB.open(NAME);
    ask.onerror = () => resolve(undefined);
    ask.onsuccess = () => {
      const db = ask.result;
      db.onversionchange = () => db.close();
      if (!db.objectStoreNames.contains("pages")) { db.close(); resolve(undefined); return; }
      const t = db.transaction("pages", mode);
      const asked = act(t.objectStore("pages"));
      t.oncomplete = () => { db.close(); resolve(asked.result); };
      t.onerror = t.onabort = () => { db.close(); resolve(undefined); };
    };
  });
}
