// While somebody writes an entry: what it would count for, as the server says it. Nothing is kept by asking.

import { onEachPage } from "./page.js";
import { ask } from "./tab_session.js";

const PAUSE_MS = 700;

class Counts {
  constructor(box, signal) {
    this.box = box;
    this.form = box.closest("form");
    this.said = box.querySelector("[data-counts-said]");
    this.asked = box.querySelector("[data-counts-ask]");
    this.gone = signal;
    this.form.addEventListener("input", () => this.soon(), { signal });
    if (this.form.elements.amount.value.trim()) this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  async look() {
    this.underWay?.abort();
    if (!this.form.elements.amount.value.trim() || this.gone.aborted) return;
    this.underWay = new AbortController();
    const signal = AbortSignal.any([this.gone, this.underWay.signal]);
    try {
      const answer = await ask(this.box.dataset.counts, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        signal,
      });
      if (answer.ok) this.show(await answer.json());
      else this.offer();
    } catch {
      if (!signal.aborted) this.offer();
    }
  }

  show(found) {
    this.asked.hidden = true;
    if (found.wanted) {
      // Other fields may still be on their way; their turn comes when the form is sent.
      this.said.replaceChildren(...(["amount", "day"].includes(found.field) ? [line("p", found.wanted)] : []));
      return;
    }
    const parts = [line("p", found.read)];
    for (const program of found.programs) {
      parts.push(line("h3", program.name), ...program.lines.map((words) => line("p", words)));
    }
    this.said.replaceChildren(...parts, ...found.like.map((one) => this.alike(one)));
  }

  alike(one) {
    const found = line("p", `${this.box.dataset.like} `);
    const link = line("a", one.title || this.box.dataset.untitled);
    link.href = one.address;
    link.target = "_blank";
    link.rel = "noopener";
    found.append(link);
    return found;
  }

  // Without an answer the button is there, which asks the same with a page.
  offer() {
    this.asked.hidden = false;
    this.said.replaceChildren();
  }
}

function line(name, words) {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}

onEachPage((signal) => {
  const box = document.querySelector("[data-counts]");
  if (box) new Counts(box, signal);
});
