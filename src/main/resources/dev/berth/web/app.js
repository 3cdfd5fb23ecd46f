// Puts the page together.

import { state, on } from "./state.js";
import { follow } from "./watch.js";
import { feed } from "./feed.js";
import { route, badge } from "./router.js";
import { theme } from "./theme.js";
import { link } from "./link.js";
import { search } from "./search.js";
import { announceChanges } from "./toast.js";
import { overview } from "./overview.js";
import { services } from "./services.js";
import { serviceStory } from "./service-story.js";
import { ports } from "./ports.js";
import { portStory } from "./port-story.js";
import { conflicts, conflictStory } from "./conflicts.js";
import { reservations } from "./reservations.js";
import { audit, auditStory } from "./audit.js";
import { reports } from "./reports.js";
import { settings } from "./settings.js";

// What is to be shown is on its way while the page and its styles still come.
follow();
feed();
if (document.readyState === "loading") addEventListener("DOMContentLoaded", build);
else build();

function build() {
  theme(document.getElementById("theme"));
  link(document.getElementById("link"));
  search(document.getElementById("search"));
  announceChanges();
  route(
    { "": overview, services, ports, conflicts, reservations, audit, reports, settings },
    { services: serviceStory, ports: portStory, conflicts: conflictStory, audit: auditStory });
  on("conflicts", () => badge("conflicts", state.conflicts.size, `${state.conflicts.size} open`));
}
