// Sends the form with its file and says how far it is: in MB, in words and as a bar. It can be stopped, and sent again
// after the line broke; what was typed stays in the form. Without this script the browser sends the form by itself.

import { onEachPage } from "./page.js";

const MB = 1_000_000;
const OURS = 500; // from here on the answer is a page of its own, or of whatever stands in front of Attune

class Upload {
  constructor(form) {
    this.form = form;
    this.file = form.querySelector("input[type=file]");
    this.place = form.querySelector("[data-upload-progress]");
    this.line = form.querySelector("[data-upload-line]");
    this.bar = this.place.querySelector("progress");
    this.said = form.querySelector("[data-upload-said]");
    this.button = form.querySelector(".main-action button");
    form.addEventListener("submit", (event) => this.submitted(event));
    this.file.addEventListener("change", () => this.say(this.isTooLarge() ? form.dataset.tooLarge : ""));
    form.querySelector("[data-upload-stop]").addEventListener("click", () => this.stop());
  }

  isTooLarge() {
    return (this.file.files[0]?.size ?? 0) > Number(this.form.dataset.largest);
  }

  submitted(event) {
    event.preventDefault();
    if (this.sending) return;
    if (this.isTooLarge()) return this.say(this.form.dataset.tooLarge);
    this.say("");
    this.send();
  }

  send() {
    const sending = new XMLHttpRequest();
    sending.upload.addEventListener("progress", ({ loaded, total }) => this.show(loaded, total));
    sending.addEventListener("loadend", () => this.ended(sending));
    sending.open("POST", this.form.action);
    sending.setRequestHeader("Accept", "text/html");
    sending.send(new FormData(this.form));
    this.sending = sending;
    this.wasStopped = false;
    this.place.hidden = false;
    this.button.disabled = true;
    this.show(0, this.file.files[0].size);
  }

  show(done, all) {
    const words = { "{done}": Math.floor(done / MB), "{all}": Math.max(1, Math.round(all / MB)) };
    const line = done < all ? this.line.dataset.words : this.line.dataset.last;
    this.line.textContent = line.replace(/{\w+}/g, (name) => words[name]);
    this.bar.value = all ? (100 * done) / all : 0;
  }

  stop() {
    this.wasStopped = true;
    this.sending?.abort();
  }

  ended(sending) {
    if (sending.status) return this.answered(sending);
    this.stopped(this.wasStopped ? this.form.dataset.stopped : this.form.dataset.cut);
  }

  // Brought: its own page. Not taken: the sentence of the page that came, in this one.
  answered(sending) {
    if (sending.status < 400) {
      this.sending = null;
      return location.assign(sending.responseURL);
    }
    const page = new DOMParser().parseFromString(sending.responseText, "text/html");
    const sentence = page.querySelector("main [role=alert] li, main [role=alert], main p")?.textContent.trim();
    this.stopped(sentence || (sending.status >= OURS ? this.form.dataset.cut : this.form.dataset.tooLarge));
  }

  stopped(sentence) {
    this.sending = null;
    this.place.hidden = true;
    this.button.disabled = false;
    this.button.textContent = this.form.dataset.again;
    this.say(sentence);
    this.button.focus();
  }

  say(sentence) {
    this.said.textContent = sentence;
    this.said.hidden = !sentence;
  }
}

onEachPage((gone) => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const upload = new Upload(form);
  window.addEventListener("beforeunload", (event) => upload.sending && event.preventDefault(), { signal: gone });
});
