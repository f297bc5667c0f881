// Draws a receipt as an image that a long press keeps: number, secret, and the code
// that leads back to it.
const WIDTH = 720;
const MARGIN = 48;

export function keepsake(root) {
  for (const place of root.querySelectorAll("[data-keepsake]")) draw(root, place);
}

function draw(root, place) {
  const lines = place.dataset.keepsake.split("\n");
  const canvas = root.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const family = getComputedStyle(root.body).fontFamily;
  const styles = lines.map((_, n) => (n === 0 ? `bold 40px ${family}` : n === lines.length - 1 ? `24px ${family}` : `32px ${family}`));
  const rows = [];
  lines.forEach((line, n) => {
    pen.font = styles[n];
    for (const part of wrapped(pen, line)) rows.push({ text: part, font: styles[n], high: n === 0 ? 60 : 50 });
  });
  const code = place.querySelector("svg");
  const side = 280;
  canvas.width = WIDTH;
  canvas.height = MARGIN * 2 + rows.reduce((sum, r) => sum + r.high, 0) + (code ? side + 24 : 0);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#0b0c0c";
  pen.textBaseline = "top";
  let y = MARGIN;
  for (const row of rows) {
    pen.font = row.font;
    pen.fillText(row.text, MARGIN, y);
    y += row.high;
  }
  if (code) squares(pen, code, MARGIN, y + 12, side);
  show(root, place, canvas, lines);
}

// Breaks a line where it is full: Chinese anywhere, other words between them.
function wrapped(pen, line) {
  const out = [];
  let row = "";
  for (const part of line.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+/g) || []) {
    for (const piece of pen.measureText(part).width > WIDTH - 2 * MARGIN ? part : [part]) {
      if (row && pen.measureText(row + piece).width > WIDTH - 2 * MARGIN) {
        out.push(row);
        row = piece.trimStart();
      } else {
        row += piece;
      }
    }
  }
  if (row) out.push(row);
  return out;
}

function squares(pen, code, left, top, side) {
  const path = new Path2D(code.querySelector("path").getAttribute("d"));
  const scale = side / code.viewBox.baseVal.width;
  pen.save();
  pen.translate(left, top);
  pen.scale(scale, scale);
  pen.fill(path);
  pen.restore();
}

function show(root, place, canvas, lines) {
  const image = root.createElement("img");
  image.src = canvas.toDataURL("image/png");
  image.alt = lines.join(" ");
  image.width = WIDTH / 2;
  image.className = "gy-no-print";
  const save = root.createElement("a");
  save.href = image.src;
  save.download = place.dataset.keepsakeName;
  save.textContent = place.dataset.keepsakeSave;
  save.className = "gy-no-print";
  const words = root.createElement("figcaption");
  words.append(save);
  place.append(image, words);
}
