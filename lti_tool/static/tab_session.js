// The session of a tab that keeps no cookie. Its secret goes to our server in a header; it is in this document's
// memory, and in the tab's own storage so that loading again finds it. It is never part of an address.

const HEADER = "Attune-Tab";
const KEPT = "attune-tab";
const NONE_YET = "none";

let secret = null;

// As `fetch`, with the tab's secret where there is one.
export function ask(address, options = {}) {
  if (secret === null) return fetch(address, options);
  return fetch(address, { ...options, headers: { ...options.headers, [HEADER]: secret } });
}

// The last step of a launch. The session that the tab had is named, so that another person's can end.
export function finish(address, fields) {
  return fetch(address, { method: "POST", body: fields, headers: { [HEADER]: kept()?.secret ?? NONE_YET } });
}

// From here on `ask` speaks for this session. `again` is the address of a page that can show it after loading again.
export function begin(session) {
  secret = session.secret;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(session));
  } catch {
    // No storage either: the session lives as long as this document.
  }
}

export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

export function forget() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Nothing was kept.
  }
}
