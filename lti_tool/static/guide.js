// The guide to a criterion lies over what comes after it, so that nothing moves. Escape, its button, and going on
// elsewhere put it away; focus and the place on the page are as they were. Without this script it opens in its place.

import { onEachPage } from "./page.js";

function laidOver(guide) {
  const [summary, text] = guide.children;
  let place = 0;

  function putAway() {
    guide.open = false;
    summary.focus({ preventScroll: true });
    window.scrollTo({ top: place, behavior: "instant" });
  }

  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-quiet";
  close.textContent = guide.dataset.close;
  close.addEventListener("click", putAway);
  text.append(close);
  guide.classList.add("guide-over");
  guide.addEventListener("toggle", () => {
    if (guide.open) place = window.scrollY;
  });
  guide.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && guide.open) putAway();
  });
  // What has the focus may not lie hidden under it.
  guide.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !guide.contains(relatedTarget)) guide.open = false;
  });
}

onEachPage((signal) => {
  const guides = [...document.querySelectorAll("[data-guide]")];
  guides.forEach(laidOver);
  document.addEventListener(
    "pointerdown",
    ({ target }) => guides.filter((guide) => !guide.contains(target)).forEach((guide) => (guide.open = false)),
    { signal },
  );
});
