"""What comes next for one observation, in a sentence or two: it depends on who reads."""

from collections.abc import Mapping
from enum import StrEnum

from lti_tool.access import Who
from lti_tool.services.asking.ways import Times, Way, trainee_is_asked
from lti_tool.services.observations.lines import ObservationLine
from lti_tool.services.observations.read import Record
from lti_tool.web import current
from lti_tool.web.moments import day
from lti_tool.web.texts import _N, comma
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.observation import BEFORE, State


class To(StrEnum):
    """To whom it is said."""

    TRAINEE = "trainee"
    OBSERVER = "observer"
    OTHERS = "others"
    """supervisors, instructors and mentors; they never see what was taken back"""


ANOTHER_STANDS = _N("Another record stands in the place of this one, which can still be read as it was signed.")
NO_LONGER_STANDS = _N("This record no longer stands. It can still be read as it was signed; its page says why.")
ALL_SIGNED = _N("Every lane has signed. It counts as soon as the time to take that back is over.")
HANDED_IN = _N("You have handed in what you saw. It goes on once everybody who observes has.")
STOPPED = _N("It was stopped, and nothing of it counts. No reason was asked.")
NOT_HELD = _N("It did not take place. No reason was asked.")

SENTENCES: Mapping[To, Mapping[State, str]] = {
    To.TRAINEE: {
        State.IN_PROGRESS: _N(
            "What was seen is being written down by %(observer)s. You read it before anyone signs, and you can answer. "
            "You can pause or stop it at any time; no reason is asked."
        ),
        State.PAUSED: _N(
            "It is paused. It goes on when you and %(observer)s are ready; nothing is lost, no time runs, and nobody "
            "has to say why."
        ),
        State.DRAFTED: _N("What was seen is written down. You read it before anyone signs, and you can answer."),
        State.IN_MODERATION: _N(
            "What was seen is written down by each observer. They see some of it differently and meet about it; then "
            "you read each view and what they said to each other, before anyone signs."
        ),
        State.SHARED: _N(
            "Read it in your own time. You can answer until %(day)s, with words or without. "
            "From then on it can be signed without an answer; that is recorded as silence and as nothing else."
        ),
        State.ANSWERED: _N("It waits for a signature: %(lanes)s. Nothing is needed from you."),
        State.AMENDING: _N("Something of it is being rewritten. You read it again before anyone signs."),
        State.IN_RECONCILIATION: _N(
            "Those who sign see it differently and meet about it. Nothing is needed from you; you can read what they "
            "agree on."
        ),
        State.FINAL: _N("It is signed and counts on your path. It stays exactly as it was signed."),
        State.RELEASED: _N("It is signed and counts on your path. It stays exactly as it was signed."),
        State.DECLINED: _N(
            "%(observer)s could not take this on. That says nothing about you or your practice. "
            "You can ask someone else at any time."
        ),
        State.CANCELED: _N("You called it off. You can ask for a new one at any time."),
        State.NOT_HELD: _N("It did not take place, and nobody has to say why. You can ask for a new one at any time."),
        State.STOPPED: _N(
            "This observation was stopped, and nobody has to say why. Nothing of it counts. "
            "You can ask for a new one at any time."
        ),
        State.WITHDRAWN: _N(
            "You took this back. Nobody else can see it, and nothing of it counts. Its words are taken away a day "
            "later, or at once if you say so."
        ),
        State.SUPERSEDED: NO_LONGER_STANDS,
        State.RECONSIDERED: ANOTHER_STANDS,
    },
    To.OBSERVER: {
        State.IN_PROGRESS: _N("Your draft is open. Nobody else can see it until you share it."),
        State.PAUSED: _N(
            "It is paused. What you wrote is kept, and you can go on writing when you two go on. Nobody has to say why."
        ),
        State.SHARED: _N("%(trainee)s is reading it and can answer until %(day)s. Nothing is needed from you now."),
    },
    To.OTHERS: {
        State.IN_PROGRESS: _N("What was seen is being written down by %(observer)s."),
        State.PAUSED: _N("It is paused. No reason was asked."),
        State.DRAFTED: _N("What was seen is written down, and not yet shared with %(trainee)s."),
        State.IN_MODERATION: _N("The observers meet about what they see differently, before it is shared."),
        State.SHARED: _N("%(trainee)s is reading it and can answer until %(day)s."),
        State.ANSWERED: _N("It waits for a signature: %(lanes)s."),
        State.AMENDING: _N("Something of it is being rewritten. It is signed once the trainee has read it."),
        State.IN_RECONCILIATION: _N("Those who sign meet about it. It is signed after that."),
        State.FINAL: _N("It is signed. It stays exactly as it was signed."),
        State.RELEASED: _N("It is signed. It stays exactly as it was signed."),
        State.DECLINED: _N("The observer could not take this on. No reason was asked."),
        State.CANCELED: NOT_HELD,
        State.NOT_HELD: NOT_HELD,
        State.STOPPED: STOPPED,
        State.WITHDRAWN: STOPPED,
        State.SUPERSEDED: NO_LONGER_STANDS,
        State.RECONSIDERED: ANOTHER_STANDS,
    },
}
"""By reader and state; what is not said to an observer of their own is what others read."""

WINDOW_PASSED: Mapping[To, str] = {
    To.TRAINEE: _N(
        "The time to answer before signing was until %(day)s. As long as nobody has signed, "
        "you can still answer, with words or without."
    ),
    To.OBSERVER: _N("%(trainee)s could answer until %(day)s and has not done so. It can be signed now."),
    To.OTHERS: _N("%(trainee)s could answer until %(day)s and has not done so. It can be signed now."),
}


class Before(StrEnum):
    """What an observation that has not begun waits for."""

    NOBODY_THERE = "nobody_there"
    DID_IT = "did_it"
    TRAINEE_CONSENTS = "trainee_consents"
    TRAINEE_AGREES = "trainee_agrees"
    ANSWERS = "answers"
    READY = "ready"


BEFORE_IT: Mapping[To, Mapping[Before, str]] = {
    To.TRAINEE: {
        Before.NOBODY_THERE: _N(
            "Nobody is there to observe it now. You can ask someone else, or call it off; an instructor of your "
            "course can ask someone for you too."
        ),
        Before.DID_IT: _N("Its time has passed. Did it take place? If not, you can find another time, or leave it."),
        Before.TRAINEE_CONSENTS: _N(
            "%(asker)s proposes this to you. You decide whether and how it is seen. Nothing happens before you say "
            "yes, and you can say no without a reason."
        ),
        Before.TRAINEE_AGREES: _N(
            "%(proposer)s proposed a time. Please say whether it suits you, or propose another one."
        ),
        Before.ANSWERS: _N(
            "%(waits)s has your request and until %(until)s to say yes or no. After that it comes back to you and to "
            "the instructors of your course. Nothing is needed from you now."
        ),
        Before.READY: _N(
            "%(observer)s observes it. Before anything is written down, the person you support is asked whether they "
            "agree. Nothing is needed from you now."
        ),
    },
    To.OBSERVER: {
        Before.DID_IT: _N(
            "Its time has passed. Did it take place? Begin if it did; if not, say so, or propose another time."
        ),
        Before.TRAINEE_CONSENTS: _N(
            "It waits for %(trainee)s, who decides whether and how it is seen. Nothing is needed from you now."
        ),
        Before.TRAINEE_AGREES: _N("The time waits for %(trainee)s to agree. Nothing is needed from you now."),
        Before.ANSWERS: _N(
            "%(trainee)s asked you to observe. Please say yes or no by %(until)s: after that it comes back to "
            "%(trainee)s and to the instructors of the course."
        ),
        Before.READY: _N("%(trainee)s asked you to observe. Begin when the time has come, or say that you cannot."),
    },
    To.OTHERS: {
        Before.NOBODY_THERE: _N("Nobody is there to observe it now. Somebody else can be asked."),
        Before.DID_IT: _N("Its time has passed, and nobody has said yet whether it took place."),
        Before.TRAINEE_CONSENTS: _N("It waits for %(trainee)s, who decides whether and how it is seen."),
        Before.TRAINEE_AGREES: _N("The time waits for %(trainee)s to agree."),
        Before.ANSWERS: _N("It waits for %(waits)s, who was asked to observe and has until %(until)s to answer."),
        Before.READY: _N("It waits for %(observer)s, who observes it."),
    },
}


def what_next(record: Record, times: Times) -> str:
    """What the reader can expect, or do, now."""
    line, to = record.line, _to(record.who)
    if to is not To.TRAINEE and record.may_sign:
        return _("It is ready for your signature. You see everything before you sign.")
    if line.state in BEFORE:
        return _before(line, times, to)
    if line.state is State.IN_PROGRESS and record.handed_in:
        return _(HANDED_IN)
    if line.state is State.ANSWERED and not line.lanes_open:
        return _(ALL_SIGNED)
    if line.state is State.SHARED and _window_passed(line):
        return _(WINDOW_PASSED[to], **_values(line))
    return _(SENTENCES[to].get(line.state) or SENTENCES[To.OTHERS][line.state], **_values(line))


def _before(line: ObservationLine, times: Times, to: To) -> str:
    """An observer who has said yes reads what others read while others are still asked."""
    waits = _waits(line, times)
    if to is To.OBSERVER and waits is Before.ANSWERS and Way.AGREE not in times.ways:
        to, waits = (To.OBSERVER, Before.READY) if line.state is State.CONSENTED else (To.OTHERS, waits)
    return _(
        BEFORE_IT[to].get(waits) or BEFORE_IT[To.OTHERS][waits],
        **_values(line),
        asker=times.asked_by or line.trainee_name,
        proposer=times.proposed_by or "",
        waits=_names(times.waits_for),
        until=day(times.answer_by) if times.answer_by else "",
    )


def _waits(line: ObservationLine, times: Times) -> Before:
    if not line.taking_part:
        return Before.NOBODY_THERE
    if times.did_it:
        return Before.DID_IT
    if line.mode is None:
        return Before.TRAINEE_CONSENTS
    if trainee_is_asked(line):
        return Before.TRAINEE_AGREES
    return Before.ANSWERS if times.waits_for else Before.READY


def _to(who: frozenset[Who]) -> To:
    if Who.TRAINEE in who:
        return To.TRAINEE
    return To.OBSERVER if Who.OBSERVER in who else To.OTHERS


def _values(line: ObservationLine) -> dict[str, str]:
    return {
        "observer": _names(line.observer_names),
        "trainee": line.trainee_name,
        "day": day(line.respond_until) if line.respond_until else "",
        "lanes": comma().join(word(lane) for lane in sorted(line.lanes_open)),
    }


def _names(names: tuple[str, ...]) -> str:
    return comma().join(names)


def _window_passed(line: ObservationLine) -> bool:
    return line.respond_until is not None and current.now() >= line.respond_until
