// Numbers and times as people read them.

export function bytes(value) {
  if (value === undefined || value === null) return "–";
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  let number = value;
  while (number >= 1000 && unit < units.length - 1) { number /= 1000; unit++; }
  return `${number >= 100 || unit === 0 ? Math.round(number) : number.toFixed(1)} ${units[unit]}`;
}

/** @param value in cores */
export function cpu(value) {
  if (value === undefined || value === null) return "–";
  const percent = value * 100;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** @param value in seconds */
export function seconds(value) {
  if (value === undefined || value === null) return "–";
  if (value < 0.001) return "<1 ms";
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 90) return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
  if (value < 5400) return `${Math.round(value / 60)} min`;
  if (value < 172800) return `${Math.round(value / 3600)} h`;
  return `${Math.round(value / 86400)} days`;
}

/** How long ago. */
export function ago(time) {
  const passed = (Date.now() - new Date(time).getTime()) / 1000;
  return passed < 1 ? "now" : passed < 0 ? `in ${seconds(-passed)}` : `${seconds(passed)} ago`;
}

export function until(time) {
  const left = (new Date(time).getTime() - Date.now()) / 1000;
  return left <= 0 ? "now" : `in ${seconds(left)}`;
}

/** The moment in the reader's own clock; with the day when it is another. */
export function clock(time) {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  return (today ? "" : date.toLocaleDateString(undefined, { month: "short", day: "numeric" }) + " ") +
    date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

/** AwaitingApproval → awaiting approval */
export function words(camel) {
  return String(camel ?? "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

export function sentence(camel) {
  const lower = words(camel);
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** 65536 → 65,536. The first toLocaleString of a page takes longer than drawing all it shows. */
export function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function plural(number, one, many = one + "s") {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** How good or bad a word of Berth's is: ok, warn, bad, busy, off. */
export function tone(word) {
  switch (word) {
    case "Running": case "Resolved": case "Succeeded": case "True": return "ok";
    case "Degraded": case "AwaitingApproval": case "Detected": case "medium": case "Unknown": return "warn";
    case "Failed": case "Blocked": case "high": case "critical": return "bad";
    case "Pending": case "Starting": case "Stopping": case "Resolving": case "Intended": case "low": return "busy";
    default: return "off";
  }
}

export function shortName(key) {
  return key.startsWith("default/") ? key.slice(8) : key;
}
