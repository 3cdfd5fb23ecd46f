// What a service writes, as it writes it.

import { h, text, replace } from "./dom.js";
import { send, servicePath } from "./net.js";

const TAIL = 300;
const MOST = 2_000;
const AGAIN = 2_000;

/** Follows the log for as long as the scope lives. */
export function logs(key, here) {
  const lines = h("div.lines", { tabindex: "0", role: "log", "aria-live": "off", "aria-label": `Log of ${key}` });
  const note = h("span.muted", { role: "status" });
  const errors = h("input", { type: "checkbox", onchange: () => restart() });
  const wrap = h("input", { type: "checkbox", checked: true, onchange: () => lines.classList.toggle("nowrap", !wrap.checked) });
  const node = h("section.logs", {}, h("header", {}, h("h3", {}, "Log"), note, h("label.switch", {}, errors, "Errors only"), h("label.switch", {}, wrap, "Wrap")), lines);
  let waiting = [];
  let frame = 0;
  let turn = new AbortController();
  here.end(() => turn.abort());

  function restart() {
    turn.abort();
    turn = new AbortController();
    waiting = [];
    replace(lines);
    follow(turn.signal);
  }

  async function follow(signal) {
    let rest = "";
    let first = true;
    while (!signal.aborted) {
      try {
        const answer = await send("GET", servicePath(key, "/logs"), {
          query: { tail: first ? TAIL : 1, follow: true, errors: errors.checked }, headers: { Accept: "text/plain" }, signal,
        });
        if (!first) waiting.push("── connected again ──");
        first = false;
        text(note, "following");
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          const parts = (rest + value).split("\n");
          rest = parts.pop();
          take(parts);
        }
        text(note, "ended");
      } catch (problem) {
        if (signal.aborted) return;
        text(note, problem.status ? problem.message : "not connected");
        if (problem.status && problem.status < 500 && problem.status !== 429) return;
      }
      await new Promise(resolve => setTimeout(resolve, AGAIN));
    }
  }

  function take(parts) {
    waiting.push(...parts);
    if (waiting.length > MOST) waiting = waiting.slice(-MOST);
    frame ||= requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    // Who has scrolled up reads something: it stays where it is.
    const below = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
    lines.append(...waiting.map(line => h("p", { class: /\b(error|fatal|exception|panic)\b/i.test(line) ? "error" : "" }, line || "\u00a0")));
    waiting = [];
    while (lines.children.length > MOST) lines.firstChild.remove();
    if (below) lines.scrollTop = lines.scrollHeight;
  }

  follow(turn.signal);
  return node;
}
