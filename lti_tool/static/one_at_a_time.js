// The rating form on a narrow screen: one thing at a time. On a wide one everything stays on one page.
// Steps are not entries of the browser's history, so that leaving the page leaves all of them.

import { onEachPage } from "./page.js";

const NARROW = window.matchMedia("(width < 48rem)");

onEachPage((signal) => {
  const area = document.querySelector("[data-one-at-a-time]");
  if (area) oneAtATime(area, signal);
});

function oneAtATime(area, signal) {
  const after = document.querySelector("[data-after-last]");
  const buttons = document.querySelector("[data-step-buttons]");
  const [back, next] = ["back", "next"].map((way) => buttons.querySelector(`[data-step=${way}]`));
  const steps = [...area.querySelectorAll(".step")];
  let here = 0;

  function show() {
    const narrow = NARROW.matches;
    area.classList.toggle("one-at-a-time", narrow);
    steps.forEach((step, number) => {
      step.hidden = narrow && number !== here;
    });
    const last = here === steps.length - 1;
    buttons.hidden = !narrow;
    back.hidden = here === 0;
    next.hidden = last;
    after.hidden = narrow && !last;
  }

  function go(number) {
    here = Math.max(0, Math.min(number, steps.length - 1));
    show();
    history.replaceState(null, "", `#${steps[here].id}`);
    steps[here].focus({ preventScroll: true });
    steps[here].scrollIntoView({ block: "start" });
  }

  // A link to a place, for example from what is still needed, opens the step that holds it.
  function goToAddress() {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const step = steps.indexOf(place?.closest(".step"));
    if (step < 0) return;
    here = step;
    show();
    place.scrollIntoView({ block: "start" });
    (place === steps[here] ? place : place.querySelector("textarea")).focus({ preventScroll: true });
  }

  buttons.addEventListener("click", (event) => {
    const way = event.target.closest("[data-step]")?.dataset.step;
    if (way) go(here + (way === "next" ? 1 : -1));
  });
  NARROW.addEventListener("change", show, { signal });
  window.addEventListener("hashchange", goToAddress, { signal });
  show();
  goToAddress();
}
