"""That something is handled outside of Attune: raised without a word, seen by the safeguarding lead and nobody else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability, Who
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name, line, who_is_reading
from lti_tool.services.observations.moves import held
from lti_tool.store.base import new_id
from lti_tool.store.care import HandledOutsideRow
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import GrantRow, PersonRow
from rubrics.refusal import Refused

MAY_RAISE = frozenset({Who.OBSERVER, Who.SUPERVISOR})
MOST = 500
OVERVIEW = "/safeguarding"


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody to turn to."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Raised:
    """What whoever raises it sees of it: their own act, and whether somebody has seen it."""

    raised_at: datetime | None
    """None: they have raised nothing here, or took it back."""
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    leads: tuple[Lead, ...]
    """Who sees it."""
    others: tuple[Lead, ...]
    """Program leads, to turn to where there is no safeguarding lead."""


@dataclass(frozen=True, slots=True)
class Flag:
    """What the safeguarding lead sees: who raised it, when, in which course. It leads to nothing that was written."""

    id: UUID
    course_title: str
    raised_by: str
    raised_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None


def leads_of(
    session: Session, organization_id: UUID, capability: Capability = Capability.SAFEGUARDING_LEAD
) -> tuple[Lead, ...]:
    """The safeguarding leads of the organization, or those who have another capability in it, by name."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(GrantRow, GrantRow.person_id == PersonRow.id)
        .where(
            GrantRow.organization_id == organization_id,
            GrantRow.capability == capability,
            GrantRow.revoked_at.is_(None),
        )
        .distinct()
    )
    found = (Lead(person_id, display_name(person_id, name)) for person_id, name in rows)
    return tuple(sorted(found, key=lambda lead: lead.name.casefold()))


def raised_by_me(session: Session, visitor: Visitor, observation_id: UUID) -> Raised:
    """What the visitor raised about this observation. Raises `NotHere` for whoever cannot, and did not."""
    row = _mine(session, visitor, observation_id)
    if row is None:
        _check_may_raise(session, visitor, observation_id)
    leads = leads_of(session, visitor.organization_id)
    seen_by = session.get(PersonRow, row.acknowledged_by) if row and row.acknowledged_by else None
    return Raised(
        raised_at=row.raised_at if row else None,
        acknowledged_at=row.acknowledged_at if row else None,
        acknowledged_by=display_name(seen_by.id, seen_by.name) if seen_by else None,
        leads=leads,
        others=() if leads else leads_of(session, visitor.organization_id, Capability.PROGRAM_LEAD),
    )


def raise_flag(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Say that something about this observation is handled outside. Saying it twice changes nothing.

    Raises `NotHere`, and `Refused` ("no_lead") where nobody would see it.
    """
    held(session, visitor, observation_id)
    course_id = _check_may_raise(session, visitor, observation_id)
    leads = leads_of(session, visitor.organization_id)
    if not leads:
        raise Refused(
            "no_lead",
            "Nobody would see it here: no safeguarding lead is named. Please turn to a person directly; "
            "the page says to whom.",
        )
    if _mine(session, visitor, observation_id) is not None:
        return
    row = HandledOutsideRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        course_id=course_id,
        observation_id=observation_id,
        raised_by=visitor.person_id,
        raised_at=now,
    )
    session.add(row)
    _audit(session, visitor, row, "safeguarding.raise", now)
    for lead in leads:
        if lead.person_id != visitor.person_id:
            _tell(session, visitor, lead.person_id, OVERVIEW, now)


def take_back(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Take it back, whenever: from then on nobody sees it. Raises `NotHere` for whoever raised nothing here."""
    held(session, visitor, observation_id)
    row = _mine(session, visitor, observation_id)
    if row is None:
        _check_may_raise(session, visitor, observation_id)
        return
    row.taken_back_at = now
    _audit(session, visitor, row, "safeguarding.take_back", now)


def flags(session: Session, visitor: Visitor) -> tuple[Flag, ...]:
    """For the safeguarding lead: all that stand, those that nobody has acknowledged first, then the latest."""
    raiser, lead = aliased(PersonRow), aliased(PersonRow)
    rows = session.execute(
        select(HandledOutsideRow, CourseRow.title, raiser.name, lead.name)
        .join(CourseRow, CourseRow.id == HandledOutsideRow.course_id)
        .join(raiser, raiser.id == HandledOutsideRow.raised_by)
        .outerjoin(lead, lead.id == HandledOutsideRow.acknowledged_by)
        .where(
            HandledOutsideRow.organization_id == visitor.organization_id,
            HandledOutsideRow.taken_back_at.is_(None),
        )
        .order_by(HandledOutsideRow.acknowledged_at.is_not(None), HandledOutsideRow.raised_at.desc())
        .limit(MOST)
    )
    return tuple(
        Flag(
            id=row.id,
            course_title=title,
            raised_by=display_name(row.raised_by, name),
            raised_at=row.raised_at,
            acknowledged_by=display_name(row.acknowledged_by, lead_name) if row.acknowledged_by else None,
            acknowledged_at=row.acknowledged_at,
        )
        for row, title, name, lead_name in rows
    )


def acknowledge(session: Session, visitor: Visitor, flag_id: UUID, now: datetime) -> None:
    """The safeguarding lead has seen it; whoever raised it is told. Raises `NotHere` for what was taken back."""
    row = session.scalars(
        select(HandledOutsideRow)
        .where(
            HandledOutsideRow.id == flag_id,
            HandledOutsideRow.organization_id == visitor.organization_id,
            HandledOutsideRow.taken_back_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.acknowledged_at is not None:
        return
    row.acknowledged_by, row.acknowledged_at = visitor.person_id, now
    _audit(session, visitor, row, "safeguarding.acknowledge", now)
    if row.raised_by != visitor.person_id:
        _tell(session, visitor, row.raised_by, f"/o/{row.observation_id}/handled-outside", now)


def _check_may_raise(session: Session, visitor: Visitor, observation_id: UUID) -> UUID:
    """The course of the observation. Raises `NotHere` for whoever neither observes nor signs it."""
    seen = line(session, visitor.organization_id, observation_id)
    if not who_is_reading(session, visitor, seen) & MAY_RAISE:
        raise NotHere
    return seen.course_id


def _mine(session: Session, visitor: Visitor, observation_id: UUID) -> HandledOutsideRow | None:
    return session.scalars(
        select(HandledOutsideRow)
        .where(
            HandledOutsideRow.observation_id == observation_id,
            HandledOutsideRow.organization_id == visitor.organization_id,
            HandledOutsideRow.raised_by == visitor.person_id,
            HandledOutsideRow.taken_back_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).first()


def _tell(session: Session, visitor: Visitor, person_id: UUID, path: str, now: datetime) -> None:
    # Without a sender: a list of what somebody sent would lead the safeguarding lead to the observation.
    notify.news(session, organization_id=visitor.organization_id, person_id=person_id, now=now, path=path)


def _audit(session: Session, visitor: Visitor, row: HandledOutsideRow, act: str, now: datetime) -> None:
    """By the id of the flag alone: whoever reads the audit does not learn about which observation it is."""
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"handled_outside:{row.id}",
        now=now,
    )
