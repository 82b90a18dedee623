// A page that came back because something is still needed begins there, for whoever listens to it or types.

import { firstNeeded, onEachPage } from "./page.js";

onEachPage(() => {
  firstNeeded()?.focus();
});
