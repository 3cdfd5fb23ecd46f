// Every port in use, reserved or declared, as a table: what the picture shows, for reading, searching and screen readers.

import { h, text, attribute, button } from "./dom.js";
import { state, scope } from "./state.js";
import { table } from "./table.js";
import * as format from "./format.js";

const FILTERS = {
  all: ["All", () => true],
  used: ["In use", port => port.state === "InUse"],
  ours: ["Ours", port => port.services.length > 0],
  reserved: ["Reserved", port => Boolean(port.reservation)],
  contested: ["Contested", port => port.conflicts.length > 0],
  unknown: ["Holder unseen", port => port.holders.some(holder => holder.kind === "unknown")],
};

/** Who is on a port, in a few words. */
export function who(port) {
  const service = port.services.find(use => use.role === "Assigned") ?? port.services[0];
  const holder = port.holders[0];
  const words = [];
  if (service) words.push(format.shortName(service.service) + (service.role === "Assigned" ? "" : ` wants it`));
  if (holder) words.push(program(holder) + (holder.pids.length ? ` · pid ${holder.pids.join(", ")}` : "") + (holder.user ? ` · ${holder.user}` : ""));
  else if (port.reservation) words.push(`reserved for ${port.reservation.holder}`);
  else if (port.blockage) words.push(port.blockage.explanation);
  if (port.protocol === "udp") words.push("udp");
  return words.join(" · ") || format.words(port.state);
}

export function program(holder) {
  return holder.unit ?? holder.container ?? (holder.command ? brief(holder.command) : holder.description);
}

/** A command line without the directory of its program. */
function brief(command) {
  return command.replace(/^\/\S*\/(?=\S)/, "");
}

export function address(port) {
  return `#/ports/${port.protocol === "udp" ? "udp/" : ""}${port.port}`;
}

export function ports(main, parameters) {
  const here = scope();
  let filter = parameters.get("filter") in FILTERS ? parameters.get("filter") : "all";
  let query = parameters.get("q") ?? "";
  const search = h("input", { type: "search", id: "ports-search", placeholder: "Port, program, user, service…", value: query, oninput: event => { query = event.target.value; show(); } });
  const chips = h("div.chips", { role: "group", "aria-label": "Which ports" }, Object.entries(FILTERS).map(([name, [label]]) =>
    button(label, () => { filter = name; show(); }, { "data-filter": name })));
  const count = h("p.count", { role: "status" });
  const list = table(here, {
    label: "Ports in use, reserved or declared", name: "ports",
    keyOf: port => `${port.protocol}/${port.port}`,
    empty: () => state.loaded.ports ? "No port matches." : "Looking at the machine…",
    columns: [
      { label: "Port", class: "port", make: port => h("a", { href: address(port) }, port.port, port.protocol === "udp" && h("small", {}, " udp")) },
      { label: "State", class: "state", make: () => h("span.tag", {}), update: (cell, port) => {
        const contested = port.conflicts.length > 0;
        text(cell.firstChild, contested ? "contested" : format.words(port.state));
        attribute(cell.firstChild, "data-tone", contested ? "bad" : port.services.some(use => use.role === "Assigned") ? "ok" : port.reservation ? "kept" : "off");
      } },
      { label: "Program", class: "program", make: () => h("span", {}), update: (cell, port) => {
        const words = port.holders.map(program).join(", ") || port.reservation && `reserved for ${port.reservation.holder}` || port.explanation;
        text(cell.firstChild, words);
        attribute(cell, "title", port.holders.map(holder => holder.command ?? holder.description).join(", ") || words);
      } },
      { label: "Service", class: "service", make: () => "", update: (cell, port) =>
        text(cell, [...new Set(port.services.map(use => format.shortName(use.service)))].join(", ")) },
      { label: "Pid", class: "pid", make: () => "", update: (cell, port) => text(cell, port.holders.flatMap(holder => holder.pids).join(", ")) },
      { label: "User", class: "user", make: () => "", update: (cell, port) => text(cell, [...new Set(port.holders.map(holder => holder.user).filter(Boolean))].join(", ")) },
      { label: "Kind", class: "sort", make: () => "", update: (cell, port) => text(cell, port.holders[0]?.kind ?? "") },
      { label: "Address", class: "address", make: () => "", update: (cell, port) => text(cell, port.holders.flatMap(holder => holder.addresses).join(" ")) },
    ],
  });
  main.append(
    h("div.viewhead", {}, h("h1", { tabindex: "-1" }, "Ports"), count,
      h("div.tools", {}, h("label.unseen", { for: "ports-search" }, "Search ports"), search)),
    chips, list.node);

  const show = () => {
    for (const chip of chips.children) attribute(chip, "aria-pressed", chip.dataset.filter === filter);
    const wanted = query.trim().toLowerCase();
    const items = [...state.ports.values()].flat()
      .filter(FILTERS[filter][1])
      .filter(port => !wanted || String(port.port).startsWith(wanted) || haystack(port).includes(wanted))
      .sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol));
    text(count, state.loaded.ports ? format.plural(items.length, "port") : "");
    list.show(items);
  };
  here.on("ports", show);
  show();
  return here.close;
}

export function haystack(port) {
  return port.words ??= [...port.holders.flatMap(holder => [program(holder), holder.user, holder.kind, ...holder.pids]),
    ...port.services.map(use => use.service), port.reservation?.holder, port.state].join(" ").toLowerCase();
}
