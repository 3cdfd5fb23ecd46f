// Writes plain objects as YAML. Reading it is Berth's own business.

const PLAIN = /^[A-Za-z_./~$][\w ./~$@%+={}()'-]*$/;
const WORDS = /^(true|false|yes|no|on|off|null|~)$/i;

export function yaml(value, indent = "") {
  if (Array.isArray(value)) {
    if (!value.length) return " []\n";
    if (value.every(each => typeof each === "number")) return ` [${value.join(", ")}]\n`;
    return "\n" + value.map(each => `${indent}- ${nested(each, `${indent}  `).replace(/^\n? */, "")}`).join("");
  }
  return nested(value, indent);
}

function nested(value, indent) {
  if (Array.isArray(value)) return yaml(value, indent);
  if (value === null || typeof value !== "object") return ` ${scalar(value)}\n`;
  const entries = Object.entries(value);
  if (!entries.length) return " {}\n";
  return "\n" + entries.map(([key, each]) => `${indent}${scalar(key)}:${yaml(each, `${indent}  `)}`).join("");
}

function scalar(value) {
  if (typeof value !== "string") return String(value);
  return PLAIN.test(value) && !WORDS.test(value) && value === value.trim() && !value.includes(": ") && !value.includes(" #") ? value : JSON.stringify(value);
}
