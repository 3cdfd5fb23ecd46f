// Short words about what was done, and about what happened meanwhile.

import { h } from "./dom.js";
import { onEvent } from "./watch.js";
import { keyOf, debounced } from "./state.js";
import * as format from "./format.js";

const SHOWN = 6_000;

export function toast(words, tone = "ok") {
  const node = h("p.toast", { "data-tone": tone }, words);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), tone === "bad" ? SHOWN * 2 : SHOWN);
}

const MOST_WORDS = 3;
const KEPT = 20;

/** Tells screen readers what changes; many changes at once are told as one. */
export function announceChanges() {
  let news = new Map();
  const log = document.getElementById("live");
  const tell = debounced(700, () => {
    const words = [...news.values()];
    news = new Map();
    if (!words.length) return;
    log.append(h("p", {}, words.length > MOST_WORDS ? `${words.length} changes: ${words.slice(0, 2).join("; ")} and more` : words.join("; ")));
    while (log.children.length > KEPT) log.firstChild.remove();
  });
  onEvent((type, kind, object, before) => {
    if (kind === "Service") {
      const key = keyOf(object);
      if (type === "deleted") news.set(key, `${object.metadata.name} is gone`);
      else if (before?.status.state !== object.status.state) news.set(key, `${object.metadata.name} is ${format.words(object.status.state)}`);
      else if (before?.status.port !== object.status.port) news.set(key, `${object.metadata.name} is on port ${object.status.port ?? "none"}`);
    } else if (kind === "Conflict" && before?.state !== object.state) {
      news.set(object.id, `conflict over port ${object.port}: ${format.words(object.state)}`);
    }
    tell();
  });
}
