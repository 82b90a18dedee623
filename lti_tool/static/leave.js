// "Leave this page": blanks it at once and goes to a neutral site. By keyboard: Shift three times.
// It does not clear the browser's history before this page, and changes nothing on other devices.

import { onEachPage } from "./page.js";

const PRESSES = 3;
const TOGETHER_MS = 5000;
const OFF = "attune-leave-by-keyboard-off";

function leave(control) {
  const words = document.createElement("p");
  words.className = "left-page";
  words.textContent = control.dataset.left;
  document.title = "\u2026";
  document.body.replaceChildren(words);
  try {
    window.top.location.replace(control.href);
  } catch {
    // The LMS does not let a frame leave its page. Ours is blank, and the words say how to close the tab. What the frame
    // showed is left for a page without anything in it, so that loading the LMS's page again does not bring it back.
    window.location.replace(control.dataset.leftPage);
  }
}

function keyboardIsOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

function rememberKeyboard(off) {
  try {
    localStorage.setItem(OFF, off ? "1" : "0");
  } catch {
    // No storage in this browser: the choice holds for this page.
  }
}

let presses = [];
let alone = false;

function pressed(event) {
  alone = event.key === "Shift" && !event.repeat;
  if (!alone) presses = [];
}

function released(event, control) {
  if (event.key !== "Shift" || !alone || keyboardIsOff()) return;
  const now = Date.now();
  presses = [...presses.filter((then) => now - then < TOGETHER_MS), now];
  if (presses.length >= PRESSES) leave(control);
  else document.getElementById("leave-said").textContent = presses.length === 1 ? control.dataset.once : control.dataset.twice;
}

onEachPage((signal) => {
  const control = document.getElementById("leave");
  control.addEventListener("click", (event) => {
    event.preventDefault();
    leave(control);
  });
  document.addEventListener("keydown", pressed, { signal });
  document.addEventListener("keyup", (event) => released(event, control), { signal });

  // The support page offers to switch the keyboard way off, in browsers that run this at all.
  const choice = document.getElementById("field-leave-by-keyboard");
  if (choice) {
    choice.checked = !keyboardIsOff();
    choice.addEventListener("change", () => rememberKeyboard(!choice.checked));
    document.getElementById("leave-choice").hidden = false;
  }
});
