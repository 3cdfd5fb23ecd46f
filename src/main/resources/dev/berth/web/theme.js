// Dark or light: as the system has it, until somebody chooses.

import { h, attribute } from "./dom.js";
import { changed } from "./state.js";

const KEY = "berth.theme";
const NEXT = { "": "light", light: "dark", dark: "" };
const LOOK = { "": ["◐", "as the system"], light: ["☀", "light"], dark: ["☾", "dark"] };

export function theme(place) {
  const button = h("button.icon", { type: "button", onclick: () => choose(NEXT[chosen()]) });
  const show = () => {
    const [sign, label] = LOOK[chosen()];
    button.textContent = sign;
    button.title = `Colours: ${label}`;
    attribute(button, "aria-label", `Colours: ${label}. Change`);
    attribute(document.documentElement, "data-theme", chosen() || null);
    changed("theme");
  };
  const choose = value => {
    localStorage.setItem(KEY, value);
    show();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => changed("theme"));
  place.append(button);
  show();
}

function chosen() {
  const value = localStorage.getItem(KEY) ?? "";
  return value in NEXT ? value : "";
}
