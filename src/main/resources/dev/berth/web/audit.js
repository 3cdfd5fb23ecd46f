// Who did what to what, why, and with what result.

import { h, text, replace, button, facts } from "./dom.js";
import { scope, debounced } from "./state.js";
import { get } from "./net.js";
import { table } from "./table.js";
import { storyHead } from "./router.js";
import * as format from "./format.js";

const PAGE = 200;
const loaded = new Map();
const FILTERS = [["service", "Service", "default/backend"], ["actor", "Who", "ann"], ["action", "Action", "ProcessSignalled"], ["conflict", "Conflict", ""], ["since", "Since", "24h"]];

const target = record => `${record.target.kind} ${record.target.namespace ? `${record.target.namespace}/` : ""}${record.target.name}`;

export function audit(main, parameters) {
  const here = scope();
  const filter = Object.fromEntries(FILTERS.map(([name]) => [name, parameters.get(name) ?? ""]));
  let items = [];
  let asked = 0;
  const note = h("p.count", { role: "status" });
  const verdict = h("p.muted", { role: "status" });
  const older = button("Older records", () => load(items.at(-1)?.seq), { hidden: true });
  const list = table(here, {
    label: "Audit log", name: "audit", keyOf: record => record.seq, empty: () => "No record matches.",
    columns: [
      { label: "When", class: "when", make: record => h("a", { href: `#/audit/${record.seq}` }, format.clock(record.at)) },
      { label: "Who", class: "who", make: record => record.actor.name },
      { label: "Action", class: "action", make: record => format.sentence(record.action) },
      { label: "To what", class: "what", make: record => target(record) },
      { label: "Result", class: "state", make: record => h("span.tag", { "data-tone": format.tone(record.outcome) }, format.words(record.outcome)) },
      { label: "Why", class: "why", make: record => h("span", { title: record.reason }, record.detail && record.reason ? `${record.detail} · ${record.reason}` : record.detail || record.reason) },
    ],
  });
  const load = async before => {
    const turn = ++asked;
    try {
      const answer = await get("/audit", { ...filter, before, limit: PAGE }, here.signal);
      if (turn !== asked) return;
      items = before ? [...items, ...answer.items] : answer.items;
      answer.items.forEach(record => loaded.set(String(record.seq), record));
      older.hidden = !answer.metadata.continue;
      text(note, format.plural(items.length, "record") + (older.hidden ? "" : " so far"));
      list.show(items);
    } catch (problem) {
      if (problem.name !== "AbortError") text(note, (problem.errors?.[0]?.message ?? problem.message));
    }
  };
  const verify = async () => {
    text(verdict, "Checking the chain…");
    try {
      const answer = await get("/audit/verify", {}, here.signal);
      text(verdict, answer.valid ? `The chain is whole: ${format.plural(answer.records, "record")}` : `The chain is broken at ${answer.brokenAt}: ${answer.reason}`);
    } catch (problem) {
      if (problem.name !== "AbortError") text(verdict, problem.message);
    }
  };
  const soon = debounced(300, () => load());
  main.append(h("div.viewhead", {}, h("h1", { tabindex: "-1" }, "Audit"), note, h("div.tools", {}, verdict, button("Verify the chain", verify))),
    h("div.filters", {}, FILTERS.map(([name, label, placeholder]) => h("label.filter", {}, label, h("input", { value: filter[name], placeholder, oninput: event => { filter[name] = event.target.value.trim(); soon(); } })))),
    list.node, h("div.buttons", {}, older));
  // New ones come by themselves, as long as nobody reads older ones.
  here.on("services conflicts reservations", () => items.length <= PAGE && soon());
  load();
  return here.close;
}

/** One record with everything it says. */
export function auditStory(aside, [seq]) {
  const here = scope();
  const place = h("div", {});
  aside.append(storyHead("Audit record", seq), place);
  const show = record => replace(place, record ? facts(
    ["When", format.clock(record.at)], ["Who", `${record.actor.name} (${record.actor.kind}${record.actor.uid === undefined ? "" : `, uid ${record.actor.uid}`})`],
    ["Action", format.sentence(record.action)], ["To what", target(record)],
    ["Result", h("span.tag", { "data-tone": format.tone(record.outcome) }, format.words(record.outcome))],
    ["Detail", record.detail], ["Why", record.reason],
    ["Conflict", record.conflict && h("a", { href: `#/conflicts/${record.conflict}` }, record.conflict)], ["Act", record.act],
    ["Hash", h("code", {}, record.hash)], ["Before it", h("code", {}, record.previousHash)]) : h("p.nothing", {}, "There is no such record (any more)."));
  if (loaded.has(seq)) show(loaded.get(seq));
  else get("/audit", { before: Number(seq) + 1, limit: 1 }, here.signal).then(answer => show(answer.items.find(record => String(record.seq) === seq)), problem => problem.name !== "AbortError" && replace(place, h("p.nothing", {}, problem.message)));
  return here.close;
}
