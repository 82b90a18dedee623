// Saves what is typed, field by field, and says where it is: with Attune, on this device (kept.js), or not yet.
// What could not be sent yet stays in its field and is tried again by itself. Leaving the page asks first where
// that would lose words.

import { cameWith, Kept, timeOf } from "./kept.js";
import { onEachPage } from "./page.js";
import { ask } from "./tab_session.js";

const PAUSE_MS = 1000;
const AGAIN_MS = [3000, 10_000, 30_000, 60_000];
const LONGEST_MS = 20_000;
const SIGNED_OUT = 401;
const CALM = ["saved", "saving", "broughtBackSaved"];

export class Autosave {
  constructor(area, signal) {
    this.area = area;
    this.gone = signal;
    this.form = area.closest("form");
    this.line = this.form.querySelector("[data-saved-line]");
    this.pending = new Set();
    this.tries = 0;
    this.kept = area.dataset.device ? new Kept(area, this) : null;
    for (const words of area.querySelectorAll("[data-without-scripts]")) words.hidden = true;
    area.addEventListener("input", (event) => this.noticed(event.target));
    area.addEventListener("change", () => this.sendSoon(0));
    const leadingOn = [this.form, ...document.querySelectorAll("[data-saves-first]")];
    for (const form of leadingOn) form.addEventListener("submit", (event) => this.submitting(event));
    window.addEventListener("online", () => this.sendSoon(0), { signal });
    window.addEventListener("beforeunload", (event) => this.leaving(event), { signal });
    window.addEventListener("pageshow", () => (this.goingOn = false), { signal });
    document.addEventListener("visibilitychange", () => this.turning(), { signal });
    document.addEventListener("click", (event) => this.followed(event), { signal });
    // What was typed while this script was still on its way, or was brought back by the browser.
    [...area.querySelectorAll("[name]")].filter(isChanged).forEach((field) => this.noticed(field));
  }

  noticed(field) {
    if (!field.name) return;
    const group = field.closest("[data-together]") ?? field;
    this.pending.add(group);
    this.kept?.note(Object.fromEntries(valuesIn(group)));
    this.sendSoon(PAUSE_MS);
  }

  // What waited on the device is in these fields again.
  broughtBack(fields) {
    this.hasBroughtBack = true;
    fields.forEach((field) => this.noticed(field));
    this.sendSoon(0);
  }

  sendSoon(wait) {
    clearTimeout(this.timer);
    if (this.pending.size) this.timer = setTimeout(() => this.send(), wait);
  }

  // Away from the page a timer may never ring: what is not saved goes out at once.
  turning() {
    if (document.visibilityState !== "hidden") return this.sendSoon(0);
    this.kept?.flush();
    if (!this.goingOn) this.send();
  }

  // True once everything that was typed is with Attune.
  async send() {
    if (this.sending) {
      await this.sending;
      return this.pending.size ? this.send() : true;
    }
    if (!this.pending.size || this.gone.aborted) return true;
    clearTimeout(this.timer);
    this.sending = this.sendPending();
    const saved = await this.sending;
    this.sending = null;
    if (saved && this.pending.size) this.sendSoon(0);
    return saved;
  }

  async sendPending() {
    const groups = [...this.pending];
    this.pending.clear();
    this.say("saving");
    try {
      if (this.kept && this.tries) await this.meet();
      const fields = this.fieldsOf(groups);
      if (!Object.keys(fields).length) return true;
      const answer = await this.post(fields);
      if (answer.ok) return await this.saved(await answer.json(), fields);
      groups.forEach((group) => this.pending.add(group));
      return await this.refused(answer);
    } catch {
      groups.forEach((group) => this.pending.add(group));
      return this.wait("waiting");
    }
  }

  // What is sent of these groups, by name.
  fieldsOf(groups) {
    return Object.fromEntries(groups.flatMap(valuesIn));
  }

  post(fields) {
    return ask(this.area.dataset.autosave, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": this.form.elements.csrf_token.value,
      },
      body: JSON.stringify(fields),
      signal: AbortSignal.timeout?.(LONGEST_MS),
      keepalive: document.visibilityState === "hidden",
    });
  }

  // After a while without a connection the form may have gone on elsewhere: what is with Attune now is looked at first.
  async meet() {
    const answer = await ask(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout?.(LONGEST_MS) });
    if (!answer.ok) return; // what is sent next is told why
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const area = page.querySelector(`[data-autosave="${CSS.escape(this.area.dataset.autosave)}"]`);
    if (area) this.kept.meanwhile(cameWith(area));
  }

  async saved({ saved_at: moment }, fields) {
    this.tries = 0;
    this.kept?.sent(fields);
    this.say(this.hasBroughtBack ? "broughtBackSaved" : "saved", (text) => text.replace("{time}", timeOf(moment)));
    return true;
  }

  // A sentence of ours means that trying again changes nothing; everything else may pass.
  async refused(answer) {
    if (answer.status === SIGNED_OUT) return this.wait("signedOut", "keptSignedOut");
    if (answer.status >= 500 || answer.status === 429) return this.wait("waiting");
    await this.kept?.flush();
    const { sentence = "" } = await answer.json().catch(() => ({}));
    this.say("notTaken", (text) => `${text} ${sentence}`);
    return false;
  }

  // Says `words`, or `kept` where the device has what Attune does not have yet.
  async wait(words, kept = "kept") {
    if (await this.kept?.flush()) this.say(kept, (text) => text.replace("{time}", timeOf(this.kept.at)));
    else this.say(words);
    this.sendSoon(AGAIN_MS[Math.min(this.tries, AGAIN_MS.length - 1)]);
    this.tries += 1;
    return false;
  }

  say(words, fill = (text) => text) {
    const text = fill(this.area.dataset[words]);
    this.line.classList.toggle("saved-waiting", !CALM.includes(words));
    if (this.line.textContent !== text) this.line.textContent = text;
  }

  // First save, then go on: a save under way could otherwise come later than the form, with older words,
  // and a form that is sent into the void would take the words, and the page, with it.
  async submitting(event) {
    if (this.mayGo(event)) {
      this.goingOn = true;
      return;
    }
    event.preventDefault();
    if (this.waitingToGo) return;
    this.waitingToGo = true;
    const free = (await this.send()) && (await this.reaches());
    this.waitingToGo = false;
    if (!free) return;
    this.free = event.submitter;
    // Where nothing had to be sent, the form is still being submitted, and would not listen.
    setTimeout(() => event.target.requestSubmit(event.submitter));
  }

  mayGo({ submitter }) {
    const free = !this.kept || this.free === submitter;
    this.free = undefined;
    return free && !this.unsaved();
  }

  // Whether our server answers; if not, the page stays.
  async reaches() {
    if (!this.kept) return true;
    try {
      const answer = await ask(this.area.dataset.device, { signal: AbortSignal.timeout?.(LONGEST_MS) });
      if (answer.status === SIGNED_OUT) this.say("signedOutSaved");
      return answer.status !== SIGNED_OUT;
    } catch {
      this.say("unreachable");
      return false;
    }
  }

  // A link leads nowhere without a connection, and there would be no way back to this page.
  followed(event) {
    const link = event.target.closest?.("a[href]");
    if (!this.kept || navigator.onLine || !link || link.id === "leave" || link.hash || link.protocol === "tel:" || event.defaultPrevented) return;
    event.preventDefault();
    this.say("unreachable");
  }

  unsaved() {
    return this.pending.size > 0 || Boolean(this.sending);
  }

  // Whether leaving the page would lose words.
  wouldLose() {
    return this.unsaved() && !this.kept?.holdsAll();
  }

  // Not after "Leave this page": that takes the form out of the page, and nothing may stand in its way.
  leaving(event) {
    if (this.goingOn || !this.wouldLose() || !this.form.isConnected) return;
    event.preventDefault();
  }
}

function isChanged(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  return field.defaultValue !== undefined && field.value !== field.defaultValue;
}

function valuesIn(group) {
  const fields = group.matches("[name]") ? [group] : [...group.querySelectorAll("[name]")];
  return fields.filter((field) => field.type !== "radio" || field.checked).map((field) => [field.name, field.value]);
}

// A browser that is too old for the hints saves all the same.
import("./hints.js").catch(() => null);

onEachPage((signal) => {
  for (const area of document.querySelectorAll("[data-autosave]:not([data-draft])")) new Autosave(area, signal);
});
