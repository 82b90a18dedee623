"""Keeping who is in a course's list: some hundred people in a handful of statements, new or known.

Which roles stand, of those that a launch said and those that the list says:

- Somebody whom the list names first has the list's roles, until a launch says others.
- What a launch said stays as long as the list says the same in one reading after the other: Moodle lists
  supervisors as learners every time, and the launch knows better.
- Where the list says something else than in the reading before, that is news, and stands until the next launch:
  somebody became an instructor, or is none any more.
- Who had left and is listed again begins anew, with the list's roles.

Who is not listed any more may do nothing here until they launch again; their record stays. Who has no part anywhere
else either is signed out, as far as this LMS signed them in. That is not so for
whoever asked for the reading, for those who launched since it began, and for those whom no list ever had: an
administrator of the LMS often has no place in the course. These are ended once they were not seen for long. Whom
Attune invited no list ends: the instructor does, or their link by itself once the work is submitted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.lti.roles import capability, is_test_user
from lti_tool.lti.roster import Member, united
from lti_tool.services.courses import course_groups
from lti_tool.services.courses.roster import Reading
from lti_tool.services.entering import signed_in
from lti_tool.store.base import new_id
from lti_tool.store.courses import GroupKind
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.writing import insert_new

UNLISTED_KEPT = timedelta(days=30)

_KNOWN: Any = (
    select(
        LmsAccountRow.sub,
        LmsAccountRow.person_id,
        PersonRow.name,
        MembershipRow.id,
        MembershipRow.roles,
        MembershipRow.listed_roles,
        MembershipRow.listed_at,
        MembershipRow.ended_at,
    )
    .join(PersonRow, PersonRow.id == LmsAccountRow.person_id)
    .outerjoin(
        MembershipRow,
        and_(MembershipRow.person_id == PersonRow.id, MembershipRow.course_id == bindparam("course_id")),
    )
    .where(
        LmsAccountRow.registration_id == bindparam("registration_id"),
        LmsAccountRow.sub.in_(bindparam("subs", expanding=True)),
    )
)
Known = Row[Any]
"""A row of `_KNOWN`."""


def roles_that_stand(
    standing: Sequence[str], listed_before: Sequence[str] | None, listed_now: Sequence[str]
) -> Sequence[str]:
    """The roles of somebody who is known and listed; `listed_before` is None for whom no list had yet."""
    if listed_before is None or set(listed_before) == set(listed_now):
        return standing
    return listed_now


def keep(
    session: Session,
    reading: Reading,
    members: Sequence[Member],
    groups: Mapping[str, UUID],
    now: datetime,
) -> None:
    """Keep these people of the list. `groups` are those of the course, by the platform's ids."""
    ordered = sorted(members, key=lambda member: member.sub)  # the same order for all who write
    known = _known(session, reading, ordered)
    active = [member for member in ordered if member.active]
    strangers = [member for member in active if member.sub not in known]
    if strangers:
        _make_people(session, reading, strangers, now)
        known |= _known(session, reading, strangers)
    listed = [(known[member.sub], member) for member in active if member.sub in known]
    _rename(session, listed)
    _join(session, reading, [(row, member) for row, member in listed if row.id is None])
    _stay(session, reading, [(row, member) for row, member in listed if row.id is not None])
    gone = [known[member.sub].person_id for member in ordered if not member.active and member.sub in known]
    if gone:
        _end(session, reading, now, MembershipRow.person_id.in_(gone), _not_listed(reading))
    in_groups = {row.person_id: member.groups for row, member in listed if member.groups is not None}
    course_groups.put(
        session,
        reading.organization_id,
        reading.course_id,
        GroupKind.GROUP,
        {person_id: {groups[one] for one in ids if one in groups} for person_id, ids in in_groups.items()},
        now=now,
    )


def _known(session: Session, reading: Reading, members: Sequence[Member]) -> dict[str, Known]:
    rows = session.connection().execute(
        _KNOWN,
        {
            "course_id": reading.course_id,
            "registration_id": reading.registration.id,
            "subs": [member.sub for member in members],
        },
    )
    return {row.sub: row for row in rows}


def _make_people(session: Session, reading: Reading, strangers: Sequence[Member], now: datetime) -> None:
    """People and their accounts, made together; a launch at the same moment may come first, and wins."""
    owner = reading.organization_id
    made = [(new_id(), member) for member in strangers]
    people = [{"id": id_, "organization_id": owner, "name": one.name, "created_at": now} for id_, one in made]
    insert_new(session, PersonRow, people)
    accounts = [
        {
            "id": id_,  # the same as the person's, so that it is seen below whose account was there already
            "organization_id": owner,
            "registration_id": reading.registration.id,
            "sub": one.sub,
            "person_id": id_,
        }
        for id_, one in made
    ]
    superfluous = {id_ for id_, _ in made} - insert_new(session, LmsAccountRow, accounts)
    if superfluous:
        _write(session, delete(PersonRow).where(PersonRow.id.in_(superfluous)))


def _rename(session: Session, listed: Sequence[tuple[Known, Member]]) -> None:
    renamed = [
        {"id": row.person_id, "name": member.name} for row, member in listed if member.name not in (None, row.name)
    ]
    if renamed:
        session.execute(update(PersonRow), sorted(renamed, key=lambda values: str(values["id"])))


def _join(session: Session, reading: Reading, joining: Sequence[tuple[Known, Member]]) -> None:
    rows = [
        {
            "id": new_id(),
            "organization_id": reading.organization_id,
            "course_id": reading.course_id,
            "person_id": row.person_id,
            "launched": False,
            "seen_at": reading.asked_at,
            **_as_listed(reading, member.roles, member.roles),
        }
        for row, member in joining
    ]
    insert_new(session, MembershipRow, sorted(rows, key=lambda values: str(values["person_id"])))


def _stay(session: Session, reading: Reading, staying: Sequence[tuple[Known, Member]]) -> None:
    same: list[UUID] = []
    told: list[dict[str, Any]] = []
    for row, member in staying:
        again = row.listed_at == reading.asked_at  # named before in this very reading: their roles together
        listed = united(row.listed_roles or (), member.roles) if again else member.roles
        if row.ended_at is None and row.listed_roles is not None and set(row.listed_roles) == set(listed):
            same.append(row.id)
            continue
        roles = listed if row.ended_at else roles_that_stand(row.roles, row.listed_roles, listed)
        told.append({"id": row.id, **_as_listed(reading, roles, listed)})
    if same:
        listed_again = update(MembershipRow).where(MembershipRow.id.in_(same)).values(listed_at=reading.asked_at)
        _write(session, listed_again)
    if told:
        session.execute(update(MembershipRow), sorted(told, key=lambda values: str(values["id"])))


def _as_listed(reading: Reading, roles: Sequence[str], listed: Sequence[str]) -> dict[str, Any]:
    return {
        "roles": list(roles),
        "capability": capability(roles),
        "test_user": is_test_user(roles),
        "listed_at": reading.asked_at,
        "listed_roles": list(listed),
        "ended_at": None,
    }


def end_unlisted(session: Session, reading: Reading, now: datetime) -> None:
    """End those who are in the list no more; to be done only once all of it was read."""
    unseen = and_(MembershipRow.listed_at.is_(None), MembershipRow.seen_at < reading.asked_at - UNLISTED_KEPT)
    _end(session, reading, now, or_(MembershipRow.listed_at < reading.asked_at, unseen))


def _not_listed(reading: Reading) -> ColumnElement[bool]:
    return or_(MembershipRow.listed_at.is_(None), MembershipRow.listed_at < reading.asked_at)


def _end(session: Session, reading: Reading, now: datetime, *which: ColumnElement[bool]) -> None:
    came_in = select(SessionRow.person_id).where(
        SessionRow.registration_id == reading.registration.id, SessionRow.created_at >= reading.asked_at
    )
    ended = update(MembershipRow).where(
        MembershipRow.course_id == reading.course_id,
        MembershipRow.ended_at.is_(None),
        MembershipRow.external.is_(False),
        MembershipRow.person_id.not_in(came_in),
        *which,
    )
    if reading.asked_by is not None:
        ended = ended.where(MembershipRow.person_id != reading.asked_by)
    _write(session, ended.values(ended_at=now))
    signed_in.end_of_the_gone(session, reading.registration.id, reading.course_id, now)


def _write(session: Session, statement: Any) -> None:
    """A statement of which no row that the session holds needs to know."""
    session.execute(statement.execution_options(synchronize_session=False))
