// Start, stop, restart: what ends a process shows its plan first.

import { h, button } from "./dom.js";
import { change, servicePath } from "./net.js";
import { state } from "./state.js";
import { propose } from "./plan.js";
import { toast } from "./toast.js";

const NAME = key => key.split("/")[1];

/** @param brief signs instead of words; @returns a node with `show(service)` */
export function controls(key, brief = false) {
  const label = (sign, word) => brief ? sign : word;
  const start = button(label("▶", "Start"), () => ask(key, "start"), named(key, "Start", brief));
  const restart = button(label("↻", "Restart…"), () => confirm(key, "restart"), named(key, "Restart", brief));
  const stop = button(label("■", "Stop…"), () => confirm(key, "stop"), named(key, "Stop", brief));
  const node = h("div.controls", { role: "group", "aria-label": `Control ${NAME(key)}` }, start, restart, stop);
  node.show = service => {
    const observed = !service.spec.command;
    const wanted = service.spec.running !== false;
    start.hidden = observed || (wanted && !["Failed", "Stopped", "Blocked"].includes(service.status.state));
    restart.hidden = observed || !wanted;
    stop.hidden = observed || !wanted;
  };
  return node;
}

function named(key, verb, brief) {
  return brief ? { class: "icon", "aria-label": `${verb} ${NAME(key)}`, title: verb } : {};
}

async function ask(key, verb) {
  try {
    await change("POST", servicePath(key, `/${verb}`));
    toast(`${NAME(key)}: ${verb} was asked for`);
  } catch (refused) {
    toast(refused.message, "bad");
  }
}

function confirm(key, verb) {
  const service = state.services.get(key);
  const dependants = [...state.services.values()].filter(each => each.spec.dependsOn?.some(one =>
    (one.service ?? one) === NAME(key) && each.metadata.namespace === service?.metadata.namespace)).map(each => each.metadata.name);
  propose({
    title: `${verb === "stop" ? "Stop" : "Restart"} ${NAME(key)}?`,
    hint: dependants.length ? `${dependants.join(", ")} ${dependants.length === 1 ? "depends" : "depend"} on it.` : "",
    method: "POST", path: servicePath(key, `/${verb}`), verb: verb === "stop" ? "Stop it" : "Restart it", danger: true,
    options: [{ name: "force", label: "At once: SIGKILL, no grace period" }],
    done: () => `${NAME(key)}: ${verb} was asked for`,
  });
}
