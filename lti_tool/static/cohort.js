// A cell of a cohort opens its proof beside the matrix; arrow keys go from cell to cell. Without it a cell is a link.

import { onEachPage } from "./page.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }; // from left to right

async function show(panel, link) {
  const content = panel.querySelector("[data-proof-content]");
  content.textContent = panel.dataset.busy;
  panel.hidden = false;
  const answer = await fetch(link.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const proof = page.getElementById("proof");
  if (!answer.ok || !proof) {
    throw new Error("no proof there");
  }
  const shown = document.importNode(proof, true);
  for (const heading of shown.querySelectorAll("h1, h2")) {
    heading.setAttribute("aria-level", Number(heading.tagName[1]) + 1); // the page has a first heading of its own
  }
  content.replaceChildren(shown);
  content.querySelector("#proof-heading")?.focus();
}

function close(panel, opener) {
  panel.hidden = true;
  panel.querySelector("[data-proof-content]").replaceChildren();
  opener?.focus();
}

function step(table, cell, [down, across]) {
  const row = table.rows[cell.parentElement.rowIndex + down];
  const onward = getComputedStyle(table).direction === "rtl" ? -across : across;
  const next = row?.cells[cell.cellIndex + onward]?.querySelector("a");
  next?.focus();
  return Boolean(next);
}

onEachPage(() => {
  const table = document.querySelector("[data-matrix]");
  const panel = document.querySelector("[data-proof-panel]");
  if (!table || !panel) {
    return;
  }
  let opener = null;
  table.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-proof]");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    // A page that lives in one tab has no cookie to ask with.
    if (!link || !plain || !document.body.dataset.mark) {
      return;
    }
    event.preventDefault();
    opener = link;
    show(panel, link).catch(() => window.location.assign(link.href));
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td, th");
    if (cell && STEPS[event.key] && !event.altKey && !event.ctrlKey && step(table, cell, STEPS[event.key])) {
      event.preventDefault();
    }
  });
  table.addEventListener("focusin", ({ target }) => {
    // A browser may leave a part of it outside, or under the names.
    if (target.matches(":focus-visible")) {
      target.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });
  panel.querySelector("[data-proof-close]").addEventListener("click", () => close(panel, opener));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close(panel, opener);
    }
  });
});
