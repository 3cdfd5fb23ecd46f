// Follows /watch: server-sent events read from a fetch, because an EventSource can't send a token and hides why it failed.

import { send } from "./net.js";
import { state, changed, keyOf } from "./state.js";

const SILENCE = 40_000;  // twice the daemon's heartbeat and more
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;
const CLOSED = new Set(["Resolved", "Failed", "Dismissed"]);

let last = "";
let wait = FIRST_WAIT;
let hurry = () => {};
const observers = new Set();

/** Calls back for each change after the first list: (type, kind, object, before). */
export function onEvent(observer) {
  observers.add(observer);
}

export async function follow() {
  addEventListener("online", () => hurry());
  document.addEventListener("visibilitychange", () => document.hidden || hurry());
  for (;;) {
    const words = await connect();
    link("lost", words);
    await pause(wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

/** Doesn't wait for the next try. */
export function retry() {
  hurry();
}

function pause(milliseconds) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    hurry = () => { clearTimeout(timer); resolve(); };
  });
}

function link(now, words = "") {
  Object.assign(state.link, { state: now, words });
  changed("link");
}

function heard() {
  state.link.heardAt = Date.now();
  if (state.link.state !== "live") link("live");
}

/** Until the connection ends; why, in words. */
async function connect() {
  const aborter = new AbortController();
  let silence = 0;
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(() => aborter.abort(), SILENCE);
  };
  try {
    listen();
    const answer = await send("GET", "/watch", {
      signal: aborter.signal,
      headers: { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) },
    });
    const fresh = last ? null : { services: new Map(), conflicts: new Map(), reservations: new Map() };
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const sink = events(fresh);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "the connection ended";
      listen();
      heard();
      wait = FIRST_WAIT;
      sink(value);
    }
  } catch (failed) {
    // A version that is no longer kept, or of another database: everything is told anew.
    if (failed.status === 410) { last = ""; wait = 0; }
    return failed.name === "AbortError" ? "nothing was heard for too long" : failed.message;
  } finally {
    clearTimeout(silence);
    aborter.abort();
  }
}

/** Takes pieces of the stream as they come, and applies whole messages. */
function events(fresh) {
  let rest = "";
  let target = fresh ?? state;
  return piece => {
    const messages = (rest + piece).split("\n\n");
    rest = messages.pop();
    for (const message of messages) {
      const event = parse(message);
      if (event.id) last = event.id;
      if (event.type === "bookmark") {
        if (target !== state) {
          Object.assign(state, target);
          target = state;
        }
        state.loaded.watch = true;
        changed("services", "conflicts", "reservations");
      } else if (event.type) {
        apply(target, event.type, JSON.parse(event.data));
      }
    }
  };
}

function parse(message) {
  const event = { type: "", id: "", data: "" };
  for (const line of message.split("\n")) {
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (line.startsWith("event:")) event.type = value;
    else if (line.startsWith("id:")) event.id = value;
    else if (line.startsWith("data:")) event.data += value;
  }
  return event;
}

function apply(target, type, object) {
  const kind = object.kind ?? "Conflict";
  const [map, key, topic] = kind === "Service" ? [target.services, keyOf(object), "services"]
    : kind === "Reservation" ? [target.reservations, `${object.protocol}/${object.port}`, "reservations"]
    : [target.conflicts, object.id, "conflicts"];
  const before = map.get(key);
  // What was measured isn't part of the journal.
  if (kind === "Service" && before?.status.usage) object.status.usage ??= before.status.usage;
  if (type === "deleted" || (kind === "Conflict" && CLOSED.has(object.state))) map.delete(key);
  else map.set(key, object);
  if (target === state) {
    observers.forEach(observer => observer(type, kind, object, before));
    changed(topic);
  }
}
