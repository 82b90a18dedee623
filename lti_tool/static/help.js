// The way to the help of the page, at its top, opens it too: nobody has to press twice.

import { onEachPage } from "./page.js";

onEachPage(() => {
  document.getElementById("to-help")?.addEventListener("click", () => {
    document.getElementById("help-here").parentElement.open = true;
  });
});
