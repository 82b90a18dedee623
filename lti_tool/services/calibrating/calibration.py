"""Rating together: begun, revealed, talked about, closed; by who leads it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.calibrating.calibration_access import led, may_lead, note, seen
from lti_tool.services.calibrating.calibration_items import items_of, rubric_of_calibration
from lti_tool.services.calibrating.calibration_people import ask, leave, parts, tell
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.assessments import narrative
from lti_tool.store.base import new_id
from lti_tool.store.calibration import CalibrationItemRow, CalibrationOutcomeRow, CalibrationRow, CalibrationState
from lti_tool.store.rubrics import ExampleRow
from rubrics.calibration import FEWEST, MOST_EXAMPLES, check_rating, check_talk, close, reveal
from rubrics.refusal import Refused

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be rated, and by whom."""

    title: str
    examples: Sequence[UUID]
    people: Collection[UUID]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What those who talked agreed on for one criterion: a level, that it is not seen, or (neither) left open."""

    level: int | None
    not_observed: bool
    words: str


def begin(
    session: Session,
    visitor: Visitor,
    *,
    course_id: UUID | None,
    version_id: UUID,
    wanted: Wanted,
    now: datetime,
) -> UUID:
    """Begin one with examples of an edition of a rubric, frozen as they are now; whoever is asked is told.

    Raises `NotHere`, and `Refused` ("title_needed", "examples_needed", "example_not_agreed", "people_needed").
    """
    if not may_lead(session, visitor, course_id):
        raise NotHere
    title = " ".join(wanted.title.replace("\x00", "").split())[:LONGEST_TITLE]
    if not title:
        raise Refused("title_needed", "Please give it a title, such as “March: listening”.")
    examples = _examples(session, visitor.organization_id, version_id, wanted.examples)
    if len(set(wanted.people)) < FEWEST:
        raise Refused("people_needed", "Please choose at least two people: rating together needs two views.")
    row = CalibrationRow(
        id=new_id(), organization_id=visitor.organization_id, rubric_version_id=version_id, course_id=course_id,
        title=title, led_by=visitor.person_id, made_at=now, state=CalibrationState.RATING,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for position, example in enumerate(examples, start=1):
        session.add(
            CalibrationItemRow(
                id=new_id(), organization_id=row.organization_id, calibration_id=row.id, example_id=example.id,
                position=position, document=example.document,
            )
        )  # fmt: skip
    session.flush()
    note(session, visitor, row, "begin", now, examples=len(examples))
    ask(session, visitor, row, wanted.people, now)
    return row.id


def show_all(session: Session, visitor: Visitor, calibration_id: UUID, now: datetime) -> None:
    """Reveal: everybody who took part sees everybody's. Twice is once. Raises `NotHere`, `Refused` ("two_needed")."""
    row = led(session, visitor, calibration_id)
    people = parts(session, row.id)
    state = reveal(row.state, sum(one.handed_in for one in people))
    if state is row.state:
        return
    row.state, row.revealed_at = state, now
    session.flush()
    note(session, visitor, row, "reveal", now)
    for one in people:
        tell(session, visitor, row, one.person_id, now)


def record(
    session: Session,
    visitor: Visitor,
    calibration_id: UUID,
    *,
    item_id: UUID,
    agreed: Mapping[str, Agreed],
    now: datetime,
) -> None:
    """Record what was agreed for criteria of one example. Raises `NotHere`, `Refused`."""
    row = led(session, visitor, calibration_id)
    check_talk(row.state)
    item = next((one for one in items_of(session, row) if one.id == item_id and one.example), None)
    if item is None:
        raise NotHere
    rubric = rubric_of_calibration(session, row)
    kept = {one.criterion: one for one in _outcomes(session, item_id)}
    for key, wanted in agreed.items():
        criterion = rubric.criterion(key)
        if criterion is None or (wanted.level is not None and criterion.level(wanted.level) is None):
            raise Refused("not_in_rubric", "This is not part of the rubric. Please load the page again.")
        found = kept.get(key)
        if found is None:
            found = CalibrationOutcomeRow(item_id=item_id, criterion=key, organization_id=row.organization_id)
            session.add(found)
        found.level, found.not_observed = wanted.level, wanted.not_observed
        found.words = narrative(wanted.words)
        found.recorded_by, found.recorded_at = visitor.person_id, now
    session.flush()
    note(session, visitor, row, "record", now, item=str(item_id), criteria=len(agreed))


def end(session: Session, visitor: Visitor, calibration_id: UUID, words: str, now: datetime) -> None:
    """Close it with what was talked about; twice is once. Raises `NotHere`, `Refused` ("reveal_first")."""
    row = led(session, visitor, calibration_id)
    state = close(row.state)
    if state is row.state:
        return
    row.state, row.closed_at, row.record = state, now, narrative(words)
    session.flush()
    note(session, visitor, row, "close", now)
    for one in parts(session, row.id):
        tell(session, visitor, row, one.person_id, now)


def put_away(session: Session, visitor: Visitor, calibration_id: UUID, now: datetime) -> None:
    """Put it away before its end: nothing of it is shown or counted. Raises `NotHere`, `Refused`."""
    row = led(session, visitor, calibration_id)
    if row.state is CalibrationState.CLOSED:
        raise Refused("calibration_closed", "It is closed, so what was recorded stays. A new one can be begun.")
    row.ended_at = now
    session.flush()
    note(session, visitor, row, "put_away", now)


def step_out(session: Session, visitor: Visitor, calibration_id: UUID, now: datetime) -> None:
    """Have no part in it, without a reason; what the visitor rated is gone. Raises `NotHere`, `Refused`."""
    found = seen(session, visitor, calibration_id, lock=True)
    if found.part is None:
        raise NotHere
    check_rating(found.row.state, handed_in=False)
    leave(session, found.part, now)
    note(session, visitor, found.row, "leave", now)
    tell(session, visitor, found.row, found.row.led_by, now)


def _examples(
    session: Session, organization_id: UUID, version_id: UUID, wanted: Sequence[UUID]
) -> Sequence[ExampleRow]:
    """In the order in which they were written. Raises `Refused`."""
    if not 1 <= len(set(wanted)) <= MOST_EXAMPLES:
        raise Refused("examples_needed", "Please choose from 1 to %(most)s examples.", most=MOST_EXAMPLES)
    rows = session.scalars(
        select(ExampleRow)
        .where(
            ExampleRow.id.in_(wanted),
            ExampleRow.organization_id == organization_id,
            ExampleRow.rubric_version_id == version_id,
            ExampleRow.agreed_at.is_not(None),
            ExampleRow.put_away_at.is_(None),
        )
        .order_by(ExampleRow.id)
        .with_for_update(read=True)
    ).all()
    if len(rows) != len(set(wanted)):
        raise Refused(
            "example_not_agreed", "One of these examples was changed or put away meanwhile. Please choose again."
        )
    return rows


def _outcomes(session: Session, item_id: UUID) -> Sequence[CalibrationOutcomeRow]:
    return session.scalars(select(CalibrationOutcomeRow).where(CalibrationOutcomeRow.item_id == item_id)).all()
