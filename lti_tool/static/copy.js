// Buttons that copy the read-only field beside them. Without this the field can be selected by hand.

import { onEachPage } from "./page.js";

const SAID_MS = 2000;

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select(); // a frame or an old browser keeps the clipboard out
    return document.execCommand("copy");
  }
}

function offer(button) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await copy(document.getElementById(button.dataset.copies)))) return;
    button.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = label;
    }, SAID_MS);
  });
}

onEachPage(() => document.querySelectorAll("[data-copies]").forEach(offer));
