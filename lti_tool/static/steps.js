// Takes one step of a connection test after the other. Without this, the button takes each.

import { onEachPage } from "./page.js";
import { ask } from "./tab_session.js";

// The place of the steps on the page that the form leads to; null where it leads to another page.
async function after(form, gone) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await ask(form.action, { method: "POST", body, signal: gone });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("steps");
}

async function takeAll(steps, gone) {
  for (let form = steps.querySelector("form"); form; form = steps.querySelector("form")) {
    form.hidden = true;
    const taken = await after(form, gone).catch(() => null);
    if (taken === null) {
      form.hidden = false; // the button is there again, and the page that it leads to says what happened
      return;
    }
    steps.querySelector("ol").replaceWith(taken.querySelector("ol"));
    steps.querySelector("[role=status]").textContent = taken.querySelector("[role=status]").textContent.trim();
    form.replaceWith(...taken.querySelectorAll("form"));
  }
}

onEachPage((gone) => {
  const steps = document.getElementById("steps");
  if (steps) takeAll(steps, gone);
});
