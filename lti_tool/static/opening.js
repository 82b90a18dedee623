// A login in a frame that sent no cookie of ours: goes on once the browser or the LMS's storage remembers it.
// Otherwise the page says that a window of its own is needed.

import { put } from "./platform_storage.js";

const { address, again, cookie, key, platform, secret, target } = document.getElementById("opening").dataset;

async function cookieThatCameBack() {
  try {
    const answer = await fetch(cookie);
    return answer.ok ? (await answer.json()).kept : "none";
  } catch {
    return "none";
  }
}

async function open() {
  const kept = await cookieThatCameBack();
  if (kept === "this") return location.replace(address);
  // Another frame of ours began at the same moment, and its cookie won: begin again, once, with that one.
  if (kept === "another") return location.replace(again);
  if (target && (await put({ platform, target }, key, secret))) return location.replace(address);
  for (const part of document.querySelectorAll("[data-here]")) part.hidden = true;
  document.getElementById("window-only").hidden = false;
}

open();
