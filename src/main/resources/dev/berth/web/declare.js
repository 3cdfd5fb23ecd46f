// Declares a service or changes one: a form for what is usual, YAML for everything.

import { h, button } from "./dom.js";
import { servicePath } from "./net.js";
import { keyOf } from "./state.js";
import { plannedForm } from "./form.js";
import { yaml } from "./yaml.js";

const list = text => text.split(/[\s,]+/).filter(Boolean);
const number = text => /^\d+$/.test(text) ? Number(text) : text;
const maybeJson = text => /^[[{]/.test(text) ? safely(text) : text;

function safely(text) {
  try { return JSON.parse(text); } catch { return text; }
}

// How each part of a spec is written in a field, and read from it.
const FIELDS = [
  { name: "port", label: "Port", type: "number", placeholder: "8000", read: number },
  { name: "alternativePorts", label: "Alternatives", placeholder: "8001, 8002", hint: "Taken in this order when the port can't be had.", write: each => each.join(", "), read: text => list(text).map(number) },
  { name: "portRange", label: "Or any of a range", placeholder: "9000-9100" },
  { name: "command", label: "Command", wide: true, placeholder: "npm start -- --port {port}", hint: "Empty: Berth starts nothing and only guards the port.", write: each => typeof each === "string" ? each : JSON.stringify(each), read: maybeJson },
  { name: "workingDirectory", label: "Working directory", placeholder: "/home/ann/shop" },
  { name: "healthCheck", label: "Health check", placeholder: "http://localhost:{port}/health", write: each => typeof each === "string" ? each : JSON.stringify(each), read: maybeJson },
  { name: "dependsOn", label: "Depends on", placeholder: "database, cache:started", hint: "A name, or name:started, name:healthy.",
    write: all => all.map(each => typeof each === "string" ? each : each.condition ? `${each.service}:${each.condition}` : each.service).join(", "),
    read: text => list(text).map(each => { const [service, condition] = each.split(":"); return condition ? { service, condition } : service; }) },
  { name: "processPatterns", label: "Its own processes match", placeholder: "node .*shop", hint: "One regular expression.", write: each => each.length === 1 ? each[0] : JSON.stringify(each), read: text => /^\[/.test(text) ? safely(text) : [text] },
  { name: "strategy", label: "When a stranger holds the port", options: [["", "as the settings say"], ["conservative", "move away (conservative)"], ["intelligent", "judge (intelligent)"], ["aggressive", "free the port (aggressive)"]] },
  { name: "replicas", label: "Instances", type: "number", placeholder: "1", read: number },
];

/** @param service the one that is changed; null for a new one, which may have some values already */
export function declare(service = null, preset = {}) {
  const spec = service?.spec ?? preset;
  const shown = field => spec[field.name] === undefined || (Array.isArray(spec[field.name]) && !spec[field.name].length) ? ""
    : field.write ? field.write(spec[field.name]) : String(spec[field.name]);
  const before = Object.fromEntries(FIELDS.map(field => [field.name, shown(field)]));
  const nameField = { name: "name", label: "Name", placeholder: "backend", value: preset.name ?? "" };
  const wanted = values => Object.fromEntries(FIELDS.filter(field => values[field.name].trim()).map(field => [field.name, (field.read ?? String)(values[field.name].trim())]));

  const form = plannedForm({
    title: service ? `Change ${service.metadata.name}` : "Declare a service", name: "wide",
    more: h("div.chips", {}, button("As YAML", () => {
      const values = form.values();
      form.node.close();
      asYaml(service, values.name ?? "", service ? { ...service.spec, ...wanted(values) } : wanted(values));
    })),
    fields: [...service ? [] : [nameField], ...FIELDS.map(field => ({ ...field, value: before[field.name] }))],
    // A change speaks only of what was touched, so that two people can change different things.
    request: values => service
      ? { method: "PATCH", path: path(service, values), body: patch(values) }
      : { method: "PUT", path: path(service, values), body: wanted(values) },
    verb: service ? "Change it" : "Declare it",
    done: answer => `${answer.metadata.name} is ${service ? "changed" : "declared"}`,
  });

  function patch(values) {
    const all = wanted(values);
    return Object.fromEntries(FIELDS.filter(field => values[field.name].trim() !== before[field.name]).map(field => [field.name, all[field.name] ?? null]));
  }
}

/** A name alone is in the caller's own namespace. */
function path(service, { name = "" }) {
  const wanted = name.trim() || " ";
  return service ? servicePath(keyOf(service)) : wanted.includes("/") ? servicePath(wanted) : `/services/${encodeURIComponent(wanted)}`;
}

function asYaml(service, name, spec) {
  plannedForm({
    title: service ? `Change ${service.metadata.name}` : "Declare a service", name: "wide",
    intro: "The whole spec, as below a service's name in berth.yaml. What is left out gets its default.",
    fields: [...service ? [] : [{ name: "name", label: "Name", value: name, wide: true }],
      { name: "yaml", label: "Spec", type: "area", wide: true, value: Object.keys(spec).length ? yaml(spec).trimStart() : "port: 8000\n" }],
    request: values => ({
      method: "PUT", body: values.yaml, type: "application/yaml",
      path: path(service, values),
      // The text was made from this version; a newer one would be overwritten.
      headers: service ? { "If-Match": `"${service.metadata.resourceVersion}"` } : {},
    }),
    verb: service ? "Change it" : "Declare it",
    done: answer => `${answer.metadata.name} is ${service ? "changed" : "declared"}`,
  });
}
