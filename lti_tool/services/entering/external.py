"""People without an LMS account who observe or sign for certain trainees of a course, invited by its instructor."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.mail import is_address
from lti_tool.services import audit
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses import people_list
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering import external_links
from lti_tool.services.entering.codes import new_code
from lti_tool.services.entering.inviting import has_other_ways, invited_person
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.mail import ContactRow, MailKind, MailRow, MailState
from lti_tool.store.people import GrantRow, InvitationRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

MOST = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is invited, for what, and for whom."""

    name: str
    email: str
    observes: bool
    lanes: frozenset[Lane]
    """In which they sign."""
    trainees: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Handed:
    """What the instructor hands over by themselves: kept only as digests, so shown once."""

    name: str
    link_secret: str
    code: str


@dataclass(frozen=True, slots=True)
class External:
    """Somebody who was invited, as the instructors of the course see them."""

    person_id: UUID
    name: str
    email: str | None
    observes: bool
    lanes: frozenset[Lane]
    trainee_names: tuple[str, ...]
    entered_at: datetime | None
    """When they last came in."""
    link_stands: bool
    """Whether a link of theirs is good now; it ends by itself once the work is submitted."""
    mail: MailState | None
    """How far the last invitation by mail is; None: none was mailed."""
    mailed_at: datetime | None
    came_back: bool
    """Nobody is reached at their address, and nothing goes there until it was looked at."""


def invite(
    session: Session, visitor: Visitor, place: Place, asked: Asked, *, secret_keys: tuple[str, ...], now: datetime
) -> UUID:
    """Make somebody an external observer or supervisor of these trainees; the answer is the person.

    The same address is always the same person, and doing it twice changes nothing. Raises `Refused`.
    """
    _check(session, place, asked)
    person = invited_person(
        session, place.organization_id, name=asked.name, email=asked.email, secret_keys=secret_keys, now=now
    )
    if person.id in asked.trainees or asked.trainees & conflicts_of(session, person.id):
        raise Refused(
            "not_for_this_trainee",
            "Someone else takes this on for one of these trainees. Please choose other trainees, or somebody else.",
        )
    _join(session, place, person.id, now)
    _grant(session, visitor, place, person.id, asked, now)
    _assign(session, visitor, place, person.id, asked, now)
    _audit(session, visitor, place, "external.invite", person.id, now, trainees=len(asked.trainees))
    return person.id


def mail_invitation(session: Session, visitor: Visitor, place: Place, person_id: UUID, now: datetime) -> UUID:
    """Send them a new link, to the address at which they were invited; those sent before stay good.

    The answer is the mail. Raises `NotHere` for somebody who is no external of this course.
    """
    person = an_external(session, place, person_id)
    link = _new_link(session, visitor, place, person_id, now)
    mail = MailRow(
        id=new_id(),
        organization_id=place.organization_id,
        person_id=person_id,
        kind=MailKind.INVITATION,
        sender_id=visitor.person_id,
        path=f"/invitation/{link}",
        address=person.email,
        state=MailState.WAITING,
        made_at=now,
        next_attempt_at=now,
        attempts=0,
    )
    session.add(mail)
    _audit(session, visitor, place, "external.mail", person_id, now)
    return mail.id


def hand_over(session: Session, visitor: Visitor, place: Place, person_id: UUID, now: datetime) -> Handed:
    """A new link and a code, to be handed over on two ways. Raises `NotHere`.

    Raises `Refused` for somebody who has more in Attune than this course: whoever has their code can see it.
    """
    person = an_external(session, place, person_id)
    of_organization = select(GrantRow.id).where(
        GrantRow.person_id == person_id, GrantRow.course_id.is_(None), GrantRow.revoked_at.is_(None)
    )
    if (
        has_other_ways(session, person_id, but_course=place.course.id)
        or session.scalars(of_organization).first() is not None
    ):
        raise Refused(
            "has_other_ways",
            "This person has more in Attune than this course, so a code goes only to their own address. "
            "Please send the invitation by mail, or ask them to come in the way they know.",
        )
    code = new_code()
    link = _new_link(session, visitor, place, person_id, now, code)
    _audit(session, visitor, place, "external.hand_over", person_id, now)
    return Handed(display_name(person.id, person.name), link, code)


def end(session: Session, visitor: Visitor, place: Place, person_id: UUID, now: datetime) -> None:
    """They come in no more, at once. What they wrote and signed stays. Raises `NotHere`."""
    an_external(session, place, person_id)
    session.execute(
        update(MembershipRow)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.person_id == person_id)
        .values(ended_at=now)
    )
    session.execute(
        update(AssignmentRow)
        .where(
            AssignmentRow.course_id == place.course.id,
            AssignmentRow.person_id == person_id,
            AssignmentRow.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    session.execute(
        update(GrantRow)
        .where(GrantRow.course_id == place.course.id, GrantRow.person_id == person_id, GrantRow.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by=visitor.person_id)
    )
    end_links(session, person_id, place.course.id, now)
    session.execute(
        update(SessionRow)
        .where(SessionRow.person_id == person_id, SessionRow.registration_id.is_(None), SessionRow.ended_at.is_(None))
        .values(ended_at=now)
    )
    _audit(session, visitor, place, "external.end", person_id, now)


def end_links(session: Session, person_id: UUID, course_id: UUID, now: datetime) -> None:
    """Their links to this course have done their work."""
    session.execute(
        update(InvitationRow)
        .where(
            InvitationRow.person_id == person_id,
            InvitationRow.course_id == course_id,
            InvitationRow.reusable,
            InvitationRow.used_at.is_(None),
        )
        .values(used_at=now)
    )


def externals(session: Session, place: Place, now: datetime) -> tuple[External, ...]:
    """Whom Attune invited into this course, by name: six questions, however many."""
    people = session.execute(
        select(PersonRow)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.external, MembershipRow.ended_at.is_(None))
        .limit(MOST)
    ).scalars()
    named = {person.id: person for person in people}
    if not named:
        return ()
    grants = _grants(session, place, list(named))
    trainees = _trainee_names(session, place, list(named))
    entered, standing = _links(session, place, list(named), now)
    mails = _last_mails(session, list(named))
    returned = _returned(session, list(named))
    found = [
        External(
            person_id=id_,
            name=display_name(id_, person.name),
            email=person.email,
            observes=Capability.OBSERVER in {capability for capability, _ in grants.get(id_, ())},
            lanes=frozenset(lane for _, lane in grants.get(id_, ()) if lane is not None),
            trainee_names=tuple(sorted(trainees.get(id_, ()), key=str.casefold)),
            entered_at=entered.get(id_),
            link_stands=id_ in standing,
            mail=mails[id_].state if id_ in mails else None,
            mailed_at=mails[id_].sent_at if id_ in mails else None,
            came_back=id_ in returned,
        )
        for id_, person in named.items()
    ]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def one_of(session: Session, place: Place, person_id: UUID, now: datetime) -> External:
    """One of them. Raises `NotHere`."""
    for found in externals(session, place, now):
        if found.person_id == person_id:
            return found
    raise NotHere


def _check(session: Session, place: Place, asked: Asked) -> None:
    if not asked.name.strip():
        raise Refused("name_needed", "Please say by which name others will see them.")
    if not is_address(asked.email.strip()):
        raise Refused("email_needed", "Please give an e-mail address, such as ana@school.example.")
    if not (asked.observes or asked.lanes):
        raise Refused("part_needed", "Please choose what they will do: observe, sign, or both.")
    known = {person_id for person_id, _ in people_list.trainees(session, place)}
    if not asked.trainees or not asked.trainees <= known:
        raise Refused("trainees_needed", "Please choose at least one trainee for whom they are invited.")


def _join(session: Session, place: Place, person_id: UUID, now: datetime) -> None:
    made = insert_once(
        session,
        MembershipRow,
        id=new_id(),
        organization_id=place.organization_id,
        course_id=place.course.id,
        person_id=person_id,
        roles=[],
        capability=None,
        launched=False,
        seen_at=now,
        external=True,
    )
    if made:
        return
    row = session.scalars(
        select(MembershipRow)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.person_id == person_id)
        .with_for_update()
    ).one()
    if row.ended_at is None and not row.external:
        raise Refused(
            "in_the_course",
            "This address belongs to somebody who comes to this course from your LMS. "
            "Please give them their part on the page People.",
        )
    row.ended_at, row.external = None, True


def _grant(session: Session, visitor: Visitor, place: Place, person_id: UUID, asked: Asked, now: datetime) -> None:
    given: list[tuple[Capability, Lane | None]] = [(Capability.SUPERVISOR, lane) for lane in sorted(asked.lanes)]
    if asked.observes:
        given.append((Capability.OBSERVER, None))
    for capability, lane in given:
        insert_once(
            session,
            GrantRow,
            id=new_id(),
            organization_id=place.organization_id,
            course_id=place.course.id,
            person_id=person_id,
            capability=capability,
            lane=lane,
            granted_by=visitor.person_id,
            granted_at=now,
        )


def _assign(session: Session, visitor: Visitor, place: Place, person_id: UUID, asked: Asked, now: datetime) -> None:
    parts: list[tuple[AssignedAs, Lane | None]] = [(AssignedAs.SUPERVISOR, lane) for lane in sorted(asked.lanes)]
    if asked.observes:
        parts.append((AssignedAs.OBSERVER, None))
    for trainee_id in sorted(asked.trainees):
        for assigned_as, lane in parts:
            insert_once(
                session,
                AssignmentRow,
                id=new_id(),
                organization_id=place.organization_id,
                course_id=place.course.id,
                trainee_id=trainee_id,
                person_id=person_id,
                assigned_as=assigned_as,
                lane=lane,
                backup=False,
                assigned_by=visitor.person_id,
                assigned_at=now,
            )


def an_external(session: Session, place: Place, person_id: UUID) -> PersonRow:
    """An external of this course, locked. Raises `NotHere`."""
    found = session.scalars(
        select(PersonRow)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(
            PersonRow.id == person_id,
            MembershipRow.course_id == place.course.id,
            MembershipRow.external,
            MembershipRow.ended_at.is_(None),
        )
        .with_for_update(of=PersonRow)
    ).one_or_none()
    if found is None:
        raise NotHere
    return found


def _new_link(
    session: Session, visitor: Visitor, place: Place, person_id: UUID, now: datetime, code: str | None = None
) -> str:
    external_links.may_invite(session, visitor.person_id, person_id, now)
    return external_links.new_link(
        session,
        organization_id=place.organization_id,
        person_id=person_id,
        course_id=place.course.id,
        invited_by=visitor.person_id,
        now=now,
        code=code,
    )


def _grants(session: Session, place: Place, ids: list[UUID]) -> dict[UUID, list[tuple[Capability, Lane | None]]]:
    found: dict[UUID, list[tuple[Capability, Lane | None]]] = {}
    rows = session.execute(
        select(GrantRow.person_id, GrantRow.capability, GrantRow.lane).where(
            GrantRow.course_id == place.course.id, GrantRow.person_id.in_(ids), GrantRow.revoked_at.is_(None)
        )
    )
    for person_id, capability, lane in rows:
        found.setdefault(person_id, []).append((capability, lane))
    return found


def _trainee_names(session: Session, place: Place, ids: list[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    rows = session.execute(
        select(AssignmentRow.person_id, PersonRow.id, PersonRow.name)
        .join(PersonRow, PersonRow.id == AssignmentRow.trainee_id)
        .where(
            AssignmentRow.course_id == place.course.id,
            AssignmentRow.person_id.in_(ids),
            AssignmentRow.ended_at.is_(None),
        )
    )
    for person_id, trainee_id, name in rows:
        found.setdefault(person_id, set()).add(display_name(trainee_id, name))
    return found


def _links(
    session: Session, place: Place, ids: list[UUID], now: datetime
) -> tuple[dict[UUID, datetime], frozenset[UUID]]:
    rows = session.execute(
        select(
            InvitationRow.person_id, InvitationRow.entered_at, InvitationRow.used_at, InvitationRow.expires_at
        ).where(InvitationRow.course_id == place.course.id, InvitationRow.person_id.in_(ids), InvitationRow.reusable)
    ).all()
    entered: dict[UUID, datetime] = {}
    for person_id, entered_at, _, _ in rows:
        if entered_at is not None:
            entered[person_id] = max(entered_at, entered.get(person_id, entered_at))
    return entered, frozenset(row[0] for row in rows if row[2] is None and row[3] > now)


def _last_mails(session: Session, ids: list[UUID]) -> dict[UUID, MailRow]:
    """Of each the newest mail that says whether their address can be reached."""
    rows = session.scalars(
        select(MailRow)
        .where(
            MailRow.person_id.in_(ids),
            or_(MailRow.kind == MailKind.INVITATION, MailRow.state == MailState.NEEDS_PERSON),
        )
        .order_by(MailRow.made_at)
    )
    return {row.person_id: row for row in rows}


def _returned(session: Session, ids: list[UUID]) -> frozenset[UUID]:
    """From whom mail came back."""
    came_back = ContactRow.returned_at.is_not(None)
    return frozenset(session.scalars(select(ContactRow.person_id).where(ContactRow.person_id.in_(ids), came_back)))


def _audit(
    session: Session, visitor: Visitor, place: Place, act: str, person_id: UUID, now: datetime, **facts: int
) -> None:
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"person:{person_id}",
        now=now,
        course=str(place.course.id),
        **facts,
    )
