// What the secretary's device keeps: acts that wait for the network, and the last
// pages of the day. Nothing else knows of it; it is emptied when all is uploaded
// after the end of the meeting, and on signing out.
export const NAME = "guangyi-day";

let opened;

export function open() {
  if (!opened) {
    opened = new Promise((resolve, reject) => {
      const ask = indexedDB.open(NAME, 1);
      ask.onupgradeneeded = () => {
        ask.result.createObjectStore("queue", { keyPath: "order", autoIncrement: true });
        ask.result.createObjectStore("pages");
        ask.result.createObjectStore("facts");
      };
      ask.onsuccess = () => {
        ask.result.onversionchange = () => { ask.result.close(); opened = undefined; };
        resolve(ask.result);
      };
      ask.onerror = () => { opened = undefined; reject(ask.error); };
    });
  }
  return opened;
}

async function run(store, mode, act) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const change = db.transaction(store, mode);
    const asked = act(change.objectStore(store));
    // Only a finished transaction is on the device; its request alone is not.
    change.oncomplete = () => resolve(asked ? asked.result : undefined);
    change.onerror = () => reject(change.error);
    change.onabort = () => reject(change.error);
  });
}

export const push = (act) => run("queue", "readwrite", (s) => s.add(act));
export const waiting = () => run("queue", "readonly", (s) => s.getAll());
export const forget = (orders) => run("queue", "readwrite", (s) => { for (const o of orders) s.delete(o); });
export const replace = (act) => run("queue", "readwrite", (s) => s.put(act));
export const fact = (name) => run("facts", "readonly", (s) => s.get(name));
export const note = (name, value) => run("facts", "readwrite", (s) => s.put(value, name));
export const dropPages = () => run("pages", "readwrite", (s) => s.clear());
