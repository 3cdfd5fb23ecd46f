// What would be done, shown before it is done: every change that matters goes through here.

import { h, replace, button, id } from "./dom.js";
import { change } from "./net.js";
import { toast } from "./toast.js";
import * as format from "./format.js";

/** The steps of a plan as Berth answers a dry run with. */
export function steps(plan) {
  const warnings = (plan.warnings ?? []).map(each => h("p.warning", {}, each));
  if (!plan.actions?.length) return [h("p.nothing", {}, "Nothing would be done: everything is as wanted."), warnings];
  return [h("ol.steps", {}, plan.actions.map(step => h("li", {},
    h("strong", {}, format.sentence(step.action)), " ", h("span.target", {}, step.target),
    step.detail && h("p.detail", {}, step.detail),
    step.reason && h("p.reason", {}, step.reason)))), warnings];
}

/** What Berth says no with. */
export function refusal(problem) {
  return h("div.refusal", { role: "alert" }, h("p", {}, problem.message),
    problem.errors?.length ? h("ul", {}, problem.errors.slice(0, 20).map(each => h("li", {}, each.field && h("code", {}, each.field), each.field && ": ", each.message))) : null);
}

/** A dialog that takes the focus, gives it back, and is gone when it is closed. */
export function dialog(title, content, buttons, name = "") {
  const heading = id("title");
  const node = h("dialog", { "aria-labelledby": heading, class: name, onclose: () => node.remove() },
    h("h2", { id: heading }, title), content, h("div.buttons", {}, buttons));
  document.body.append(node);
  node.showModal();
  return node;
}

/**
 * Shows the plan of a change, and makes the change when it is wanted.
 *
 * @param options switches that change the plan: {name, label}, sent in the query
 * @param done → what is told after it
 */
export function propose({ title, hint, method, path, query = {}, body, type, headers, verb, danger, options = [], done }) {
  const place = h("div.plan", { "aria-live": "polite" });
  const go = button(verb, act, { class: danger ? "danger" : "primary", disabled: true });
  const chosen = {};
  const switches = options.map(option => h("label.switch", {}, h("input", {
    type: "checkbox", onchange: event => { chosen[option.name] = event.target.checked; look(); },
  }), option.label));
  const node = dialog(title, [hint && h("p.hint", {}, hint), place, switches],
    [button("Cancel", () => node.close()), go]);
  let latest = 0;

  async function look() {
    const turn = ++latest;
    go.disabled = true;
    if (!place.hasChildNodes()) replace(place, h("p.nothing", {}, "Asking Berth what it would do…"));
    try {
      const plan = await change(method, path, { query: { ...query, ...chosen, dryRun: true }, body, type, headers });
      if (turn !== latest) return;
      replace(place, steps(plan));
      go.disabled = false;
    } catch (problem) {
      if (turn === latest) replace(place, refusal(problem));
    }
  }

  async function act() {
    go.disabled = true;
    go.textContent = "Working…";
    try {
      const answer = await change(method, path, { query: { ...query, ...chosen }, body, type, headers });
      node.close();
      toast(done(answer));
    } catch (problem) {
      replace(place, refusal(problem));
      go.textContent = verb;
    }
  }
  look();
}
