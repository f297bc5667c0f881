// Signing out empties what the device keeps of a meeting's day. Records that did
// not go up yet are told of first; pressing once more leaves them behind.
const NAME = "guangyi-day";

export function leave(root) {
  if (!("indexedDB" in window)) return;
  for (const form of root.querySelectorAll('form[action="/signout"]')) {
    let sure = false;
    form.addEventListener("submit", async (event) => {
      if (form.dataset.cleared) return;
      event.preventDefault();
      const left = await count();
      const told = root.querySelector("[data-unsent]");
      if (left > 0 && !sure && told) {
        sure = true;
        told.hidden = false;
        told.textContent = told.dataset.unsent.replace("%d", left);
        told.focus();
        return;
      }
      await clear();
      form.dataset.cleared = "true";
      form.requestSubmit();
    });
  }
}

async function count() {
  const known = indexedDB.databases ? await indexedDB.databases() : [{ name: NAME }];
  if (!known.some((d) => d.name === NAME)) return 0;
  return new Promise((resolve) => {
    const ask = indexedDB.open(NAME);
    ask.onerror = () => resolve(0);
    ask.onsuccess = () => {
      const db = ask.result;
      if (!db.objectStoreNames.contains("queue")) { db.close(); resolve(0); return; }
      const n = db.transaction("queue").objectStore("queue").count();
      n.onsuccess = () => { db.close(); resolve(n.result); };
      n.onerror = () => { db.close(); resolve(0); };
    };
  });
}

function clear() {
  return new Promise((resolve) => {
    const ask = indexedDB.deleteDatabase(NAME);
    ask.onsuccess = ask.onerror = ask.onblocked = () => resolve();
    setTimeout(resolve, 1500);
  });
}
