// A form whose change is shown as a plan first; what Berth finds wrong stands at the field it is about.

import { h, replace, button, attribute, id } from "./dom.js";
import { change } from "./net.js";
import { toast } from "./toast.js";
import { dialog, steps, refusal } from "./plan.js";

/**
 * @param fields {name, label, value, placeholder, hint, options, type}; type "area" is a large text
 * @param request values → {method, path, body, type, headers}
 * @param done answer → what is told
 */
export function plannedForm({ title, intro, fields, request, verb, done, more = [], name = "" }) {
  const inputs = new Map(fields.map(field => [field.name, input(field)]));
  const place = h("div.plan", { "aria-live": "polite" });
  const go = button("Show the plan", () => planned ? act() : look(), { class: "primary", type: "submit" });
  let planned = null;
  const rows = fields.map(field => row(field, inputs.get(field.name)));
  const form = h("form.fields", { novalidate: true, oninput: () => { if (planned) forget(); }, onsubmit: event => event.preventDefault() }, rows, place);
  const node = dialog(title, [intro && h("p.hint", {}, intro), more, form], [button("Cancel", () => node.close()), go], name);
  form.addEventListener("keydown", event => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); go.click(); }
  });
  (inputs.get(fields.find(field => !field.value)?.name) ?? inputs.values().next().value)?.focus();

  const values = () => Object.fromEntries([...inputs].map(([key, each]) => [key, each.type === "checkbox" ? each.checked : each.value]));

  function forget() {
    planned = null;
    go.textContent = "Show the plan";
  }

  async function look() {
    clear();
    go.disabled = true;
    try {
      const { method, path, ...rest } = request(values());
      const plan = await change(method, path, { ...rest, query: { ...rest.query, dryRun: true } });
      planned = { method, path, ...rest };
      replace(place, h("h3", {}, "What would be done"), steps(plan));
      go.textContent = verb;
    } catch (problem) {
      show(problem);
    }
    go.disabled = false;
  }

  async function act() {
    go.disabled = true;
    try {
      const { method, path, ...rest } = planned;
      const answer = await change(method, path, rest);
      node.close();
      toast(done(answer));
    } catch (problem) {
      forget();
      show(problem);
      go.disabled = false;
    }
  }

  function clear() {
    for (const each of inputs.values()) {
      attribute(each, "aria-invalid", null);
      document.getElementById(`${each.id}-fault`).textContent = "";
    }
    replace(place);
  }

  /** At its field, where there is one. */
  function show(problem) {
    const others = [];
    let first = null;
    for (const fault of problem.errors ?? []) {
      const parts = fault.field.replace(/^spec\./, "").split(/[.[]/);
      const at = inputs.get(fault.field) ?? inputs.get(parts[0]);
      if (!at) { others.push(fault); continue; }
      attribute(at, "aria-invalid", true);
      const words = document.getElementById(`${at.id}-fault`);
      words.textContent += `${words.textContent ? " " : ""}${fault.message}${fault.given ? ` (given: ${fault.given})` : ""}.`;
      first ??= at;
    }
    if (others.length || !first) replace(place, refusal({ message: problem.message, errors: others }));
    first?.focus();
  }
  return { node, values };
}

function input(field) {
  const own = { id: id(field.name.replaceAll(".", "-")), name: field.name, autocomplete: "off", spellcheck: "false" };
  own["aria-describedby"] = `${own.id}-hint ${own.id}-fault`;
  if (field.options) return h("select", own, field.options.map(([value, label]) => h("option", { value, selected: value === String(field.value ?? "") }, label)));
  if (field.type === "area") return h("textarea", { ...own, rows: 16, value: field.value ?? "" });
  if (field.type === "checkbox") return h("input", { ...own, type: "checkbox", checked: Boolean(field.value) });
  return h("input", { ...own, type: "text", inputmode: field.type === "number" ? "numeric" : null, value: field.value ?? "", placeholder: field.placeholder });
}

function row(field, node) {
  return h("div.field", { class: field.wide ? "wide" : "" }, h("label", { for: node.id }, field.label), node,
    h("p.hint", { id: `${node.id}-hint` }, field.hint ?? ""), h("p.fault", { id: `${node.id}-fault`, role: "alert" }));
}
