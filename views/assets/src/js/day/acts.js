// Makes acts of what is pressed: the same acts that the server makes of the same
// form when there is no script.
import { fact, note } from "./store.js";

let last = 0;
let name;

export async function device() {
  if (!name) {
    name = await fact("device");
    if (!name) {
      name = "device-" + identifier();
      await note("device", name);
    }
  }
  return name;
}

function identifier() {
  const raw = crypto.getRandomValues(new Uint8Array(12));
  return [...raw].map((b) => b.toString(16).padStart(2, "0")).join("");
}

// now never goes back and never stands still: acts keep their order.
function now() {
  last = Math.max(Date.now(), last + 1);
  return new Date(last).toISOString();
}

export function paragraphs(text, provision) {
  const whole = text.replaceAll("\r\n", "\n");
  const parts = whole.trim().includes("\n\n") ? whole.split("\n\n") : whole.split("\n");
  return parts.map((p) => p.trim()).filter(Boolean).map((p) => (provision ? { text: p, provision } : { text: p }));
}

const PLAIN = ["kind", "seat", "item", "entry", "for", "way", "text", "result"];

// fromForm gives the acts of a form, in order.
export async function fromForm(form, submitter) {
  const data = new FormData(form, submitter);
  const first = { id: identifier(), at: now(), device: await device() };
  for (const field of PLAIN) {
    const value = data.get(field);
    if (value) first[field] = value;
  }
  if (data.has("seats")) first.seats = data.getAll("seats");
  switch (first.kind) {
    case "statement":
      return statement(first, data, form);
    case "sign":
      return [sign(first, data)];
  }
  return [first];
}

function statement(first, data, form) {
  const more = (kind) => ({ id: identifier(), kind, at: now(), device: first.device, entry: first.entry, seat: first.seat, item: first.item });
  delete first.text;
  const out = [{ ...first, kind: "words", points: paragraphs(data.get("words") || "", data.get("provision")), base: data.get("base") || "" }];
  const then = data.get("then");
  if (then === "stop" || then === "later") {
    const stop = more("stop");
    const began = Number(form.dataset.running);
    if (began) stop.seconds = Math.max(1, Math.round((Date.now() - began) / 1000));
    out.push(stop);
  }
  if (then === "later") out.push(more("later"));
  return out;
}

function sign(first, data) {
  const provisions = data.getAll("point_provision");
  first.points = data.getAll("point").map((text, i) => (provisions[i] ? { text, provision: provisions[i] } : { text }));
  const own = paragraphs(data.get("own") || "", "");
  if (own.length > 0) first.own = own;
  return first;
}

// words is one saving of a statement while it is being written.
export async function words(form) {
  const data = new FormData(form);
  return {
    id: identifier(), kind: "words", at: now(), device: await device(), entry: data.get("entry"), seat: data.get("seat"),
    item: data.get("item"), points: paragraphs(data.get("words") || "", data.get("provision")), base: data.get("base") || "",
  };
}
