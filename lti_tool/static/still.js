// An old tab, when someone else has come in with this browser since: its page is taken away, and a sentence says so.
// Tabs tell one another who they are for, by a mark that names nobody; our server has the last word.

const { still, mark } = document.body.dataset;
const others = new BroadcastChannel("attune-person");
const PARTS = [".top", "main", ".bottom"].map((part) => document.querySelector(part));
const WAY_OUT = ["leave", "leave-said"].map((id) => document.getElementById(id));
const [header, main, footer] = PARTS;
let covered = null;

async function look() {
  try {
    const answer = await fetch(still);
    if (answer.ok) cover(!(await answer.json()).still);
  } catch {
    // No answer: the page stays as it is.
  }
}

// The first person's words wait outside the page: if it is them again, nothing is lost.
function cover(someoneElse) {
  if (someoneElse === (covered !== null)) return;
  if (someoneElse) {
    covered = [document.title, ...PARTS.map((part) => [...part.childNodes])];
    const words = document.getElementById("someone-else").content.cloneNode(true);
    document.title = words.querySelector("h1").textContent;
    header.replaceChildren(...WAY_OUT);
    main.replaceChildren(words);
    footer.replaceChildren();
    main.focus();
  } else {
    const [title, ...contents] = covered;
    document.title = title;
    PARTS.forEach((part, number) => part.replaceChildren(...contents[number]));
    covered = null;
  }
}

others.addEventListener("message", ({ data }) => data !== mark && look());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
window.addEventListener("focus", look);
window.addEventListener("pageshow", ({ persisted }) => persisted && look());
others.postMessage(mark);

// Whoever comes in with a cookie takes the place of whoever came in in this tab without one.
try {
  sessionStorage.removeItem("attune-tab");
} catch {
  // No storage: there was nobody.
}
