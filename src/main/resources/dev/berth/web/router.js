// Which view is shown, and whose story lies over it: `#/services`, `#/services/default/web`, `#/ports/8080`.

import { h, replace, attribute } from "./dom.js";

const VIEWS = [
  ["", "Overview"], ["services", "Services"], ["ports", "Ports"], ["conflicts", "Conflicts"],
  ["reservations", "Reservations"], ["audit", "Audit"], ["reports", "Reports"], ["settings", "Settings"],
];

let views = {};
let stories = {};
let shown = { name: null, close() {} };
let story = { path: "", close() {} };
let opener = null;

/** @param views name → (main, parameters) → close; @param stories name → (aside, path) → close */
export function route(allViews, allStories) {
  views = allViews;
  stories = allStories;
  const nav = document.getElementById("nav");
  nav.append(h("ul", {}, VIEWS.map(([name, label]) =>
    h("li", {}, h("a", { href: `#/${name}`, "data-view": name }, label, h("span.count", { hidden: true }))))));
  addEventListener("hashchange", show);
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && story.path && !document.querySelector("dialog[open]") && !event.defaultPrevented) closeStory();
  });
  show();
}

export function go(path) {
  location.hash = `#/${path}`;
}

/** A small number beside a view's name. */
export function badge(name, count, label) {
  const node = document.querySelector(`#nav [data-view="${name}"] .count`);
  node.hidden = !count;
  if (count) { node.textContent = count; node.setAttribute("aria-label", label); }
}

export function closeStory() {
  go((shown.name ?? "") + (shown.search ? `?${shown.search}` : ""));
  opener?.focus?.();
}

function show() {
  document.querySelectorAll("dialog[open]").forEach(dialog => dialog.close());
  const [hash, search] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = hash.split("/");
  const view = views[name] ? name : "";
  // A story opened from elsewhere (a search, the overview) leaves the view where it is.
  const path = rest.map(decoded);
  const stays = path.length > 0 && shown.name !== null;
  if (!stays && (shown.name !== view || search !== shown.search)) {
    shown.close();
    const main = document.getElementById("main");
    replace(main);
    const first = shown.name === null;
    if (!first) main.scrollTop = 0;
    shown = { name: view, search, close: views[view](main, new URLSearchParams(search)) };
    const label = VIEWS.find(([each]) => each === view)[1];
    document.title = view ? `${label} · Berth` : "Berth";
    if (!first) main.querySelector("h1")?.focus();
  }
  document.querySelectorAll("#nav a").forEach(link =>
    attribute(link, "aria-current", link.dataset.view === shown.name ? "page" : null));
  // On a phone the views are a row that scrolls.
  requestAnimationFrame(() => document.querySelector("#nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }));
  tell(path.length && stories[name] ? name : "", path, hash);
}

function decoded(part) {
  try { return decodeURIComponent(part); } catch { return part; }
}

function tell(name, path, hash) {
  const aside = document.getElementById("story");
  if (story.path === hash && name) return;
  story.close();
  if (!name) {
    aside.hidden = true;
    replace(aside);
    story = { path: "", close() {} };
    document.body.classList.remove("telling");
    return;
  }
  if (!story.path) opener = document.activeElement === document.body ? null : document.activeElement;
  replace(aside);
  aside.hidden = false;
  aside.scrollTop = 0;
  document.body.classList.add("telling");
  story = { path: hash, close: stories[name](aside, path) };
  aside.querySelector("h2")?.focus({ preventScroll: true });
}

/** The head of a story: its name, what kind it is, and the way out. */
export function storyHead(kind, title, ...more) {
  return h("header.story-head", {},
    h("div", {}, h("p.kind", {}, kind), h("h2", { tabindex: "-1" }, title)),
    ...more,
    h("button.icon", { type: "button", "aria-label": "Close", title: "Close (Esc)", onclick: closeStory }, "✕"));
}
