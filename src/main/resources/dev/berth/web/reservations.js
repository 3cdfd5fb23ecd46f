// Ports that are kept for somebody.

import { h, text, button } from "./dom.js";
import { state, scope } from "./state.js";
import { address } from "./ports.js";
import { table } from "./table.js";
import { propose } from "./plan.js";
import { plannedForm } from "./form.js";
import * as format from "./format.js";

export function reserve(port = "") {
  plannedForm({
    title: "Reserve a port",
    fields: [
      { name: "holder", label: "For whom", placeholder: "ann", hint: "A service of this name may claim it." },
      { name: "port", label: "Port", type: "number", value: port, placeholder: "8150" },
      { name: "portRange", label: "Or from a range", placeholder: "9000-9100" },
      { name: "count", label: "How many of it", type: "number", placeholder: "1" },
      { name: "ttl", label: "For how long", placeholder: "2h", hint: "Empty: until it is released." },
    ],
    request: values => ({ method: "POST", path: "/reservations", body: Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim())
      .map(([name, value]) => [name, ["port", "count"].includes(name) && /^\d+$/.test(value) ? Number(value) : value.trim()])) }),
    verb: "Reserve it",
    done: answer => answer.items ? `Reserved: ${answer.items.map(each => each.port).join(", ")}` : `Port ${answer.port} is reserved for ${answer.holder}`,
  });
}

export function release(each) {
  propose({
    title: `Release port ${each.port}?`, hint: `It is reserved for ${each.reservation?.holder ?? each.holder}.`, method: "DELETE", path: `/reservations/${each.port}`,
    query: { protocol: each.protocol === "udp" && "udp" }, verb: "Release it", danger: true, done: () => `Port ${each.port} is released`,
  });
}

export function reservations(main) {
  const here = scope();
  const count = h("p.count", { role: "status" });
  const list = table(here, {
    label: "Reservations", name: "reservations", keyOf: each => `${each.protocol}/${each.port}`,
    empty: () => state.loaded.watch ? "No port is reserved. A reservation keeps one for somebody, with or without an end." : "Asking Berth…",
    columns: [
      { label: "Port", class: "port", make: each => h("a", { href: address(each) }, each.port) },
      { label: "For", class: "name", make: () => "", update: (cell, each) => text(cell, each.holder) },
      { label: "Ends", class: "ends", make: () => "", update: (cell, each) => text(cell, each.expiresAt ? format.until(each.expiresAt) : "never") },
      { label: "Enforcement", class: "state", make: () => "", update: (cell, each) => { text(cell, format.words(each.enforcement)); cell.title = each.message ?? ""; } },
      { label: "Claimed by", class: "claimed", make: () => "", update: (cell, each) => text(cell, each.claimedBy ?? "") },
      { label: "Made by", class: "user", make: () => "", update: (cell, each) => text(cell, each.owner) },
      { label: h("span.unseen", {}, "Actions"), class: "actions", make: each => button("Release…", () => release(each), { class: "quiet" }) },
    ],
  });
  main.append(h("div.viewhead", {}, h("h1", { tabindex: "-1" }, "Reservations"), count, h("div.tools", {}, button("Reserve…", () => reserve(), { class: "primary" }))), list.node);
  const show = () => {
    const items = [...state.reservations.values()].sort((a, b) => a.port - b.port);
    text(count, state.loaded.watch ? format.plural(items.length, "port") : "");
    list.show(items);
  };
  here.on("reservations", show).every(10_000, show);
  show();
  return here.close;
}
