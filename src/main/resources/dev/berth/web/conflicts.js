// Conflicts: who was in the way, what was decided, and why; and the decisions that wait for somebody.

import { h, text, attribute, replace, button, facts, keyed } from "./dom.js";
import { state, scope, debounced } from "./state.js";
import { get } from "./net.js";
import { propose } from "./plan.js";
import { storyHead } from "./router.js";
import { address } from "./ports.js";
import * as format from "./format.js";

export function decide(conflict, verb) {
  const name = format.shortName(conflict.service);
  propose({
    title: verb === "approve" ? `${format.sentence(conflict.decision)} for ${name}?` : "Dismiss this conflict?",
    hint: verb === "approve" ? `Port ${conflict.port} is held by ${conflict.holder.description}.` : `${name} then stays without port ${conflict.port}.`,
    method: "POST", path: `/conflicts/${encodeURIComponent(conflict.id)}/${verb}`,
    // What was read is what is approved: another holder since then is another question.
    headers: verb === "approve" ? { "If-Match": `"${conflict.resourceVersion}"` } : {},
    verb: verb === "approve" ? "Approve" : "Dismiss", danger: verb === "approve",
    done: () => verb === "approve" ? "Approved: it is being done" : "Dismissed: nothing is done",
  });
}

export function conflictCard(conflict) {
  const node = h("article.card", {},
    h("header", {}, h("a.big", { href: `#/conflicts/${conflict.id}` }, `Port ${conflict.port}`), h("span.tag", {}), h("time", {})),
    h("p.reason", {}),
    h("div.buttons", {}, button("Approve…", () => decide(node.conflict, "approve"), { class: "primary" }), button("Dismiss…", () => decide(node.conflict, "dismiss"))));
  return node;
}

export function fillCard(node, conflict) {
  node.conflict = conflict;
  const [head, reason, buttons] = node.children;
  text(head.children[1], format.words(conflict.state));
  attribute(head.children[1], "data-tone", format.tone(conflict.state));
  text(head.children[2], format.ago(conflict.detectedAt));
  text(reason, `${format.shortName(conflict.service)} wants it. ${format.sentence(conflict.decision)}: ${conflict.reason}`);
  buttons.hidden = conflict.state !== "AwaitingApproval";
}

const STATES = ["", "AwaitingApproval", "Detected", "Resolving", "Resolved", "Failed", "Dismissed"];

export function conflicts(main, parameters) {
  const here = scope();
  const filter = { state: parameters.get("state") ?? "", service: parameters.get("service") ?? "", port: parameters.get("port") ?? "" };
  const list = h("div.cards.long", {});
  const note = h("p.nothing", { role: "status" }, "Asking Berth…");
  const load = async () => {
    try {
      const answer = await get("/conflicts", { ...filter, limit: 200 }, here.signal);
      keyed(list, answer.items, each => each.id, row, fillRow);
      text(note, answer.items.length ? "" : "No conflict matches. That is good news.");
    } catch (problem) {
      if (problem.name !== "AbortError") text(note, problem.message);
    }
  };
  const soon = debounced(200, load);
  const input = (name, label, more) => h("label.filter", {}, label, h("input", { value: filter[name], oninput: event => { filter[name] = event.target.value.trim(); soon(); }, ...more }));
  main.append(
    h("div.viewhead", {}, h("h1", { tabindex: "-1" }, "Conflicts"),
      h("div.tools", {}, button("Resolve all now…", () => propose({ title: "Look at every open conflict now?", method: "POST", path: "/conflicts/resolve", verb: "Resolve", done: () => "Berth looks at every open conflict" })))),
    h("div.filters", {},
      h("label.filter", {}, "State", h("select", { onchange: event => { filter.state = event.target.value; load(); } },
        STATES.map(each => h("option", { value: each, selected: each === filter.state }, each ? format.words(each) : "any")))),
      input("service", "Service", { placeholder: "name" }), input("port", "Port", { inputmode: "numeric", size: 6 })),
    list, note);
  here.on("conflicts", soon);
  load();
  return here.close;
}

function row(conflict) {
  const node = h("article.line", {},
    h("span.tag", {}), h("a.big", { href: `#/conflicts/${conflict.id}` }, conflict.port),
    h("span.who", {}, format.shortName(conflict.service)),
    h("p.reason", {}), h("time", {}),
    h("div.buttons", {}, button("Approve…", () => decide(node.conflict, "approve"), { class: "primary" }), button("Dismiss…", () => decide(node.conflict, "dismiss"))));
  return node;
}

function fillRow(node, conflict) {
  node.conflict = conflict;
  const [tag, , , reason, time, buttons] = node.children;
  text(tag, format.words(conflict.state));
  attribute(tag, "data-tone", format.tone(conflict.state));
  text(reason, `${format.sentence(conflict.decision)}: ${conflict.reason}`);
  text(time, format.clock(conflict.detectedAt));
  attribute(time, "datetime", conflict.detectedAt);
  buttons.hidden = conflict.state !== "AwaitingApproval";
}

/** The story of one conflict. */
export function conflictStory(aside, [id]) {
  const here = scope();
  const place = h("div", {}, h("p.nothing", {}, "Asking Berth…"));
  aside.append(storyHead("Conflict", "…"), place);
  let before = "";
  const load = async () => {
    try {
      const conflict = await get(`/conflicts/${encodeURIComponent(id)}`, {}, here.signal);
      if (conflict.resourceVersion === before) return;
      before = conflict.resourceVersion;
      aside.querySelector("h2").textContent = `Port ${conflict.port}`;
      replace(place, tell(conflict));
    } catch (problem) {
      if (problem.name !== "AbortError") replace(place, h("p.nothing", {}, problem.message));
    }
  };
  here.on("conflicts", debounced(150, load));
  load();
  return here.close;
}

function tell(conflict) {
  return [
    conflict.state === "AwaitingApproval" && h("div.buttons", {}, button("Approve…", () => decide(conflict, "approve"), { class: "primary" }), button("Dismiss…", () => decide(conflict, "dismiss"))),
    facts(
      ["State", h("span.tag", { "data-tone": format.tone(conflict.state) }, format.words(conflict.state))],
      ["Service", h("a", { href: `#/services/${conflict.service}` }, format.shortName(conflict.service))],
      ["Port", h("a", { href: address(conflict) }, conflict.port)],
      ["Held by", conflict.holder.description],
      ["Kind", conflict.holder.kind],
      ["Severity", `${conflict.severity}: ${conflict.severityReason}`],
      ["Strategy", conflict.strategy],
      ["Decision", `${format.sentence(conflict.decision)}: ${conflict.reason}`],
      ["Detected", format.clock(conflict.detectedAt)],
      ["Resolved", conflict.resolvedAt && format.clock(conflict.resolvedAt)]),
    h("h3", {}, "What was done"),
    conflict.actions.length ? h("ol.timeline", {}, conflict.actions.map(action => h("li", { "data-tone": format.tone(action.outcome) },
      h("time", { datetime: action.at }, format.clock(action.at)), h("strong", {}, format.sentence(action.action)), ` ${format.words(action.outcome)}${action.took ? `, ${action.took}` : ""}`,
      h("p.detail", {}, action.detail)))) : h("p.nothing", {}, "Nothing yet."),
    h("p", {}, h("a", { href: `#/audit?conflict=${conflict.id}` }, "Every step in the audit log")),
  ];
}
