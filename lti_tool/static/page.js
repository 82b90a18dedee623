// For modules that work on what a page holds. Usually a document is one page; in a tab without cookies several pages
// follow one another in it (tab_pages.js), and a module begins anew with each.

const beginnings = [];
let going = new AbortController();

// Calls `begin` now and for each page that comes; its signal says when that page has gone.
export function onEachPage(begin) {
  beginnings.push(begin);
  begin(going.signal);
}

export function pageGoes() {
  going.abort();
  going = new AbortController();
}

export function pageCame() {
  for (const begin of beginnings) begin(going.signal);
}
