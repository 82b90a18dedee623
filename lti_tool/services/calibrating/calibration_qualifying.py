"""Noting, after rating together, that people are calibrated until a day: an act of a person, never by itself."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services.calibrating.calibration_access import led
from lti_tool.services.calibrating.calibration_people import parts
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.qualifications import qualified
from lti_tool.store.calibration import CalibrationState
from lti_tool.store.messages import MessageKind
from rubrics.refusal import Refused


def note_qualified(
    session: Session,
    visitor: Visitor,
    calibration_id: UUID,
    *,
    people: Collection[UUID],
    kind: str,
    until: date | None,
    now: datetime,
) -> None:
    """Note it for these who took part, and have them told; ratings that they gave stay as they are.

    Raises `NotHere`, and `Refused` ("close_first", "people_needed", "until_needed", and as `qualified.note` does).
    """
    row = led(session, visitor, calibration_id)
    if row.state is not CalibrationState.CLOSED:
        raise Refused("close_first", "Please close it first: then everybody has their own report to look at.")
    took_part = {one.person_id for one in parts(session, row.id) if one.handed_in}
    if not people or not set(people) <= took_part:
        raise Refused("people_needed", "Please choose at least one of those who took part.")
    if visitor.person_id in people:
        raise Refused("not_oneself", "Nobody notes this for themselves. Somebody else who leads can do it.")
    if until is None:
        raise Refused("until_needed", "Please say until which day it is good: nobody rates alike for ever.")
    for person_id in sorted(people):
        qualified.note(session, visitor, person_id=person_id, kind=kind, days=(now.date(), until), now=now)
        notify.news(
            session, organization_id=row.organization_id, person_id=person_id, now=now,
            kind=MessageKind.QUALIFICATION, path="/qualifications", sender_id=visitor.person_id,
        )  # fmt: skip
