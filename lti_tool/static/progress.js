// Says how far the reading of the LMS's list of people is, as long as somebody looks; once it is over, the lists of
// people on the page follow, except one that somebody is busy with. Nothing is loaded anew, and nothing moves the focus.

import { onEachPage } from "./page.js";
import { ask } from "./tab_session.js";

const SOON_MS = 500;
const EVERY_MS = 2000;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const isOpen = (place) => place.querySelector("[data-reading]").dataset.reading === "open";
const isBusyWith = (list) => list.contains(document.activeElement) || list.querySelector("[open]");

async function fetched(address, gone) {
  const answer = await ask(address, { headers: { Accept: "text/html" }, signal: gone });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

// False where there is nothing more to follow: it is over, or our server shows it to this browser no more.
async function lookAgain(place, gone) {
  const news = await fetched(place.dataset.progress, gone);
  if (news && news.body.textContent !== place.textContent) place.replaceChildren(...news.body.childNodes);
  return news !== null && isOpen(place);
}

async function showPeople(gone) {
  const page = await fetched(location.pathname + location.search, gone);
  for (const list of document.querySelectorAll("[data-people]")) {
    const fresh = page?.querySelector(`[data-people="${list.dataset.people}"]`);
    if (fresh && !isBusyWith(list)) list.replaceWith(fresh);
  }
}

async function follow(place, gone) {
  let goesOn = true;
  for (let wait = SOON_MS; goesOn; wait = EVERY_MS) {
    await pause(wait);
    if (gone.aborted) return;
    if (document.visibilityState !== "visible") continue;
    try {
      goesOn = await lookAgain(place, gone);
    } catch {
      // No answer: the next look may have one.
    }
  }
  if (!isOpen(place)) await showPeople(gone);
}

onEachPage((gone) => {
  const place = document.querySelector("[data-progress]");
  if (place && isOpen(place)) follow(place, gone).catch(() => {});
});
