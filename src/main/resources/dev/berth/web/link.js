// Is the page connected, and if not, how old is what it shows?

import { h, text, attribute } from "./dom.js";
import { state, on } from "./state.js";
import { retry } from "./watch.js";
import { useToken } from "./net.js";
import * as format from "./format.js";

export function link(place) {
  const words = h("span", {});
  const dot = h("span.dot", { "aria-hidden": "true" });
  const again = h("button.quiet", { type: "button", hidden: true, onclick: retry }, "Try now");
  const status = h("span.pill", { role: "status" }, dot, words);
  place.append(status, again);
  const show = () => {
    const { state: now, heardAt, words: why } = state.link;
    attribute(place, "data-state", now);
    attribute(document.body, "data-link", now);
    again.hidden = now !== "lost";
    text(words, now === "live" ? "Live" : now === "connecting" ? "Connecting…" : "Not connected");
    attribute(status, "title", now === "lost" ? why : null);
    banner(now, heardAt, why);
  };
  on("link", show);
  setInterval(() => state.link.state === "lost" && show(), 1000);
  show();
  addEventListener("berth-token", askToken);
}

let bar = null;

function banner(now, heardAt, why) {
  if (now !== "lost") {
    bar?.remove();
    bar = null;
    return;
  }
  if (!bar) {
    bar = h("p.banner.bad", { role: "alert" });
    // It lies over the view, so nothing moves when it comes and goes.
    document.getElementById("main").after(bar);
  }
  text(bar, heardAt
    ? `Not connected to Berth: ${why}. What you see is ${format.seconds((Date.now() - heardAt) / 1000)} old; trying again.`
    : `Not connected to Berth: ${why}. Trying again.`);
}

let asking = false;

/** A Berth that listens beyond this machine wants to know who calls. */
function askToken() {
  if (asking) return;
  asking = true;
  const input = h("input", { type: "password", id: "token", autocomplete: "off", required: true });
  const dialog = h("dialog", { "aria-labelledby": "token-title", onclose: () => { asking = false; dialog.remove(); } },
    h("form", { method: "dialog", onsubmit: () => { useToken(input.value); retry(); } },
      h("h2", { id: "token-title" }, "Berth wants a token"),
      h("p", {}, "You call from another machine. Paste a token that was made with ", h("code", {}, "berth token create NAME"), " on the machine of this Berth; this tab forgets it when it is closed."),
      h("label", { for: "token" }, "Token"), input,
      h("div.buttons", {}, h("button.primary", {}, "Use it"))));
  document.body.append(dialog);
  dialog.showModal();
}
