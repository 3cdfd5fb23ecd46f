// The picture of ports on the page: pointer, keyboard, legend, and words for those who don't see it.

import { h, text, replace } from "./dom.js";
import { state } from "./state.js";
import { go } from "./router.js";
import { SIDE, mark, ranges, parseRanges, geometry, cell, portAt, nearest, ground, paint } from "./picture.js";
import { who, haystack } from "./ports.js";

const GUTTER = 44;
const LEGEND = [
  ["ours", "Ours"], ["used", "In use"], ["conflict", "Contested"], ["reserved", "Reserved"], ["declared", "Declared"],
  ["ephemeral", "Ephemeral range"], ["kept", "Kept free"], ["system", "Below 1024"],
];
const INKS = ["field", "plain", "system", "ephemeral", "kept", "declared", "reserved", "used", "blocked", "ours", "conflict", "label", "cursor"];

/** @returns the node; drawn by the scope's subscriptions */
export function harbour(scope) {
  const canvas = h("canvas", {
    tabindex: "0", role: "application", "aria-roledescription": "map of ports", "aria-describedby": "harbour-help",
  });
  const inks = h("div.inks", { "aria-hidden": "true" }, INKS.map(name => h(`i.ink-${name}`, {})));
  const tip = h("div.tip", { hidden: true, "aria-hidden": "true" });
  const spoken = h("p.unseen", { "aria-live": "polite" });
  const frame = h("div.chart", {}, canvas, tip, inks);
  const node = h("section.harbour", { "aria-label": "Map of ports" }, frame, spoken,
    h("p.unseen", { id: "harbour-help" }, "Arrow keys move by one port or by one row of 256, N and P to the next and the previous used one, Enter opens it. The view Ports has the same as a table."),
    h("ul.legend", {}, LEGEND.map(([name, label]) => h("li", {}, h(`i.ink-${name}`, { "aria-hidden": "true" }), label))));

  let place = null;
  let placeKey = "";
  let back = null;
  let backKey = "";
  let marks = new Map();
  let at = null;
  let aloud;
  let colours = null;
  let wanted = 0;

  const measure = () => {
    const width = frame.clientWidth;
    const height = Math.round(Math.max(300, Math.min(width * 0.88, innerHeight - 240)));
    const key = `${width} ${height} ${devicePixelRatio}`;
    if (key === placeKey) return;
    placeKey = key;
    place = geometry(width, height, devicePixelRatio || 1, GUTTER);
    canvas.width = place.width;
    canvas.height = place.height;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  };

  const look = () => Object.fromEntries([...inks.children].map(ink => [ink.className.slice(4), getComputedStyle(ink).backgroundColor]));

  const count = () => {
    const contested = new Set([...state.conflicts.values()].map(each => each.port));
    marks = new Map();
    for (const [port, objects] of state.ports) {
      const kind = mark(objects, contested.has(port));
      if (kind !== "free") marks.set(port, kind);
    }
    contested.forEach(port => marks.set(port, "conflict"));
    canvas.setAttribute("aria-label", `All 65,536 ports: ${[...state.ports.values()].filter(objects => objects.some(each => each.state === "InUse")).length} in use, ${contested.size} contested`);
  };

  const draw = () => {
    wanted = 0;
    measure();
    if (!state.loaded.ports) return;
    colours ??= look();
    const ephemeral = parseRanges(state.daemon?.ephemeralPorts);
    const kept = parseRanges(state.settings?.ports?.reserved?.value);
    const key = JSON.stringify([placeKey, colours, ephemeral, kept]);
    if (key !== backKey) {
      back = ground(ranges(ephemeral, kept), place, colours);
      backKey = key;
    }
    paint(canvas.getContext("2d"), back, marks, place, colours, { lit: lit(), at });
  };
  const soon = () => { wanted ||= requestAnimationFrame(draw); };

  const lit = () => {
    const query = state.query.trim().toLowerCase();
    if (!query) return null;
    return new Set([...state.ports].filter(([port, objects]) => String(port).startsWith(query) || objects.some(each => haystack(each).includes(query))).map(([port]) => port));
  };

  const point = (port, says) => {
    if (port === at) return;
    at = port;
    soon();
    tip.hidden = port === null;
    if (port === null) return;
    aloud = says;
    tell();
    const box = cell(place, port);
    const x = (box.x + box.w / 2) / place.ratio;
    const y = box.y / place.ratio;
    const flip = x > frame.clientWidth / 2;
    tip.style.left = flip ? "auto" : `${x + 14}px`;
    tip.style.right = flip ? `${frame.clientWidth - x + 14}px` : "auto";
    tip.style.top = `${Math.max(0, y - 10)}px`;
  };

  // Again with each look: who holds a new socket is known a moment after the socket.
  const tell = () => {
    const words = describe(at);
    replace(tip, h("strong", {}, at), " ", words);
    if (aloud) text(spoken, `${at}: ${words}`);
  };

  const describe = port => {
    const objects = state.ports.get(port) ?? [];
    if (objects.length) return objects.map(who).join("; ");
    return port === 0 ? "not a port" : "free";
  };

  const step = (event, by) => {
    event.preventDefault();
    point(Math.min(Math.max((at ?? 8000) + by, 1), SIDE * SIDE - 1), true);
  };
  const jump = way => {
    const sorted = [...marks.keys()].sort((a, b) => a - b);
    const from = at ?? 0;
    point((way > 0 ? sorted.find(port => port > from) : sorted.findLast(port => port < from)) ?? from, true);
  };

  canvas.addEventListener("pointermove", event => {
    if (place) point(nearest(event.offsetX, event.offsetY, place, marks) ?? portAt(event.offsetX, event.offsetY, place), false);
  });
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("click", () => at > 0 && go(`ports/${at}`));
  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && at === null && point([...marks.keys()].sort((a, b) => a - b)[0] ?? 8000, true));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("keydown", event => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE, PageUp: -SIDE * 16, PageDown: SIDE * 16 };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[event.key]) step(event, steps[event.key]);
    else if (event.key === "n") jump(1);
    else if (event.key === "p") jump(-1);
    else if (event.key === "Enter" && at) go(`ports/${at}`);
  });

  const resize = new ResizeObserver(soon);
  resize.observe(frame);
  scope.end(() => resize.disconnect());
  scope.on("ports conflicts", () => { count(); soon(); tell(); }).on("settings status query", soon).on("theme", () => { colours = null; soon(); });
  count();
  soon();
  return node;
}
