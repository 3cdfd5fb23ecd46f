// What was measured of each service, as far as this page has seen it. Whoever plots asks `samples`, not where they come from.

import { get, servicePath } from "./net.js";
import { changed } from "./state.js";

const KEPT = 120;
const NONE = [];
const byService = new Map();

/** @param usage as /status tells it; told twice it counts once */
export function record(key, usage) {
  const before = byService.get(key) ?? [];
  if (before.at(-1)?.at === usage.sampledAt) return;
  const next = before.length >= KEPT ? before.slice(1) : [...before];
  next.push(sample(usage));
  byService.set(key, next);
}

function sample(usage) {
  return {
    at: usage.sampledAt,
    cpu: usage.cpu,
    memory: usage.memoryBytes,
    response: usage.responseTime?.lastSeconds,
    traffic: usage.throughput?.bytesOutPerSecond === undefined ? undefined
      : (usage.throughput.bytesInPerSecond ?? 0) + usage.throughput.bytesOutPerSecond,
  };
}

/** Oldest first; each has `at` and what is known of cpu (cores), memory (bytes), response (seconds), traffic (bytes per second). */
export function samples(key) {
  return byService.get(key) ?? NONE;
}

/** Puts what Berth has kept of the last half hour before what this page has seen; an older Berth keeps nothing. */
async function recall(key) {
  const { since, stepSeconds, points, series } = await get(servicePath(key, "/measurements"), { since: "30m", step: "15s" });
  const begin = new Date(since).getTime();
  const value = (name, index) => series[name]?.mean[index] ?? undefined;
  const older = Array.from({ length: points }, (_, index) => ({
    at: new Date(begin + index * stepSeconds * 1000).toISOString(),
    cpu: value("cpu", index), memory: value("memory", index), response: value("responseTime", index),
    traffic: value("bytesOutPerSecond", index) === undefined ? undefined : (value("bytesInPerSecond", index) ?? 0) + value("bytesOutPerSecond", index),
  }));
  const known = older.findIndex(each => each.memory !== undefined);
  const seen = samples(key);
  // The page's own first sample lies in the last step that is told.
  const until = seen[0] ? new Date(new Date(seen[0].at).getTime() - stepSeconds * 1000).toISOString() : "9999";
  if (known >= 0) byService.set(key, [...older.slice(known).filter(each => each.at <= until), ...seen].slice(-KEPT));
}

const asked = new Set();
let queue = Promise.resolve();

/** For a plot that is looked at: once for each service, one after the other. */
export function wish(key) {
  if (asked.has(key)) return;
  asked.add(key);
  queue = queue.then(() => recall(key)).then(() => changed("usage"), () => asked.delete(key));
}
