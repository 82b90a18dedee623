// Times in the reader's own time zone. Without this they are in UTC, which the page names.

import { onEachPage } from "./page.js";

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

// A form that nobody has filled in yet proposes the browser's zone; it can be changed.
function propose(field) {
  if (field.value === field.defaultValue && field.value === "UTC") field.value = zone();
}

function show(time) {
  const [from, to] = [time.dateTime, time.dataset.until].map((text) => (text ? new Date(text) : null));
  const language = document.documentElement.lang || undefined;
  const format = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", timeZone: zone() });
  time.textContent = `${to ? format.formatRange(from, to) : format.format(from)} (${zone()})`;
}

onEachPage(() => {
  document.querySelectorAll("input[data-zone]").forEach(propose);
  document.querySelectorAll("time[data-local]").forEach(show);
});
