// What no journal tells: the machine's ports and what services use, asked for again and again while somebody looks.

import { get, send } from "./net.js";
import { state, changed, on, debounced, keyOf } from "./state.js";
import { onEvent } from "./watch.js";
import { toast } from "./toast.js";
import { record } from "./samples.js";

const PORTS_EVERY = 2_000;
const STATUS_EVERY = 5_000;
/** A machine that is slow to answer is asked less often: this share of time at most is spent on answering; yet one slow answer is no long silence. */
const SHARE = 20;
const LONGEST = 15_000;

let portsBefore = "";

export function feed() {
  const askPorts = loop(PORTS_EVERY, ports);
  const askStatus = loop(STATUS_EVERY, status);
  askPorts();
  const soon = debounced(150, askPorts);
  onEvent(soon);
  const askSettings = () => settings().catch(() => {});
  let before = state.link.state;
  on("link", () => {
    const now = state.link.state;
    // What a service uses is noted at the service, so those have to be known.
    if (now === "live" && before !== "live") { askStatus(); askSettings(); }
    if (now === "live" && before === "lost") askPorts();
    before = now;
  });
}

/** Once it is called it asks at once and then in rhythm, never twice at a time, and not for a page that nobody sees. */
function loop(every, task) {
  let timer = 0;
  let running = false;
  let again = false;
  const ask = async () => {
    clearTimeout(timer);
    if (running) { again = true; return; }
    running = true;
    const begun = performance.now();
    try {
      await task();
    } catch {
      // The watch tells that the connection is lost; this one is tried again.
    }
    running = false;
    const took = performance.now() - begun;
    if (again) { again = false; timer = setTimeout(ask, took); }
    else if (!document.hidden) timer = setTimeout(ask, Math.min(Math.max(every, took * SHARE), LONGEST));
  };
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  return ask;
}

async function ports() {
  const raw = await (await send("GET", "/ports")).text();
  if (raw === portsBefore) return;
  portsBefore = raw;
  const byNumber = new Map();
  for (const port of JSON.parse(raw).items) {
    const there = byNumber.get(port.port);
    if (there) there.push(port);
    else byNumber.set(port.port, [port]);
  }
  state.ports = byNumber;
  state.loaded.ports = true;
  changed("ports");
}

async function status() {
  const answer = await get("/status");
  if (state.daemon && state.daemon.version !== answer.daemon.version) toast("Berth is another version now: load this page again");
  state.daemon = answer.daemon;
  state.troubles = answer.troubles;
  state.loaded.status = true;
  for (const service of answer.services) {
    const usage = service.status.usage;
    const known = state.services.get(keyOf(service));
    if (known) known.status.usage = usage;
    if (usage) record(keyOf(service), usage);
  }
  changed("status", "usage");
}

export async function settings() {
  state.settings = await get("/settings");
  changed("settings");
}
