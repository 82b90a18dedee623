// Shows our pages one after another in one document, for a tab whose session no cookie carries: only a script can
// send the tab's secret. It takes over links, forms and the history; what leads elsewhere, or to another window, stays
// the browser's.

import { firstNeeded, pageCame, pageGoes } from "./page.js";
import { ask, forget } from "./tab_session.js";

const SIGNED_OUT = 401;
const LONGEST_MS = 2000;
const A_MINUTE_MS = 60_000;

const nonce = document.querySelector("script[nonce]").nonce;
const scripts = new Set([...document.scripts].map((script) => script.src));
let here = location.pathname + location.search;
let underWay = null;
let begun = Promise.resolve(); // once the scripts of the page that is shown have begun

export function takeOver() {
  history.scrollRestoration = "manual";
  document.addEventListener("click", followed);
  document.addEventListener("submit", submitted);
  window.addEventListener("popstate", wentThroughHistory);
}

// Fetches a page and shows it; false where our server did not answer. `entry`: "push" or "replace" in the history,
// or null where the browser already moved.
export async function go(address, { method = "GET", body, entry = "push", moveFocus = true, scroll = 0 } = {}) {
  await begun; // words typed before then are asked about too
  if (underWay?.method === "POST" || !(await mayLeave())) return stay(entry);
  underWay?.leave.abort();
  const mine = { method, leave: new AbortController() };
  underWay = mine;
  document.documentElement.ariaBusy = "true";
  try {
    const answer = await ask(address, { method, body, headers: { Accept: "text/html" }, signal: mine.leave.signal });
    if (isFile(answer)) return await save(answer);
    const page = await read(answer);
    if (answer.status === SIGNED_OUT) forget();
    if (method === "GET" || answer.redirected) remember(answer, address, entry);
    await show(page, { moveFocus, scroll });
    return true;
  } catch {
    return mine.leave.signal.aborted || sayUnreachable();
  } finally {
    if (underWay === mine) underWay = null;
    if (!underWay) document.documentElement.ariaBusy = null;
  }
}

function isFile(answer) {
  return /^attachment/i.test(answer.headers.get("Content-Disposition") ?? "");
}

// The page stays. The browser would ask for the file anew and without the tab's secret, so it gets what came.
async function save(answer) {
  const [, its = "file"] = /filename\*?=(?:UTF-8'')?"?([^";]+)/i.exec(answer.headers.get("Content-Disposition")) ?? [];
  const href = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement("a"), { href, download: decodeURIComponent(its) }).click();
  setTimeout(() => URL.revokeObjectURL(href), A_MINUTE_MS);
  return true;
}

// A form that is answered without a redirect has no address of its own: loading again shows where it came from.
function remember(answer, address, entry) {
  const url = new URL(answer.url);
  if (!answer.redirected) url.hash = new URL(address, location.href).hash;
  const same = url.pathname + url.search === here;
  if (entry === "push" && !same) {
    history.replaceState({ scroll: window.scrollY }, "");
    history.pushState(null, "", url);
  } else if (entry) {
    history.replaceState(null, "", url);
  }
  here = url.pathname + url.search;
}

// The page of an answer, and the scripts in it that the answer's own policy lets run.
export async function read(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [, its = ""] = /'nonce-([\w-]+)'/.exec(answer.headers.get("Content-Security-Policy")) ?? [];
  const modules = [...page.querySelectorAll("script[src]")].filter((script) => its && script.getAttribute("nonce") === its);
  return { page, modules: modules.map((script) => new URL(script.getAttribute("src"), location.href).href) };
}

export async function show({ page, modules }, { moveFocus = true, scroll = 0 } = {}) {
  await styled(page);
  pageGoes();
  document.title = page.title;
  takeAttributes(document.documentElement, page.documentElement);
  takeAttributes(document.body, page.body);
  document.body.replaceChildren(...page.body.childNodes);
  begun = inTime(modules.map(run));
  pageCame();
  arrive(moveFocus, scroll);
}

function takeAttributes(element, from) {
  for (const { name } of [...element.attributes]) if (!from.hasAttribute(name)) element.removeAttribute(name);
  for (const { name, value } of from.attributes) element.setAttribute(name, value);
}

// The document's policy knows the nonce that it came with, and no other. A module runs once, see page.js.
function run(src) {
  if (scripts.has(src)) return null;
  scripts.add(src);
  const script = document.createElement("script");
  Object.assign(script, { type: "module", nonce, src });
  return arrived(script);
}

function arrived(element) {
  return new Promise((done) => {
    element.onload = element.onerror = done;
    document.head.append(element);
  });
}

function inTime(arriving) {
  return Promise.race([Promise.all(arriving), new Promise((done) => setTimeout(done, LONGEST_MS))]);
}

async function styled(page) {
  const there = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href));
  const missing = [...page.querySelectorAll("link[rel=stylesheet]")].filter((link) => !there.has(link.href));
  await inTime(missing.map((link) => arrived(document.importNode(link))));
}

// As after loading a page: at its top, at the named place, or at what is still needed; who listens hears that, or the
// page's own heading.
function arrive(moveFocus, scroll) {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const place = firstNeeded() ?? named;
  const heading = place || document.querySelector("main h1") || document.getElementById("main");
  if (moveFocus) {
    if (heading.tabIndex < 0) heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  if (place) place.scrollIntoView();
  else window.scrollTo(0, scroll);
}

function followed(event) {
  const link = event.target.closest("a[href]");
  const otherwise = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || otherwise || event.defaultPrevented || link.hasAttribute("download") || !isHere(link.target)) return;
  const address = new URL(link.href);
  if (address.origin !== location.origin || (address.hash && address.pathname + address.search === here)) return;
  event.preventDefault();
  go(address);
}

function submitted(event) {
  const { target: form, submitter: button } = event;
  const said = (name) => button?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
  const address = new URL(said("action"), location.href);
  const method = said("method").toUpperCase();
  if (event.defaultPrevented || method === "DIALOG" || !isHere(said("target"))) return;
  if (address.origin !== location.origin) return;
  event.preventDefault();
  const fields = new FormData(form, button);
  if (method !== "POST") {
    address.search = new URLSearchParams(fields);
    go(address);
  } else {
    go(address, { method, body: said("enctype") === "multipart/form-data" ? fields : new URLSearchParams(fields) });
  }
}

function isHere(target) {
  return target === "" || target === "_self";
}

function wentThroughHistory({ state }) {
  if (location.pathname + location.search === here) return;
  go(location.href, { entry: null, scroll: state?.scroll ?? 0 });
}

// What a browser asks by itself before it leaves a page with unsaved words.
async function mayLeave() {
  const question = document.getElementById("tab-unsaved");
  const free = window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  if (free || !question) return true;
  if (!question.open) question.showModal();
  await new Promise((closed) => question.addEventListener("close", closed, { once: true }));
  return question.returnValue === "leave";
}

// The history already moved: it moves on to where the page still is.
function stay(entry) {
  if (entry === null) history.pushState(null, "", here);
  return true;
}

function sayUnreachable() {
  const words = document.getElementById("tab-unreachable");
  if (!words) return false;
  document.getElementById("main").prepend(words);
  words.hidden = false;
  words.scrollIntoView({ block: "nearest" });
  window.dispatchEvent(new Event("pageshow")); // the page stays, and its modules go on
  return false;
}
