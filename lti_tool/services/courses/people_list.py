"""The people of a course as a list, however many: a page at a time, by group and by name.

Names are encrypted: the database knows their order (`name_order`), and only the names of one page are read. Who looks
for a name has all names of the course looked through.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.cohorts import name_order
from lti_tool.services.courses.course_groups import GroupName
from lti_tool.services.courses.people import GrantLine, PersonLine, standing_grants, trains
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.observations.lines import display_name
from lti_tool.store.courses import GroupMemberRow, GroupRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow

MOST_TRAINEES = 25_000
MOST_CARRYING = 500
MOST_GONE = 100
MOST_TEST_USERS = 20


@dataclass(frozen=True, slots=True)
class Search:
    """Whom to show; None and "" leave nobody out."""

    group_id: UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Who matches: how many, and who, in order, where names had to be read for it."""

    count: int
    ids: tuple[UUID, ...] | None
    in_order: bool = True
    """False where not every name has its place yet, and there are too many to read them (`name_order`)."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Those who are not in the course any more, latest first, and how many there are in all."""

    lines: tuple[PersonLine, ...]
    count: int


def find(session: Session, place: Place, search: Search) -> Found:
    """Who of the course matches. Nobody is left out for being many."""
    which = [*_here(place), *_in_group(place, search.group_id)]
    count = session.scalars(select(func.count()).select_from(MembershipRow).where(*which)).one()
    if not search.name and name_order.is_for_the_database(session, place.organization_id, count):
        return Found(count, None, in_order=name_order.is_known(session, place.organization_id))
    rows = session.connection().execute(_names().where(*which))
    wanted = search.name.casefold()
    named = sorted((display_name(person_id, name).casefold(), person_id) for person_id, name in rows)
    ids = tuple(person_id for name, person_id in named if wanted in name)
    return Found(len(ids), ids)


def lines(
    session: Session, place: Place, search: Search, found: Found, *, first: int, most: int
) -> tuple[PersonLine, ...]:
    """So many of those who were found, from the `first` on (counted from 0)."""
    if found.ids is not None:
        return _lines(session, place, found.ids[first : first + most])
    wanted = name_order.ordered(
        select(MembershipRow.person_id).where(*_here(place), *_in_group(place, search.group_id)),
        place.organization_id,
        MembershipRow.person_id,
    )
    return _lines(session, place, tuple(session.scalars(wanted.offset(first).limit(most))))


def carrying(session: Session, place: Place) -> tuple[PersonLine, ...]:
    """Those who observe or sign in the course, by name, however many other people there are."""
    granted = select(GrantRow.person_id).where(GrantRow.course_id == place.course.id, GrantRow.revoked_at.is_(None))
    ids = session.scalars(
        select(MembershipRow.person_id)
        .where(
            *_here(place),
            or_(MembershipRow.capability == Capability.OBSERVER, MembershipRow.person_id.in_(granted)),
        )
        .limit(MOST_CARRYING)
    )
    return _in_order(_lines(session, place, tuple(ids)))


def trainees(session: Session, place: Place, *, also: Collection[UUID] = ()) -> tuple[tuple[UUID, str], ...]:
    """The trainees of the course, and `also` those of these people who are in it, by name."""
    rows = session.connection().execute(
        _names().where(*_here(place), or_(trains(place.course.id), PersonRow.id.in_(also))).limit(MOST_TRAINEES)
    )
    named = ((person_id, display_name(person_id, name)) for person_id, name in rows)
    return tuple(sorted(named, key=lambda person: person[1].casefold()))


def holder(session: Session, place: Place, grant_id: UUID) -> tuple[PersonLine, GrantLine]:
    """Who has this grant, and the grant. Raises `NotHere`."""
    person_id = session.scalars(
        select(GrantRow.person_id).where(GrantRow.id == grant_id, GrantRow.course_id == place.course.id)
    ).one_or_none()
    for line in _lines(session, place, [person_id] if person_id else ()):
        for grant in line.grants:
            if grant.id == grant_id:
                return line, grant
    raise NotHere


def test_users(session: Session, place: Place) -> tuple[PersonLine, ...]:
    """The platform's test users in this course: they may try everything, and are counted nowhere."""
    ids = session.scalars(
        select(MembershipRow.person_id)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.ended_at.is_(None), MembershipRow.test_user)
        .limit(MOST_TEST_USERS)
    )
    return _in_order(_lines(session, place, tuple(ids)))


def gone(session: Session, place: Place) -> Gone:
    """Who is not in the course any more; what was recorded with them stays."""
    left = and_(
        MembershipRow.course_id == place.course.id,
        MembershipRow.ended_at.is_not(None),
        MembershipRow.test_user.is_(False),
    )
    count = session.scalars(select(func.count()).select_from(MembershipRow).where(left)).one()
    if not count:
        return Gone((), 0)
    latest = select(MembershipRow.person_id).where(left).order_by(MembershipRow.ended_at.desc()).limit(MOST_GONE)
    return Gone(_lines(session, place, tuple(session.scalars(latest))), count)


def _here(place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        MembershipRow.course_id == place.course.id,
        MembershipRow.ended_at.is_(None),
        MembershipRow.test_user.is_(False),
    )


def _in_group(place: Place, group_id: UUID | None) -> Iterable[ColumnElement[bool]]:
    if group_id is not None:
        yield MembershipRow.person_id.in_(
            select(GroupMemberRow.person_id)
            .join(GroupRow, GroupRow.id == GroupMemberRow.group_id)
            .where(GroupRow.id == group_id, GroupRow.course_id == place.course.id)
        )


def _names() -> Select[UUID, str | None]:
    return select(PersonRow.id, PersonRow.name).join(MembershipRow, MembershipRow.person_id == PersonRow.id)


def _lines(session: Session, place: Place, ids: Sequence[UUID]) -> tuple[PersonLine, ...]:
    """The people of these ids, in their order, each with grants and groups: three questions, however many."""
    if not ids:
        return ()
    rows = session.execute(
        select(MembershipRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.person_id.in_(ids))
    )
    grants, groups = standing_grants(session, place, ids), _groups(session, place, ids)
    found = {
        row.person_id: PersonLine(
            person_id=row.person_id,
            name=display_name(row.person_id, name),
            launch_capability=row.capability,
            grants=grants.get(row.person_id, ()),
            seen_at=row.seen_at if row.launched else None,
            listed_at=row.listed_at,
            ended_at=row.ended_at,
            test_user=row.test_user,
            groups=tuple(groups.get(row.person_id, ())),
        )
        for row, name in rows
    }
    return tuple(found[person_id] for person_id in ids if person_id in found)


def _groups(session: Session, place: Place, ids: Sequence[UUID]) -> dict[UUID, list[GroupName]]:
    rows = session.execute(
        select(GroupMemberRow.person_id, GroupRow)
        .join(GroupRow, GroupRow.id == GroupMemberRow.group_id)
        .where(GroupRow.course_id == place.course.id, GroupMemberRow.person_id.in_(ids))
        .order_by(GroupRow.name, GroupRow.lti_group_id)
    )
    found: dict[UUID, list[GroupName]] = {}
    for person_id, row in rows:
        found.setdefault(person_id, []).append(GroupName(row.id, row.kind, row.lti_group_id, row.name))
    return found


def _in_order(people: Iterable[PersonLine]) -> tuple[PersonLine, ...]:
    return tuple(sorted(people, key=lambda person: person.name.casefold()))
