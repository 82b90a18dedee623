// The frame that keeps a tool's words while a launch is under way (lti.put_data, lti.get_data), as Canvas has one.
// Words are kept for each origin apart, and answers go only to the window and origin that asked.
"use strict";

const origins = document.body.dataset.origins.split(" ");
const kept = new Map();

function answerTo(message, origin) {
  if (message.subject === "lti.capabilities") {
    const frame = "post_message_forwarding";
    return { supported_messages: ["lti.put_data", "lti.get_data"].map((subject) => ({ subject, frame })) };
  }
  if (message.subject !== "lti.put_data" && message.subject !== "lti.get_data") {
    return { error: { code: "unsupported_subject", message: "This subject is not supported here." } };
  }
  if (!origins.includes(origin)) {
    return { error: { code: "wrong_origin", message: "This origin is not the tool's." } };
  }
  if (!message.message_id || !message.key || (message.subject === "lti.put_data" && message.value === undefined)) {
    return { error: { code: "bad_request", message: "message_id, key or value is missing." } };
  }
  const own = kept.get(origin) || kept.set(origin, new Map()).get(origin);
  if (message.subject === "lti.put_data") {
    own.set(message.key, message.value);
  }
  return { key: message.key, value: own.has(message.key) ? own.get(message.key) : null };
}

window.addEventListener("message", (event) => {
  let message = event.data;
  if (typeof message === "string") {
    try {
      message = JSON.parse(message);
    } catch {
      return;
    }
  }
  if (!message || typeof message.subject !== "string" || message.subject.endsWith(".response")) {
    return;
  }
  const answer = { subject: `${message.subject}.response`, ...answerTo(message, event.origin) };
  if (message.message_id) {
    answer.message_id = message.message_id;
  }
  event.source.postMessage(answer, event.origin);
});
