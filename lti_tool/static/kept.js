// What of a form is not with Attune yet, kept on this device meanwhile (device.js), and brought back into the form.
// Where the words with Attune are other ones since, both are shown and the person chooses: nothing is written over.

import { openDevice } from "./device.js";

const SOON_MS = 300;

export class Kept {
  constructor(area, autosave) {
    this.area = area;
    this.autosave = autosave;
    this.place = area.dataset.autosave;
    this.known = new Map(); // what is with Attune, by name
    this.unsent = new Map(); // what is not: its value, and what was with Attune when it was written
    this.held = new Map(); // what waits for a choice between two versions
    this.at = null; // when this was last kept on the device
    this.changed = false;
    for (const { name } of area.querySelectorAll("[name]")) this.known.set(name, cameIn(area, name));
    this.ready = this.open();
  }

  async open() {
    this.device = await openDevice(this.area.dataset.device);
    const found = await this.device?.read(this.place).catch(() => null);
    if (found) this.bringBack(found);
    this.opened = true;
    if (this.changed) this.keepSoon();
  }

  // From here on these values are not with Attune.
  note(fields) {
    for (const [name, value] of Object.entries(fields)) {
      if (same(value, this.known.get(name))) this.unsent.delete(name);
      else this.unsent.set(name, { value, was: this.known.get(name) ?? "" });
    }
    this.keepSoon();
  }

  // These values are with Attune now.
  sent(fields) {
    for (const [name, value] of Object.entries(fields)) {
      this.known.set(name, value);
      if (same(this.unsent.get(name)?.value, value)) this.unsent.delete(name);
      else if (this.unsent.has(name)) this.unsent.get(name).was = value;
    }
    return this.flush(true);
  }

  keepSoon() {
    this.changed = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SOON_MS);
  }

  // True once the device has everything that Attune does not have.
  async flush(changed = this.changed) {
    clearTimeout(this.timer);
    this.changed = changed;
    if (!this.opened || !this.device) return false;
    if (this.writing) await this.writing;
    if (!this.changed) return true;
    this.changed = false;
    this.writing = this.write();
    const kept = await this.writing;
    this.writing = null;
    if (!kept) this.changed = true;
    return kept;
  }

  async write() {
    const words = Object.fromEntries([...this.held, ...this.unsent]);
    try {
      if (Object.keys(words).length) this.at = await this.device.keep(this.place, words);
      else await this.device.forget(this.place);
      return true;
    } catch {
      return false; // the device is full, or takes nothing any more
    }
  }

  holdsAll() {
    return Boolean(this.device) && !this.changed && !this.writing;
  }

  bringBack({ at, words }) {
    this.at = at;
    const back = [];
    for (const [name, { value, was }] of Object.entries(words)) {
      const here = shownIn(this.area, name);
      if (here === null || same(value, here) || same(value, this.known.get(name))) continue;
      if (same(here, was)) back.push(put(this.area, name, value));
      else this.hold(name, { value, was }, at);
    }
    if (back.length) this.autosave.broughtBack(back);
  }

  // What Attune has by now, by name: other words than it had mean that somebody, on another device, was faster.
  meanwhile(values) {
    for (const [name, theirs] of Object.entries(values)) {
      const mine = this.unsent.get(name);
      if (same(theirs, this.known.get(name))) continue;
      this.known.set(name, theirs);
      if (mine && !same(mine.value, theirs)) {
        this.unsent.delete(name);
        put(this.area, name, theirs);
        this.hold(name, { value: mine.value, was: mine.was }, this.at ?? Date.now());
      } else if (!mine) put(this.area, name, theirs);
    }
  }

  // Shows both versions above the form, with a choice; the form has the one that is with Attune.
  hold(name, words, at) {
    this.held.set(name, words);
    this.keepSoon();
    const card = this.area.querySelector("[data-two-versions]").content.firstElementChild.cloneNode(true);
    const part = (which) => card.querySelector(`[data-two=${which}]`);
    part("about").textContent = about(this.area, name);
    part("device").textContent = readable(this.area, name, words.value);
    part("attune").textContent = readable(this.area, name, shownIn(this.area, name));
    part("when").textContent = part("when").textContent.replace("{time}", timeOf(at));
    const decide = (mine) => this.decided(name, card, mine);
    part("use").addEventListener("click", () => decide(true));
    part("drop").addEventListener("click", () => decide(false));
    this.area.before(card);
  }

  decided(name, card, mine) {
    const { value } = this.held.get(name);
    this.held.delete(name);
    if (mine) this.autosave.noticed(put(this.area, name, value));
    this.keepSoon();
    const next = card.nextElementSibling?.querySelector("[data-two=use]") ?? document.querySelector("main h1");
    card.remove();
    if (next.matches("h1")) next.tabIndex = -1;
    next.focus();
  }
}

export function timeOf(moment) {
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

// The values of every field in there, as they came from Attune.
export function cameWith(area) {
  const names = new Set([...area.querySelectorAll("[name]")].map(({ name }) => name));
  return Object.fromEntries([...names].map((name) => [name, cameIn(area, name)]));
}

function fieldsOf(area, name) {
  return [...area.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
}

// What a field holds now; null where there is no such field.
function shownIn(area, name) {
  return valueOf(fieldsOf(area, name), "value", "checked");
}

// What a field came with from Attune, whatever was typed since.
function cameIn(area, name) {
  return valueOf(fieldsOf(area, name), "defaultValue", "defaultChecked");
}

function valueOf(fields, value, checked) {
  if (!fields.length) return null;
  if (fields[0].type !== "radio") return fields[0][value];
  return fields.find((field) => field[checked])?.value ?? "";
}

function put(area, name, value) {
  const fields = fieldsOf(area, name);
  if (fields[0].type !== "radio") fields[0].value = value;
  else for (const field of fields) field.checked = field.value === value;
  return fields[0];
}

function about(area, name) {
  const [field] = fieldsOf(area, name);
  const asked = field.type === "radio" ? field.closest("fieldset").querySelector("legend") : field.labels[0];
  const where = field.closest("section")?.querySelector("h2");
  return [where, asked].filter(Boolean).map((words) => words.textContent.trim()).join(": ");
}

function readable(area, name, value) {
  const chosen = fieldsOf(area, name).find((field) => field.type === "radio" && field.value === value);
  return chosen ? chosen.labels[0].textContent : value;
}

function same(one, other) {
  return plain(one) === plain(other);
}

function plain(text) {
  return (text ?? "").replaceAll("\r\n", "\n").trim();
}
