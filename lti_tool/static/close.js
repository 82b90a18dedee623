// Dynamic Registration: tells whoever opened this window that it can be closed. It tells nothing else, so to anyone:
// the page around may be at another host than the issuer.

(window.opener ?? window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
