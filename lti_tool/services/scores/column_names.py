"""What a gradebook column is called in the LMS, and out of how much its scores are: asked for by an instructor."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.lti.names import GRADEBOOK_SCOPES
from lti_tool.lti.quirks import quirks_of
from lti_tool.services import audit
from lti_tool.services.authoring.author import require_instructor
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.scores import lms_columns
from lti_tool.store.courses import ActivityColumnRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import RegistrationRow
from rubrics.refusal import Refused

LONGEST_LABEL = 255
LARGEST_MAXIMUM = 999


class Fixed(StrEnum):
    """Why something of a column is not changed from here."""

    NOT_OFFERED = "not_offered"
    """The LMS does not let Attune change columns."""
    STOPPED = "stopped"
    """It was deleted there, or nothing is sent to it any more."""
    SCORED = "scored"
    """Scores went to it already: the LMS might change them."""
    THE_LMS = "the_lms"
    """In this LMS a new maximum turns empty cells into 0."""


@dataclass(frozen=True, slots=True)
class InLms:
    """What a column is called and out of how much it is, as it is or is asked to be; and what of it can be changed."""

    line_item_id: UUID
    label: str
    maximum: int
    waiting: bool
    """Whether a change was asked for that the LMS did not take yet."""
    label_fixed: Fixed | None
    maximum_fixed: Fixed | None


def in_lms(session: Session, place: Place) -> dict[UUID, InLms]:
    """The activity's columns that stand, by line item."""
    scored = exists().where(DeliveryRow.line_item_id == LineItemRow.id, DeliveryRow.sent_at.is_not(None))
    rows = session.execute(
        select(LineItemRow, RegistrationRow.family, scored)
        .join(RegistrationRow, RegistrationRow.id == LineItemRow.registration_id)
        .outerjoin(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
        .where(or_(LineItemRow.activity_id == place.activity.id, ActivityColumnRow.activity_id == place.activity.id))
    )
    return {row.id: _in_lms(row, family, scored=bool(sent)) for row, family, sent in rows}


def _in_lms(row: LineItemRow, family: str, *, scored: bool) -> InLms:
    fixed = _fixed(row)
    if fixed is None and scored:
        maximum_fixed: Fixed | None = Fixed.SCORED
    elif fixed is None and quirks_of(family).scores.maximum_is_fixed:
        maximum_fixed = Fixed.THE_LMS
    else:
        maximum_fixed = fixed
    return InLms(
        line_item_id=row.id,
        label=row.wanted_label or row.label,
        maximum=row.wanted_maximum or row.score_maximum,
        waiting=row.change_at is not None,
        label_fixed=fixed,
        maximum_fixed=maximum_fixed,
    )


def _fixed(row: LineItemRow) -> Fixed | None:
    if row.gone_at is not None or row.stopped_at is not None:
        return Fixed.STOPPED
    if f"{GRADEBOOK_SCOPES}lineitem" not in row.scopes:
        return Fixed.NOT_OFFERED
    return None


def change(
    session: Session, visitor: Visitor, place: Place, line_item_id: UUID, label: str, maximum: int | None, now: datetime
) -> tuple[UUID, ...]:
    """Ask for another name or maximum; the worker changes it in the LMS. The answer names the column if it changes.

    A `maximum` of None leaves it as it is. Twice the same changes nothing. Raises `Refused`, `NotHere`.
    """
    require_instructor(session, visitor, place.course.id)
    known = in_lms(session, place).get(line_item_id)
    if known is None:
        raise NotHere
    label = checked_label(label)
    new_label = label if label != known.label else None
    new_maximum = maximum if maximum not in (None, known.maximum) else None
    if new_label is not None and known.label_fixed is not None:
        raise Refused("label", "Its name cannot be changed from here. Please change it in the LMS.")
    if new_maximum is not None and known.maximum_fixed is not None:
        raise Refused("maximum", "Its maximum stays as it is. This page says why.")
    if new_maximum is not None and not 1 <= new_maximum <= LARGEST_MAXIMUM:
        raise Refused("maximum", "Please give a number from %(least)s to %(most)s.", least=1, most=LARGEST_MAXIMUM)
    if new_label is None and new_maximum is None:
        return ()
    # First the audit, then the row: everything that notes scores takes its locks in this order.
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act="column.change",
        subject=f"line_item:{line_item_id}",
        now=now,
        renamed=new_label is not None,
        maximum=new_maximum,
    )
    row = lms_columns.held(session, line_item_id)
    row.wanted_label, row.wanted_maximum = new_label or row.wanted_label, new_maximum or row.wanted_maximum
    row.change_at, row.change_attempts, row.change_answer = now, 0, None
    session.flush()
    return (row.id,)


def checked_label(label: str) -> str:
    """The label as it is kept. Raises `Refused`."""
    label = " ".join(label.split())
    if not label or len(label) > LONGEST_LABEL or "\x00" in label:
        raise Refused("label", "Please give it a name of at most %(most)s characters.", most=LONGEST_LABEL)
    return label
