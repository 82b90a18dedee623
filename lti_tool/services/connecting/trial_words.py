"""What is said of each step of trying a connection: what was found, and the next thing to do."""

from collections.abc import Mapping
from types import MappingProxyType

from lti_tool.lti.answers import Answer
from lti_tool.lti.errors import PlatformProblem
from lti_tool.services.connecting.trial import Step
from rubrics.refusal import _N

TITLES: Mapping[Step, str] = MappingProxyType(
    {
        Step.KEYS: _N("The LMS's keys"),
        Step.TOKEN: _N("Access to its services"),
        Step.LAUNCH: _N("The last launch"),
        Step.ROSTER: _N("The list of people"),
        Step.COLUMN: _N("A column for the test"),
        Step.SCORE: _N("A score in it"),
        Step.RESULT: _N("The score, read back"),
        Step.CLEAN_UP: _N("The column, taken away"),
    }
)
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # what was found
        "keys_read": _N("Attune can read %(count)s of them. It can check that launches come from this LMS."),
        "token_given": _N("The LMS knows Attune, and gives it access."),
        "launched": _N("Somebody came in on %(moment)s."),
        "roster_read": _N("It can be read. Its first part names %(count)s people; nobody was changed here."),
        "column_made": _N("The gradebook has it now. The last step takes it away again."),
        "score_taken": _N("The LMS took it, for its own test user."),
        "score_read_back": _N("It is what was sent."),
        "column_taken_away": _N("The gradebook is as it was."),
        # what was left out, and why
        "no_course": _N("Not tried: no course was chosen."),
        "no_roster": _N("Not tried: the LMS names no list of people for this course."),
        "no_gradebook": _N("Not tried: no activity of this course was opened that has a column in the gradebook."),
        "columns_not_offered": _N("Not tried: the LMS lets Attune write scores, but make no columns of its own."),
        "scores_not_offered": _N("Not tried: the LMS does not let Attune write scores in this course."),
        "results_not_offered": _N("Not tried: the LMS does not let Attune read what a column shows."),
        "no_column": _N("Not tried: there is no column for the test."),
        "no_safe_person": _N(
            "Not tried: nobody opened this course as the LMS's own test user, and a test never writes a score for "
            "a real person. Where the LMS has one (in Canvas: “Student View”), open an activity with it once."
        ),
        "no_score": _N("Not tried: no score was written."),
        "nothing_left": _N("There is nothing to take away."),
        # what to do
        "never_launched": _N(
            "Nobody has come in from there yet. Add Attune to a course, open it once, and test again."
        ),
        "another_score": _N(
            "The LMS took the score and shows another. Please ask its administrator whether something changes "
            "scores on their way, such as a late policy."
        ),
        "column_left": _N(
            "The LMS did not let Attune take it away. Please delete the column “Attune connection test (you may "
            "delete this)” in the gradebook of %(course)s."
        ),
        PlatformProblem.KEYS_UNREACHABLE: _N(
            "Attune could not reach %(address)s. Please look whether this address is right, and whether a firewall "
            "keeps Attune from it."
        ),
        PlatformProblem.KEYS_NOT_UNDERSTOOD: _N(
            "What stands at %(address)s is no set of keys that Attune can use. Please ask the LMS's administrator for "
            "the address of its public keys."
        ),
        PlatformProblem.ROSTER_NOT_READ: _N("What came is no list of people that Attune can read."),
        PlatformProblem.ROSTER_NOT_ALLOWED: _N(
            "The LMS does not let Attune read it. Please ask its administrator to allow the service “Names and Role "
            "Provisioning” for Attune."
        ),
        PlatformProblem.ROSTER_NOT_NOW: _N("The LMS did not answer just now. Please test again in a while."),
        PlatformProblem.ROSTER_ELSEWHERE: _N(
            "The list is at a machine that nobody accepted for this connection. It waits on your page: accept it, "
            "and test again."
        ),
        PlatformProblem.NOT_RECOGNIZED: _N(
            "The LMS does not recognize Attune for this. Please look at the step “Access to its services”."
        ),
        Answer.PLATFORM_UNREACHABLE: _N("The LMS did not answer in time. Please test again in a while."),
        Answer.NAME_NOT_FOUND: _N("The address of the LMS was not found. Please look at it, and test again."),
        Answer.CERTIFICATE_NOT_TRUSTED: _N(
            "Attune could not make sure that it speaks with the LMS. Please look at the certificate of the LMS."
        ),
        Answer.PAGE_INSTEAD: _N(
            "The LMS answered with a page where an answer should be. Please look whether it is being looked after."
        ),
        Answer.TOKEN_NOT_GIVEN: _N(
            "The part of the LMS that gives access did not answer as it should. Please test again in a while."
        ),
        Answer.CLOCKS_APART: _N("The clocks of Attune and the LMS are apart. Please look at both."),
        Answer.RESULTS_NOT_OFFERED: _N("The LMS does not let Attune read what a column shows."),
        Answer.COLUMN_NOT_OPEN: _N("The LMS takes no score here yet; the assignment may not be published."),
        Answer.COLUMN_NOT_OURS: _N("Attune did not make this column, so it stays."),
        Answer.COURSE_CONCLUDED: _N("The course has ended in the LMS. Please test with another one."),
        Answer.NO_ATTEMPTS_LEFT: _N("The LMS counts no more attempts of this person."),
        Answer.NOTHING_LEFT: _N("Nothing counts that could be sent."),
        Answer.KEPT_BY_LMS: _N("The LMS took the score, and goes on showing its own."),
        Answer.PLATFORM_TROUBLED: _N(
            "The LMS answered that something went wrong on its side. Please test again; if it stays, tell its "
            "administrator."
        ),
        Answer.BUSY: _N("The LMS asked Attune to wait. Please test again in a while."),
        Answer.TOKEN_REFUSED: _N(
            "The LMS did not recognize Attune. Please ask its administrator whether the tool is switched on there "
            "(Moodle: “Activate”; Canvas: the key is ON), and whether the LMS can reach Attune's key address."
        ),
        Answer.SCOPE_NOT_GRANTED: _N(
            "The LMS knows Attune, but does not allow this service. Please ask its administrator to allow it "
            "for Attune."
        ),
        Answer.NOT_ALLOWED: _N("The LMS does not allow this. Please ask its administrator to allow it for Attune."),
        Answer.COLUMN_NOT_OFFERED: _N("The LMS does not offer this here."),
        Answer.COLUMN_GONE: _N("The LMS did not find it. Please open an activity of this course, and test again."),
        Answer.COLUMN_LOCKED: _N("The LMS keeps this column as it is; its period may be closed."),
        Answer.NEWER_SCORE_THERE: _N("The LMS holds something newer. Please test again."),
        Answer.PERSON_NOT_IN_COURSE: _N(
            "The LMS takes no score for its own test user. That is so in some LMSs; scores of trainees may arrive all "
            "the same."
        ),
        Answer.NOT_UNDERSTOOD: _N(
            "The LMS answered in a way that Attune cannot read. Please test again; if it stays, tell Attune's makers."
        ),
        Answer.ADDRESS_NOT_KNOWN: _N(
            "This service is at a machine that nobody accepted for this connection. It waits on your page: accept "
            "it, and test again."
        ),
        Answer.SWITCHED_OFF: _N("The connection is switched off. Switch it on, and test again."),
    }
)


def sentence(code: str) -> str:
    """What a result's code stands for; its places are still open. To be translated where it is shown."""
    return SENTENCES[code]
