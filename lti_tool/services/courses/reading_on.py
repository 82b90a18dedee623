"""The record of a course that is kept for reading only: without the ways on that lead nowhere now."""

from dataclasses import replace

from sqlalchemy.orm import Session

from lti_tool.services.asking.ways import Times, Way
from lti_tool.services.courses import archived
from lti_tool.services.observations.observing import Observing
from lti_tool.services.observations.read import Record
from lti_tool.services.signing.signing_part import SigningPart
from rubrics.observation import OVER

STAY = frozenset({Way.CANCEL, Way.DECLINE, Way.NOT_HOLD, Way.STOP, Way.CALENDAR})


def stands_still(session: Session, record: Record) -> bool:
    """Whether it would go on, if its course were open."""
    return record.line.state not in OVER and archived.is_kept(session, record.line.course_id)


def reading(record: Record) -> Record:
    """Nothing to answer, to add or to sign."""
    return replace(record, may_answer=False, may_add=False, may_sign=frozenset())


def times(found: Times) -> Times:
    """Only what takes something back."""
    return replace(found, ways=found.ways & STAY)


def signing(found: SigningPart) -> SigningPart:
    """A signature can be taken back; no new record is begun."""
    return replace(found, may_supersede=False)


def observing(found: Observing) -> Observing:
    """Nobody goes on."""
    return replace(found, may_go_on=False, may_take_up_again=False, may_meet=False, may_assess_oneself=False)
