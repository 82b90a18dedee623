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

const frame = document.querySelector("iframe[data-tool]");
if (frame) {
  window.addEventListener("message", (event) => {
    const message = event.data;
    if (!message || typeof message !== "object") {
      return;
    }
    const fromFrame = event.source === frame.contentWindow;
    if (message.subject === "lti.frameResize" && fromFrame && Number.isFinite(message.height)) {
      frame.style.height = `${Math.min(Math.max(message.height, 320), 20000)}px`;
    }
    if (message.subject === "org.imsglobal.lti.close" && frame.dataset.close) {
      window.location.assign(frame.dataset.close);
    }
  });
}
