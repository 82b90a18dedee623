"""A calibration as somebody reads it: how far it is, where everybody stood, what was agreed, one's own report."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.calibration_access import Seen, seen
from lti_tool.services.calibration_items import Item, items_of, rubric_of_calibration
from lti_tool.services.calibration_people import Part, parts
from lti_tool.services.calibration_rating import rated_in, rating_of
from lti_tool.services.lines import display_name
from lti_tool.services.places import NotHere
from lti_tool.services.visitors import Visitor
from lti_tool.store.calibration import (
    CalibrationOutcomeRow,
    CalibrationPartRow,
    CalibrationRatingRow,
    CalibrationRow,
    CalibrationState,
)
from lti_tool.store.people import PersonRow
from rubrics.assessment import Rating
from rubrics.calibration import Beside, Sight, beside
from rubrics.rubric import Criterion, Rubric

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Whole:
    """A calibration for one reader."""

    row: CalibrationRow
    leads: bool
    takes_part: bool
    handed_in: bool
    sight: Sight
    rubric: Rubric
    items: tuple[Item, ...]
    rated: Mapping[UUID, int]
    """How many criteria of each example the reader answered."""
    people: tuple[Part, ...]
    """Who was asked; only for who leads it and, once it is revealed, for those who took part."""
    names: tuple[str, ...]
    """Who sees the reader's own ratings by name, once it is revealed."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """How one of them rated a criterion."""

    who: str
    """A name, or a letter."""
    own: bool
    rating: Rating
    """Without its words for readers who see letters."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was agreed on; neither a level nor not seen: it was left open."""

    level: int | None
    not_observed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Where everybody stood on one criterion of one example."""

    criterion: Criterion
    agreed: Rating | None
    """As it stood in the example, with its reason."""
    standpoints: tuple[Standpoint, ...]
    outcome: Outcome | None

    def at(self, level: int | None) -> tuple[Standpoint, ...]:
        """Those who gave this level; None: those who say that it was not seen."""
        return tuple(one for one in self.standpoints if one.rating.level == level)


@dataclass(frozen=True, slots=True)
class Talk:
    """One example with everybody's ratings."""

    whole: Whole
    item: Item
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a calibration tells one person of their own ratings."""

    all_together: Beside
    by_criterion: tuple[tuple[Criterion, Beside], ...]


def whole(session: Session, visitor: Visitor, calibration_id: UUID) -> Whole:
    """Raises `NotHere` for whoever neither leads it nor was asked."""
    return _whole(session, visitor, seen(session, visitor, calibration_id))


def talk(session: Session, visitor: Visitor, calibration_id: UUID, item_id: UUID) -> Talk:
    """Where everybody stood on an example. Raises `NotHere`, also before it is revealed."""
    found = seen(session, visitor, calibration_id)
    if found.sight is Sight.NOTHING:
        raise NotHere
    about = _whole(session, visitor, found)
    item = next((one for one in about.items if one.id == item_id), None)
    if item is None or item.example is None:
        raise NotHere
    standpoints = _standpoints(session, visitor, found, [item_id])
    outcomes = _outcomes(session, item_id)
    strips = tuple(
        Strip(
            criterion,
            item.example.rating(criterion.key),
            tuple(one for one in standpoints if one.rating.criterion == criterion.key),
            outcomes.get(criterion.key),
        )
        for criterion in about.rubric.criteria
    )
    return Talk(about, item, strips)


def report(session: Session, visitor: Visitor, calibration_id: UUID) -> Report | None:
    """The reader's own ratings beside the agreed ones, once it is closed; None where they did not hand in.

    There is no way to anybody else's.
    """
    found = seen(session, visitor, calibration_id)
    if found.row.state is not CalibrationState.CLOSED or found.part is None or not found.took_part:
        return None
    agreed = {item.id: item.example for item in items_of(session, found.row) if item.example}
    rows = session.scalars(
        select(CalibrationRatingRow).where(
            CalibrationRatingRow.part_id == found.part.id, CalibrationRatingRow.item_id.in_(agreed)
        )
    )
    pairs = [(rating_of(row), agreed[row.item_id].rating(row.criterion)) for row in rows]
    known = [(own, there) for own, there in pairs if there is not None]
    return Report(
        beside(known),
        tuple(
            (criterion, beside(pair for pair in known if pair[0].criterion == criterion.key))
            for criterion in rubric_of_calibration(session, found.row).criteria
        ),
    )


def units_of(session: Session, row: CalibrationRow) -> tuple[Mapping[str, int], ...]:
    """The levels that were handed in, by part, for each criterion of each example that is shown.

    For numbers of the group alone: nobody is named.
    """
    shown = [item.id for item in items_of(session, row) if item.example]
    found: dict[tuple[UUID, str], dict[str, int]] = {}
    for rating, part in _handed_in(session, row.id, shown):
        if rating.level is not None:
            found.setdefault((rating.item_id, rating.criterion), {})[str(part.id)] = rating.level
    return tuple(found[key] for key in sorted(found))


def _whole(session: Session, visitor: Visitor, found: Seen) -> Whole:
    row, people = found.row, parts(session, found.row.id)
    shows = found.leads or (found.sight is Sight.NAMES)
    return Whole(
        row=row,
        leads=found.leads,
        takes_part=found.part is not None,
        handed_in=found.took_part,
        sight=found.sight,
        rubric=rubric_of_calibration(session, row),
        items=items_of(session, row),
        rated=rated_in(session, found.part.id) if found.part else {},
        people=people if shows else (),
        names=tuple(one.name for one in people if one.handed_in) if found.sight is Sight.NAMES else (),
    )


def _standpoints(session: Session, visitor: Visitor, found: Seen, items: Sequence[UUID]) -> tuple[Standpoint, ...]:
    """By name, or by letters that say nothing of who is who."""
    rows = [(rating, part) for rating, part in _handed_in(session, found.row.id, items)]
    names = _names(session, {part.person_id for _, part in rows}) if found.sight is Sight.NAMES else {}
    letters = _letters(part.id for part in _parts_handed_in(session, found.row.id))
    return tuple(
        sorted(
            (
                Standpoint(
                    names.get(part.person_id) or letters[part.id],
                    part.person_id == visitor.person_id,
                    rating_of(rating) if names else _without_words(rating),
                )
                for rating, part in rows
                if rating.level is not None or rating.not_observed
            ),
            key=lambda one: one.who.casefold(),
        )
    )


def _without_words(row: CalibrationRatingRow) -> Rating:
    return Rating(row.criterion, row.level, not_observed=row.not_observed, evidence="")


def _letters(ids: Iterable[UUID]) -> dict[UUID, str]:
    """In an order that has nothing to do with who was asked first, or with names."""
    order = sorted(set(ids), key=lambda part_id: hashlib.sha256(part_id.bytes).digest())
    return {part_id: _letter(number) for number, part_id in enumerate(order)}


def _letter(number: int) -> str:
    before, last = divmod(number, len(LETTERS))
    return (_letter(before - 1) if before else "") + LETTERS[last]


def _handed_in(
    session: Session, calibration_id: UUID, items: Sequence[UUID]
) -> list[tuple[CalibrationRatingRow, CalibrationPartRow]]:
    rows = session.execute(
        select(CalibrationRatingRow, CalibrationPartRow)
        .join(CalibrationPartRow, CalibrationPartRow.id == CalibrationRatingRow.part_id)
        .where(
            CalibrationPartRow.calibration_id == calibration_id,
            CalibrationPartRow.handed_in_at.is_not(None),
            CalibrationPartRow.left_at.is_(None),
            CalibrationRatingRow.item_id.in_(items),
        )
    )
    return [(rating, part) for rating, part in rows]


def _parts_handed_in(session: Session, calibration_id: UUID) -> Sequence[CalibrationPartRow]:
    return session.scalars(
        select(CalibrationPartRow).where(
            CalibrationPartRow.calibration_id == calibration_id,
            CalibrationPartRow.handed_in_at.is_not(None),
            CalibrationPartRow.left_at.is_(None),
        )
    ).all()


def _names(session: Session, people: Iterable[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(list(people))))
    return {person_id: display_name(person_id, name) for person_id, name in rows}


def _outcomes(session: Session, item_id: UUID) -> dict[str, Outcome]:
    rows = session.scalars(select(CalibrationOutcomeRow).where(CalibrationOutcomeRow.item_id == item_id))
    return {row.criterion: Outcome(row.level, row.not_observed, row.words or "") for row in rows}
