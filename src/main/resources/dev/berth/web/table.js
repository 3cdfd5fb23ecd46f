// A table that holds any number of rows and makes only those that are on the screen. The view scrolls, not the table.

import { h, keyed, attribute, replace } from "./dom.js";

const AHEAD = 8;

/**
 * @param columns {label, class, sort?, make: item → node, update: (node, item)}
 * @param empty what stands there without rows
 * @returns {node, show(items)}
 */
export function table(scope, { label, name, columns, keyOf, empty }) {
  const main = document.getElementById("main");
  const body = h("div.rows", { role: "rowgroup" });
  const head = h("div.head", { role: "rowgroup" }, h("div.row", { role: "row", "aria-rowindex": "1" },
    columns.map(column => h("div", { role: "columnheader", class: column.class }, column.label))));
  const nothing = h("p.nothing", { hidden: true });
  const grid = h("div.table", { role: "table", "aria-label": label, class: name }, head, body);
  const node = h("div.tableplace", {}, grid, nothing);
  let items = [];
  let wanted = 0;
  let rowHeight = 0;
  let all = false;

  const make = item => {
    const cells = columns.map(column => h("div", { role: "cell", class: column.class }, column.make(item)));
    return h("div.row", { role: "row" }, cells);
  };
  const update = (row, { item, index }) => {
    const place = `translateY(${index * rowHeight}px)`;
    if (row.style.transform !== place) row.style.transform = place;
    // Scrolling alone changes nothing in a row.
    if (row.item === item && !all) return;
    row.item = item;
    attribute(row, "aria-rowindex", index + 2);
    columns.forEach((column, number) => column.update?.(row.children[number], item));
  };
  const draw = () => {
    wanted = 0;
    // Without rows nothing has to be measured.
    if (!node.isConnected || !items.length && !body.firstChild) return;
    rowHeight ||= parseFloat(getComputedStyle(body).getPropertyValue("--row")) || 36;
    const above = main.getBoundingClientRect().top - body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(above / rowHeight) - AHEAD);
    const last = Math.min(items.length, Math.ceil((above + main.clientHeight) / rowHeight) + AHEAD);
    const visible = [];
    for (let index = first; index < last; index++) visible.push({ item: items[index], index });
    keyed(body, visible, each => keyOf(each.item), each => make(each.item), update);
    all = false;
  };
  const soon = () => { wanted ||= requestAnimationFrame(draw); };
  main.addEventListener("scroll", soon, { passive: true, signal: scope.signal });
  addEventListener("resize", () => { rowHeight = 0; soon(); }, { signal: scope.signal });

  return {
    node,
    show(next) {
      items = next;
      all = true;
      attribute(grid, "aria-rowcount", items.length + 1);
      body.style.height = `calc(var(--row) * ${items.length})`;
      nothing.hidden = items.length > 0;
      grid.hidden = !items.length;
      if (!items.length) replace(nothing, empty());
      draw();
    },
  };
}

/** A small table that is made anew each time: for what is asked for and then stands. */
export function plain(label, heads, rows, empty = "Nothing.") {
  if (!rows.length) return h("p.nothing", {}, empty);
  return h("div.scroll", { tabindex: "0", role: "region", "aria-label": label }, h("table", {},
    h("caption.unseen", {}, label),
    h("thead", {}, h("tr", {}, heads.map(head => h("th", { scope: "col", class: head.class }, head.label ?? head)))),
    h("tbody", {}, rows.map(row => h("tr", {}, row.map((cell, index) => h("td", { class: heads[index].class }, cell)))))));
}
