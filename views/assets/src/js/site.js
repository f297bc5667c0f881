// Small improvements over pages that work without them. Every word comes from
// data attributes, so that both languages share one script.
import { count } from "./count.js";
import { draft } from "./draft.js";
import { proof } from "./proof.js";
import { once } from "./once.js";
import { copy } from "./copy.js";
import { split } from "./split.js";
import { offline } from "./offline.js";
import { keys } from "./keys.js";
import { password } from "./password.js";
import { leave } from "./leave.js";
import { keepsake } from "./keepsake.js";

for (const start of [count, draft, proof, once, copy, split, offline, keys, password, leave, keepsake]) {
  start(document);
}

const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
