// For modules that work on what a page holds. Usually a document is one page; in a tab without cookies several pages
// follow one another in it (tab_pages.js), and a module begins anew with each.

const beginnings = [];
let going = new AbortController();

// Calls `begin` now and for each page that comes; its signal says when that page has gone.
export function onEachPage(begin) {
  beginnings.push(begin);
  begin(going.signal);
}

// Where a page that came back says what is still needed: its summary, else the first field that is marked.
export function firstNeeded() {
  const told = document.querySelector("main [data-needed]");
  if (!told?.matches(".problem")) return told;
  const field = document.querySelector(`[aria-describedby~="${told.id || told.parentElement.id}"]`);
  return field?.matches("fieldset") ? field.querySelector("input:not([type=hidden]), select, textarea") : field;
}

export function pageGoes() {
  going.abort();
  going = new AbortController();
}

export function pageCame() {
  for (const begin of beginnings) begin(going.signal);
}
