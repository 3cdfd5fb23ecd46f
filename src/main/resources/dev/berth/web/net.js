// Calls to Berth: same origin, JSON, problems as one kind of error.

const TOKEN = "berth.token";

/** Berth said no, or said nothing. Status 0: it could not be reached. */
export class Problem extends Error {
  constructor(status, detail, body = {}) {
    super(detail);
    this.status = status;
    /** @type {{field: string, message: string, given: string}[]} */
    this.errors = Array.isArray(body.errors) ? body.errors : [];
  }
}

function headers(more) {
  const token = sessionStorage.getItem(TOKEN);
  return { Accept: "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}), ...more };
}

/** Only this tab keeps it, and only until it is closed. */
export function useToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

export async function send(method, path, { query, body, type, headers: more, signal } = {}) {
  const parameters = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "" && value !== false));
  const address = parameters.size ? `${path}?${parameters}` : path;
  let answer;
  try {
    answer = await fetch(address, {
      method,
      signal,
      cache: "no-store",
      headers: headers({ ...(body === undefined ? {} : { "Content-Type": type ?? "application/json" }), ...more }),
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
  } catch (failed) {
    if (failed.name === "AbortError") throw failed;
    throw new Problem(0, "Berth can't be reached; it may be restarting");
  }
  if (!answer.ok) throw await problem(answer);
  return answer;
}

async function problem(answer) {
  const raw = await answer.text();
  if (answer.status === 401) dispatchEvent(new CustomEvent("berth-token"));
  try {
    const body = JSON.parse(raw);
    return new Problem(answer.status, body.detail || body.title || `status ${answer.status}`, body);
  } catch {
    return new Problem(answer.status, raw.slice(0, 500) || `status ${answer.status}`);
  }
}

export async function get(path, query, signal) {
  return (await send("GET", path, { query, signal })).json();
}

export async function change(method, path, options = {}) {
  const words = await (await send(method, path, options)).text();
  return words ? JSON.parse(words) : {};
}

export function servicePath(key, rest = "") {
  const [namespace, name] = key.split("/");
  return `/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}${rest}`;
}
