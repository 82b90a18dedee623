"""What keeps scores from a platform, in words for whoever operates Attune; codes are those of `lti.answers.Answer`."""

from collections.abc import Mapping
from types import MappingProxyType

from lti_tool.lti import answers
from lti_tool.lti.answers import Answer
from lti_tool.services.scores.delivery_health import Need
from rubrics.refusal import _N

NEEDS: Mapping[Need, str] = MappingProxyType(
    {
        Need.CONNECTION: _N(
            "The LMS does not let Attune do what it should, and this does not pass by itself. Test the connection: it "
            "says what the administrator of the LMS can look at. Then try now."
        ),
        Need.SILENT: _N(
            "Scores have waited for more than an hour, and the LMS took none. Please look whether it can be reached "
            "from the machines that Attune runs on, and ask its administrator."
        ),
        Need.CLOCK: _N(
            "The clocks are minutes apart, and an LMS may take a score of the wrong time for an old one. Please look "
            "whether both machines set their clock by a time server."
        ),
    }
)
NO_WORKER = _N(
    "No worker seems to run, so nothing is sent. With PostgreSQL start attune worker; with SQLite the worker runs "
    "inside attune serve, and starting that again starts it."
)
FOR_OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        Answer.PLATFORM_UNREACHABLE: _N("The LMS did not answer."),
        Answer.PLATFORM_TROUBLED: _N("The LMS answered that something went wrong on its side."),
        Answer.NAME_NOT_FOUND: _N(
            "The name of the LMS's machine was not found. Please look at the name service of the machines that Attune "
            "runs on, and whether the LMS moved."
        ),
        Answer.CERTIFICATE_NOT_TRUSTED: _N(
            "The certificate of the LMS is not one that Attune trusts: it may have ended, or come from an authority of "
            "the school's own, which has to be named in the settings."
        ),
        Answer.PAGE_INSTEAD: _N(
            "A page came where an answer should be: from a proxy, or while the LMS is being looked after. What the "
            "gradebook shows is read before anything is sent again."
        ),
        Answer.TOKEN_NOT_GIVEN: _N("The part of the LMS that gives access did not answer, or not as it should."),
        Answer.CLOCKS_APART: _N(
            "The LMS takes a score for one from the future. Please look whether both machines set their clock by a "
            "time server."
        ),
        Answer.COLUMN_NOT_OPEN: _N("The column takes no scores now. Instructors of the course look after it."),
        Answer.COURSE_CONCLUDED: _N("The course has ended in the LMS. Its instructors look after it."),
        Answer.NO_ATTEMPTS_LEFT: _N("No attempts are left. Instructors of the course look after it."),
        Answer.KEPT_BY_LMS: _N("The LMS keeps its own score. Instructors of the course look after it."),
        Answer.BUSY: _N("The LMS asked Attune to wait a little. This is usual while much is sent."),
        Answer.TOKEN_REFUSED: _N(
            "The LMS gave no access. It may have switched Attune off, or cannot read Attune's key address."
        ),
        Answer.SCOPE_NOT_GRANTED: _N("The LMS does not let Attune write scores: its administrator allows it there."),
        Answer.ADDRESS_NOT_KNOWN: _N("The gradebook is at a machine that waits for you to accept it."),
        Answer.NOT_UNDERSTOOD: _N(
            "The LMS answered in a way that Attune cannot read, perhaps with a page for signing in."
        ),
        Answer.PERSON_NOT_IN_COURSE: _N("The LMS has no row for the person. Instructors of the course look after it."),
        Answer.COLUMN_GONE: _N("The column is not there any more. Instructors of the course look after it."),
        Answer.COLUMN_LOCKED: _N("The column is locked. Instructors of the course look after it."),
        Answer.NEWER_SCORE_THERE: _N(
            "The gradebook holds something newer. Instructors of the course say which score stands."
        ),
        Answer.COLUMN_NOT_OFFERED: _N("The LMS offers no column. Instructors of the course look after it."),
        Answer.NOTHING_LEFT: _N("Nothing counts any more. Instructors of the course look after it."),
    }
)


def about(code: str) -> str:
    """What an answer means; to be translated where it is shown."""
    said = FOR_OPERATORS.get(code)
    if said is not None:
        return said
    try:
        return answers.sentence(Answer(code))
    except ValueError:
        return FOR_OPERATORS[Answer.NOT_UNDERSTOOD]
