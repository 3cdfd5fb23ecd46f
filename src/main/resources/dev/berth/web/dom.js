// Builds elements. What comes from the machine becomes text nodes only, so no name or command line can turn into markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("a.port", {href: "#/ports/80"}, "80")`. A property that is a function is a listener, a false one is left out. */
export function h(tag, properties, ...children) {
  const [name, ...classes] = tag.split(".");
  return fill(document.createElement(name || "div"), classes, properties, children);
}

/** The same for SVG. */
export function svg(tag, properties, ...children) {
  const [name, ...classes] = tag.split(".");
  return fill(document.createElementNS(SVG, name), classes, properties, children);
}

function fill(node, classes, properties, children) {
  if (classes.length) node.classList.add(...classes);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(key.replace(/^on/, ""), value);
    else if (key === "class") node.classList.add(...String(value).split(" ").filter(Boolean));
    else if (key === "value" || key === "checked") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...flat(children));
  return node;
}

function flat(children) {
  return children.flat(Infinity).filter(each => each !== null && each !== undefined && each !== false && each !== "")
    .map(each => each instanceof Node ? each : document.createTextNode(String(each)));
}

export function replace(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

/** Writes only what differs: an untouched node costs no layout. */
export function text(node, value) {
  const wanted = String(value ?? "");
  if (node.textContent !== wanted) node.textContent = wanted;
}

export function attribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** Makes the children of a node follow a list; those of known keys stay, with their focus and their scroll position. */
export function keyed(parent, items, keyOf, make, update) {
  const known = parent.rows ??= new Map();
  const keys = items.map(keyOf);
  const wanted = new Set(keys);
  // Those that go, go first: what stays is then in its place already.
  for (const [key, node] of known) {
    if (!wanted.has(key)) { node.remove(); known.delete(key); }
  }
  let at = parent.firstChild;
  items.forEach((item, index) => {
    let node = known.get(keys[index]);
    if (!node) known.set(keys[index], node = make(item));
    update?.(node, item);
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  });
}

/** Facts as a list of terms; rows without a value are left out. */
export function facts(...rows) {
  return h("dl.facts", {}, rows.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false)
    .map(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));
}

export function button(label, onclick, properties = {}) {
  return h("button", { type: "button", ...properties, onclick }, label);
}

let ids = 0;

export function id(prefix = "id") {
  return `${prefix}-${++ids}`;
}
