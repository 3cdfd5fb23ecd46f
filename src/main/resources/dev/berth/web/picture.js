// All 65,536 ports as one picture: 256 rows of 256. The lowest rows, where people put their services, are drawn taller.

export const SIDE = 256;
const MARKS = ["free", "declared", "reserved", "used", "blocked", "ours", "conflict"];
const RANGES = ["plain", "system", "ephemeral", "kept"];

/** Up to port 10,239: nearly everything that somebody chose by hand. */
const TALL = 40;
const TIMES = 3;
/** Rows that have their first port written beside them. */
const LABELLED = [0, 8, 16, 24, 32, 40, 64, 96, 128, 160, 192, 224];

/** What a port is, for the picture: the gravest thing that can be said of it. */
export function mark(objects, contested) {
  if (objects.some(each => each.conflicts.length) || contested) return "conflict";
  if (objects.some(each => each.services.some(use => use.role === "Assigned") || each.holders.some(holder => holder.service || holder.kind === "managed"))) return "ours";
  const states = objects.map(each => each.state);
  if (states.includes("InUse")) return "used";
  if (states.includes("Blocked")) return "blocked";
  if (states.includes("Reserved") || objects.some(each => each.reservation)) return "reserved";
  return states.includes("Declared") || states.includes("Assigned") ? "declared" : "free";
}

/** Which ports lie in which range; the last one that claims a port has it. */
export function ranges(ephemeral, kept) {
  const of = new Uint8Array(SIDE * SIDE);
  of.fill(RANGES.indexOf("system"), 0, 1024);
  const claim = (list, range) => list.forEach(([first, last]) => of.fill(RANGES.indexOf(range), first, last + 1));
  claim(ephemeral, "ephemeral");
  claim(kept, "kept");
  return of;
}

/** "5432, 9000-9100" → [[5432, 5432], [9000, 9100]] */
export function parseRanges(value) {
  const parts = Array.isArray(value) ? value.map(String) : String(value ?? "").split(",");
  return parts.map(part => part.trim().match(/^(\d+)(?:\s*-\s*(\d+))?$/)).filter(Boolean)
    .map(([, first, last]) => [Number(first), Math.min(Number(last ?? first), SIDE * SIDE - 1)]);
}

/** Where each column and each row begins, in whole device pixels. */
export function geometry(width, height, ratio, gutter) {
  const left = Math.round(gutter * ratio);
  const across = Math.max(SIDE, Math.floor(width * ratio) - left);
  const down = Math.max(SIDE, Math.floor(height * ratio));
  const units = SIDE + TALL * (TIMES - 1);
  const xs = Array.from({ length: SIDE + 1 }, (_, column) => left + Math.round(column * across / SIDE));
  const ys = Array.from({ length: SIDE + 1 }, (_, row) => Math.round((row + Math.min(row, TALL) * (TIMES - 1)) * down / units));
  return { xs, ys, ratio, left, width: left + across, height: down };
}

/** The cell of a port, in device pixels. */
export function cell({ xs, ys }, port) {
  const column = port % SIDE;
  const row = port >> 8;
  return { x: xs[column], y: ys[row], w: xs[column + 1] - xs[column], h: ys[row + 1] - ys[row] };
}

/** The port under a point of the canvas, in CSS pixels; null beside the field. */
export function portAt(x, y, { xs, ys, ratio }) {
  const column = xs.findLastIndex(each => each <= x * ratio);
  const row = ys.findLastIndex(each => each <= y * ratio);
  return column < 0 || row < 0 || column >= SIDE || row >= SIDE ? null : row * SIDE + column;
}

/** The marked port nearest to a point, in reach of a finger; nobody hits a cell of two pixels. */
export function nearest(x, y, place, marks) {
  let best = null;
  let distance = (7 * place.ratio) ** 2;
  for (const port of marks.keys()) {
    const { x: left, y: top, w, h } = cell(place, port);
    const far = (left + w / 2 - x * place.ratio) ** 2 + (top + h / 2 - y * place.ratio) ** 2;
    if (far < distance) { best = port; distance = far; }
  }
  return best;
}

/** The field without marks, kept for as long as size, ranges and colours are the same. */
export function ground(of, place, colours) {
  const canvas = new OffscreenCanvas(place.width, place.height);
  const context = canvas.getContext("2d");
  const { xs, ys, ratio, left, width } = place;
  // Runs of one kind within a row are one rectangle.
  for (let row = 0; row < SIDE; row++) {
    for (let from = 0; from < SIDE;) {
      const kind = of[row * SIDE + from];
      let to = from + 1;
      while (to < SIDE && of[row * SIDE + to] === kind) to++;
      context.fillStyle = colours[RANGES[kind]];
      context.fillRect(xs[from], ys[row], xs[to] - xs[from], ys[row + 1] - ys[row]);
      from = to;
    }
  }
  context.fillStyle = colours.field;
  for (let column = 32; column < SIDE; column += 32) context.fillRect(xs[column], 0, 1, place.height);
  for (const row of LABELLED) context.fillRect(left, ys[row] - (row ? 1 : 0), width - left, row === TALL ? 2 * ratio : 1);
  context.fillStyle = colours.label;
  context.font = `${Math.round(10 * ratio)}px ui-monospace, monospace`;
  context.textAlign = "right";
  context.textBaseline = "top";
  for (const row of LABELLED) context.fillText(row * SIDE, left - 6 * ratio, ys[row]);
  return canvas;
}

/** @param marks port → one of MARKS; @param lit which are bright, all when it is null; @param at the port under pointer or keyboard */
export function paint(context, back, marks, place, colours, { lit, at }) {
  const { ratio } = place;
  context.clearRect(0, 0, place.width, place.height);
  context.drawImage(back, 0, 0);
  for (const kind of MARKS) {
    // A mark is larger than its cell, or one port among 65,536 would not be seen.
    const least = Math.round(({ conflict: 8, ours: 5, used: 4 }[kind] ?? 3) * ratio);
    for (const dim of lit ? [true, false] : [false]) {
      context.fillStyle = colours[kind];
      context.globalAlpha = dim ? 0.18 : 1;
      for (const [port, its] of marks) {
        if (its !== kind || (lit && lit.has(port) === dim)) continue;
        const { x, y, w, h } = cell(place, port);
        const wide = Math.max(least, w);
        const high = Math.max(least, h - 1);
        context.fillRect(x + ((w - wide) >> 1), y + ((h - high) >> 1), wide, high);
      }
    }
  }
  context.globalAlpha = 1;
  if (at !== null) {
    const { x, y, w, h } = cell(place, at);
    const reach = Math.round(5 * ratio);
    context.lineWidth = Math.max(1, Math.round(1.5 * ratio));
    context.strokeStyle = colours.cursor;
    context.strokeRect(x - reach, y - reach, w + 2 * reach, h + 2 * reach);
  }
}
