// Which words of a text are marked, as two numbers for the form: no word of it stands in an address.

import { onEachPage } from "./page.js";

onEachPage(() => {
  for (const part of document.querySelectorAll("[data-marked]")) {
    const text = document.getElementById(part.dataset.marked);
    const note = () => {
      part.querySelector("[name=begin]").value = text.selectionStart;
      part.querySelector("[name=end]").value = text.selectionEnd;
    };
    for (const event of ["select", "keyup", "mouseup", "blur"]) text.addEventListener(event, note);
  }
});
