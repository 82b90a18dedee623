// Sends the page's one form on to the LMS at once.

document.getElementById("post-on").submit();
