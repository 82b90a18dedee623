// The practice LMS works without this file: pages then have a button where this goes on by itself.
"use strict";

const form = document.getElementById("continue");
if (form) {
  document.body.classList.add("by-itself");
  form.submit();
}

// A page of the course that was reached inside the frame takes the whole window again.
if (document.body.classList.contains("leaves-frame") && window.top !== window) {
  window.top.location.replace(window.location.href);
}

// A tool's messages. data-messages says how talkative this LMS is: "resize" acts and says nothing,
// "all" also answers, as Canvas does, and an empty text is the silence of Moodle.
const frame = document.querySelector("iframe[data-tool]");
const storage = document.querySelector("iframe[data-storage]");
const subjects = ["lti.frameResize", "lti.close", "lti.scrollToTop", "lti.fetchWindowSize"];

function capabilities() {
  const here = subjects.map((subject) => ({ subject }));
  const there = ["lti.put_data", "lti.get_data"].map((subject) => ({ subject, frame: storage.name }));
  return { supported_messages: [...here, ...there] };
}

function answerTo(message) {
  switch (message.subject) {
    case "lti.capabilities":
      return capabilities();
    case "lti.fetchWindowSize":
      return { height: window.innerHeight, width: window.innerWidth };
    case "lti.frameResize":
    case "lti.close":
    case "lti.scrollToTop":
      return {};
    default:
      return { error: { code: "unsupported_subject", message: "This subject is not supported here." } };
  }
}

function act(message, talkative) {
  if (message.subject === "lti.frameResize" && Number.isFinite(message.height)) {
    frame.style.height = `${Math.min(Math.max(message.height, 320), 20000)}px`;
  }
  if (message.subject === "lti.scrollToTop" && talkative) {
    frame.scrollIntoView();
  }
  if (message.subject === "lti.close" && talkative) {
    window.location.assign(frame.dataset.back);
  }
}

function read(data) {
  if (typeof data !== "string") {
    return data;
  }
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

if (frame) {
  window.addEventListener("message", (event) => {
    const talkative = frame.dataset.messages === "all";
    const message = talkative ? read(event.data) : event.data;
    if (!message || typeof message !== "object" || typeof message.subject !== "string") {
      return;
    }
    if (message.subject === "org.imsglobal.lti.close" && frame.dataset.close) {
      window.location.assign(frame.dataset.close);
    }
    if (event.source !== frame.contentWindow || !frame.dataset.messages) {
      return;
    }
    act(message, talkative);
    if (talkative && !message.subject.endsWith(".response")) {
      const answer = { subject: `${message.subject}.response`, ...answerTo(message) };
      event.source.postMessage({ ...answer, message_id: message.message_id }, event.origin);
    }
  });
}
