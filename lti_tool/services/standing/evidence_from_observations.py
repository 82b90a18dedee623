"""Observations that were signed, and the levels given in them, as the engine reads them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from grading.evidence import Item, Kind, Value
from lti_tool.services.standing.evidence_people import YES, Found, Reading, word, words_of
from lti_tool.store.observations import (
    AssessmentRow,
    ConsentRow,
    ObservationRow,
    RatingRow,
    SignOffRow,
    SignOffWithdrawalRow,
    SupersessionRow,
)
from lti_tool.store.people import PersonRow
from lti_tool.store.rubrics import RubricRow, RubricVersionRow
from rubrics.observation import UNCHANGEABLE, Mode, State
from rubrics.sign_off import Lane

SIGNING = frozenset({State.ANSWERED, State.IN_RECONCILIATION})
"""Its trainee has read it and answered; a signature is still to come."""
TAKEN_BACK = frozenset({State.SUPERSEDED, State.RECONSIDERED})
_NO = frozenset({"no"})
_WITHOUT_WORDS = (
    defer(ObservationRow.salt),
    defer(ObservationRow.note),
    defer(ObservationRow.where),
)
"""What somebody wrote is not needed, and not decrypted here."""


@dataclass(slots=True)
class _Seen:
    """One observation with all that belongs to it."""

    row: ObservationRow
    mode: Mode | None
    recorded: bool | None
    ended_at: datetime | None
    rubric: str
    alignments: Mapping[str, frozenset[str]]
    """The competencies that each criterion shows, as its rubric names them."""
    raters: dict[UUID, tuple[UUID, datetime]] = field(default_factory=dict)
    """By assessment: whose it is, by the id by which they are known now, and when it was handed in."""
    ratings: list[tuple[RatingRow, UUID]] = field(default_factory=list)
    signatures: list[tuple[UUID, Lane, datetime]] = field(default_factory=list)

    @property
    def observers(self) -> frozenset[UUID]:
        return frozenset(who for who, _ in self.raters.values())

    @property
    def signers(self) -> frozenset[UUID]:
        return frozenset(who for who, _, _ in self.signatures)


def observations(session: Session, people: Mapping[UUID, UUID]) -> Iterator[Found]:
    """Those of these people that are signed, or wait for nothing but a signature, each with its ratings.

    What was taken back, stopped or is still being written is not among them.
    """
    seen = _observations(session, people)
    _add_ratings(session, seen)
    _add_signatures(session, seen)
    for one in seen.values():
        person_id = people[one.row.trainee_id]
        people_of_it = one.observers | one.signers
        yield Found(person_id, people_of_it, partial(_observation, one))
        for rating, observer in one.ratings:
            yield Found(person_id, people_of_it, partial(_rating, one, rating, observer))


def _observations(session: Session, people: Mapping[UUID, UUID]) -> dict[UUID, _Seen]:
    rows = session.execute(
        select(ObservationRow, ConsentRow.mode, ConsentRow.recorded, SupersessionRow.at, RubricVersionRow.id)
        .join(RubricVersionRow, RubricVersionRow.id == ObservationRow.rubric_version_id)
        .outerjoin(ConsentRow, ConsentRow.observation_id == ObservationRow.id)
        .outerjoin(SupersessionRow, SupersessionRow.observation_id == ObservationRow.id)
        .where(ObservationRow.trainee_id.in_(people), ObservationRow.state.in_(UNCHANGEABLE | SIGNING))
        .options(*_WITHOUT_WORDS)
    ).all()
    rubrics = _rubrics(session, {version_id for *_, version_id in rows})
    return {
        row.id: _Seen(row, mode, recorded, ended_at, *rubrics[version_id])
        for row, mode, recorded, ended_at, version_id in rows
    }


def _rubrics(session: Session, version_ids: set[UUID]) -> dict[UUID, tuple[str, Mapping[str, frozenset[str]]]]:
    """The key of each rubric, and the competencies of its criteria."""
    rows = session.execute(
        select(RubricVersionRow.id, RubricRow.key, RubricVersionRow.document)
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(RubricVersionRow.id.in_(version_ids))
    )
    return {version_id: (key, _alignments(document)) for version_id, key, document in rows}


def _alignments(document: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {
        # A document says it in a word where there is nothing more to say of it (`documents.rubric`).
        each["key"]: frozenset(one if isinstance(one, str) else one["competency"] for one in each.get("alignments", ()))
        for each in document.get("criteria", ())
    }


def _add_ratings(session: Session, seen: Mapping[UUID, _Seen]) -> None:
    """What observers handed in; what the trainee says of themselves is shown beside it and never counts."""
    rows = session.execute(
        select(
            AssessmentRow.id,
            AssessmentRow.observation_id,
            AssessmentRow.submitted_at,
            func.coalesce(PersonRow.merged_into, AssessmentRow.observer_id),
            RatingRow,
        )
        .join(PersonRow, PersonRow.id == AssessmentRow.observer_id)
        .outerjoin(RatingRow, RatingRow.assessment_id == AssessmentRow.id)
        .where(
            AssessmentRow.observation_id.in_(seen),
            AssessmentRow.of_oneself.is_(False),
            AssessmentRow.submitted_at.is_not(None),
        )
        .options(defer(RatingRow.evidence))
    )
    for assessment_id, observation_id, submitted_at, observer, rating in rows:
        one = seen[observation_id]
        if submitted_at is not None:
            one.raters[assessment_id] = (observer, submitted_at)
        if rating is not None:
            one.ratings.append((rating, observer))


def _add_signatures(session: Session, seen: Mapping[UUID, _Seen]) -> None:
    rows = session.execute(
        select(
            SignOffRow.observation_id,
            func.coalesce(PersonRow.merged_into, SignOffRow.signer_id),
            SignOffRow.lane,
            SignOffRow.signed_at,
        )
        .join(PersonRow, PersonRow.id == SignOffRow.signer_id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id.in_(seen), SignOffWithdrawalRow.id.is_(None))
    )
    for observation_id, signer, lane, signed_at in rows:
        seen[observation_id].signatures.append((signer, lane, signed_at))


def _observation(one: _Seen, reading: Reading) -> Item:
    on = _held_on(one, reading)
    has = {
        **_has(one, reading, on, one.observers),
        "observer": words_of(one.observers),
        "rated_by": _rated_by(one, one.observers),
    }
    return _item(one, reading, f"observation:{one.row.id}", Kind.OBSERVATION, has=has)


def _rating(one: _Seen, rating: RatingRow, observer: UUID, reading: Reading) -> Item:
    on = _held_on(one, reading)
    has = {
        **_has(one, reading, on, [observer]),
        "observer": words_of([observer]),
        "rated_by": _rated_by(one, [observer]),
        "criterion": frozenset({word(rating.criterion)}),
        "competency": one.alignments.get(rating.criterion, frozenset()),
    }
    id_ = f"rating:{rating.assessment_id}:{rating.criterion}"
    level = None if rating.level is None else Decimal(rating.level)
    return _item(one, reading, id_, Kind.RATING, has=has, amount=level, unit="points")


def _item(
    one: _Seen,
    reading: Reading,
    id_: str,
    kind: Kind,
    *,
    has: Mapping[str, Value],
    amount: Decimal | None = None,
    unit: str = "",
) -> Item:
    on = _held_on(one, reading)
    signed = [at for _, _, at in one.signatures]
    is_signed = one.row.state in UNCHANGEABLE and bool(signed)
    return Item(
        id=id_,
        kind=kind,
        on=on,
        amount=amount,
        unit=unit,
        has={name: value for name, value in has.items() if value != frozenset()},
        recorded_on=max(on, reading.day(_handed_in(one))),
        stands_from=max(on, reading.day(max(signed))) if is_signed else None,
        reversed_on=reading.day(one.ended_at or one.row.changed_at) if one.row.state in TAKEN_BACK else None,
    )


def _has(one: _Seen, reading: Reading, on: date, observers: Sequence[UUID] | frozenset[UUID]) -> dict[str, Value]:
    """What is known of the occasion. What nobody said is not among it."""
    row = one.row
    has: dict[str, Value] = {
        "name": frozenset({word(one.rubric)}),
        "observation": frozenset({str(row.id)}),
        "signed_by": words_of(one.signers),
        "lane": frozenset(lane.value for _, lane, _ in one.signatures),
        **reading.names("observer", observers, on),
        **reading.names("supervisor", one.signers, on),
    }
    said = {"mode": one.mode, "model": row.model, "setting": row.setting}
    has |= {name: frozenset({value.value}) for name, value in said.items() if value is not None}
    if row.site_id is not None:
        has["site"] = frozenset({str(row.site_id)})
    for name, yes in (("recorded", one.recorded), ("interpreter", row.interpreter)):
        if yes is not None:
            has[name] = YES if yes else _NO
    return has


def _rated_by(one: _Seen, observers: Sequence[UUID] | frozenset[UUID]) -> frozenset[str]:
    """As what they rated: whoever also signs is a supervisor."""
    return frozenset({"supervisor" if one.signers & set(observers) else "observer"})


def _held_on(one: _Seen, reading: Reading) -> date:
    """The day of the time that was agreed; where there was none, the one on which the first observer handed in."""
    if one.row.starts_at is not None and one.row.proposed_by is None:
        return reading.day(min(one.row.starts_at, _handed_in(one)))
    return reading.day(_handed_in(one))


def _handed_in(one: _Seen) -> datetime:
    return min((at for _, at in one.raters.values()), default=one.row.requested_at)
