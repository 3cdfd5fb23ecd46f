// The story of one port: who is on it, who wants it, what happened on it.

import { h, replace, button, facts } from "./dom.js";
import { scope, debounced } from "./state.js";
import { get } from "./net.js";
import { propose } from "./plan.js";
import { storyHead } from "./router.js";
import { program } from "./ports.js";
import { reserve, release } from "./reservations.js";
import { declare } from "./declare.js";
import * as format from "./format.js";

export function portStory(aside, path) {
  const here = scope();
  const protocol = path[0] === "udp" ? "udp" : "tcp";
  const number = path.at(-1);
  const place = h("div", {}, h("p.nothing", {}, "Looking…"));
  aside.append(storyHead(protocol === "udp" ? "UDP port" : "Port", number), place);
  let before = "";
  const load = async () => {
    try {
      const port = await get(`/ports/${encodeURIComponent(number)}`, { protocol: protocol === "udp" && "udp" }, here.signal);
      // Made anew only for news: who has the focus on a button keeps it.
      const words = JSON.stringify({ ...port, risk: port.risk?.score });
      if (words !== before) replace(place, tell(port));
      before = words;
    } catch (problem) {
      if (problem.name !== "AbortError") replace(place, h("p.nothing", {}, problem.message));
    }
  };
  here.on("ports conflicts reservations services", debounced(150, load));
  load();
  return here.close;
}

function tell(port) {
  const tone = port.conflicts.length ? "bad" : port.services.some(use => use.role === "Assigned") ? "ok" : "off";
  return [
    h("p.lead", {}, h("span.tag", { "data-tone": tone }, port.conflicts.length ? "contested" : format.words(port.state)), " ", port.explanation),
    h("div.buttons", {},
      port.state === "InUse" && !/^Berth /.test(port.holders[0].description) && button("Free this port…", () => free(port), { class: "danger" }),
      port.reservation ? button("Release…", () => release(port)) : button("Reserve…", () => reserve(port.port)),
      !port.services.length && button("Declare a service here…", () => declare(null, { port: port.port }))),
    port.holders.map(holder => h("section", {}, h("h3", {}, program(holder)), facts(
      ["Kind", holder.kind], ["Pid", holder.pids.join(", ")], ["User", holder.user],
      ["Listens on", holder.addresses.join(", ")],
      ["Started", holder.startTime && `${format.clock(holder.startTime)}, ${format.ago(holder.startTime)}`],
      ["Unit", holder.unit], ["Container", holder.container], ["Restarted by", holder.respawner],
      ["Service", holder.service && h("a", { href: `#/services/${holder.service}` }, format.shortName(holder.service))]),
      holder.processes.map(process => facts(
        ["Command", h("code", {}, process.command)], ["Executable", process.executable && h("code", {}, process.executable)],
        ["Directory", process.workingDirectory && h("code", {}, process.workingDirectory)], ["Parent", process.parent])),
      !holder.processes.length && h("p.detail", {}, holder.description))),
    port.services.length > 0 && h("section", {}, h("h3", {}, "Services concerned"), h("ul.plainlist", {}, port.services.map(use =>
      h("li", {}, h("a", { href: `#/services/${use.service}` }, format.shortName(use.service)), " ", h("span.muted", {}, format.words(use.role)))))),
    port.reservation && h("section", {}, h("h3", {}, "Reservation"), facts(["For", port.reservation.holder], ["Enforcement", format.words(port.reservation.enforcement)],
      ["Ends", port.reservation.expiresAt ? format.until(port.reservation.expiresAt) : "never"], ["Claimed by", port.reservation.claimedBy])),
    port.eviction && h("section", {}, h("h3", {}, "Being freed"), facts(["Phase", format.words(port.eviction.phase)], ["Pids", port.eviction.pids.join(", ")], ["Deadline", format.clock(port.eviction.deadline)], ["", port.eviction.message])),
    port.risk && h("section", {}, h("h3", {}, `Risk of a contest within a day: ${format.cpu(port.risk.score)}`), h("ul.plainlist", {}, port.risk.evidence.map(each => h("li.detail", {}, each)))),
    h("section", {}, h("h3", {}, "History"), port.history?.length ? h("ol.timeline", {}, port.history.map(event => h("li", { "data-tone": format.tone(event.state) },
      h("time", { datetime: event.at }, format.clock(event.at)), h("a", { href: `#/conflicts/${event.conflict}` }, `${format.sentence(event.decision)}, ${format.words(event.state)}`),
      h("p.detail", {}, `${format.shortName(event.service)} against ${event.holder}`), h("p.reason", {}, event.reason)))) : h("p.nothing", {}, "No conflict about it is remembered.")),
  ];
}

function free(port) {
  propose({
    title: `Free port ${port.port}?`, hint: port.holders.map(program).join(", "),
    method: "POST", path: `/ports/${port.port}/free`, query: { protocol: port.protocol === "udp" && "udp" },
    verb: "Free it", danger: true, options: [{ name: "force", label: "At once: SIGKILL, no grace period" }],
    done: answer => answer.message ?? answer.explanation ?? `Port ${port.port} is free`,
  });
}
