// Saves what is typed, field by field, and says where it is. Nothing is kept on the device: phones are shared.
// What could not be saved yet stays in its field, is tried again by itself, and leaving the page asks first.

import { onEachPage } from "./page.js";
import { ask } from "./tab_session.js";

const PAUSE_MS = 1000;
const AGAIN_MS = [3000, 10_000, 30_000, 60_000];
const LONGEST_MS = 20_000;
const SIGNED_OUT = 401;

export class Autosave {
  constructor(area, signal) {
    this.area = area;
    this.gone = signal;
    this.form = area.closest("form");
    this.line = this.form.querySelector("[data-saved-line]");
    this.pending = new Set();
    this.tries = 0;
    for (const words of area.querySelectorAll("[data-without-scripts]")) words.hidden = true;
    area.addEventListener("input", (event) => this.noticed(event.target));
    area.addEventListener("change", () => this.sendSoon(0));
    this.form.addEventListener("submit", (event) => this.submitting(event));
    window.addEventListener("online", () => this.sendSoon(0), { signal });
    window.addEventListener("beforeunload", (event) => this.leaving(event), { signal });
    window.addEventListener("pageshow", () => (this.goingOn = false), { signal });
    document.addEventListener("visibilitychange", () => this.turning(), { signal });
    // What was typed while this script was still on its way, or was brought back by the browser.
    [...area.querySelectorAll("[name]")].filter(isChanged).forEach((field) => this.noticed(field));
  }

  noticed(field) {
    if (!field.name) return;
    this.pending.add(field.closest("[data-together]") ?? field);
    this.sendSoon(PAUSE_MS);
  }

  sendSoon(wait) {
    clearTimeout(this.timer);
    if (this.pending.size) this.timer = setTimeout(() => this.send(), wait);
  }

  // Away from the page a timer may never ring: what is not saved goes out at once.
  turning() {
    if (document.visibilityState !== "hidden") this.sendSoon(0);
    else if (!this.goingOn) this.send();
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
    const fields = this.fieldsOf(groups);
    this.pending.clear();
    if (!Object.keys(fields).length) return true;
    this.say("saving");
    try {
      const answer = await this.post(fields);
      if (answer.ok) return this.saved(await answer.json());
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

  saved({ saved_at: moment }) {
    this.tries = 0;
    const time = new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    this.say("saved", (text) => text.replace("{time}", time));
    return true;
  }

  // A sentence of ours means that trying again changes nothing; everything else may pass.
  async refused(answer) {
    if (answer.status === SIGNED_OUT) return this.wait("signedOut");
    if (answer.status >= 500 || answer.status === 429) return this.wait("waiting");
    const { sentence = "" } = await answer.json().catch(() => ({}));
    this.say("notTaken", (text) => `${text} ${sentence}`);
    return false;
  }

  wait(words) {
    this.say(words);
    this.sendSoon(AGAIN_MS[Math.min(this.tries, AGAIN_MS.length - 1)]);
    this.tries += 1;
    return false;
  }

  say(words, fill = (text) => text) {
    const text = fill(this.area.dataset[words]);
    this.line.classList.toggle("saved-waiting", words !== "saved" && words !== "saving");
    if (this.line.textContent !== text) this.line.textContent = text;
  }

  // First save, then go on: a save under way could otherwise come later than the form, with older words,
  // and a form that is sent into the void would take the words with it.
  async submitting(event) {
    if (!this.unsaved()) {
      this.goingOn = true;
      return;
    }
    event.preventDefault();
    if (this.waitingToGo) return;
    this.waitingToGo = true;
    const saved = await this.send();
    this.waitingToGo = false;
    // Where nothing had to be sent, the form is still being submitted, and would not listen.
    if (saved) setTimeout(() => this.form.requestSubmit(event.submitter));
  }

  unsaved() {
    return this.pending.size > 0 || Boolean(this.sending);
  }

  // Whether leaving the page would lose words.
  wouldLose() {
    return this.unsaved();
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

onEachPage((signal) => {
  for (const area of document.querySelectorAll("[data-autosave]:not([data-draft])")) new Autosave(area, signal);
});
