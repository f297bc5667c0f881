// The worker that finds the number of a task by trying (ALTCHA, version 1): away
// from the page, so that typing does not stutter.
import { sha256 } from "./sha256.js";

self.onmessage = (event) => {
  const { salt, challenge, maxnumber } = event.data;
  const wanted = new Int32Array(8);
  for (let i = 0; i < 8; i++) wanted[i] = parseInt(challenge.slice(i * 8, i * 8 + 8), 16) | 0;
  for (let n = 0; n <= maxnumber; n++) {
    const got = sha256(salt + n);
    if (got[0] === wanted[0] && got[1] === wanted[1] && got.every((word, i) => word === wanted[i])) {
      self.postMessage(n);
      return;
    }
  }
  self.postMessage(-1);
};
