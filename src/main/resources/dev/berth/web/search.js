// One field that finds a port, a program, a process or a service; the picture lights up what it finds.

import { h, replace, attribute } from "./dom.js";
import { state, changed, keyOf } from "./state.js";
import { go } from "./router.js";
import { address, haystack, who } from "./ports.js";
import * as format from "./format.js";

const MOST = 12;

export function search(place) {
  const input = h("input", {
    type: "search", id: "find", placeholder: "Find a port, program, service   /", autocomplete: "off", spellcheck: "false", role: "combobox",
    "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list", "aria-label": "Find a port, program or service",
  });
  const list = h("ul.found", { id: "found", role: "listbox", "aria-label": "Found", hidden: true });
  place.append(input, list);
  let found = [];
  let at = 0;

  const show = () => {
    const open = found.length > 0 && document.activeElement === input;
    list.hidden = !open;
    attribute(input, "aria-expanded", open);
    replace(list, found.map((each, index) => h("li", {
      role: "option", id: `found-${index}`, "aria-selected": index === at ? "true" : "false",
      onpointerdown: event => { event.preventDefault(); choose(index); },
    }, h("strong", {}, each.name), h("span", {}, each.words))));
    attribute(input, "aria-activedescendant", open ? `found-${at}` : null);
  };
  const look = () => {
    state.query = input.value;
    changed("query");
    found = input.value.trim() ? find(input.value.trim().toLowerCase()) : [];
    at = 0;
    show();
  };
  const choose = index => {
    const each = found[index];
    input.value = "";
    look();
    input.blur();
    if (each) go(each.path);
  };
  input.addEventListener("input", look);
  input.addEventListener("focus", show);
  input.addEventListener("blur", show);
  input.addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(found.length, 1);
      show();
    } else if (event.key === "Enter") choose(at);
    else if (event.key === "Escape") { event.preventDefault(); input.value = ""; look(); input.blur(); }
  });
  document.addEventListener("keydown", event => {
    const writes = event.target.closest?.("input, textarea, select, dialog");
    if ((event.key === "/" && !writes) || (event.key === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
}

function find(query) {
  const found = [];
  const number = Number(query);
  const exact = Number.isInteger(number) && number > 0 && number < 65536;
  if (exact && !state.ports.has(number)) found.push({ name: `${number}`, words: "free", path: `ports/${number}` });
  for (const [key, service] of state.services) {
    if (key.includes(query)) found.push({ name: service.metadata.name, words: `service · ${format.words(service.status.state)}${service.status.port ? ` on ${service.status.port}` : ""}`, path: `services/${keyOf(service)}` });
  }
  const ports = [...state.ports.values()].flat().filter(port => String(port.port).startsWith(query) || haystack(port).includes(query))
    .sort((a, b) => (b.port === number) - (a.port === number) || a.port - b.port);
  for (const port of ports.slice(0, MOST)) found.push({ name: `${port.port}`, words: who(port), path: address(port).slice(2) });
  return (exact ? found.sort((a, b) => (b.name === query) - (a.name === query)) : found).slice(0, MOST);
}
