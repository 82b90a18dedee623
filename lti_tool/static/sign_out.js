// Signing out while something waits on this device only: it is said, once. What nobody can use any more is taken away.

import { openDevice, sweepDevice, waitsHere } from "./device.js";
import { onEachPage } from "./page.js";

onEachPage(() => {
  sweepDevice();
  const form = document.querySelector("[data-sign-out]");
  if (!form) return;
  const question = form.querySelector("[data-kept-here]");
  let decided = false;
  form.addEventListener("submit", async (event) => {
    if (decided) return;
    event.preventDefault();
    const mine = (await waitsHere()) && (await (await openDevice(form.dataset.signOut))?.waits());
    if (mine) return question.showModal();
    decided = true;
    setTimeout(() => form.requestSubmit());
  });
  question.addEventListener("click", ({ target }) => {
    const { value } = target.closest("button") ?? {};
    if (!value) return;
    question.close();
    if (value === "go") {
      decided = true;
      form.requestSubmit();
    }
  });
});
