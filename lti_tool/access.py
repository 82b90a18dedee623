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

    AUDITOR = "auditor"
    """reads samples of records, and writes nothing but findings"""


OF_THE_ORGANIZATION = frozenset(
    {
        Capability.OPERATOR,
        Capability.PROGRAM_LEAD,
        Capability.REVIEWER,
        Capability.SAFEGUARDING_LEAD,
        Capability.AUDITOR,
    }
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
    RATER = "rater"
    """whoever rated the same examples and handed in, once it is revealed"""
    SIDE = "side"
    """the two between whom a supervision agreement stands, or of whom one says something for the other"""
    SAFEGUARDING_LEAD = "safeguarding_lead"
    SIGNER = "signer"
    """whoever was asked to sign an entry of the ledger, or signed it"""
    PROGRAM_LEAD = "program_lead"
    """the program leads of the organization"""
    PANEL = "panel"
    """the members of an appeal's panel: they read what it is about only while there is an appeal"""
    SUPPORTER = "supporter"
    """whoever sees to a growth plan, with the trainee"""
    AUDITOR = "auditor"
    """an auditor who opened this record with a reason, for some hours"""
    ANYBODY = "anybody"
    """whoever has the address of a page that its holder opened"""
    COUNTED = "counted"
    """nobody as what somebody said: program leads read it only as part of a count of many"""


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
    LEDGER = "ledger"
    """entries of hours, training, supervision and continuing education"""
    ATTESTATION = "attestation"
    """what the program noted of somebody, such as that a document was seen"""
    STATEMENT = "statement"
    """what somebody says of themselves, by a tick"""
    STANDING = "standing"
    """where somebody stands in a program, and why"""
    DECISION = "decision"
    PAUSE = "pause"
    """that a path is paused; why is asked nowhere"""
    APPEAL = "appeal"
    GROWTH_PLAN = "growth_plan"
    CREDENTIAL = "credential"
    """what a holder carries, and shows to whom they like"""
    ENDORSEMENT = "endorsement"
    """what somebody says for a holder"""
    SELF_DESCRIPTION = "self_description"
    """what somebody says of themselves, so that a program can see whether it is fair"""
    FEEDBACK = "feedback"
    """what a trainee says of supervision, of a site or of feedback"""
    CALIBRATION = "calibration"
    """how an observer rated an example beside others"""


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
    Field.ASSESSMENT: _rule((Who.TRAINEE, Who.SUPERVISOR, Who.MENTOR, Who.PANEL, Who.AUDITOR), (Who.OBSERVER,)),
    Field.RESPONSE: _rule((Who.OBSERVER, Who.SUPERVISOR, Who.MENTOR, Who.PANEL, Who.AUDITOR), (Who.TRAINEE,)),
    Field.SELF_ASSESSMENT: _rule((Who.OBSERVER, Who.SUPERVISOR, Who.AUDITOR), (Who.TRAINEE,)),
    Field.MEETING: _rule((Who.TRAINEE, Who.AUDITOR), (Who.OBSERVER, Who.SUPERVISOR)),
    Field.COMMENT: _rule((Who.TRAINEE,), (Who.MENTOR,)),
    Field.SIGN_OFF: _rule((Who.TRAINEE, Who.OBSERVER, Who.INSTRUCTOR, Who.AUDITOR), (Who.SUPERVISOR,)),
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
    Field.LEDGER: _rule((Who.SIGNER, Who.PROGRAM_LEAD, Who.AUDITOR), (Who.TRAINEE,)),
    Field.ATTESTATION: _rule((Who.TRAINEE,), (Who.PROGRAM_LEAD,)),
    Field.STATEMENT: _rule((Who.PROGRAM_LEAD,), (Who.TRAINEE,)),
    Field.STANDING: _rule((Who.TRAINEE, Who.PROGRAM_LEAD)),
    Field.DECISION: _rule((Who.TRAINEE, Who.PANEL, Who.AUDITOR), (Who.PROGRAM_LEAD,)),
    Field.PAUSE: _rule((Who.PROGRAM_LEAD,), (Who.TRAINEE,)),
    Field.APPEAL: _rule((Who.PROGRAM_LEAD,), (Who.TRAINEE, Who.PANEL)),
    Field.GROWTH_PLAN: _rule((Who.PROGRAM_LEAD,), (Who.TRAINEE, Who.SUPPORTER)),
    Field.CREDENTIAL: _rule((Who.TRAINEE, Who.ANYBODY), (Who.PROGRAM_LEAD,)),
    Field.ENDORSEMENT: _rule((Who.ANYBODY,), (Who.SIDE,)),
    Field.SELF_DESCRIPTION: _rule((Who.COUNTED,), (Who.OWNER,)),
    Field.FEEDBACK: _rule((Who.COUNTED,), (Who.OWNER,)),
    Field.CALIBRATION: _rule((), (Who.RATER,)),
}


def may_see(field: Field, who: frozenset[Who]) -> bool:
    """Whether someone who stands in any of these ways to a record may see the field."""
    return bool(ACCESS[field].see & who)


def may_change(field: Field, who: frozenset[Who]) -> bool:
    """Whether someone who stands in any of these ways to a record may change the field."""
    return bool(ACCESS[field].change & who)
