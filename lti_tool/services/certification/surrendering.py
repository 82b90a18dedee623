"""A holder gives their certificate back: asked once, and for a day it can be taken again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from grading.deciding import UNDO, Words, holds_one
from grading.evidence import Outcome
from lti_tool.services.certification import deciding
from lti_tool.services.certification.deciding import Asked, Prepared
from lti_tool.services.certification.decision_notices import written
from lti_tool.services.certification.decision_release import own_enrollment
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.standing.standings import stands
from lti_tool.store.messages import MessageKind
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class ToGiveBack:
    """What somebody holds and could give back."""

    program: str
    stage: str
    """Its title."""
    until: datetime
    """Until when it could be taken again."""


def to_give_back(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> ToGiveBack:
    """What the visitor holds. Raises `NotHere` for another's path, `Refused` ("nothing_held") where it is nothing."""
    row = own_enrollment(session, visitor, enrollment_id)
    seen = stands(session, row, now, own=True)
    if not holds_one(seen.standing):
        raise Refused("nothing_held", "There is no certificate on this path that could be given back.")
    titles = {each.stage.key: each.stage.title for each in seen.standing.stages}
    return ToGiveBack(seen.enrolled.program.name, titles.get(seen.standing.stage, ""), now + UNDO)


def give_back(session: Session, visitor: Visitor, enrollment_id: UUID, words: str, now: datetime) -> UUID:
    """Give it back, from today on. The answer is the decision.

    `words` are the holder's own, if they want to say any. Raises as `to_give_back`.
    """
    row = own_enrollment(session, visitor, enrollment_id, locked=True)
    to_give_back(session, visitor, enrollment_id, now)
    seen = deciding.as_it_stands(session, row, now)
    said = Words(reasons=words, what_next="", on=seen.today)
    asked = Asked(Outcome.SURRENDERED, seen.standing.stage, said, deciding.next_number(session, row.id))
    name = display_name(visitor.person_id, visitor.name)
    notice = deciding.composed(session, seen, asked, person=name, by=name, readable_from=now)
    prepared = Prepared(notice, *written(notice), now, deciding.edition_id(session, seen))
    decision_id = deciding.keep(session, row, asked, prepared, by=visitor.person_id, now=now)
    for lead in sorted(deciding.deciders(session, row.organization_id).keys() - {visitor.person_id}):
        notify.news(
            session,
            organization_id=row.organization_id,
            person_id=lead,
            now=now,
            kind=MessageKind.DECISION,
            path=f"/decisions/{decision_id}",
        )
    return decision_id
