// Says how far something is that goes on without this page (a list of people being read, a file), as long as somebody
// looks; once it is over, the parts of the page marked data-news follow, except one that somebody is busy with.
// Nothing is loaded anew, and nothing moves the focus.

import { onEachPage } from "./page.js";
import { ask } from "./tab_session.js";

const SOON_MS = 500;
const EVERY_MS = 2000;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const isOpen = (place) => place.querySelector("[data-reading]").dataset.reading === "open";
const isBusyWith = (part) => part.contains(document.activeElement) || part.querySelector("[open]");

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

async function showNews(gone) {
  const page = await fetched(location.pathname + location.search, gone);
  for (const part of document.querySelectorAll("[data-news]")) {
    const fresh = page?.querySelector(`[data-news="${part.dataset.news}"]`);
    if (fresh && !isBusyWith(part)) part.replaceWith(fresh);
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
  if (!isOpen(place)) await showNews(gone);
}

onEachPage((gone) => {
  const place = document.querySelector("[data-progress]");
  if (place && isOpen(place)) follow(place, gone).catch(() => {});
});
