// Writing a rubric: each field is sent with what it held when it was opened, so that two authors notice one another.
// What someone else changed meanwhile is shown beside one's own words; nothing is merged, and nothing is written over.

import { Autosave } from "./autosave.js";
import { onEachPage } from "./page.js";

class DraftAutosave extends Autosave {
  constructor(area, signal) {
    super(area, signal);
    this.held = new Set(); // places that wait for a decision
    this.sent = new Map(); // what was sent of a place last, whether or not an answer came
    this.earlier = new Map(); // what was sent of it before that
    area.addEventListener("click", (event) => this.decided(event));
  }

  was(place) {
    return this.form.elements[`was.${place}`];
  }

  value(place) {
    return new FormData(this.form).getAll(place).join("\n");
  }

  // Fields of an act that is still to come are sent with it.
  noticed(field) {
    if (this.was(field.name)) super.noticed(field);
  }

  // Only what stands otherwise than it did.
  fieldsOf(groups) {
    const fields = groups.flatMap((group) => (group.matches("[name]") ? [group] : [...group.querySelectorAll("[name]")]));
    const places = [...new Set(fields.map((field) => field.name))].filter((place) => this.was(place));
    const changed = places.filter((place) => plain(this.value(place)) !== plain(this.was(place).value));
    for (const place of places) if (!changed.includes(place)) this.released(place);
    this.earlier = new Map(this.sent);
    for (const place of changed) this.sent.set(place, this.value(place));
    return Object.fromEntries(
      changed.map((place) => [place, { was: this.was(place).value, value: this.value(place) }]),
    );
  }

  saved(answer) {
    for (const [place, told] of Object.entries(answer.fields)) this.told(place, told);
    super.saved(answer);
    if (this.held.size) this.say("held", (text) => text.replace("{time}", timeOf(answer.saved_at)));
    return true;
  }

  told(place, told) {
    const below = document.getElementById(`below-${place}`);
    if (told.changed && this.isMine(place, told.changed.stands)) {
      // An answer that never came: these are one's own words of a moment ago.
      this.was(place).value = told.changed.stands;
      this.noticed(this.fieldOf(place));
      return;
    }
    this.released(place);
    if (told.changed) this.hold(place, below, this.changed(place, told.changed));
    else if (told.problem) this.hold(place, below, paragraph("problem", told.problem));
    else {
      this.was(place).value = told.stands;
      for (const button of this.form.querySelectorAll("[data-undo]")) button.hidden = false;
      below.querySelector(".advice").replaceChildren(...told.advice.map((one) => this.advice(one)));
    }
  }

  isMine(place, stands) {
    return this.earlier.has(place) && plain(this.earlier.get(place)) === plain(stands);
  }

  fieldOf(place) {
    const found = this.form.elements[place];
    return found instanceof RadioNodeList ? found[0] : found;
  }

  hold(place, below, words) {
    this.held.add(place);
    below.prepend(words);
  }

  released(place) {
    this.held.delete(place);
    for (const words of document.getElementById(`below-${place}`)?.querySelectorAll(".changed, .problem") ?? []) {
      words.remove();
    }
  }

  changed(place, { sentence, stands, shown }) {
    const words = document.getElementById("changed-template").content.firstElementChild.cloneNode(true);
    const field = this.fieldOf(place);
    words.querySelector("[data-changed-sentence]").textContent = sentence;
    words.querySelector("[data-changed-shown]").textContent = shown;
    if (field.lang) words.querySelector("[data-changed-shown]").lang = field.lang;
    Object.assign(words.querySelector("[data-take]").dataset, { place, stands });
    Object.assign(words.querySelector("[data-keep]").dataset, { place, stands });
    words.querySelector("[data-take]").value = `take:${place}`;
    return words;
  }

  advice({ sentence, blocks }) {
    const item = document.createElement("li");
    item.textContent = sentence;
    if (blocks) item.className = "advice-blocks";
    return item;
  }

  // Either way what stands there now was read: it is what the next save begins from.
  decided(event) {
    const button = event.target.closest("[data-place]");
    if (!button) return;
    event.preventDefault();
    const { place, stands } = button.dataset;
    const field = this.fieldOf(place);
    this.was(place).value = stands;
    this.sent.delete(place);
    this.released(place);
    if (button.matches("[data-take]")) this.put(place, stands);
    field.focus();
    this.noticed(field);
    this.sendSoon(0);
  }

  put(place, text) {
    const chosen = text.split("\n");
    for (const field of this.form.querySelectorAll(`[name="${CSS.escape(place)}"]`)) {
      if (field.type === "checkbox") field.checked = chosen.includes(field.value);
      else field.value = text;
    }
  }

  wouldLose() {
    return super.wouldLose() || this.held.size > 0;
  }
}

function plain(text) {
  return text.replaceAll("\r\n", "\n").trim();
}

function paragraph(kind, text) {
  const words = document.createElement("p");
  words.className = kind;
  words.textContent = text;
  return words;
}

function timeOf(moment) {
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

onEachPage((signal) => {
  for (const area of document.querySelectorAll("[data-draft]")) new DraftAutosave(area, signal);
});
