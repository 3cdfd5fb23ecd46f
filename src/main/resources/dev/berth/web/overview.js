// The first look: the picture of ports, what needs somebody, and how the services are.

import { h, text, attribute, keyed } from "./dom.js";
import { state, scope, keyOf } from "./state.js";
import { harbour } from "./harbour.js";
import { table } from "./table.js";
import { sorted, nameColumn, stateColumn, portColumn, plotColumn } from "./services.js";
import { conflictCard, fillCard } from "./conflicts.js";
import * as format from "./format.js";

export function overview(main) {
  const here = scope();
  const strip = h("dl.strip", {});
  const troubles = h("div.troubles", {});
  const open = h("section.open", { "aria-label": "Open conflicts" }, h("h2", {}, "Open conflicts"), h("div.cards", {}), h("p.nothing", {}, "None. Every port is where it should be."));
  const list = table(here, {
    label: "Services", name: "brief", keyOf,
    empty: () => state.loaded.watch ? ["None is declared yet. ", h("a", { href: "#/services" }, "Declare one"), "."] : "Asking Berth…",
    columns: [stateColumn(), nameColumn(), portColumn(),
      plotColumn("CPU", "cpu", sample => sample.cpu, format.cpu, 0.05),
      plotColumn("Memory", "memory", sample => sample.memory, format.bytes, 1)],
  });
  main.append(h("h1.unseen", { tabindex: "-1" }, "Overview"), troubles,
    h("div.overview", {},
      h("div", {}, strip, harbour(here)),
      h("div", {}, open, h("section.brief", { "aria-label": "Services" }, h("h2", {}, h("a", { href: "#/services" }, "Services")), list.node))));

  const figures = [
    ["Services running", () => { const all = [...state.services.values()]; return `${all.filter(each => each.status.state === "Running").length}/${all.filter(each => each.spec.running !== false).length}`; },
      () => [...state.services.values()].some(each => ["Failed", "Blocked", "Degraded"].includes(each.status.state)) ? "bad" : "ok", "#/services"],
    ["Ports in use", () => count(port => port.state === "InUse"), () => "off", "#/ports?filter=used"],
    ["Reserved", () => state.reservations.size, () => "off", "#/reservations"],
    ["Open conflicts", () => state.conflicts.size, () => state.conflicts.size ? "bad" : "ok", "#/conflicts"],
  ];
  strip.append(...figures.map(([label, , , href]) => h("div", {}, h("dt", {}, h("a", { href }, label)), h("dd", {}, "–"))));

  const show = () => {
    figures.forEach(([, value, tone], index) => {
      const node = strip.children[index];
      const ready = index === 1 ? state.loaded.ports : state.loaded.watch;
      text(node.lastChild, ready ? value() : "–");
      attribute(node, "data-tone", ready ? tone() : "off");
    });
    const conflicts = [...state.conflicts.values()].sort((a, b) => (b.state === "AwaitingApproval") - (a.state === "AwaitingApproval") || (a.id < b.id ? 1 : -1)).slice(0, 20);
    keyed(open.children[1], conflicts, each => each.id, conflictCard, fillCard);
    open.lastChild.hidden = conflicts.length > 0 || !state.loaded.watch;
    keyed(troubles, state.troubles.map(words => ({ words })), each => each.words, each => h("p.banner", { role: "status" }, each.words));
    list.show(sorted());
  };
  here.on("services conflicts reservations ports status usage", show);
  show();
  return here.close;
}

function count(wanted) {
  let number = 0;
  for (const objects of state.ports.values()) if (objects.some(wanted)) number++;
  return format.count(number);
}
