"""Supervision: what both sides agreed to, sessions that were held, and asking for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rubrics.refusal import _N, Refused
from rubrics.sign_off import Lane

LEAST_DAYS, MOST_DAYS = 1, 366
LEAST_MINUTES, MOST_MINUTES = 1, 1440
LONGEST = 4_000
"""Characters of one text."""


class SessionKind(StrEnum):
    """What kind of session it was."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    JOINT = "joint"
    """with at least one supervisor of each lane: it counts in both"""
    DEBRIEF = "debrief"
    """after something that was heavy"""


class Held(StrEnum):
    """How people met."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


class Part(StrEnum):
    """What somebody was in a session."""

    TRAINEE = "trainee"
    PEER = "peer"
    """supervising in the peer lane"""
    CLINICAL = "clinical"
    """supervising in the clinical lane"""


LANE_OF = {Part.PEER: Lane.PEER, Part.CLINICAL: Lane.CLINICAL}
PART_OF = {lane: part for part, lane in LANE_OF.items()}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says."""

    every_days: int
    """A session at least every so many days."""
    expectations: str
    channels: str
    confidentiality: str


USUAL = Terms(
    every_days=14,
    expectations=_N(
        "The trainee brings what they would like to talk about, and it comes first. We look at what went well before "
        "what to build next. Either of us can pause or end a session. The trainee can ask for more sessions, or for "
        "another supervisor, at any time and without a reason."
    ),
    channels=_N(
        "We meet as we arrange it from one session to the next. In between, “I would like supervision” in Attune "
        "reaches the supervisor and whoever stands in for them."
    ),
    confidentiality=_N(
        "What we talk about stays between us. If somebody is in danger, the supervisor has to pass on what is needed "
        "to keep them safe: they say so first, and what they pass on to whom. The course is told that sessions were "
        "held, and nothing of what was said."
    ),
)
"""What a first draft says until somebody writes it differently."""
TEXTS = ("expectations", "channels", "confidentiality")


def check_terms(terms: Terms) -> None:
    """Whether the two could sign this. Raises `Refused`; its code names the field."""
    if not LEAST_DAYS <= terms.every_days <= MOST_DAYS:
        raise Refused(
            "every_days", "Please give a number from %(least)s to %(most)s.", least=LEAST_DAYS, most=MOST_DAYS
        )
    for name in TEXTS:
        text = getattr(terms, name)
        if not text.strip():
            raise Refused(name, "To continue, we need a sentence here: both of you sign what it says.")
        if len(text) > LONGEST:
            raise Refused(name, "Please keep this to %(limit)s characters.", limit=LONGEST)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session as somebody tells it."""

    kind: SessionKind
    held_on: date
    minutes: int
    there: tuple[tuple[str, Part], ...]
    """Everybody who was there, and as what."""


def lanes_of(parts: Iterable[Part]) -> frozenset[Lane]:
    """The lanes in which a session counts: those of the supervisors who were there."""
    return frozenset(LANE_OF[part] for part in parts if part in LANE_OF)


def check_meeting(meeting: Meeting, today: date) -> None:
    """Whether it can be recorded so. Raises `Refused`.

    Codes: not_yet_held, minutes, one_part, no_trainee, no_supervisor, both_lanes, one_trainee.
    """
    if meeting.held_on > today:
        raise Refused("not_yet_held", "Please choose today or a day before: what is recorded here was held.")
    if not LEAST_MINUTES <= meeting.minutes <= MOST_MINUTES:
        raise Refused(
            "minutes", "Please give a number from %(least)s to %(most)s.", least=LEAST_MINUTES, most=MOST_MINUTES
        )
    people = [person for person, _ in meeting.there]
    if len(people) != len(set(people)):
        raise Refused("one_part", "Please choose one part for each person: somebody is there twice.")
    _who_was_there(meeting.kind, [part for _, part in meeting.there])


def _who_was_there(kind: SessionKind, parts: list[Part]) -> None:
    trainees = parts.count(Part.TRAINEE)
    if not trainees:
        raise Refused("no_trainee", "Please choose the trainee who was there.")
    if trainees == len(parts):
        raise Refused("no_supervisor", "Please choose the supervisor who was there.")
    if kind is SessionKind.JOINT and lanes_of(parts) != frozenset(Lane):
        raise Refused(
            "both_lanes",
            "A joint session has a supervisor of the peer lane and one of the clinical lane. Please choose both, or "
            "record it as another kind.",
        )
    if kind is SessionKind.INDIVIDUAL and trainees > 1:
        raise Refused("one_trainee", "An individual session has one trainee. With several it is a group session.")


def answers(kind: SessionKind, lanes: frozenset[Lane], wished: Lane | None) -> bool:
    """Whether such a session is what a trainee wished for: among others they would not have been heard alone."""
    return kind is not SessionKind.GROUP and (wished is None or wished in lanes)


def due_on(every_days: int, in_force_on: date, last: date | None) -> date:
    """By which day the next session was agreed: counted from the last one, or from when the agreement began."""
    since = in_force_on if last is None else max(in_force_on, last)
    return since + timedelta(days=every_days)


def to_tell(due: date, told_on: date | None, today: date) -> bool:
    """Whether both are to be told today that the day has gone by: once for each such day."""
    return due < today and (told_on is None or told_on <= due)


@dataclass(frozen=True, slots=True)
class Assigned:
    """Somebody who was assigned to supervise a trainee."""

    person: str
    lane: Lane
    backup: bool
    away: bool


def who_answers(
    assigned: Iterable[Assigned], others: frozenset[str], instructors: frozenset[str], wished: Lane | None = None
) -> frozenset[str]:
    """Who is told that a trainee would like supervision, and may take it on.

    Those who are assigned; while one of them is away, also the back-ups of their lane. Where none of these is there,
    also the `others` who supervise in the course; and where nobody is, the instructors.
    """
    asked = [one for one in assigned if wished is None or one.lane is wished]
    first = [one for one in asked if not one.backup]
    covered = {one.lane for one in first if one.away} | ({one.lane for one in asked} - {one.lane for one in first})
    stand_ins = [one for one in asked if one.backup and one.lane in covered and not one.away]
    told = frozenset(one.person for one in (*first, *stand_ins))
    if any(not one.away for one in (*first, *stand_ins)):
        return told
    return told | (others or instructors)
