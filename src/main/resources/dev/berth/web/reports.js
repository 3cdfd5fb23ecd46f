// The four reports, over a chosen period, and as files.

import { h, attribute, replace, button } from "./dom.js";
import { scope } from "./state.js";
import { get, send } from "./net.js";
import { plain } from "./table.js";
import { toast } from "./toast.js";
import * as format from "./format.js";

const PERIODS = [["1h", "last hour"], ["24h", "last day"], ["168h", "last week"], ["720h", "last 30 days"]];
const number = { class: "number" };
const head = (label, more) => ({ label, ...more });
const service = key => h("a", { href: `#/services/${key}` }, format.shortName(key));
const port = name => h("a", { href: `#/ports/${String(name).replace(/^(\d+)\/udp$/, "udp/$1")}` }, name);
const figures = pairs => h("dl.strip", {}, pairs.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));

const REPORTS = {
  conflicts: ["Conflict history", true, ({ report: it }) => [
    figures([["Conflicts", it.total], ["Open", it.open], ["Moved away", it.decisions?.Migrate ?? 0], ["Port freed", it.decisions?.Terminate ?? 0]]),
    h("h2", {}, "By port"), plain("Conflicts by port", [head("Port"), head("Lost", number), head("Moved", number), head("Ended", number), head("Mostly to"), head("Services"), head("Calmer"), head("Last")],
      it.ports.map(each => [port(each.port), each.conflicts, each.moved, each.ended, `${each.holder} (${each.byHolder}×)`, each.services.map(format.shortName).join(", "), each.proposal ?? "", format.clock(each.last)])),
    h("h2", {}, "By service"), plain("Conflicts by service", [head("Service"), head("Conflicts", number), head("Moved", number), head("Unsettled", number), head("Last")],
      it.services.map(each => [service(each.service), each.conflicts, each.moved, each.unsettled, format.clock(each.last)])),
    h("h2", {}, "By holder"), plain("Conflicts by holder", [head("Holder"), head("Conflicts", number), head("Ports"), head("Last")],
      it.holders.map(each => [each.holder, each.conflicts, each.ports.join(", "), format.clock(each.last)])),
  ]],
  health: ["Service health", true, ({ report: it }) => [
    figures([["Services", it.length], ["Healthy", it.filter(each => each.health.healthy).length], ["Should be, and are not", it.filter(each => each.health.expected && !each.health.healthy).length], ["Restarts", it.reduce((sum, each) => sum + each.restarts, 0)]]),
    plain("Health of services", [head("Service"), head("State"), head("Since"), head("Checks", number), head("Failed", number), head("Average", number), head("Slowest", number), head("Restarts", number), head("Detail")],
      it.map(each => [service(each.health.service), h("span.tag", { "data-tone": format.tone(each.health.state) }, format.words(each.health.state)), each.health.since ? format.clock(each.health.since) : "",
        each.checks.checks, each.checks.failed, format.seconds(each.checks.averageSeconds), format.seconds(each.checks.slowestSeconds), each.restarts, each.lastExit ?? each.health.detail])),
  ]],
  performance: ["Performance", true, ({ report: it }) => [
    plain("Performance of services", [head("Service"), head("CPU", number), head("Memory", number), head("Files", number), head("Processes", number), head("Up", number), head("Response", number), head("Slowest", number), head("Traffic", number)],
      it.map(({ service: key, usage, responses }) => [service(key), format.cpu(usage?.cpu), format.bytes(usage?.memoryBytes), usage?.openFiles ?? "–", usage?.processes ?? "–", format.seconds(usage?.uptimeSeconds),
        format.seconds(responses.averageSeconds), format.seconds(responses.slowestSeconds), usage?.throughput ? format.bytes(usage.throughput.bytesIn + usage.throughput.bytesOut) : "–"])),
  ]],
  ports: ["Ports", false, ({ report: it }) => [
    figures([["In use", it.inUse], ["Declared", it.declared], ["Reserved", it.reserved], ["Contested", it.contested]]),
    plain("Kinds of holders", [head("Kind of holder"), head("Sockets", number)], Object.entries(it.kinds)),
    plain("Ports", [head("Port"), head("Holder"), head("Services"), head("Reserved"), head("Contested")],
      it.ports.slice(0, 500).map(each => [port(each.port), each.holder, each.services.map(format.shortName).join(", "), each.reserved ? "yes" : "", each.contested ? "yes" : ""])),
    it.ports.length > 500 && h("p.nothing", {}, "The first 500; the file has all."),
  ]],
};

export function reports(main, parameters) {
  const here = scope();
  let name = parameters.get("report") in REPORTS ? parameters.get("report") : "conflicts";
  let since = "168h";
  const place = h("div.report", { "aria-live": "polite" });
  const tabs = h("div.chips", { role: "group", "aria-label": "Report" }, Object.entries(REPORTS).map(([key, [label]]) => button(label, () => { name = key; load(); }, { "data-report": key })));
  const period = h("select", { "aria-label": "Period", onchange: event => { since = event.target.value; load(); } }, PERIODS.map(([value, label]) => h("option", { value, selected: value === since }, label)));
  const query = () => REPORTS[name][1] ? { since } : {};
  const load = async () => {
    const wanted = name;
    for (const tab of tabs.children) attribute(tab, "aria-pressed", tab.dataset.report === name);
    period.disabled = !REPORTS[name][1];
    try {
      const answer = await get(`/reports/${name}`, query(), here.signal);
      if (wanted === name) replace(place, REPORTS[name][2](answer), h("p.nothing", {}, `As of ${format.clock(answer.at)}.`));
    } catch (problem) {
      if (problem.name !== "AbortError") replace(place, h("p.nothing", {}, problem.message));
    }
  };
  const save = async (type, ending) => {
    try {
      const answer = await send("GET", `/reports/${name}`, { query: query(), headers: { Accept: type } });
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
