"""Placing a trainee at a site, with what should be known before; ending that."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.caseload.assigning import trainees_of
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.editions import scope
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.practicum.sites import cover_of, found_site, not_over
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.observations import ObservationRow
from lti_tool.store.sites import PlacementRow
from lti_tool.store.writing import insert_once
from rubrics.placing import Cover, CoverState, Days
from rubrics.practice import Compensation, PracticeModel, Setting
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class PlacementWords:
    """What an instructor says of a placement."""

    site_id: UUID
    days: Days
    model: PracticeModel | None = None
    setting: Setting | None = None
    compensation: Compensation | None = None


@dataclass(frozen=True, slots=True)
class ToKnow:
    """What should be known before somebody is placed at a site."""

    cover: Cover
    """How the agreements with it stand on the first day."""
    ends_before: bool
    """Whether the agreement ends before the placement does."""
    scope_noted: bool
    """Whether it was noted that the site works by the scope of practice, or none is in force."""

    @property
    def nothing(self) -> bool:
        """Whether all is as it should be."""
        return self.cover.state is CoverState.IN_FORCE and not self.ends_before and self.scope_noted


def to_know(session: Session, organization_id: UUID, site_id: UUID, days: Days) -> ToKnow:
    """What should be known before somebody is placed there. Raises `NotHere`."""
    found_site(session, organization_id, site_id)
    found = cover_of(session, [site_id], days.first)[site_id]
    in_force = found.state is CoverState.IN_FORCE
    return ToKnow(
        cover=found,
        ends_before=in_force and found.day is not None and (days.last is not None and days.last > found.day),
        scope_noted=scope.in_force(session, organization_id) is None or scope.of_site(session, site_id) is not None,
    )


def place_trainee(
    session: Session,
    visitor: Visitor,
    place: Place,
    trainee_id: UUID,
    words: PlacementWords,
    *,
    anyway: bool,
    now: datetime,
) -> UUID:
    """Place a trainee of the course at a site, and have them told.

    Raises `Refused`: "say_anyway" where something should be known first, unless `anyway`; "days_in_order",
    "site_put_away", "placed_already". Raises `NotHere`.
    """
    _instructs(place)
    if trainee_id not in trainees_of(session, place, (trainee_id,)):
        raise NotHere
    site = found_site(session, place.organization_id, words.site_id, locked=True)
    if site.ended_at is not None:
        raise Refused("site_put_away", "This site was put away. Please choose another one.")
    _in_order(words.days)
    known = to_know(session, place.organization_id, site.id, words.days)
    if not known.nothing and not anyway:
        raise Refused("say_anyway", "Please read what should be known first. You can place them all the same.")
    _end_what_is_over(session, visitor, place, trainee_id, words, now)
    id_ = new_id()
    made = insert_once(
        session,
        PlacementRow,
        id=id_,
        organization_id=place.organization_id,
        course_id=place.course.id,
        trainee_id=trainee_id,
        site_id=site.id,
        model=words.model,
        setting=words.setting,
        compensation=words.compensation,
        begins_on=words.days.first,
        ends_on=words.days.last,
        without_agreement=known.cover.state is not CoverState.IN_FORCE,
        made_by=visitor.person_id,
        made_at=now,
    )
    if not made:
        raise Refused("placed_already", "They are placed at this site already. To change it, end that one first.")
    _audit(session, visitor, "placement.make", id_, now, without_agreement=known.cover.state is not CoverState.IN_FORCE)
    _tell(session, visitor, place, trainee_id, now)
    return id_


def end(
    session: Session, visitor: Visitor, place: Place, placement_id: UUID, *, last_day: date | None, now: datetime
) -> None:
    """End a placement; without `last_day` today is the last one. Twice changes nothing. Raises `Refused`, `NotHere`."""
    _instructs(place)
    row = session.scalars(
        select(PlacementRow)
        .where(PlacementRow.id == placement_id, PlacementRow.course_id == place.course.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.ended_at is not None:
        return
    last = last_day or max(row.begins_on, now.date())
    _in_order(Days(row.begins_on, last))
    row.ends_on = last
    if last <= now.date():
        row.ended_at, row.ended_by = now, visitor.person_id
    session.flush()
    _audit(session, visitor, "placement.end", row.id, now)
    _tell(session, visitor, place, row.trainee_id, now)


def set_where(
    session: Session, course_id: UUID, observation: ObservationRow, placement_id: UUID | None, today: date
) -> None:
    """Note on a new observation at which of its trainee's placements it takes place, and its kind of practice.

    Raises `Refused` ("not_placed", "site_scope").
    """
    if placement_id is None:
        return
    row = session.scalars(
        select(PlacementRow).where(
            PlacementRow.id == placement_id,
            PlacementRow.course_id == course_id,
            PlacementRow.trainee_id == observation.trainee_id,
            PlacementRow.ended_at.is_(None),
            not_over(today),
        )
    ).one_or_none()
    if row is None:
        raise Refused("not_placed", "This placement has ended. Please choose another one, or leave it open.")
    if scope.in_force(session, row.organization_id) is not None and scope.of_site(session, row.site_id) is None:
        raise Refused(
            "site_scope",
            "It is not noted yet that this site works by the scope of practice. An instructor of your course can note "
            "it on the page of the site. Until then, please choose another place, or leave it open.",
        )
    observation.site_id = row.site_id
    observation.model, observation.setting = row.model, row.setting


def _end_what_is_over(
    session: Session, visitor: Visitor, place: Place, trainee_id: UUID, words: PlacementWords, now: datetime
) -> None:
    """A placement at the same site whose last day comes before the new one begins makes room for it."""
    row = session.scalars(
        select(PlacementRow).where(
            PlacementRow.course_id == place.course.id,
            PlacementRow.trainee_id == trainee_id,
            PlacementRow.site_id == words.site_id,
            PlacementRow.ended_at.is_(None),
            PlacementRow.ends_on < min(words.days.first, now.date()),
        )
    ).one_or_none()
    if row is not None:
        row.ended_at, row.ended_by = now, visitor.person_id
        session.flush()


def _instructs(place: Place) -> None:
    if Capability.INSTRUCTOR not in place.capabilities:
        raise NotHere


def _in_order(days: Days) -> None:
    if days.last is not None and days.last < days.first:
        raise Refused("days_in_order", "The last day comes before the first. Please check both.")


def _tell(session: Session, visitor: Visitor, place: Place, trainee_id: UUID, now: datetime) -> None:
    notify.news(
        session,
        organization_id=place.organization_id,
        person_id=trainee_id,
        now=now,
        kind=MessageKind.PLACEMENT,
        path=f"/a/{place.activity.id}/placements",
        sender_id=visitor.person_id,
    )


def _audit(
    session: Session, visitor: Visitor, act: str, placement_id: UUID, now: datetime, **facts: str | bool
) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"placement:{placement_id}",
        now=now,
        **facts,
    )
