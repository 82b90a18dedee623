"""Groups and sections of a course, and who is in them, as far as the platform tells."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.lti.groups import ListedGroup, own_groups, own_sections
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow, GroupKind, GroupMemberRow, GroupRow
from lti_tool.store.writing import insert_new

MOST = 200


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group or section; `name` is None where the platform gave only the id."""

    id: UUID
    kind: GroupKind
    lti_id: str
    name: str | None


def groups_of(session: Session, course_id: UUID) -> tuple[GroupName, ...]:
    """The groups of a course, by name; those without one last."""
    rows = session.scalars(select(GroupRow).where(GroupRow.course_id == course_id).limit(MOST))
    found = (GroupName(row.id, row.kind, row.lti_group_id, row.name) for row in rows)
    return tuple(sorted(found, key=lambda group: (group.name is None, (group.name or group.lti_id).casefold())))


def remember_own(session: Session, launch: Launch, course: CourseRow, person_id: UUID, now: datetime) -> None:
    """The groups and sections that a launch says its person is in. Where it says nothing, nothing changes."""
    for kind, groups in (
        (GroupKind.SECTION, own_sections(launch.custom)),
        (GroupKind.GROUP, own_groups(launch.custom)),
    ):
        if groups is not None:
            known = _known(session, course.organization_id, course.id, kind, groups)
            put(session, course.organization_id, course.id, kind, {person_id: set(known.values())}, now=now)


def keep_listed(
    session: Session, organization_id: UUID, course_id: UUID, groups: Sequence[ListedGroup] | None
) -> dict[str, UUID]:
    """Keep the course's groups as its service names them; the answer finds them by the platform's ids."""
    return _known(session, organization_id, course_id, GroupKind.GROUP, groups or ())


def put(
    session: Session,
    organization_id: UUID,
    course_id: UUID,
    kind: GroupKind,
    wanted: Mapping[UUID, AbstractSet[UUID]],
    *,
    now: datetime,
) -> None:
    """Let these people of the course be in exactly these groups of this kind."""
    if not wanted:
        return
    rows = session.execute(
        select(GroupMemberRow.id, GroupMemberRow.person_id, GroupMemberRow.group_id)
        .join(GroupRow, GroupRow.id == GroupMemberRow.group_id)
        .where(GroupRow.course_id == course_id, GroupRow.kind == kind, GroupMemberRow.person_id.in_(wanted))
    ).all()
    left = [row.id for row in rows if row.group_id not in wanted[row.person_id]]
    if left:
        session.execute(
            delete(GroupMemberRow).where(GroupMemberRow.id.in_(left)).execution_options(synchronize_session=False)
        )
    here = {(row.person_id, row.group_id) for row in rows}
    joined = sorted({(person, group) for person, groups in wanted.items() for group in groups} - here, key=str)
    insert_new(
        session,
        GroupMemberRow,
        [
            {
                "id": new_id(),
                "organization_id": organization_id,
                "group_id": group,
                "person_id": person,
                "listed_at": now,
            }
            for person, group in joined
        ],
    )


def _known(
    session: Session, organization_id: UUID, course_id: UUID, kind: GroupKind, groups: Sequence[ListedGroup]
) -> dict[str, UUID]:
    """The rows of these groups, made or named anew where that is needed."""
    if not groups:
        return {}
    rows = _rows(session, course_id, kind, groups)
    missing = sorted((group for group in groups if group.id not in rows), key=lambda group: group.id)
    if missing:
        values = {"organization_id": organization_id, "course_id": course_id, "kind": kind}
        made = [{"id": new_id(), "lti_group_id": group.id, "name": group.name, **values} for group in missing]
        insert_new(session, GroupRow, made)
        rows = _rows(session, course_id, kind, groups)
    renamed = [group for group in groups if group.name and group.id in rows and rows[group.id][1] != group.name]
    if renamed:
        session.execute(update(GroupRow), [{"id": rows[group.id][0], "name": group.name} for group in renamed])
    return {lti_id: row_id for lti_id, (row_id, _) in rows.items()}


def _rows(
    session: Session, course_id: UUID, kind: GroupKind, groups: Sequence[ListedGroup]
) -> dict[str, tuple[UUID, str | None]]:
    found = session.execute(
        select(GroupRow.lti_group_id, GroupRow.id, GroupRow.name).where(
            GroupRow.course_id == course_id,
            GroupRow.kind == kind,
            GroupRow.lti_group_id.in_([group.id for group in groups]),
        )
    )
    return {lti_id: (row_id, name) for lti_id, row_id, name in found}
