// The order of a draft's criteria: by the buttons of each row, without the page coming anew, or by dragging its handle.
// Where a criterion was put is sent as a position, so that sending it twice changes nothing.

import { onEachPage } from "./page.js";
import { ask } from "./tab_session.js";

const EDGE = 80;
const PACE = 12;

class Order {
  constructor(list, signal) {
    this.list = list;
    this.gone = signal;
    this.line = document.querySelector("[data-reordered]");
    for (const handle of list.querySelectorAll("[data-handle]")) {
      handle.hidden = false;
      handle.addEventListener("pointerdown", (event) => this.grabbed(event, handle));
    }
    list.addEventListener("click", (event) => this.pressed(event));
  }

  rows() {
    return [...this.list.children];
  }

  pressed(event) {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-criterion]");
    const before = this.rows();
    this.put(row, before.indexOf(row) + Number(button.dataset.move));
    button.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    this.keep(row, before);
  }

  put(row, position) {
    const others = this.rows().filter((each) => each !== row);
    const next = others[Math.max(0, position)];
    if (next) next.before(row);
    else this.list.append(row);
  }

  // Pointers of every kind: mouse, pen, and a thumb, for which the handle does not scroll the page.
  grabbed(event, handle) {
    if (event.button) return;
    event.preventDefault();
    const row = handle.closest("[data-criterion]");
    const before = this.rows();
    const end = new AbortController();
    row.classList.add("dragged");
    handle.setPointerCapture(event.pointerId);
    const listen = (name, heard) => handle.addEventListener(name, heard, { signal: end.signal });
    const over = (keeps) => {
      end.abort();
      row.classList.remove("dragged");
      if (keeps) this.keep(row, before);
      else this.list.append(...before);
    };
    listen("pointermove", ({ clientY }) => this.dragged(row, clientY));
    listen("pointerup", () => over(true));
    listen("pointercancel", () => over(false));
  }

  dragged(row, y) {
    if (y < EDGE) window.scrollBy(0, -PACE);
    if (y > window.innerHeight - EDGE) window.scrollBy(0, PACE);
    const under = this.rows().find((each) => {
      const { top, bottom } = each.getBoundingClientRect();
      return each !== row && y > top && y < bottom;
    });
    if (!under) return;
    const { top, height } = under.getBoundingClientRect();
    const above = row.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_PRECEDING;
    if (above && y < top + height / 2) this.pass(row, under, "previousElementSibling", "after");
    if (!above && y > top + height / 2) this.pass(row, under, "nextElementSibling", "before");
  }

  // The others go past the row that is dragged: an element that is moved would lose the pointer that it holds.
  pass(row, last, neighbor, side) {
    for (let passed = null; passed !== last; ) {
      passed = row[neighbor];
      row[side](passed);
    }
  }

  async keep(row, before) {
    const position = this.rows().indexOf(row);
    if (position === before.indexOf(row)) return;
    this.say("moved", position);
    const sent = (this.last = this.send(row.dataset.criterion, position, this.last));
    const order = await sent;
    if (sent !== this.last || this.gone.aborted) return;
    if (order) this.arrange(order);
    else {
      this.list.append(...before);
      this.say("notMoved", 0);
    }
  }

  // One after the other, in the order in which they were done.
  async send(criterion, position, former) {
    await former;
    try {
      const answer = await ask(this.list.dataset.reorder, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": this.list.closest("form").elements.csrf_token.value,
        },
        body: JSON.stringify({ criterion, position }),
      });
      return answer.ok ? (await answer.json()).criteria : null;
    } catch {
      return null;
    }
  }

  // As everything stands now; what another author added meanwhile comes with the next page.
  arrange(keys) {
    const focused = document.activeElement;
    const rows = new Map(this.rows().map((row) => [row.dataset.criterion, row]));
    const wanted = keys.map((key) => rows.get(key)).filter(Boolean);
    if (wanted.every((row, at) => row === this.list.children[at])) return;
    this.list.prepend(...wanted);
    if (this.list.contains(focused)) focused.focus({ preventScroll: true });
  }

  say(words, position) {
    const text = this.list.dataset[words];
    this.line.textContent = text.replace("{place}", position + 1).replace("{count}", this.rows().length);
  }
}

onEachPage((signal) => {
  const list = document.querySelector("[data-reorder]");
  if (list) new Order(list, signal);
});
