"""Who may see and change what: one table that everything else is computed from.

Routes, "who can see this", the log of who opened a record and the matrix test all read `ACCESS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Capability(StrEnum):
    """What a person may do in one course, or in the organization (see `OF_THE_ORGANIZATION`)."""

    TRAINEE = "trainee"
    OBSERVER = "observer"
    SUPERVISOR = "supervisor"
    INSTRUCTOR = "instructor"
    MENTOR = "mentor"
    """reads what a trainee shares with them, and comments; never rates or signs"""
    OPERATOR = "operator"
    PROGRAM_LEAD = "program_lead"
    """writes rubrics, frameworks and programs of the organization"""
    REVIEWER = "reviewer"
    """reviews rubrics and scenarios with lived experience, before they are published"""
    SAFEGUARDING_LEAD = "safeguarding_lead"
    """sees that something is handled outside of Attune, and nothing of what it is about"""


OF_THE_ORGANIZATION = frozenset(
    {Capability.OPERATOR, Capability.PROGRAM_LEAD, Capability.REVIEWER, Capability.SAFEGUARDING_LEAD}
)
"""Capabilities that are given in the organization and not in a course."""


class Who(StrEnum):
    """How a reader stands to one record."""

    TRAINEE = "trainee"
    """the trainee whose practice it is"""
    OBSERVER = "observer"
    """the person who was asked to observe and agreed, for this observation only"""
    SUPERVISOR = "supervisor"
    """a supervisor who signs in a lane that this observation needs: of the course, or invited for this trainee"""
    MENTOR = "mentor"
    """a mentor of the trainee with whom the trainee shares this observation"""
    INSTRUCTOR = "instructor"
    """the instructors of the course"""
    LMS = "lms"
    """the gradebook of the LMS"""
    OWNER = "owner"
    """the person who wrote it for themselves, and nobody else"""
    PRESENT = "present"
    """whoever was in a supervision session"""
    SIDE = "side"
    """the two between whom a supervision agreement stands"""
    SAFEGUARDING_LEAD = "safeguarding_lead"


class Field(StrEnum):
    """The kinds of record and field that the table speaks of."""

    STATUS = "status"
    """that an observation was asked for, how far it is, when and where it is to be"""
    CONSENT = "consent"
    NOTE = "note"
    """what the trainee wrote when asking"""
    DRAFT = "draft"
    """ratings and words before they are shared"""
    ASSESSMENT = "assessment"
    """ratings and words once shared"""
    RESPONSE = "response"
    """the trainee's own words"""
    SELF_ASSESSMENT = "self_assessment"
    """how the trainee rates themselves; an observer sees it once they have handed in their own view"""
    MEETING = "meeting"
    """that observers or lanes met about a difference, and their record"""
    COMMENT = "comment"
    """what a mentor wrote to the trainee"""
    SIGN_OFF = "sign_off"
    SCORE = "score"
    """the number in the gradebook column"""
    EVIDENCE = "evidence"
    """a file, link or note, as far as its owner shares it"""
    SUPERVISION_AGREEMENT = "supervision_agreement"
    SUPERVISION_SESSION = "supervision_session"
    """the record of a session that was held"""
    SUPERVISION_REQUEST = "supervision_request"
    """that a trainee would like supervision"""
    PLACEMENT = "placement"
    """where a trainee practices"""
    HAND_OVER_NOTE = "hand_over_note"
    """what a new supervisor should know, once the trainee agreed"""
    ADJUSTMENT = "adjustment"
    """what is different for somebody so that they can take part; why is kept nowhere"""
    JOURNAL = "journal"
    SELF_CARE_PLAN = "self_care_plan"
    CHECK_IN = "check_in"
    HANDLED_OUTSIDE = "handled_outside"
    """that something is handled outside of Attune"""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may see a field, and who may change it."""

    see: frozenset[Who]
    change: frozenset[Who]


def _rule(see: tuple[Who, ...], change: tuple[Who, ...] = ()) -> Rule:
    return Rule(see=frozenset(see) | frozenset(change), change=frozenset(change))


ACCESS: Mapping[Field, Rule] = {
    Field.STATUS: _rule((Who.SUPERVISOR, Who.INSTRUCTOR, Who.MENTOR), (Who.TRAINEE, Who.OBSERVER)),
    Field.CONSENT: _rule((Who.OBSERVER, Who.SUPERVISOR), (Who.TRAINEE,)),
    Field.NOTE: _rule((Who.OBSERVER,), (Who.TRAINEE,)),
    Field.DRAFT: _rule((), (Who.OBSERVER,)),
    Field.ASSESSMENT: _rule((Who.TRAINEE, Who.SUPERVISOR, Who.MENTOR), (Who.OBSERVER,)),
    Field.RESPONSE: _rule((Who.OBSERVER, Who.SUPERVISOR, Who.MENTOR), (Who.TRAINEE,)),
    Field.SELF_ASSESSMENT: _rule((Who.OBSERVER, Who.SUPERVISOR), (Who.TRAINEE,)),
    Field.MEETING: _rule((Who.TRAINEE,), (Who.OBSERVER, Who.SUPERVISOR)),
    Field.COMMENT: _rule((Who.TRAINEE,), (Who.MENTOR,)),
    Field.SIGN_OFF: _rule((Who.TRAINEE, Who.OBSERVER, Who.INSTRUCTOR), (Who.SUPERVISOR,)),
    Field.SCORE: _rule((Who.TRAINEE, Who.SUPERVISOR, Who.INSTRUCTOR, Who.LMS)),
    Field.EVIDENCE: _rule((Who.SUPERVISOR, Who.OBSERVER), (Who.TRAINEE,)),
    Field.SUPERVISION_AGREEMENT: _rule((), (Who.SIDE,)),
    Field.SUPERVISION_SESSION: _rule((), (Who.PRESENT,)),
    Field.SUPERVISION_REQUEST: _rule((Who.SUPERVISOR, Who.INSTRUCTOR), (Who.TRAINEE,)),
    Field.PLACEMENT: _rule((Who.TRAINEE, Who.OBSERVER, Who.SUPERVISOR), (Who.INSTRUCTOR,)),
    Field.HAND_OVER_NOTE: _rule((), (Who.TRAINEE, Who.SUPERVISOR)),
    Field.ADJUSTMENT: _rule((Who.TRAINEE, Who.OBSERVER, Who.SUPERVISOR), (Who.INSTRUCTOR,)),
    Field.JOURNAL: _rule((), (Who.OWNER,)),
    Field.SELF_CARE_PLAN: _rule((), (Who.OWNER,)),
    Field.CHECK_IN: _rule((), (Who.OWNER,)),
    Field.HANDLED_OUTSIDE: _rule((Who.SAFEGUARDING_LEAD,)),
}


def may_see(field: Field, who: frozenset[Who]) -> bool:
    """Whether someone who stands in any of these ways to a record may see the field."""
    return bool(ACCESS[field].see & who)


def may_change(field: Field, who: frozenset[Who]) -> bool:
    """Whether someone who stands in any of these ways to a record may change the field."""
    return bool(ACCESS[field].change & who)
