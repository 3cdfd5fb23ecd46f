// The story of one service: how it is, what it uses, what it says.

import { h, text, attribute, replace, button, facts } from "./dom.js";
import { state, scope } from "./state.js";
import { storyHead, closeStory } from "./router.js";
import { servicePath } from "./net.js";
import { propose } from "./plan.js";
import { controls } from "./service-controls.js";
import { healthWords, why } from "./services.js";
import { address } from "./ports.js";
import { spark, plot } from "./spark.js";
import { samples, wish } from "./samples.js";
import { logs } from "./logs.js";
import { declare } from "./declare.js";
import * as format from "./format.js";

const PLOTS = [
  ["CPU", sample => sample.cpu, format.cpu, 0.05], ["Memory", sample => sample.memory, format.bytes, 1],
  ["Response time", sample => sample.response, format.seconds, 0.01], ["Traffic", sample => sample.traffic, value => value === undefined ? "–" : `${format.bytes(value)}/s`, 1],
];

export function serviceStory(aside, path) {
  const here = scope();
  const key = path.join("/");
  const name = path.at(-1);
  const tag = h("span.tag", {});
  const words = h("span", {});
  const control = controls(key);
  const plots = h("div.plots", {}, PLOTS.map(([label]) => h("figure", {}, h("figcaption", {}, label, h("strong", {})), spark(`${label} of ${name}`))));
  const details = h("div", {});
  const buttons = h("div.buttons", {}, control,
    button("Edit…", () => declare(state.services.get(key))),
    button("Delete…", () => propose({
      title: `Delete ${name}?`, hint: "It is stopped gracefully and gives its port back; its history stays.",
      method: "DELETE", path: servicePath(key), verb: "Delete it", danger: true, done: () => { closeStory(); return `${name} is being deleted`; },
    })));
  const body = h("div", {}, h("p.lead", {}, tag, " ", words), buttons, plots, details);
  const gone = h("p.nothing", {}, "Asking Berth…");
  aside.append(storyHead(path.length > 1 && path[0] !== "default" ? `Service in ${path[0]}` : "Service", name), body, gone);
  let log = null;

  const show = () => {
    const service = state.services.get(key);
    body.hidden = !service;
    gone.hidden = Boolean(service);
    if (!service) {
      if (state.loaded.watch) text(gone, `There is no service ${name} (any more). Its history is in the audit log.`);
      return;
    }
    text(tag, format.words(service.status.state));
    attribute(tag, "data-tone", format.tone(service.status.state));
    text(words, why(service));
    control.show(service);
    if (service.metadata.resourceVersion !== details.version) {
      details.version = service.metadata.resourceVersion;
      replace(details, tell(service));
    }
    if (!log && service.spec.command) body.append(log = logs(key, here));
    draw(service);
  };
  const draw = service => {
    const seen = samples(key);
    plots.hidden = !seen.length && !service.status.usage;
    PLOTS.forEach(([, pick, format], index) => {
      const [caption, graph] = plots.children[index].children;
      text(caption.lastChild, format(pick(seen.at(-1) ?? {})));
      if (graph.drawn !== seen) plot(graph, seen.map(pick), PLOTS[index][3]);
      graph.drawn = seen;
    });
  };
  here.on("services usage", show);
  show();
  wish(key);
  return here.close;
}

function tell({ spec, status, metadata }) {
  const port = number => h("a", { href: address({ ...spec, port: number }) }, number);
  return [
    facts(
      ["Port", status.port ? [port(status.port), spec.port && spec.port !== status.port ? ` (prefers ${spec.port})` : ""] : spec.port ? `none; prefers ${spec.port}` : "none"],
      ["Alternatives", spec.alternativePorts?.join(", ")], ["Range", spec.portRange],
      ["Pid", status.pid], ["Health", healthWords({ spec, status })],
      ["Started", status.startedAt && `${format.clock(status.startedAt)}, ${format.ago(status.startedAt)}`],
      ["Restarts", status.restarts || ""], ["Next start", status.nextStart && format.until(status.nextStart)],
      ["Command", spec.command && h("code", {}, Array.isArray(spec.command) ? spec.command.join(" ") : spec.command)],
      ["Directory", spec.workingDirectory && h("code", {}, spec.workingDirectory)],
      ["Depends on", spec.dependsOn?.map((each, index) => [index ? ", " : "", h("a", { href: `#/services/${metadata.namespace}/${each.service ?? each}` }, each.service ?? each), each.condition ? ` (${each.condition})` : ""])],
      ["Strategy", spec.strategy], ["Owner", metadata.owner?.name]),
    status.instances?.length > 1 && h("section", {}, h("h3", {}, "Instances"), h("ul.plainlist", {}, status.instances.map(each =>
      h("li", {}, h("span.tag", { "data-tone": format.tone(each.state) }, format.words(each.state)), " ", each.port && port(each.port), each.pid ? h("span.muted", {}, ` pid ${each.pid}`) : "")))),
    status.lastExit && h("section", {}, h("h3", {}, "Last exit"), h("p", {}, `${format.clock(status.lastExit.at)}: ${status.lastExit.message}`),
      status.lastExit.lastLines.length > 0 && h("pre.lines", { tabindex: "0", "aria-label": "Its last lines" }, status.lastExit.lastLines.join("\n"))),
    h("details.conditions", {}, h("summary", {}, "Conditions"), h("ul.timeline", {}, status.conditions.map(each => h("li", { "data-tone": each.status === "True" ? "ok" : each.status === "False" ? "off" : "warn" },
      h("time", { datetime: each.lastTransitionTime }, format.clock(each.lastTransitionTime)), h("strong", {}, each.type), ` ${format.words(each.status)}, ${format.words(each.reason)}`, h("p.detail", {}, each.message))))),
    h("p.links", {}, h("a", { href: `#/audit?service=${metadata.namespace}/${metadata.name}` }, "Audit"), " · ", h("a", { href: `#/conflicts?service=${metadata.namespace}/${metadata.name}` }, "Conflicts")),
  ];
}
