"""Supervision sessions, and the scope of practice that somebody works by, as the engine reads them."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from functools import partial
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, defer

from grading.evidence import Item, Kind, Value
from lti_tool.services.standing.evidence_people import Found, Reading, words_of
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import ScopeAcknowledgmentRow
from lti_tool.store.supervision import SessionPartRow, SupervisionSessionRow
from rubrics.supervision import Part, SessionKind, lanes_of

SCOPE_OF_PRACTICE = "scope_of_practice"
_HUNDREDTH = Decimal("0.01")
_OWN = aliased(SessionPartRow)

_WITHOUT_WORDS = (
    defer(SupervisionSessionRow.agenda),
    defer(SupervisionSessionRow.goals),
    defer(SessionPartRow.differs),
)
"""What somebody wrote is not needed, and not decrypted here."""
_Parts = list[tuple[UUID, SessionPartRow]]
"""Who was there, by the id by which they are known now."""


def sessions(session: Session, people: Mapping[UUID, UUID]) -> Iterator[Found]:
    """The sessions that these people were in as trainees and confirmed, each once for everybody of them."""
    rows = session.execute(
        select(SupervisionSessionRow, SessionPartRow, func.coalesce(PersonRow.merged_into, SessionPartRow.person_id))
        .join(SessionPartRow, SessionPartRow.session_id == SupervisionSessionRow.id)
        .join(PersonRow, PersonRow.id == SessionPartRow.person_id)
        .where(
            SupervisionSessionRow.id.in_(
                select(_OWN.session_id).where(_OWN.person_id.in_(people), _OWN.part == Part.TRAINEE)
            )
        )
        .options(*_WITHOUT_WORDS)
    )
    there: dict[SupervisionSessionRow, _Parts] = {}
    for held, part, human in rows:
        there.setdefault(held, []).append((human, part))
    for held, parts in there.items():
        yield from _of_each(held, parts, frozenset(people.values()))


def _of_each(held: SupervisionSessionRow, parts: _Parts, people: frozenset[UUID]) -> Iterator[Found]:
    supervisors = frozenset(human for human, part in parts if part.part is not Part.TRAINEE)
    for human, part in parts:
        if part.part is Part.TRAINEE and human in people and part.confirmed_at is not None:
            yield Found(human, supervisors, partial(_session, held, parts, supervisors))


def _session(held: SupervisionSessionRow, parts: _Parts, supervisors: frozenset[UUID], reading: Reading) -> Item:
    confirmed = [part.confirmed_at for _, part in parts]
    when = [each for each in confirmed if each is not None]
    trainees = sum(part.part is Part.TRAINEE for _, part in parts)
    is_group = held.kind is SessionKind.GROUP or trainees > 1
    has: dict[str, Value] = {
        "form": frozenset({"group" if is_group else "individual"}),
        "session_kind": frozenset({held.kind.value}),
        "held": frozenset({held.held.value}),
        "lane": frozenset(lane.value for lane in lanes_of(part.part for _, part in parts)),
        "group_size": Decimal(trainees),
        "supervisor": words_of(supervisors),
        "signed_by": words_of(supervisors),
        **reading.names("supervisor", supervisors, held.held_on),
    }
    return Item(
        id=f"session:{held.id}",
        kind=Kind.SUPERVISION,
        on=held.held_on,
        amount=hours_of(held.minutes),
        unit="hours",
        has=has,
        recorded_on=max(held.held_on, reading.day(held.recorded_at)),
        stands_from=max(held.held_on, reading.day(max(when))) if len(when) == len(confirmed) else None,
        reversed_on=reading.day_if(held.taken_back_at),
    )


def hours_of(minutes: int) -> Decimal:
    """Minutes in hundredths of an hour, rounded up: three sessions of 20 minutes are not less than an hour."""
    return (Decimal(minutes) / 60).quantize(_HUNDREDTH, rounding=ROUND_CEILING)


def acknowledgments(session: Session, people: Mapping[UUID, UUID]) -> Iterator[Found]:
    """That these people read an edition of the scope of practice and work by it: which one, no rule asks."""
    rows = session.scalars(select(ScopeAcknowledgmentRow).where(ScopeAcknowledgmentRow.person_id.in_(people)))
    for row in rows:
        if row.person_id is not None:
            yield Found(people[row.person_id], frozenset(), partial(_acknowledgment, row))


def _acknowledgment(row: ScopeAcknowledgmentRow, reading: Reading) -> Item:
    day = reading.day(row.at)
    return Item(
        id=f"scope:{row.id}",
        kind=Kind.SIGNATURE,
        on=day,
        has={"name": frozenset({SCOPE_OF_PRACTICE}), "role": frozenset({row.acknowledged_as.value})},
        stands_from=day,
    )
