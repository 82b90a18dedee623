"""Pages about something that did not go as expected: what happened, what was kept, what to do.

The texts are in English here and translated when shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lti_tool.web.texts import _N


@dataclass(frozen=True, slots=True)
class Telling:
    """One such page."""

    status: int
    title: str
    happened: str
    todo: str = ""
    keeps_typed: bool = False
    """Whether to show what was typed, so that it can be copied: the same browser sent it."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands in the %(name)s places of `happened`."""
    details: tuple[str, ...] = ()
    """Short technical texts for an administrator; they may be a stranger's."""
    way_on: str = _N("Go back")


NOT_HERE = Telling(
    404,
    _N("There is nothing here for you"),
    _N("This address leads to nothing that you can open. It may be gone, or it belongs to someone else."),
    _N("Nothing was changed. Please open Attune again from your course."),
)
CONNECTION_ENDED = Telling(
    403,
    _N("This LMS does not lead to Attune any more"),
    _N(
        "The connection between this LMS and Attune was ended on %(day)s. Nothing was deleted: what was written and "
        "signed is kept."
    ),
    _N(
        "If you have a link of your own to Attune, it works as before. If not, please ask your program for one. "
        "Where the courses go on in another LMS, open Attune from there."
    ),
)
NOT_FOR_ROLE = Telling(
    403,
    _N("This page is for someone else in the course"),
    _N("What you may do here comes from your role in the course, and this page needs another one."),
    _N("Nothing was changed. If you need it, an instructor of the course can give you the capability."),
)
NOT_SIGNED_IN = Telling(
    401,
    _N("Please come in again"),
    _N("Nobody is signed in here. After twelve hours, or after signing out, everyone comes in anew."),
    _N("Open Attune again from your course, or with the link that you were sent. What was saved is still there."),
    keeps_typed=True,
)
FROM_ELSEWHERE = Telling(
    400,
    _N("This did not come from our own page"),
    _N("Your browser says that another site sent this. To be safe, nothing was done with it."),
    _N("Please open Attune again from your course and do it from there."),
)
FORM_TOO_OLD = Telling(
    400,
    _N("Please send this once more"),
    _N("This form was made for another visit, so we could not be sure that it came from you. Nothing was done yet."),
    _N("Go back, load the page again, and send it once more."),
    keeps_typed=True,
)
SOMEONE_ELSE = Telling(
    400,
    _N("Someone else is here now"),
    _N("Someone else has come in with this browser since this page was opened. Nothing was sent in anyone's name."),
    _N("To go on as yourself, open Attune again from your course; what was saved is still there."),
    keeps_typed=True,
    way_on=_N("Go on as the person who is here now"),
)
NOT_UNDERSTOOD = Telling(
    400,
    _N("We could not read this"),
    _N("Something in the address or the form was not as expected. Nothing was changed."),
    _N("Go back, load the page again, and try once more."),
    keeps_typed=True,
)
NO_SUCH_WAY = Telling(
    405,
    _N("This address works in another way"),
    _N("It takes forms, or only shows pages, and was asked for the other. Nothing was changed."),
    _N("Please open Attune again from your course."),
)
TOO_LARGE = Telling(
    413,
    _N("This is more than we can take at once"),
    _N("What was sent is too long. What was saved before is kept."),
    _N("Go back, shorten the text, and send it once more."),
)
TOO_OFTEN = Telling(
    429,
    _N("Please wait a minute"),
    _N("Very many requests came in just now, so this one was not looked at. Nothing was changed."),
    _N("In a minute there is room again. Please load the page then, or send it once more."),
    keeps_typed=True,
)
ADDRESS_ENDED = Telling(
    404,
    _N("This address cannot be used any more"),
    _N("A registration address works once, within a week. This one was used, or its week is over."),
    _N("If the LMS is connected already, you can close this window. Otherwise ask Attune's operator for a new one."),
)
OURS = Telling(
    500,
    _N("Something went wrong on our side"),
    _N("It is not because of anything you did. What was saved before is kept; this last step was not done."),
    _N("Please try again in a moment. If it happens again, tell support the reference below."),
    keeps_typed=True,
)
DATABASE_AWAY = Telling(
    503,
    _N("Attune is away for a moment"),
    _N(
        "Attune cannot reach its own records just now, so it cannot say for certain whether this last step was kept. "
        "What was saved before is kept."
    ),
    _N("Please load the page again in a minute, look whether your last step is there, and do it once more if not."),
    keeps_typed=True,
)
LMS_DOES_NOT_ANSWER = Telling(
    502,
    _N("Your LMS does not answer just now"),
    _N("Attune asked your LMS and got no useful answer."),
    _N("Please try again in a few minutes. Nothing was lost."),
    keeps_typed=True,
)
