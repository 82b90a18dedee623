"""Where everybody stood on an example, by name or by letters, and what was agreed on in the talk."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.calibrating.calibration_access import Seen, seen
from lti_tool.services.calibrating.calibration_items import Item, items_of
from lti_tool.services.calibrating.calibration_rating import rating_of
from lti_tool.services.calibrating.calibration_reading import Whole, whole_seen
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.calibration import CalibrationOutcomeRow, CalibrationPartRow, CalibrationRatingRow, CalibrationRow
from lti_tool.store.people import PersonRow
from rubrics.assessment import Rating
from rubrics.calibration import Sight
from rubrics.rubric import Criterion

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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


def talk(session: Session, visitor: Visitor, calibration_id: UUID, item_id: UUID) -> Talk:
    """Where everybody stood on an example. Raises `NotHere`, also before it is revealed."""
    found = seen(session, visitor, calibration_id)
    if found.sight is Sight.NOTHING:
        raise NotHere
    about = whole_seen(session, found)
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
