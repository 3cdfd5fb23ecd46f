// What was measured of each service, as far as this page has seen it. Whoever plots asks `samples`, not where they come from.

const KEPT = 120;
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
  return byService.get(key) ?? [];
}

/** Puts what was recorded elsewhere before what this page has seen. */
export function recall(key, older) {
  const seen = samples(key);
  const begin = seen[0]?.at ?? "9999";
  byService.set(key, [...older.filter(each => each.at < begin), ...seen].slice(-KEPT));
}
