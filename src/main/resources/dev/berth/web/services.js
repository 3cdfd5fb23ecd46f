// The services: how each is, where, and what it uses, live.

import { h, text, attribute, button } from "./dom.js";
import { state, scope, keyOf } from "./state.js";
import { table } from "./table.js";
import { spark, plot } from "./spark.js";
import { samples, wish } from "./samples.js";
import { controls } from "./service-controls.js";
import { declare } from "./declare.js";
import { address as portAddress } from "./ports.js";
import * as format from "./format.js";

/** What is not as wanted, in Berth's words; else how the port came about. */
export function why(service) {
  const conditions = service.status.conditions;
  const lacking = conditions.find(each => each.status !== "True" && ["PortAssigned", "Ready", "Uncontested", "WithinLimits"].includes(each.type));
  return (lacking ?? conditions.find(each => each.type === "PortAssigned"))?.message ?? "not looked at yet";
}

export function healthWords(service) {
  if (service.spec.running === false) return "kept stopped";
  const ready = service.status.conditions.find(each => each.type === "Ready");
  if (!ready) return "not looked at yet";
  return ready.status === "True" ? (service.spec.healthCheck ? "healthy" : "ready") : format.words(ready.reason);
}

export function address(service) {
  return `#/services/${keyOf(service)}`;
}

export function sorted() {
  return [...state.services].sort(([a], [b]) => a < b ? -1 : 1).map(([, service]) => service);
}

export function stateColumn() {
  return { label: "State", class: "state", make: () => h("span.tag", {}), update: (cell, service) => {
    text(cell.firstChild, format.words(service.status.state));
    attribute(cell.firstChild, "data-tone", format.tone(service.status.state));
  } };
}

export function nameColumn() {
  return { label: "Service", class: "name", make: service => h("a", { href: address(service) },
    service.metadata.namespace !== "default" && h("small", {}, `${service.metadata.namespace}/`), service.metadata.name) };
}

export function portColumn() {
  return { label: "Port", class: "port", make: () => h("a", {}), update: (cell, service) => {
    const port = service.status.port;
    text(cell.firstChild, port ?? (service.spec.port ? "–" : ""));
    attribute(cell.firstChild, "href", port ? portAddress({ ...service.spec, port }) : null);
    attribute(cell, "data-moved", port && service.spec.port && port !== service.spec.port ? "" : null);
    attribute(cell, "title", port && service.spec.port && port !== service.spec.port ? `it prefers ${service.spec.port}` : null);
  } };
}

/** @param pick what of a sample is plotted; @param words how its last value is written */
export function plotColumn(label, name, pick, words, least) {
  return {
    label, class: `plot ${name}`,
    make: service => [spark(`${label} of ${service.metadata.name}`), h("span.value", {})],
    update: (cell, service) => {
      if (service.status.usage) wish(keyOf(service));
      const seen = samples(keyOf(service));
      const [graph, value] = cell.children;
      text(value, service.status.usage ? words(pick(seen.at(-1) ?? {})) : "–");
      // Drawn only when something new was measured.
      if (graph.drawn === seen) return;
      graph.drawn = seen;
      plot(graph, seen.map(pick), least);
    },
  };
}

export function services(main, parameters) {
  const here = scope();
  let query = parameters.get("q") ?? "";
  const search = h("input", { type: "search", id: "services-search", placeholder: "Name, state, label…", value: query, oninput: event => { query = event.target.value; show(); } });
  const count = h("p.count", { role: "status" });
  const list = table(here, {
    label: "Services", name: "services", keyOf,
    empty: () => !state.loaded.watch ? "Asking Berth…" : state.services.size ? "No service matches." :
      ["No services are declared yet. Declare one here, or with ", h("code", {}, "berth apply -f berth.yaml"), "."],
    columns: [
      stateColumn(), nameColumn(), portColumn(),
      { label: "Health", class: "health", make: () => h("span", {}), update: (cell, service) => {
        text(cell.firstChild, healthWords(service));
        attribute(cell, "title", why(service));
      } },
      plotColumn("CPU", "cpu", sample => sample.cpu, format.cpu, 0.05),
      plotColumn("Memory", "memory", sample => sample.memory, format.bytes, 1),
      plotColumn("Response", "response", sample => sample.response, format.seconds, 0.01),
      { label: "Restarts", class: "restarts", make: () => "", update: (cell, service) => text(cell, service.status.restarts || "") },
      { label: h("span.unseen", {}, "Actions"), class: "actions", make: service => controls(keyOf(service), true), update: (cell, service) => cell.firstChild.show(service) },
    ],
  });
  main.append(
    h("div.viewhead", {}, h("h1", { tabindex: "-1" }, "Services"), count,
      h("div.tools", {}, h("label.unseen", { for: "services-search" }, "Search services"), search,
        button("Declare a service", () => declare(), { class: "primary" }))),
    list.node);
  const show = () => {
    const wanted = query.trim().toLowerCase();
    const items = sorted().filter(service => !wanted || `${keyOf(service)} ${service.status.state} ${service.status.port ?? ""} ${Object.entries(service.metadata.labels ?? {}).flat().join(" ")}`.toLowerCase().includes(wanted));
    text(count, state.loaded.watch ? format.plural(items.length, "service") : "");
    list.show(items);
  };
  here.on("services usage", show);
  show();
  return here.close;
}
