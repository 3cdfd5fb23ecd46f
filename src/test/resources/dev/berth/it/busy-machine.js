// Stands in for what Berth tells a page of 500 services, on which something happens all the time.
(() => {
  const SERVICES = 500;
  const real = window.fetch.bind(window);
  const now = () => new Date().toISOString();
  let version = 1_000;

  const service = (index, state = "Running") => ({
    apiVersion: "berth.dev/v1", kind: "Service",
    metadata: { name: `service-${index}`, namespace: "default", uid: `uid-${index}`, generation: 1, resourceVersion: String(version), creationTimestamp: now(), owner: { name: "ann", uid: 1000 }, labels: { tier: `tier-${index % 5}` } },
    spec: { port: 64_600 + index, command: `./serve --port {port} --name service-${index}`, healthCheck: "http://localhost:{port}/", running: true },
    status: { state, port: 64_600 + index, pid: 20_000 + index, restarts: index % 3, observedGeneration: 1,
      conditions: [{ type: "PortAssigned", status: "True", reason: "Preferred", message: "it was free", lastTransitionTime: now() }, { type: "Ready", status: "True", reason: "HealthCheckPassed", message: "200", lastTransitionTime: now() }],
      usage: { sampledAt: now(), cpu: Math.random(), cpuSeconds: 1, memoryBytes: 1e7 + Math.random() * 1e8, threads: 4, openFiles: 20, processes: 1, uptimeSeconds: 60, responseTime: { lastSeconds: Math.random() / 10, averageSeconds: 0.05 } } },
  });
  const watch = () => {
    const encoder = new TextEncoder();
    let timer = 0;
    return new Response(new ReadableStream({
      start(stream) {
        const send = (type, object, id) => stream.enqueue(encoder.encode(`${id ? `id:${id}\n` : ""}event:${type}\ndata:${JSON.stringify(object)}\n\n`));
        for (let index = 0; index < SERVICES; index++) send("added", service(index));
        send("bookmark", { resourceVersion: String(version) }, version);
        timer = setInterval(() => {
          for (let each = 0; each < 5; each++) {
            const index = Math.floor(Math.random() * SERVICES);
            send("modified", service(index, Math.random() < 0.5 ? "Degraded" : "Running"), ++version);
          }
        }, 50);
      },
      cancel() { clearInterval(timer); },
    }), { headers: { "Content-Type": "text/event-stream" } });
  };

  window.fetch = async (address, options) => {
    const { pathname } = new URL(address, location.href);
    if (pathname === "/watch") return watch();
    return real(address, options);
  };

  /** Milliseconds between the frames of so long a time, while somebody scrolls and searches. */
  window.measureFrames = duration => new Promise(resolve => {
    const gaps = [];
    const main = document.querySelector("main");
    const search = document.querySelector("#find");
    const end = performance.now() + duration;
    let before = performance.now();
    let turn = 0;
    const frame = at => {
      gaps.push(at - before);
      before = at;
      main.scrollTop = (main.scrollTop + 90) % Math.max(1, main.scrollHeight - main.clientHeight);
      if (++turn % 40 === 0) { search.value = ["", "1", "pro", "service-3"][turn / 40 % 4]; search.dispatchEvent(new Event("input")); }
      if (at < end) requestAnimationFrame(frame); else resolve(gaps.slice(1));
    };
    requestAnimationFrame(frame);
  });
})();
