// Dynamic Registration: tells the LMS, and only it, that its window can be closed.

const { platform } = document.getElementById("registered").dataset;
(window.opener ?? window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, platform);
