// Some minutes before somebody will be signed out, a line says when, and one press keeps them signed in. No countdown.

import { timeOf } from "./kept.js";
import { onEachPage } from "./page.js";
import { ask } from "./tab_session.js";

const BEFORE_MS = 3 * 60 * 1000;
const LONGEST_TIMER_MS = 2_000_000_000;

function watch(line, signal) {
  const form = line.querySelector("form");
  const words = line.querySelector("[data-words]");
  const said = line.dataset;
  let ends = 0;
  let mayStay = said.mayStay === "true";
  let timer = null;
  let asked = false;

  function endsIn(seconds) {
    ends = Date.now() + seconds * 1000;
    asked = false;
    waitFor(BEFORE_MS);
  }

  // A device may sleep meanwhile: what counts is its clock, looked at whenever somebody comes back.
  function waitFor(before) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(Math.max(ends - Date.now() - before, 0), LONGEST_TIMER_MS));
  }

  function look() {
    if (signal.aborted) return null;
    const left = ends - Date.now();
    if (left > BEFORE_MS) return waitFor(BEFORE_MS);
    if (left <= 0) return say(said.over, false);
    if (!asked) return askAgain();
    say(mayStay ? said.soon : said.soonAtLast, mayStay);
    return waitFor(0);
  }

  // Another tab may have stayed.
  async function askAgain() {
    asked = true;
    try {
      const answer = await ask(said.ends, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { seconds, may_stay: may } = await answer.json();
        mayStay = may;
        ends = Date.now() + seconds * 1000;
      }
    } catch {
      // No connection: what the page knows has to do.
    }
    asked = ends - Date.now() <= BEFORE_MS;
    look();
  }

  async function stay(event) {
    event.preventDefault();
    event.stopPropagation();
    try {
      const answer = await ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) throw answer;
      const { seconds } = await answer.json();
      endsIn(seconds);
      say(said.stays, false);
      line.tabIndex = -1;
      line.focus();
    } catch {
      say(said.noAnswer, true);
    }
  }

  function say(text, offers) {
    line.hidden = false;
    form.hidden = !offers;
    words.textContent = text.replace("{time}", timeOf(ends));
  }

  form.addEventListener("submit", stay);
  for (const [where, event] of [[document, "visibilitychange"], [window, "pageshow"]]) {
    where.addEventListener(event, look, { signal });
  }
  endsIn(Number(said.timeOut));
}

onEachPage((signal) => {
  const line = document.querySelector("[data-time-out]");
  if (line) watch(line, signal);
});
