"""Ways of looking at a cohort that somebody gave a name: only for themselves, and with nobody's name in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.seen import SavedViewRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

LONGEST_NAME = 60
MOST = 30
Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Of:
    """The matrix that is looked at: of a program, or of a course."""

    program_id: UUID | None = None
    course_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One of somebody's own."""

    id: UUID
    name: str
    of: Of
    query: Query


def mine(session: Session, visitor: Visitor, of: Of) -> tuple[View, ...]:
    """The visitor's own of this matrix, by name."""
    rows = session.scalars(select(SavedViewRow).where(*_own(visitor, of)))
    return tuple(sorted((_view(row) for row in rows), key=lambda view: view.name.casefold()))


def found(session: Session, visitor: Visitor, view_id: UUID) -> View:
    """One of the visitor's own. Raises `NotHere`."""
    return _view(_row(session, visitor, view_id))


def keep(session: Session, visitor: Visitor, of: Of, name: str, query: Query, now: datetime) -> UUID:
    """Keep a way of looking under a name. Raises `Refused` (view_name, view_there, views_many)."""
    name = _named(name)
    count = session.scalars(select(func.count()).select_from(SavedViewRow).where(*_own(visitor, of))).one()
    if count >= MOST:
        raise Refused("views_many", "You keep %(most)s views here. Please remove one first.", most=MOST)
    view_id = new_id()
    added = insert_once(
        session, SavedViewRow, id=view_id, organization_id=visitor.organization_id, person_id=visitor.person_id,
        program_id=of.program_id, course_id=of.course_id, name=name, query=dict(query), made_at=now,
    )  # fmt: skip
    if not added:
        raise _there(name)
    _audit(session, visitor, "view.keep", view_id, now)
    return view_id


def rename(session: Session, visitor: Visitor, view_id: UUID, name: str, now: datetime) -> None:
    """Give one another name. Raises `NotHere`, `Refused` (view_name, view_there)."""
    row, name = _row(session, visitor, view_id), _named(name)
    if row.name == name:
        return
    try:
        with session.begin_nested():
            row.name = name
            session.flush()
    except IntegrityError:
        raise _there(name) from None
    _audit(session, visitor, "view.rename", view_id, now)


def remove(session: Session, visitor: Visitor, view_id: UUID, now: datetime) -> Of:
    """Remove one: nothing but its name and its filters is lost. Raises `NotHere`."""
    row = _row(session, visitor, view_id)
    session.delete(row)
    session.flush()
    _audit(session, visitor, "view.remove", view_id, now)
    return Of(row.program_id, row.course_id)


def activity_of(session: Session, course_id: UUID) -> UUID:
    """An activity of the course, by which its matrix is opened. Raises `NotHere`."""
    first = select(ActivityRow.id).where(ActivityRow.course_id == course_id).order_by(ActivityRow.id).limit(1)
    activity_id = session.scalars(first).one_or_none()
    if activity_id is None:
        raise NotHere
    return activity_id


def _own(visitor: Visitor, of: Of) -> tuple[ColumnElement[bool], ...]:
    return (
        SavedViewRow.person_id == visitor.person_id,
        SavedViewRow.program_id == of.program_id,
        SavedViewRow.course_id == of.course_id,
    )


def _row(session: Session, visitor: Visitor, view_id: UUID) -> SavedViewRow:
    asked = select(SavedViewRow).where(SavedViewRow.id == view_id, SavedViewRow.person_id == visitor.person_id)
    row = session.scalars(asked.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotHere
    return row


def _view(row: SavedViewRow) -> View:
    query: dict[str, Any] = row.query
    return View(row.id, row.name, Of(row.program_id, row.course_id), query)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("view_name", "Please give the view a name of up to %(most)s characters.", most=LONGEST_NAME)
    return name


def _there(name: str) -> Refused:
    return Refused("view_there", "You have a view “%(name)s” here. Please choose another name.", name=name)


def _audit(session: Session, visitor: Visitor, act: str, view_id: UUID, now: datetime) -> None:
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act=act,
        subject=f"view:{view_id}", now=now,
    )  # fmt: skip
