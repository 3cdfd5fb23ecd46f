// A small plot: one line over what was measured, with its last value beside it.

import { svg, attribute } from "./dom.js";

const WIDTH = 100;
const HEIGHT = 24;

/** @param label for those who don't see it */
export function spark(label) {
  const line = svg("path.line", { "vector-effect": "non-scaling-stroke" });
  const area = svg("path.area", {});
  return svg("svg.spark", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label }, area, line);
}

/** @param values oldest first; what is not known is undefined and leaves a gap; @param least what fills the height at least */
export function plot(node, values, least = 0) {
  const [area, line] = node.children;
  const known = values.filter(value => value !== undefined);
  if (known.length < 2) {
    attribute(line, "d", null);
    attribute(area, "d", null);
    return;
  }
  const top = Math.max(least, ...known) || 1;
  const step = WIDTH / (values.length - 1);
  let path = "";
  let pen = "M";
  let first = 0;
  let last = 0;
  values.forEach((value, index) => {
    if (value === undefined) { pen = "M"; return; }
    const x = (index * step).toFixed(1);
    path += `${pen}${x} ${(HEIGHT - 1 - value / top * (HEIGHT - 3)).toFixed(1)}`;
    if (!last) first = x;
    last = x;
    pen = "L";
  });
  attribute(line, "d", path);
  attribute(area, "d", path.lastIndexOf("M") === 0 ? `${path}L${last} ${HEIGHT}L${first} ${HEIGHT}Z` : null);
}
