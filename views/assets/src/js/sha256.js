// SHA-256 (FIPS 180-4) of a short text in ASCII, as it is needed for trying many:
// the browser's own answers by a promise for each, which takes longer than the
// hash, and is not there on a site without encryption.
const K = new Int32Array(64);
const START = new Int32Array(8);

function constants() {
  const fraction = (x) => ((x - Math.floor(x)) * 0x100000000) | 0;
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
}
constants();

const W = new Int32Array(64);
const H = new Int32Array(8);

// block takes in sixteen words of W.
function block() {
  for (let i = 16; i < 64; i++) {
    const a = W[i - 15], b = W[i - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  H[0] += a; H[1] += b; H[2] += c; H[3] += d; H[4] += e; H[5] += f; H[6] += g; H[7] += h;
}

// sha256 gives the eight words of the hash; the array is used again by the next call.
export function sha256(text) {
  H.set(START);
  const blocks = ((text.length + 8) >> 6) + 1;
  for (let n = 0; n < blocks; n++) {
    for (let i = 0; i < 16; i++) {
      const at = n * 64 + i * 4;
      W[i] = (byte(text, at) << 24) | (byte(text, at + 1) << 16) | (byte(text, at + 2) << 8) | byte(text, at + 3);
    }
    if (n === blocks - 1) W[15] = text.length * 8;
    block();
  }
  return H;
}

function byte(text, at) {
  if (at < text.length) return text.charCodeAt(at);
  return at === text.length ? 0x80 : 0;
}
