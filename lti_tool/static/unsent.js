// Forms that are sent at once, not saved as one goes: leaving the page asks first while something typed was not sent.

import { onEachPage } from "./page.js";

onEachPage((signal) => {
  for (const area of document.querySelectorAll("[data-unsent]")) askBeforeLeaving(area, signal);
});

function askBeforeLeaving(area, signal) {
  let sending = false;
  area.addEventListener("submit", () => (sending = true));
  window.addEventListener("pageshow", () => (sending = false), { signal });
  // Not after "Leave this page": that takes the form out of the page, and nothing may stand in its way.
  window.addEventListener(
    "beforeunload",
    (event) => {
      if (!sending && area.isConnected && [...area.querySelectorAll("textarea, input")].some(isChanged)) event.preventDefault();
    },
    { signal },
  );
}

function isChanged(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}
