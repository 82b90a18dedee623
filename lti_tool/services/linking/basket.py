"""What an instructor has chosen so far, until it goes back to the LMS. Nothing is made before."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.authoring.author import (
    ActivityChoice,
    check,
    place_activity,
    require_instructor,
    require_offered,
)
from lti_tool.services.connecting.left_links import LEFT
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.linking.deep_link import open_request, request_of
from lti_tool.services.scores import placed_programs
from lti_tool.services.scores.placed_programs import ProgramChoice
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, ResourceLinkRow
from lti_tool.store.deep_links import DeepLinkRow
from rubrics.refusal import Refused

MOST = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing in the basket: an activity or a program's column to be made, what is there already, or a place."""

    title: str
    make: ActivityChoice | None = None
    activity_id: UUID | None = None
    make_program: ProgramChoice | None = None
    placed_program_id: UUID | None = None
    place: str | None = None
    """One of `link_names.PLACES`."""
    key: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An activity of the course to which no link of its LMS was ever opened."""

    activity_id: UUID
    title: str


_BASKET = TypeAdapter(tuple[Chosen, ...])


def in_basket(request: DeepLinkRow) -> tuple[Chosen, ...]:
    """What was chosen so far, in that order."""
    return _BASKET.validate_python(request.chosen)


def add(session: Session, visitor: Visitor, deep_link_id: UUID, chosen: Chosen, now: datetime) -> None:
    """Put one more into the basket. Where the platform takes one thing only, it takes the place of the one before.

    Raises `NotHere` for an activity of elsewhere, `Refused` for a choice that does not fit, and when the basket is
    full or was answered.
    """
    request = open_request(session, visitor, deep_link_id, now)
    require_instructor(session, visitor, request.course_id)
    if chosen.make is not None:
        check(session, visitor.organization_id, chosen.make)
        require_offered(session, chosen.make.version_id)
    if chosen.make_program is not None:
        placed_programs.check(session, visitor.organization_id, chosen.make_program)
    if chosen.activity_id is not None:
        _check_course(session, request, chosen.activity_id)
    before = in_basket(request) if request.accept_multiple else ()
    if len(before) >= MOST:
        raise Refused("basket_full", "Ten things at once are the most. Please add these to the course first.")
    _keep(request, [*before, chosen])


def take_out(session: Session, visitor: Visitor, deep_link_id: UUID, key: UUID, now: datetime) -> None:
    """Take one thing out again; one that is not in it is out already. Raises `NotHere`, `Refused`."""
    request = open_request(session, visitor, deep_link_id, now)
    _keep(request, [one for one in in_basket(request) if one.key != key])


def finish(session: Session, visitor: Visitor, deep_link_id: UUID, now: datetime) -> None:
    """Make what is to be made: from now on the answer stands, and a second time changes nothing.

    Raises `NotHere`, `Refused`.
    """
    if request_of(session, visitor, deep_link_id, now).answered_at is not None:
        return
    request = open_request(session, visitor, deep_link_id, now)
    if not request.chosen:
        raise Refused("nothing_chosen", "Please choose something first, or go back without adding anything.")
    made = [_made(session, visitor, request, one, now) for one in in_basket(request)]
    _keep(request, made)
    request.answered_at = now


def leave(session: Session, visitor: Visitor, deep_link_id: UUID, now: datetime) -> None:
    """The answer is that nothing was chosen. Raises `NotHere`, `Refused`."""
    request = open_request(session, visitor, deep_link_id, now)
    _keep(request, [])
    request.answered_at = now


def unplaced(session: Session, course_id: UUID) -> tuple[Unplaced, ...]:
    """The course's activities to which no link was ever opened, newest first; links of an LMS before do not count."""
    left = ResourceLinkRow.lti_resource_link_id.startswith(LEFT, autoescape=True)
    rows = session.execute(
        select(ActivityRow.id, ActivityRow.title)
        .where(
            ActivityRow.course_id == course_id,
            ~select(ResourceLinkRow.id).where(ResourceLinkRow.activity_id == ActivityRow.id, ~left).exists(),
        )
        .order_by(ActivityRow.created_at.desc(), ActivityRow.id.desc())
    )
    return tuple(Unplaced(activity_id, title) for activity_id, title in rows)


def _made(session: Session, visitor: Visitor, request: DeepLinkRow, chosen: Chosen, now: datetime) -> Chosen:
    if chosen.make_program is not None:
        placed_id = placed_programs.place(session, visitor, request.course_id, chosen.make_program, now=now)
        return replace(chosen, make_program=None, placed_program_id=placed_id)
    if chosen.make is None:
        return chosen
    activity_id = place_activity(session, visitor, request.course_id, chosen.make, now=now)
    return replace(chosen, make=None, activity_id=activity_id)


def _check_course(session: Session, request: DeepLinkRow, activity_id: UUID) -> None:
    course_id = session.scalars(select(ActivityRow.course_id).where(ActivityRow.id == activity_id)).one_or_none()
    if course_id != request.course_id:
        raise NotHere


def _keep(request: DeepLinkRow, chosen: Sequence[Chosen]) -> None:
    request.chosen = _BASKET.dump_python(tuple(chosen), mode="json")
