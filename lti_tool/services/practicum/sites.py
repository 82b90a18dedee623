"""Sites of the organization, as people read them: where they are, whom one speaks with, what was agreed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations.lines import display_name
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import PlacementRow, SiteAgreementRow, SiteContactRow, SiteRow
from rubrics.placing import Cover, Days, cover
from rubrics.practice import Compensation, PracticeModel, Setting

MOST = 20_000
MOST_OF_ONE = 100
"""Agreements of one site that are shown."""


@dataclass(frozen=True, slots=True)
class SiteName:
    """A site in a list."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in a list, with how its agreements stand today."""

    id: UUID
    name: str
    cover: Cover


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to speak with at a site."""

    id: UUID
    name: str
    what_for: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed with a site, from when until when."""

    id: UUID
    title: str
    days: Days
    signed_for_site_by: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Site:
    """One site."""

    id: UUID
    name: str
    address: str | None
    crisis_plan: str | None
    models: tuple[PracticeModel, ...]
    settings: tuple[Setting, ...]
    compensation: Compensation | None
    made_by: UUID
    changed_at: datetime
    ended_at: datetime | None
    contacts: tuple[Contact, ...]


def names(session: Session, organization_id: UUID, search: str = "", *, put_away: bool = False) -> Sequence[SiteName]:
    """The sites whose name has these letters, by name; with `put_away` those that are not in use any more."""
    which = SiteRow.ended_at.is_not(None) if put_away else SiteRow.ended_at.is_(None)
    rows = session.execute(
        select(SiteRow.id, SiteRow.name).where(SiteRow.organization_id == organization_id, which).limit(MOST)
    )
    wanted = search.casefold()
    found = (SiteName(id_, name) for id_, name in rows if wanted in name.casefold())
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def with_cover(session: Session, sites: Iterable[SiteName], today: date) -> Sequence[SiteLine]:
    """These sites with how their agreements stand today."""
    listed = list(sites)
    covers = cover_of(session, [one.id for one in listed], today)
    return [SiteLine(one.id, one.name, covers[one.id]) for one in listed]


def cover_of(session: Session, site_ids: Collection[UUID], on: date) -> dict[UUID, Cover]:
    """How the agreements with each of these sites stand on that day."""
    known: dict[UUID, list[Days]] = {site_id: [] for site_id in site_ids}
    if known:
        rows = session.execute(
            select(SiteAgreementRow.site_id, SiteAgreementRow.begins_on, SiteAgreementRow.ends_on).where(
                SiteAgreementRow.site_id.in_(known), SiteAgreementRow.ended_at.is_(None)
            )
        )
        for site_id, first, last in rows:
            known[site_id].append(Days(first, last))
    return {site_id: cover(days, on) for site_id, days in known.items()}


def site(session: Session, organization_id: UUID, site_id: UUID) -> Site:
    """One site, also one that was put away. Raises `NotHere`."""
    found = sites_by_id(session, organization_id, [site_id])
    if site_id not in found:
        raise NotHere
    return found[site_id]


def sites_by_id(session: Session, organization_id: UUID, site_ids: Collection[UUID]) -> dict[UUID, Site]:
    """These sites of the organization, also those that were put away."""
    rows = session.scalars(
        select(SiteRow).where(SiteRow.id.in_(site_ids), SiteRow.organization_id == organization_id)
    ).all()
    contacts = _contacts(session, [row.id for row in rows])
    return {row.id: _site(row, contacts[row.id]) for row in rows}


def _site(row: SiteRow, contacts: Sequence[Contact]) -> Site:
    return Site(
        id=row.id,
        name=row.name,
        address=row.address,
        crisis_plan=row.crisis_plan,
        models=tuple(model for model in PracticeModel if model.value in row.models),
        settings=tuple(setting for setting in Setting if setting.value in row.settings),
        compensation=row.compensation,
        made_by=row.made_by,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
        contacts=tuple(contacts),
    )


def agreements(session: Session, site_id: UUID) -> tuple[Agreement, ...]:
    """What was agreed with the site and not taken back, the longest lasting first. Whose site, the caller asks."""
    rows = session.execute(
        select(SiteAgreementRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == SiteAgreementRow.recorded_by)
        .where(SiteAgreementRow.site_id == site_id, SiteAgreementRow.ended_at.is_(None))
        .limit(MOST_OF_ONE)
    )
    found = (
        Agreement(
            id=row.id,
            title=row.title,
            days=Days(row.begins_on, row.ends_on),
            signed_for_site_by=row.signed_for_site_by,
            recorded_by=display_name(row.recorded_by, name),
            recorded_at=row.recorded_at,
        )
        for row, name in rows
    )
    return tuple(sorted(found, key=lambda one: (one.days.last or date.max, one.days.first), reverse=True))


def placed_there(session: Session, site_id: UUID, today: date) -> int:
    """How many people are placed at the site now, or will be."""
    return session.scalars(
        select(func.count())
        .select_from(PlacementRow)
        .where(PlacementRow.site_id == site_id, PlacementRow.ended_at.is_(None), not_over(today))
    ).one()


def not_over(today: date) -> Any:
    """Of placements: those whose last day is not past."""
    return or_(PlacementRow.ends_on.is_(None), PlacementRow.ends_on >= today)


def found_site(session: Session, organization_id: UUID, site_id: UUID, *, locked: bool = False) -> SiteRow:
    """The row; `locked` until the transaction ends. Raises `NotHere`."""
    wanted = select(SiteRow).where(SiteRow.id == site_id, SiteRow.organization_id == organization_id)
    if locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotHere
    return row


def _contacts(session: Session, site_ids: Collection[UUID]) -> dict[UUID, list[Contact]]:
    found: dict[UUID, list[Contact]] = {site_id: [] for site_id in site_ids}
    rows = session.scalars(
        select(SiteContactRow)
        .where(SiteContactRow.site_id.in_(found), SiteContactRow.ended_at.is_(None))
        .order_by(SiteContactRow.id)
    )
    for row in rows:
        found[row.site_id].append(Contact(row.id, row.name, row.what_for, row.phone, row.email))
    return found
