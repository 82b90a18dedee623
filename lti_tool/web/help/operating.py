"""Help beside the pages of whoever runs Attune, and of the administrators of an LMS."""

from lti_tool.web.texts import _N

OPERATING = {
    _N(
        "Here is what you look after as the operator: each LMS, how it is connected, and what waits for you. "
        "Records are kept whatever becomes of a connection. Nothing of anybody's practice can be read here."
    ): ("operator/overview.html", "operator/connection.html"),
    _N(
        "You make an address and give it to the administrator of an LMS, who pastes it there. It works once, "
        "within a week, and is shown only when it is made."
    ): ("operator/make_address.html", "operator/address.html"),
    _N(
        "Copy what stands under 1 into your LMS, and note under 2 what it answers. After that, open Attune once "
        "from a course to see that it works. You can test the connection, too."
    ): ("connect/page.html", "connect/canvas.html", "connect/moodle.html", "connect/other.html"),
    _N(
        "Here you see for each LMS how many scores got through, what waits, and why. What waits is sent again by "
        "itself. Whose scores they are is shown in their courses only."
    ): ("operator/gradebooks.html",),
    _N(
        "The test tries each step between Attune and the LMS, one after the other, and says what needs a person. "
        "No score of a trainee is sent by it. You can do it again at any time."
    ): ("operator/trial_begin.html", "operator/trial.html"),
    _N(
        "You came from your LMS to see what Attune keeps about one person. You see kinds and numbers, and no "
        "words. You can ask for a copy or for erasing. It is kept that you asked, and the person can see it."
    ): ("privacy/person.html",),
}
