// "Please come in again", in a frame: perhaps the tab was only loaded again. Then its own session shows the page.

import { kept } from "./tab_session.js";

const session = kept();
if (session) {
  document.getElementById("main").hidden = true;
  location.replace(`${session.again}#${location.pathname}${location.search}`);
}
