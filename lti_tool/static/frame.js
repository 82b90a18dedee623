// In the frame of an LMS that listens, the frame grows to the height of the page, and a new page begins at its top.
// Only that is said, and only the LMS that launched this session is told. Nothing depends on an answer:
// Moodle and the apps of Canvas give none.

import { onEachPage } from "./page.js";

const PAUSE_MS = 100;

// Only the browser knows: Canvas says "iframe" of a window of its own too.
const framed = window.top !== window.self;
let fromOurs = cameFromOurs();
let told = 0;
let timer;

function tell(message) {
  const { platform } = document.body.dataset;
  if (framed && platform) window.parent.postMessage(message, platform);
}

function tellHeight() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  if (height === told) return;
  told = height;
  tell({ subject: "lti.frameResize", height });
}

function tellSoon() {
  clearTimeout(timer);
  timer = setTimeout(tellHeight, PAUSE_MS);
}

// From one of our pages to another; loading again and going back keep their place.
function cameFromOurs() {
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  return type === "navigate" && document.referrer.startsWith(`${location.origin}/`);
}

onEachPage(() => {
  if (framed) document.body.classList.replace("standalone", "framed");
  if (fromOurs && !location.hash) tell({ subject: "lti.scrollToTop" });
  fromOurs = true;
  tellHeight();
});
new ResizeObserver(tellSoon).observe(document.body);
