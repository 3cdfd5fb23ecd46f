// The four reports, over a chosen period, and as files.

import { h, attribute, replace, button } from "./dom.js";
import { scope } from "./state.js";
import { get, send } from "./net.js";
import { plain } from "./table.js";
import { spark, plot } from "./spark.js";
import { toast } from "./toast.js";
import * as format from "./format.js";

const PERIODS = [["1h", "last hour"], ["24h", "last day"], ["168h", "last week"], ["720h", "last 30 days"]];
const number = { class: "number" };
const head = (label, more) => ({ label, ...more });
const service = key => h("a", { href: `#/services/${key}` }, format.shortName(key));
const port = name => h("a", { href: `#/ports/${String(name).replace(/^(\d+)\/udp$/, "udp/$1")}` }, name);
const figures = pairs => h("dl.strip", {}, pairs.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));

const REPORTS = {
  conflicts: ["Conflict history", ({ report: it }) => [
    figures([["Conflicts", it.total], ["Open", it.open], ["To move away", it.decisions?.Migrate ?? 0], ["To free the port", it.decisions?.Terminate ?? 0]]),
    h("h2", {}, "By port"), plain("Conflicts by port", [head("Port"), head("Lost", number), head("Moved", number), head("Ended", number), head("Mostly to"), head("Services"), head("Calmer"), head("Last")],
      it.ports.map(each => [port(each.port), each.conflicts, each.moved, each.ended, `${each.holder} (${each.byHolder}×)`, each.services.map(format.shortName).join(", "), each.proposal ?? "", format.clock(each.last)])),
    h("h2", {}, "By service"), plain("Conflicts by service", [head("Service"), head("Conflicts", number), head("Moved", number), head("Unsettled", number), head("Last")],
      it.services.map(each => [service(each.service), each.conflicts, each.moved, each.unsettled, format.clock(each.last)])),
    h("h2", {}, "By holder"), plain("Conflicts by holder", [head("Holder"), head("Conflicts", number), head("Ports"), head("Last")],
      it.holders.map(each => [each.holder, each.conflicts, each.ports.join(", "), format.clock(each.last)])),
  ]],
  health: ["Service health", ({ report: it }) => [
    figures([["Services", it.length], ["Healthy", it.filter(each => each.health.healthy).length], ["Should be, and are not", it.filter(each => each.health.expected && !each.health.healthy).length], ["Downtimes", it.reduce((sum, each) => sum + each.availability.downtimes, 0)]]),
    plain("Health of services", [head("Service"), head("State"), head("Available", number), head("Downtimes", number), head("Longest", number), head("Starts", number), head("Exits", number), head("Checks failed", number), head("Average", number), head("What was last")],
      it.map(({ health, availability, ...each }) => [service(health.service), h("span.tag", { "data-tone": format.tone(health.state) }, format.words(health.state)),
        share(availability.share), availability.downtimes, availability.downtimes ? format.seconds(availability.longestSeconds) : "", each.starts, each.exits, `${each.checks.failed} of ${each.checks.checks}`, format.seconds(each.checks.averageSeconds),
        availability.latest[0] ? `${format.clock(availability.latest[0].from)} down${availability.latest[0].ongoing ? "" : ` for ${format.seconds(availability.latest[0].seconds)}`}: ${availability.latest[0].why}` : each.lastExit ?? health.detail])),
  ]],
  performance: ["Performance", ({ report: it }) => [
    plain("Performance of services", [head("Service"), head("CPU"), head("mean", number), head("most", number), head("Memory"), head("mean", number), head("most", number), head("Response"), head("half below", number), head("95 % below", number), head("Sent", number), head("Up", number)],
      it.map(({ service: key, usage, period: { cpu, memory, responseTime, throughput, trend } }) => [[service(key), " ", cpu && h("small.pill", {}, `since ${format.clock(trend.since)}`)],
        drawn(`CPU of ${key}`, trend.cpu, 0.05), format.cpu(cpu?.mean), format.cpu(cpu?.max), drawn(`Memory of ${key}`, trend.memory, 1), format.bytes(memory?.mean), format.bytes(memory?.max),
        drawn(`Response time of ${key}`, trend.responseTime, 0.01), format.seconds(responseTime?.p50), format.seconds(responseTime?.p95), format.bytes(throughput?.bytesOut), format.seconds(usage?.uptimeSeconds)])),
  ]],
  ports: ["Ports", ({ report: it }) => [
    figures([["In use", it.inUse], ["Declared", it.declared], ["Reserved", it.reserved], ["Contests", it.contests]]),
    plain("Kinds of holders", [head("Kind of holder"), head("Sockets", number)], Object.entries(it.kinds)),
    plain("Ports", [head("Port"), head("Holder"), head("Services"), head("Reserved"), head("Contests", number), head("Risk in a day", number)],
      it.ports.slice(0, 500).map(each => [port(each.port), each.holder, each.services.map(format.shortName).join(", "), each.reserved ? "yes" : "", each.contests || "", each.risk ? h("span", { title: each.risk.evidence.join("; ") }, format.cpu(each.risk.score)) : ""])),
    it.ports.length > 500 && h("p.nothing", {}, "The first 500; the file has all."),
  ]],
};

function share(value) {
  return value === undefined ? "–" : value === 1 ? "100 %" : `${Math.floor(value * 100_000) / 1000} %`;
}

function drawn(label, values, least) {
  const node = spark(label);
  plot(node, values.map(each => each ?? undefined), least);
  return node;
}

export function reports(main, parameters) {
  const here = scope();
  let name = parameters.get("report") in REPORTS ? parameters.get("report") : "conflicts";
  let since = "168h";
  const place = h("div.report", { "aria-live": "polite" });
  const tabs = h("div.chips", { role: "group", "aria-label": "Report" }, Object.entries(REPORTS).map(([key, [label]]) => button(label, () => { name = key; load(); }, { "data-report": key })));
  const period = h("select", { "aria-label": "Period", onchange: event => { since = event.target.value; load(); } }, PERIODS.map(([value, label]) => h("option", { value, selected: value === since }, label)));
  const load = async () => {
    const wanted = name;
    for (const tab of tabs.children) attribute(tab, "aria-pressed", tab.dataset.report === name);
    try {
      const answer = await get(`/reports/${name}`, { since }, here.signal);
      if (wanted === name) replace(place, REPORTS[name][1](answer), h("p.nothing", {}, `As of ${format.clock(answer.at)}.`));
    } catch (problem) {
      if (problem.name !== "AbortError") replace(place, h("p.nothing", {}, problem.message));
    }
  };
  const save = async (type, ending) => {
    try {
      const answer = await send("GET", `/reports/${name}`, { query: { since }, headers: { Accept: type } });
      const address = URL.createObjectURL(await answer.blob());
      h("a", { href: address, download: `berth-${name}.${ending}` }).click();
      URL.revokeObjectURL(address);
    } catch (problem) {
      toast(problem.message, "bad");
    }
  };
  main.append(h("div.viewhead", {}, h("h1", { tabindex: "-1" }, "Reports"), h("div.tools", {}, period,
    button("Text", () => save("text/plain", "txt"), { title: "Save as text" }), button("JSON", () => save("application/json", "json"), { title: "Save as JSON" }), button("YAML", () => save("application/yaml", "yaml"), { title: "Save as YAML" }))), tabs, place);
  load();
  return here.close;
}
