// What the page knows, and who wants to know when it changes. However much changes, everything is drawn once per frame.

export const state = {
  services: new Map(),      // "namespace/name" → object
  conflicts: new Map(),     // id → the open ones
  reservations: new Map(),  // "tcp/8150" → object
  ports: new Map(),         // number → objects, one for each protocol
  daemon: null,
  troubles: [],
  settings: null,
  // connecting | live | lost; when anything was last heard, in the page's milliseconds
  link: { state: "connecting", heardAt: 0, words: "" },
  loaded: { watch: false, ports: false, status: false },
  query: "",
};

const listeners = new Map();
const dirty = new Set();
let frame = 0;

/** Calls back, at most once per frame, after the topic has changed. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
  return () => listeners.get(topic).delete(listener);
}

export function changed(...topics) {
  topics.forEach(topic => dirty.add(topic));
  if (!frame) frame = requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  const topics = [...dirty];
  dirty.clear();
  // One that listens to several of them is called once.
  const called = new Set(topics.flatMap(topic => [...listeners.get(topic) ?? []]));
  for (const listener of called) {
    try {
      listener();
    } catch (failed) {
      // The others are drawn all the same.
      reportError(failed);
    }
  }
}

/** What lives as long as a view is shown: subscriptions, timers, requests. */
export function scope() {
  const ends = [];
  const aborter = new AbortController();
  return {
    signal: aborter.signal,
    on(topics, listener) {
      topics.split(" ").forEach(topic => ends.push(on(topic, listener)));
      return this;
    },
    every(milliseconds, task) {
      const timer = setInterval(task, milliseconds);
      ends.push(() => clearInterval(timer));
      return this;
    },
    end(task) {
      ends.push(task);
      return this;
    },
    close() {
      aborter.abort();
      ends.splice(0).forEach(end => end());
    },
  };
}

/** Calls once after a burst. */
export function debounced(milliseconds, task) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(task, milliseconds);
  };
}

export function keyOf(service) {
  return `${service.metadata.namespace}/${service.metadata.name}`;
}
