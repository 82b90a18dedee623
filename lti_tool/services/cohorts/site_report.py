"""Sites and settings at a glance: agreements that end, who is placed how, hours by setting and practice model.

Numbers of people below `LEAST` are held back, and with them whatever they could be worked out from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from grading.ledger import EntryKind, EntryState
from grading.practice_gaps import LEAST, Risk, SiteFacts, risks
from grading.suppression import ShownTable, Table, hold_back
from lti_tool.services.practicum.sites import cover_of, not_over
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.observations import AssessmentRow, ObservationRow
from lti_tool.store.sites import PlacementRow, SiteAgreementRow, SiteRow
from rubrics.observation import State
from rubrics.placing import CoverState
from rubrics.practice import Compensation, PracticeModel, Setting

SOON = timedelta(days=90)
YEAR = timedelta(days=365)
MOST = 200
NOT_NOTED = ""
"""Instead of a setting or a model: nobody said."""
SETTINGS = (*(each.value for each in Setting), NOT_NOTED)
_PEOPLE = "people"
MODELS = (*(each.value for each in PracticeModel), NOT_NOTED)


@dataclass(frozen=True, slots=True)
class Ending:
    """An agreement that ends soon, and after which none goes on."""

    site_id: UUID
    site: str
    title: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class Placed:
    """How many are placed under one kind of compensation; None instead of a number: held back."""

    compensation: Compensation | None
    """None: nobody said."""
    people: int | None


@dataclass(frozen=True, slots=True)
class Kinds:
    """Practice by settings, or by models, as far as it may be shown."""

    people: ShownTable
    """A number for each kind in which anybody is; each person where most of their hours are."""
    hours: Mapping[str, Decimal]
    observations: Mapping[str, int]

    def people_of(self, kind: str) -> int | None:
        """How many have most of their hours there; None: held back."""
        return self.people.count(_PEOPLE, kind) if kind in self.people.columns else 0

    def hours_of(self, kind: str) -> Decimal | None:
        """Signed hours of everybody who practiced there; None: held back."""
        found = self.hours.get(kind, Decimal(0))
        return found if self._told(kind, found) else None

    def observations_of(self, kind: str) -> int | None:
        """Observations that were released; None: held back."""
        found = self.observations.get(kind, 0)
        return found if self._told(kind, found) else None

    def _told(self, kind: str, found: Decimal | int) -> bool:
        """Where nobody mostly is, something that is there may be of few people."""
        people = self.people_of(kind)
        return people is not None and (people > 0 or not found)


@dataclass(frozen=True, slots=True)
class Practice:
    """Signed hours of practice of some days, and released observations."""

    first: date
    last: date
    settings: Kinds
    models: Kinds

    @property
    def enough(self) -> bool:
        """Whether anything can be shown."""
        return any(self.settings.people_of(each) for each in SETTINGS)


@dataclass(frozen=True, slots=True)
class SiteRisk:
    """What concerns several people at one site."""

    site_id: UUID
    site: str
    risk: Risk


def ending(session: Session, organization_id: UUID, today: date) -> tuple[Ending, ...]:
    """Agreements with sites in use that end within 90 days without one that goes on; the first to end comes first."""
    later = aliased(SiteAgreementRow)
    goes_on = exists(
        select(later.id).where(
            later.site_id == SiteAgreementRow.site_id,
            later.id != SiteAgreementRow.id,
            later.ended_at.is_(None),
            or_(later.ends_on.is_(None), later.ends_on > SiteAgreementRow.ends_on),
        )
    )
    rows = session.execute(
        select(SiteRow.id, SiteRow.name, SiteAgreementRow.title, SiteAgreementRow.ends_on)
        .join(SiteRow, SiteRow.id == SiteAgreementRow.site_id)
        .where(
            SiteAgreementRow.organization_id == organization_id,
            SiteAgreementRow.ended_at.is_(None),
            SiteAgreementRow.ends_on.between(today, today + SOON),
            SiteRow.ended_at.is_(None),
            ~goes_on,
        )
        .order_by(SiteAgreementRow.ends_on, SiteRow.name, SiteAgreementRow.id)
        .limit(MOST)
    )
    return tuple(Ending(id_, name, title, ends_on) for id_, name, title, ends_on in rows if ends_on is not None)


def placed(session: Session, organization_id: UUID, today: date) -> tuple[Placed, ...]:
    """Trainees who are placed now, by what they get for it; who has several placements counts by the first."""
    kind = func.coalesce(PlacementRow.compensation, SiteRow.compensation)
    each = (
        select(
            kind.label("kind"),
            func.row_number()
            .over(partition_by=PlacementRow.trainee_id, order_by=(PlacementRow.begins_on, PlacementRow.id))
            .label("place"),
        )
        .join(SiteRow, SiteRow.id == PlacementRow.site_id)
        .where(
            PlacementRow.organization_id == organization_id,
            PlacementRow.ended_at.is_(None),
            PlacementRow.begins_on <= today,
            not_over(today),
        )
        .subquery()
    )
    rows = session.execute(select(each.c.kind, func.count()).where(each.c.place == 1).group_by(each.c.kind))
    counts = {_name(kind): count for kind, count in rows}
    table = _held_back(counts)
    kinds = {_name(each): each for each in (*Compensation, None)}
    return tuple(Placed(each, table.count(_PEOPLE, name) if name in counts else 0) for name, each in kinds.items())


def practice(session: Session, organization_id: UUID, first: date, last: date) -> Practice:
    """Signed hours of practice on these days, and observations that were released, by setting and by model."""
    kinds = (
        _kinds(session, organization_id, first, last, entry, seen)
        for entry, seen in (
            (LedgerEntryRow.setting, ObservationRow.setting),
            (LedgerEntryRow.model, ObservationRow.model),
        )
    )
    return Practice(first, last, *kinds)


def rows_by_kind(kinds: Kinds, names: Sequence[str]) -> Iterator[tuple[str, int | None, Decimal | None, int | None]]:
    """Line by line, for a file: the kind ("": nobody said), people, hours, observations; None: held back."""
    for name in names:
        yield name, kinds.people_of(name), kinds.hours_of(name), kinds.observations_of(name)


def site_risks(session: Session, organization_id: UUID, now: datetime) -> tuple[SiteRisk, ...]:
    """What concerns at least `LEAST` people at a site, by the name of the site."""
    placed_at, drifts = _placed_at(session, organization_id, now.date()), _drifts(session, organization_id, now)
    ids = placed_at.keys() | drifts.keys()
    rows = session.execute(
        select(SiteRow.id, SiteRow.name)
        .where(SiteRow.id.in_(ids), SiteRow.ended_at.is_(None))
        .order_by(SiteRow.name, SiteRow.id)
        .limit(MOST)
    )
    names = {row[0]: row[1] for row in rows}
    covers, last = cover_of(session, names, now.date()), _last_at(session, names)
    facts = (
        SiteFacts(
            str(id_),
            placed_at.get(id_, 0),
            covers[id_].state is CoverState.IN_FORCE,
            last.get(id_),
            *drifts.get(id_, (0, 0, 0)),
        )
        for id_ in names
    )
    return tuple(SiteRisk(UUID(site), names[UUID(site)], risk) for site, risk in risks(facts, now.date()))


def _kinds(session: Session, organization_id: UUID, first: date, last: date, entry: Any, seen: Any) -> Kinds:
    there = (
        LedgerEntryRow.organization_id == organization_id,
        LedgerEntryRow.state == EntryState.SIGNED,
        LedgerEntryRow.kind == EntryKind.PRACTICE,
        LedgerEntryRow.unit == "hours",
        LedgerEntryRow.on_day.between(first, last),
    )
    people = _people(session, there, entry)
    hours = session.execute(select(entry, func.sum(LedgerEntryRow.amount)).where(*there).group_by(entry))
    observations = session.execute(
        select(seen, func.count())
        .where(
            ObservationRow.organization_id == organization_id,
            ObservationRow.state == State.RELEASED,
            ObservationRow.released_at >= datetime.combine(first, time.min, UTC),
            ObservationRow.released_at < datetime.combine(last + timedelta(days=1), time.min, UTC),
        )
        .group_by(seen)
    )
    return Kinds(
        _held_back(people),
        {_name(row[0]): Decimal(row[1]) for row in hours},
        {_name(row[0]): row[1] for row in observations},
    )


def _people(session: Session, there: Sequence[ColumnElement[bool]], entry: Any) -> dict[str, int]:
    """Each person once: where most of their hours are."""
    sums = (
        select(LedgerEntryRow.person_id, entry.label("kind"), func.sum(LedgerEntryRow.amount).label("hours"))
        .where(*there)
        .group_by(LedgerEntryRow.person_id, entry)
        .subquery()
    )
    main = select(
        sums.c.kind,
        func.row_number()
        .over(partition_by=sums.c.person_id, order_by=(sums.c.hours.desc(), func.coalesce(sums.c.kind, "")))
        .label("place"),
    ).subquery()
    rows = session.execute(select(main.c.kind, func.count()).where(main.c.place == 1).group_by(main.c.kind))
    return {_name(row[0]): row[1] for row in rows}


def _held_back(people: Mapping[str, int]) -> ShownTable:
    kinds = tuple(sorted(people))
    return hold_back(Table(_PEOPLE, (_PEOPLE,), kinds, (tuple(people[kind] for kind in kinds),)), LEAST)


def _name(kind: StrEnum | None) -> str:
    return kind.value if kind else NOT_NOTED


def _placed_at(session: Session, organization_id: UUID, today: date) -> dict[UUID, int]:
    people = func.count(PlacementRow.trainee_id.distinct())
    rows = session.execute(
        select(PlacementRow.site_id, people)
        .where(
            PlacementRow.organization_id == organization_id,
            PlacementRow.ended_at.is_(None),
            PlacementRow.begins_on <= today,
            not_over(today),
        )
        .group_by(PlacementRow.site_id)
        .having(people >= LEAST)
    )
    return {row[0]: row[1] for row in rows}


def _drifts(session: Session, organization_id: UUID, now: datetime) -> dict[UUID, tuple[int, int, int]]:
    """Of the last year: observations of which it was said, people, and those with something foreign to the role."""
    people = func.count(ObservationRow.trainee_id.distinct())
    drifted = func.sum(case((AssessmentRow.role_drift.is_(True), 1), else_=0))
    rows = session.execute(
        select(ObservationRow.site_id, func.count(), people, drifted)
        .join(AssessmentRow, AssessmentRow.observation_id == ObservationRow.id)
        .where(
            ObservationRow.organization_id == organization_id,
            ObservationRow.state == State.RELEASED,
            ObservationRow.released_at >= now - YEAR,
            ObservationRow.site_id.is_not(None),
            AssessmentRow.of_oneself.is_(False),
            AssessmentRow.role_drift.is_not(None),
        )
        .group_by(ObservationRow.site_id)
        .having(people >= LEAST)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows if row[0] is not None}


def _last_at(session: Session, site_ids: Mapping[UUID, str]) -> dict[UUID, date]:
    rows = session.execute(
        select(ObservationRow.site_id, func.max(ObservationRow.released_at))
        .where(ObservationRow.site_id.in_(site_ids), ObservationRow.state == State.RELEASED)
        .group_by(ObservationRow.site_id)
    )
    return {row[0]: row[1].date() for row in rows if row[0] is not None and row[1] is not None}
