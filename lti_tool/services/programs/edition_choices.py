"""Editions that people chose to go on under, and what that means for their evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.editions import EDITION, Chosen, Enrolled
from grading.evidence import Evidence, Item
from lti_tool.services.programs.program_versions import Version
from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow


@dataclass(frozen=True, slots=True)
class Choices:
    """Of one enrollment: the edition that was entered at first, and those that came after it by choice."""

    first: str
    chosen: tuple[Chosen, ...] = ()


def choices_of(
    session: Session, enrollments: Sequence[EnrollmentRow], programs: Mapping[UUID, Sequence[Version]]
) -> dict[UUID, Choices]:
    """Of each of them."""
    editions = {each.id: each.program.edition for versions in programs.values() for each in versions}
    moved: dict[UUID, list[EnrollmentMoveRow]] = {each.id: [] for each in enrollments}
    rows = session.scalars(
        select(EnrollmentMoveRow)
        .where(EnrollmentMoveRow.enrollment_id.in_(moved), EnrollmentMoveRow.moved_on.is_not(None))
        .order_by(EnrollmentMoveRow.ended_at, EnrollmentMoveRow.id)
    )
    for row in rows:
        moved[row.enrollment_id].append(row)
    return {each.id: _choices(editions, each, moved[each.id]) for each in enrollments}


def of_their_edition(found: Enrolled) -> Enrolled:
    """Where an edition asks for things of its own: those since it was entered are of it, earlier ones are not."""
    if found.came_by is None or not found.came_by.again or found.since is None:
        return found
    since, before, after = found.since, found.came_by.edition, found.program.edition
    items = tuple(_of(item, after if item.on >= since else before) for item in found.evidence.items)
    return replace(found, evidence=replace(found.evidence, items=items))


def entered_first(evidence: Evidence, choices: Choices) -> Evidence:
    """The evidence of somebody who entered that edition at first."""
    return replace(evidence, edition=choices.first)


def _choices(editions: Mapping[UUID, str], row: EnrollmentRow, moves: Sequence[EnrollmentMoveRow]) -> Choices:
    if not moves:
        return Choices(editions[row.version_id])
    chosen = tuple(Chosen(editions[each.to_version_id], each.moved_on) for each in moves if each.moved_on)
    return Choices(editions[moves[0].from_version_id], chosen)


def _of(item: Item, edition: str) -> Item:
    return item if EDITION in item.has else replace(item, has={**item.has, EDITION: frozenset({edition})})
