// In the frame of an LMS that listens, the frame grows to the height of the page, and a new page begins at its top.
// Only that is said, and only the LMS that launched this session is told. Nothing depends on an answer:
// Moodle and the apps of Canvas give none.

const PAUSE_MS = 100;

const platform = document.body.dataset.platform;
let told = 0;
let timer;

function tell(message) {
  window.parent.postMessage(message, platform);
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

// From one of our pages to another: the LMS's page may be scrolled to where the last one ended.
function cameFromOurs() {
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  return type === "navigate" && document.referrer.startsWith(`${location.origin}/`) && !location.hash;
}

// Whether there is a frame only the browser knows: Canvas says "iframe" of a window of its own too.
if (platform && window.top !== window.self) {
  document.body.classList.replace("standalone", "framed");
  if (cameFromOurs()) tell({ subject: "lti.scrollToTop" });
  tellHeight();
  new ResizeObserver(tellSoon).observe(document.body);
}
