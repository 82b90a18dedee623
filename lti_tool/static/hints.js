// Hints while somebody writes of practice: words that may tell who a supported person is, and judgements of a person.
// Nothing is sent anywhere and nothing is held up: a line under the field, which can be put away.

import { onEachPage } from "./page.js";

const PAUSE_MS = 1500;

const PHONE = /(?<![\w-])\+?\(?\d(?:[\s().\/-]{0,2}\d){6,14}(?![\w-])/u;
const EMAIL = /[^\s@,;:<>()]+@[^\s@,;:<>()]+\.\p{L}{2,}/u;
const MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic";
const BIRTH = [
  /(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}(?!\d)/u,
  /(?<!\d)(?:19|20)\d{2}-\d{1,2}-\d{1,2}(?!\d)/u,
  new RegExp(`(?<!\\d)\\d{1,2}\\.?\\s+(?:de\\s+)?(?:${MONTHS})\\p{L}*\\.?,?\\s+(?:de\\s+)?(?:19|20)\\d{2}(?!\\d)`, "iu"),
  new RegExp(`(?<!\\p{L})(?:${MONTHS})\\p{L}*\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s+(?:19|20)\\d{2}(?!\\d)`, "iu"),
];
const TITLED = /(?<!\p{L})(?:Mr|Mrs|Ms|Mx|Miss|Sr|Sra|Srta|Don|Doña)\.?\s+\p{Lu}\p{Ll}+/u;
const CAPITALIZED = /(?<=[\p{Ll},]\s)\p{Lu}\p{Ll}{2,}(?:\s\p{Lu}\p{Ll}+)*/gu;
const TWO_NAMES = /(?<!\p{L})\p{Lu}\p{Ll}{2,}\s\p{Lu}\p{Ll}{2,}(?!\p{L})/gu;
const NOT_NAMES = new Set(
  ("monday tuesday wednesday thursday friday saturday sunday january february march april may june july august " +
    "september october november december english spanish french german god christmas easter internet attune zoom " +
    "peer support lunes martes enero then when while after before but and the she her his they there this that with for " +
    "what how because once entonces cuando después antes pero ella los las una qué cómo porque").split(" "),
);

const TRAITS_EN =
  "lazy|rude|cold|warm|kind|nice|good|bad|great|excellent|wonderful|perfect|caring|careless|difficult|arrogant|weak|" +
  "strong|shy|nervous|insecure|confident|impatient|patient|unprofessional|professional|empathetic|judgmental|passive|" +
  "aggressive|defensive|stubborn|talented|gifted|natural|unreliable|reliable|negative|positive|selfish|manipulative";
const TRAITS_ES =
  "perezos[oa]|groser[oa]|frí[oa]|amable|simpátic[oa]|buen[oa]|mal[oa]|excelente|perfect[oa]|descuidad[oa]|difícil|" +
  "arrogante|débil|fuerte|tímid[oa]|nervios[oa]|insegur[oa]|segur[oa]|impaciente|paciente|profesional|empátic[oa]|" +
  "pasiv[oa]|agresiv[oa]|terc[oa]|egoísta|manipulador[a]?";
const SOME = "(?:\\s+(?:a|an|so|very|too|such|always|never|really|just|not|muy|tan|siempre|nunca|demasiado))*";
const JUDGEMENTS = [
  new RegExp(`(?<!\\p{L})(?:is|are|was|were|seems|he's|she's|they're)${SOME}\\s+(?:${TRAITS_EN})(?!\\p{L})`, "iu"),
  new RegExp(`(?<!\\p{L})(?:es|son|era|eran|está|parece)${SOME}\\s+(?:${TRAITS_ES})(?!\\p{L})`, "iu"),
  /(?<!\p{L})(?:always|never|siempre|nunca)(?!\p{L})/iu,
];

// What may be hinted at, in the order in which it matters: the kind, and what finds it in a text.
const KINDS = [
  ["email", (text) => EMAIL.exec(text)?.[0]],
  ["birth", (text) => first(BIRTH, text)],
  ["phone", (text) => PHONE.exec(first(BIRTH, text) ? "" : text)?.[0]],
  ["name", (text, known) => nameIn(text, known)],
  ["moment", (text) => first(JUDGEMENTS, text)],
];

function first(patterns, text) {
  return patterns.map((pattern) => pattern.exec(text)?.[0]).find(Boolean);
}

// Likely names only: after a title, two in a row, or a capital in the middle of a sentence. People who work here are known.
function nameIn(text, known) {
  const likely = [TITLED.exec(text)?.[0], ...(text.match(TWO_NAMES) ?? []), ...(text.match(CAPITALIZED) ?? [])];
  const found = likely.filter(Boolean).find((words) => words.split(/\s+/).some((word) => isName(word, known)));
  return found?.split(/\s+/).filter((word) => isName(word, known) || /^.{1,4}\.$/u.test(word)).join(" ");
}

function isName(word, known) {
  const plain = word.replace(/['’]s$/u, "").toLowerCase();
  return /^\p{Lu}\p{Ll}{2}/u.test(word) && !NOT_NAMES.has(plain) && !known.has(plain);
}

// The first thing to hint at in a text: [kind, what was found], or null.
export function hintFor(text, { known = new Set(), kinds = KINDS.map(([kind]) => kind) } = {}) {
  for (const [kind, find] of KINDS) {
    const found = kinds.includes(kind) && find(text, known);
    if (found) return [kind, found.trim()];
  }
  return null;
}

class Hints {
  constructor(area, field, number) {
    const { hintNames = "", ...words } = area.dataset;
    this.field = field;
    this.words = words;
    this.known = new Set(hintNames.toLowerCase().split(/[|\s]+/).filter(Boolean));
    this.kinds = KINDS.map(([kind]) => kind).filter((kind) => words[named(kind)]);
    this.line = document.createElement("div");
    Object.assign(this.line, { className: "hint", id: `hint-${number}`, hidden: true });
    const heard = document.createElement("div");
    heard.setAttribute("role", "status");
    heard.append(this.line);
    field.after(heard);
    field.addEventListener("input", () => this.lookSoon());
    field.addEventListener("change", () => this.look());
  }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  look() {
    clearTimeout(this.timer);
    const hint = hintFor(this.field.value, this);
    const text = hint ? this.words[named(hint[0])].replace("{found}", hint[1]) : "";
    if (text === (this.text ?? "")) return;
    this.text = text;
    this.line.hidden = !text;
    this.line.replaceChildren(...(text ? [paragraph(text), this.button(hint[0])] : []));
  }

  // Put away, a kind of hint does not come back to this field.
  button(kind) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-quiet", textContent: this.words.hintClose });
    button.addEventListener("click", () => {
      this.kinds = this.kinds.filter((other) => other !== kind);
      this.look();
      this.field.focus({ preventScroll: true });
    });
    return button;
  }
}

function named(kind) {
  return `hint${kind[0].toUpperCase()}${kind.slice(1)}`;
}

function paragraph(text) {
  const words = document.createElement("p");
  words.textContent = text;
  return words;
}

onEachPage(() => {
  for (const area of document.querySelectorAll("[data-hints]")) {
    area.querySelectorAll("textarea, [data-hinted]").forEach((field, number) => new Hints(area, field, number));
  }
});
