// Solves the site's task while the person types and puts the answer into the form.
// Nothing is shown unless somebody sends before it is done and waits for longer
// than a moment; and nobody waits longer than that, because the form is taken
// without an answer too.
const QUIET = 1000; // milliseconds until the line below the button says anything
const LONGEST = 5000; // milliseconds after which the form goes without an answer
const SPARE = 5 * 60; // seconds that an answer must still hold

export function proof(root) {
  for (const field of root.querySelectorAll("input[data-work]")) watch(field);
}

function watch(field) {
  const form = field.form;
  if (!form || !window.Worker || !window.fetch) return;
  let going = holds(field.value) ? null : solve(field);
  let released = false;
  form.addEventListener("submit", (event) => {
    const sender = event.submitter;
    if (released || !going || !sender || !("last" in field.dataset)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.waiting) return;
    form.dataset.waiting = "true";
    const line = form.querySelector(".gy-work");
    const slow = setTimeout(() => { if (line) line.textContent = field.dataset.working; }, QUIET);
    Promise.race([going, new Promise((done) => setTimeout(done, LONGEST))]).finally(() => {
      clearTimeout(slow);
      delete form.dataset.waiting;
      if (line) line.textContent = "";
      released = true;
      form.requestSubmit(sender);
    });
  });
  going?.finally(() => { going = null; });
}

// holds reports whether an answer that was carried along is still young enough.
function holds(answer) {
  try {
    const until = /[?&]expires=(\d+)/.exec(JSON.parse(atob(answer)).salt);
    return until && Number(until[1]) > Date.now() / 1000 + SPARE;
  } catch {
    return false;
  }
}

async function solve(field) {
  field.value = "";
  try {
    const response = await fetch(field.dataset.work, { credentials: "omit", cache: "no-store" });
    if (!response.ok) return;
    const task = await response.json();
    const number = await search(field.dataset.worker, task);
    if (number < 0) return;
    const { algorithm, challenge, salt, signature } = task;
    field.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  } catch {
    // offline, or a browser that forbids workers: the form goes without
  }
}

function search(address, task) {
  return new Promise((resolve) => {
    const worker = new Worker(address);
    const end = (number) => { worker.terminate(); resolve(number); };
    worker.onmessage = (event) => end(event.data);
    worker.onerror = () => end(-1);
    worker.postMessage(task);
  });
}
