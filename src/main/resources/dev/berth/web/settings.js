// Every setting as it is, where its value came from, and a change of it with its plan.

import { h, replace, button } from "./dom.js";
import { state, scope } from "./state.js";
import { get } from "./net.js";
import { settings as ask } from "./feed.js";
import { plannedForm } from "./form.js";
import { propose } from "./plan.js";
import * as format from "./format.js";

let meanings = null;

function leaves(tree, path = []) {
  return Object.entries(tree).flatMap(([key, each]) => each && typeof each === "object" && !Array.isArray(each)
    ? "source" in each && "default" in each ? [{ key: [...path, key].join("."), ...each }] : leaves(each, [...path, key]) : []);
}

const written = value => Array.isArray(value) ? value.map(each => typeof each === "object" ? JSON.stringify(each) : each).join(", ") : value && typeof value === "object" ? JSON.stringify(value) : String(value);

export function settings(main, parameters) {
  const here = scope();
  let query = parameters.get("q") ?? "";
  const place = h("div", {}, h("p.nothing", {}, "Asking Berth…"));
  const search = h("input", { type: "search", id: "settings-search", placeholder: "Name or meaning…", value: query, oninput: event => { query = event.target.value; show(); } });
  main.append(h("div.viewhead", {}, h("h1", { tabindex: "-1" }, "Settings"), h("div.tools", {}, h("label.unseen", { for: "settings-search" }, "Search settings"), search)), place);
  const show = () => {
    if (!state.settings) return;
    const wanted = query.trim().toLowerCase();
    const groups = new Map();
    for (const leaf of leaves(state.settings)) {
      if (wanted && !`${leaf.key} ${meaning(leaf.key)}`.toLowerCase().includes(wanted)) continue;
      const group = leaf.key.includes(".") ? leaf.key.split(".")[0] : "general";
      groups.set(group, [...groups.get(group) ?? [], leaf]);
    }
    replace(place, groups.size ? [...groups].map(([group, all]) => h("section.settings", {}, h("h2", {}, format.sentence(group)), h("ul", {}, all.map(row)))) : h("p.nothing", {}, "No setting matches."));
  };
  here.on("settings", show);
  show();
  ask().catch(() => {});
  if (!meanings) get("/schema.json", {}, here.signal).then(schema => { meanings = schema.definitions?.settings?.properties ?? {}; show(); }, () => {});
  return here.close;
}

function meaning(key) {
  return meanings?.[key]?.description ?? "";
}

function row(leaf) {
  const own = leaf.source !== "default";
  return h("li", { class: own ? "own" : "" },
    h("div", {}, h("code", {}, leaf.key), h("p.hint", {}, meaning(leaf.key))),
    h("div.value", {}, h("strong", {}, written(leaf.value) || "none"), h("p.hint", {}, own ? `from ${leaf.source}; default ${written(leaf.default) || "none"}` : "default")),
    h("div.buttons", {}, button("Change…", () => alter(leaf), { "aria-label": `Change ${leaf.key}` }),
      own && button("Put back…", () => putBack(leaf), { "aria-label": `Put ${leaf.key} back` })));
}

function alter(leaf) {
  const options = typeof leaf.value === "boolean" ? [["true", "yes"], ["false", "no"]] : undefined;
  plannedForm({
    title: `Change ${leaf.key}`, intro: meaning(leaf.key),
    fields: [{ name: leaf.key, label: "Value", value: written(leaf.value), options, wide: true, hint: `The default is ${written(leaf.default) || "none"}.` }],
    request: values => ({ method: "PATCH", path: "/settings", body: { [leaf.key]: typed(values[leaf.key], leaf.value) } }),
    verb: "Change it", done: () => { ask(); return `${leaf.key} is changed; it holds at once`; },
  });
}

function typed(text, before) {
  const value = text.trim();
  if (typeof before === "boolean") return value === "true";
  if (/^\d+$/.test(value) && typeof before === "number") return Number(value);
  if (/^[[{]/.test(value)) {
    try { return JSON.parse(value); } catch { return value; }
  }
  return value;
}

function putBack(leaf) {
  propose({
    title: `Put ${leaf.key} back?`, hint: `Its default is ${written(leaf.default) || "none"}.`, method: "PATCH", path: "/settings", body: { [leaf.key]: null },
    verb: "Put it back", done: () => { ask(); return `${leaf.key} is put back`; },
  });
}
