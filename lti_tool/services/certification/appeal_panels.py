"""Who sits on an appeal's panel: invited by a program lead, never somebody who had part in the matter."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from grading.appeals import RUNNING, AppealState, may_sit
from lti_tool.access import Capability
from lti_tool.mail import is_address
from lti_tool.services.asking import recusal
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.certification import appeals
from lti_tool.services.certification.appeal_matters import about_of, as_known_today, had_part, matter_of
from lti_tool.services.certification.appeals import Part, held
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.codes import ATTEMPTS, code_digest, new_code
from lti_tool.services.entering.external_links import GOOD_FOR
from lti_tool.services.entering.inviting import has_other_ways, invited_person
from lti_tool.services.entering.visitors import Visitor, digest_of
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.observations.lines import display_name
from lti_tool.store.appeals import AppealMemberRow, AppealRow
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow, InvitationRow, MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.recusal import pair
from rubrics.refusal import Refused

LOOKED_THROUGH = 5_000
MOST_FOUND = 20
OPEN_TO_PANEL = frozenset({AppealState.OPEN, AppealState.WITH_PANEL})


@dataclass(frozen=True, slots=True)
class Possible:
    """Somebody of the organization whose name fits, and whether they may be invited."""

    person_id: UUID
    name: str
    free: bool
    """False: they had part in the matter, or somebody declared a conflict; which of it is not told."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the lead hands over on two ways: kept only as digests, so shown once."""

    name: str
    link_secret: str
    code: str
    good_until: datetime


def possible(session: Session, visitor: Visitor, appeal_id: UUID, name: str) -> tuple[Possible, ...]:
    """Who teaches, observes, signs or leads in the organization and has `name` in their name. Raises `NotHere`."""
    row = appeals.found(session, visitor, appeal_id)
    if Part.LEAD not in appeals.parts_of(session, visitor, row):
        raise NotHere
    wanted = name.strip().casefold()
    if not wanted:
        return ()
    named = ((id_, display_name(id_, called)) for id_, called in _staff(session, row.organization_id))
    fitting = sorted((one for one in named if wanted in one[1].casefold()), key=lambda one: one[1].casefold())
    apart = _apart(session, row)
    return tuple(Possible(id_, called, id_ not in apart) for id_, called in fitting[:MOST_FOUND])


def invite(session: Session, visitor: Visitor, appeal_id: UUID, person_id: UUID, now: datetime) -> None:
    """Ask somebody of the organization to sit on the panel. Doing it twice changes nothing.

    Raises `NotHere` for who cannot be asked by name, and `Refused`: "had_part", "conflict", "oneself",
    "stepped_aside".
    """
    row = _held_by_lead(session, visitor, appeal_id)
    staff = session.execute(_staff_of(row.organization_id).where(PersonRow.id == person_id)).one_or_none()
    if staff is None:
        raise NotHere
    _invite(session, visitor, row, person_id, now)


def invite_from_outside(
    session: Session,
    visitor: Visitor,
    appeal_id: UUID,
    *,
    name: str,
    email: str,
    secret_keys: tuple[str, ...],
    now: datetime,
) -> HandedOver:
    """Ask somebody who has no other way in: the same address is always the same person. Each time gives a new link.

    Raises `NotHere`, and `Refused`: "name_needed", "email_needed", "has_other_ways", and as `invite` does.
    """
    row = _held_by_lead(session, visitor, appeal_id)
    if not name.strip():
        raise Refused("name_needed", "Please say by which name others will see them.")
    if not is_address(email.strip()):
        raise Refused("email_needed", "Please give an e-mail address, such as ana@school.example.")
    person = invited_person(session, row.organization_id, name=name, email=email, secret_keys=secret_keys, now=now)
    if has_other_ways(session, person.id) or _has_a_part(session, person.id):
        raise Refused(
            "has_other_ways",
            "This address belongs to somebody who comes in another way already, and a code would open more than you "
            "may see. Please choose them by name.",
        )
    _invite(session, visitor, row, person.id, now)
    return _hand_over(session, visitor, person, now)


def take_off(session: Session, visitor: Visitor, appeal_id: UUID, member_id: UUID, now: datetime) -> None:
    """Take somebody off the list who has not accepted yet. Twice changes nothing. Raises `NotHere`, `Refused`."""
    row = _held_by_lead(session, visitor, appeal_id)
    member = session.get(AppealMemberRow, member_id, populate_existing=True)
    if member is None or member.appeal_id != row.id:
        raise NotHere
    if member.accepted_at is not None and member.ended_at is None:
        raise Refused(
            "sits_already", "They accepted already, and leave the panel only by themselves. You can invite others."
        )
    if member.ended_at is None:
        member.ended_at = now
        session.flush()
        appeals.note(session, row, "appeal.take_off", visitor.person_id, now, member=str(member.person_id))


def accept(session: Session, visitor: Visitor, appeal_id: UUID, now: datetime) -> None:
    """Sit on the panel, and confirm that there is no conflict. Twice changes nothing. Raises `NotHere`, `Refused`."""
    row = held(session, visitor, appeal_id, Part.INVITED, Part.MEMBER)
    _check_runs(row)
    check(session, row, visitor.person_id)
    member = _member(session, row, visitor.person_id)
    if member.accepted_at is None:
        member.accepted_at = now
        session.flush()
        appeals.note(session, row, "appeal.accept", visitor.person_id, now)
        appeals.tell(session, row, appeals.leads_of(session, row), now, by=visitor.person_id)


def step_aside(session: Session, visitor: Visitor, appeal_id: UUID, now: datetime) -> None:
    """Leave it to others, without a reason, before or after having accepted. Raises `NotHere`, `Refused`."""
    row = held(session, visitor, appeal_id, Part.INVITED, Part.MEMBER)
    _check_runs(row)
    member = _member(session, row, visitor.person_id)
    member.ended_at, member.agrees_at = now, None
    session.flush()
    if row.written_by == visitor.person_id:
        row.written_by = None  # the text stays for those who go on
    appeals.note(session, row, "appeal.step_aside", visitor.person_id, now)
    appeals.tell(session, row, appeals.leads_of(session, row), now, by=None)


def keep_apart(session: Session, visitor: Visitor, appeal_id: UUID, member_id: UUID, now: datetime) -> None:
    """The trainee would rather not have this person decide: a conflict between the two, without a reason.

    It holds everywhere else, too, like every conflict that somebody declares. Raises `NotHere`, `Refused`.
    """
    row = held(session, visitor, appeal_id, Part.TRAINEE)
    _check_runs(row)
    member = session.get(AppealMemberRow, member_id)
    if member is None or member.appeal_id != row.id or member.accepted_at is None:
        raise NotHere
    recusal.declare(session, visitor, member.person_id, now)
    appeals.tell(session, row, appeals.leads_of(session, row), now, by=None)


def check(session: Session, row: AppealRow, person_id: UUID) -> None:
    """Whether this person may sit on its panel now. Raises `Refused`: "had_part", "conflict", "oneself"."""
    matter = matter_of(session, row.organization_id, about_of(row))
    human, trainee = same_human(session, person_id), str(same_human(session, row.trainee_id))
    conflicts = {pair(str(one), trainee) for one in _conflicts(session, row)}
    may_sit(str(human), trainee, {str(one) for one in had_part(session, matter)}, conflicts)


def _conflicts(session: Session, row: AppealRow) -> frozenset[UUID]:
    return as_known_today(session, conflicts_of(session, row.trainee_id))


def _apart(session: Session, row: AppealRow) -> frozenset[UUID]:
    """Who may not sit on it, for whatever reason."""
    matter = matter_of(session, row.organization_id, about_of(row))
    return had_part(session, matter) | _conflicts(session, row) | {row.trainee_id}


def _invite(session: Session, visitor: Visitor, row: AppealRow, person_id: UUID, now: datetime) -> None:
    check(session, row, person_id)
    made = insert_once(
        session,
        AppealMemberRow,
        id=new_id(),
        organization_id=row.organization_id,
        appeal_id=row.id,
        person_id=person_id,
        invited_by=visitor.person_id,
        invited_at=now,
    )
    if not made:
        if _member(session, row, person_id, also_ended=True).ended_at is not None:
            raise Refused("stepped_aside", "They have stepped aside, and no reason is asked. Please ask somebody else.")
        return
    appeals.note(session, row, "appeal.invite", visitor.person_id, now, member=str(person_id))
    appeals.tell(session, row, {person_id}, now, by=visitor.person_id)


def _held_by_lead(session: Session, visitor: Visitor, appeal_id: UUID) -> AppealRow:
    row = held(session, visitor, appeal_id, Part.LEAD)
    _check_runs(row)
    return row


def _check_runs(row: AppealRow) -> None:
    if row.state not in OPEN_TO_PANEL:
        if row.state in RUNNING:
            raise Refused("take_up_first", "It came late. Please decide first whether it is taken up.")
        raise appeals.not_now()


def _member(session: Session, row: AppealRow, person_id: UUID, *, also_ended: bool = False) -> AppealMemberRow:
    asked = select(AppealMemberRow).where(AppealMemberRow.appeal_id == row.id, AppealMemberRow.person_id == person_id)
    if not also_ended:
        asked = asked.where(AppealMemberRow.ended_at.is_(None))
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def _has_a_part(session: Session, person_id: UUID) -> bool:
    standing = select(GrantRow.id).where(GrantRow.person_id == person_id, GrantRow.revoked_at.is_(None))
    return session.scalars(standing.limit(1)).first() is not None


def _hand_over(session: Session, visitor: Visitor, person: PersonRow, now: datetime) -> HandedOver:
    link, code, good_until = secrets.token_urlsafe(32), new_code(), now + GOOD_FOR
    session.add(
        InvitationRow(
            id=new_id(),
            organization_id=person.organization_id,
            person_id=person.id,
            link_digest=digest_of(link),
            code_digest=code_digest(link, code),
            attempts_left=ATTEMPTS,
            created_at=now,
            expires_at=good_until,
            reusable=True,
            invited_by=visitor.person_id,
        )
    )
    session.flush()
    return HandedOver(display_name(person.id, person.name), link, code, good_until)


def _staff_of(organization_id: UUID) -> Select[UUID, str | None]:
    """Who teaches, observes, signs or leads somewhere in the organization, in one of its courses or in it."""
    teaches = select(MembershipRow.person_id).where(
        MembershipRow.organization_id == organization_id,
        MembershipRow.ended_at.is_(None),
        MembershipRow.test_user.is_(False),
        MembershipRow.capability.in_((Capability.INSTRUCTOR, Capability.OBSERVER)),
    )
    granted = select(GrantRow.person_id).where(
        GrantRow.organization_id == organization_id, GrantRow.revoked_at.is_(None)
    )
    return select(PersonRow.id, PersonRow.name).where(
        PersonRow.organization_id == organization_id,
        PersonRow.merged_into.is_(None),
        or_(PersonRow.id.in_(teaches), PersonRow.id.in_(granted)),
    )


def _staff(session: Session, organization_id: UUID) -> list[tuple[UUID, str | None]]:
    rows = session.execute(_staff_of(organization_id).limit(LOOKED_THROUGH))
    return [(row[0], row[1]) for row in rows]
