// The empty page of a tab that was loaded again: shows what it showed, with the tab's own session.

import { go, takeOver } from "./tab_pages.js";
import { begin, kept } from "./tab_session.js";

const session = kept();
const page = new URL(location.hash.slice(1), location.origin);

if (session && page.origin === location.origin) {
  begin(session);
  takeOver();
  go(page, { entry: "replace", moveFocus: false });
}
