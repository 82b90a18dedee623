"""Credentials of a program, as its leads see to them: who carries one, withdrawing, issuing another in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Field
from lti_tool.services.credentials import holding_acts, issuing
from lti_tool.services.credentials.holding import Held, described, found, holds, readers
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader, log_reading, log_reading_of_several
from lti_tool.services.programs.program_versions import found_program
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused

MOST_PEOPLE = 100_000
LONGEST_WHY = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One credential in the list."""

    held: Held
    person_id: UUID
    person: str
    """As they are called here; on the credential they may wish another name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One credential, for a program lead."""

    line: Line
    appeal_about: UUID
    """The decision that it is about."""
    itself: bool
    """Whether it is the visitor's own: somebody else sees to it."""


def listed(session: Session, organization_id: UUID, program_id: UUID, name: str = "") -> tuple[UUID, ...]:
    """The newest credential of each about each decision, by name of the person, of those who have these letters in it.

    Raises `NotHere` for a program of another organization.
    """
    found_program(session, organization_id, program_id)
    after = aliased(CredentialRow)
    rows = session.execute(
        select(CredentialRow.id, PersonRow.id, PersonRow.name)
        .join(EnrollmentRow, EnrollmentRow.id == CredentialRow.enrollment_id)
        .join(PersonRow, PersonRow.id == CredentialRow.person_id)
        .outerjoin(after, after.replaces_id == CredentialRow.id)
        .where(EnrollmentRow.program_id == program_id, after.id.is_(None))
        .limit(MOST_PEOPLE)
    )
    wanted = name.casefold()
    named = sorted((display_name(person_id, of).casefold(), id_) for id_, person_id, of in rows)
    return tuple(id_ for of, id_ in named if wanted in of)


def lines(session: Session, visitor: Visitor, ids: Sequence[UUID], now: datetime) -> tuple[Line, ...]:
    """These of them, in their order; that the visitor read them is logged."""
    rows = {each.id: each for each in session.scalars(select(CredentialRow).where(CredentialRow.id.in_(ids)))}
    every = _lines(session, [rows[id_] for id_ in ids if id_ in rows], now)
    people = [each.person_id for each in every]
    log_reading_of_several(session, visitor, trainees=people, fields=[Field.CREDENTIAL], now=now)
    return every


def one(session: Session, visitor: Visitor, credential_id: UUID, now: datetime) -> Shown:
    """One of the organization; that the visitor read it is logged. Raises `NotHere`."""
    row = found(session, visitor.organization_id, credential_id)
    line = _lines(session, [row], now)[0]
    log_reading(session, visitor, trainee_id=line.person_id, seen={None: {Field.CREDENTIAL}}, now=now)
    return Shown(line, row.decision_id, itself=line.person_id == visitor.person_id)


def withdraw(session: Session, visitor: Visitor, credential_id: UUID, why: str, now: datetime) -> None:
    """Withdraw it for good, with the reason that the holder reads. Twice changes nothing.

    Raises `NotHere`; `Refused`: "why", "oneself".
    """
    row = _to_act_on(session, visitor, credential_id)
    if len(why) > LONGEST_WHY:
        raise Refused("why", "Please keep to %(most)s characters.", most=LONGEST_WHY)
    if row.withdrawn_at is None:
        issuing.withdraw(session, row, why, visitor.person_id, now)
        _tell(session, row, now)


def issue_in_its_place(
    session: Session, visitor: Visitor, credential_id: UUID, *, public_url: str, now: datetime
) -> UUID:
    """Another one as the holder had it: what was withdrawn stays so for whoever checks it, and the new one holds.

    It is how a withdrawal is taken back, and how one is issued anew. Twice gives the same. Raises `NotHere`;
    `Refused`: "oneself", "nothing_now", and those of `issuing.replace`.
    """
    row = _to_act_on(session, visitor, credential_id)
    enrollment = session.get_one(EnrollmentRow, row.enrollment_id)
    if not holds(session, enrollment, now):
        raise Refused(
            "nothing_now",
            "The certification does not hold now. A decision comes first; then another one can be issued.",
        )
    made = issuing.replace(
        session, row, name=row.name, language=row.language, by=visitor.person_id, now=now, public_url=public_url
    )
    holding_acts.take_over(session, row, made, public_url=public_url, now=now)
    _tell(session, made, now)
    return made.id


def _to_act_on(session: Session, visitor: Visitor, credential_id: UUID) -> CredentialRow:
    row = found(session, visitor.organization_id, credential_id)
    if same_human(session, row.person_id) == visitor.person_id:
        raise Refused("oneself", "This is your own. Another program lead sees to it.")
    return row


def _lines(session: Session, rows: Sequence[CredentialRow], now: datetime) -> tuple[Line, ...]:
    ids = {each.person_id for each in rows}
    asked = select(PersonRow.id, PersonRow.merged_into, PersonRow.name).where(PersonRow.id.in_(ids))
    people = {each: (merged or each, display_name(each, name)) for each, merged, name in session.execute(asked)}
    every = described(session, rows, now)
    return tuple(Line(held, *people[row.person_id]) for held, row in zip(every, rows, strict=True))


def _tell(session: Session, row: CredentialRow, now: datetime) -> None:
    notify.news(
        session, organization_id=row.organization_id, person_id=row.person_id, now=now, kind=MessageKind.CREDENTIAL,
        path=f"/credentials/{row.id}",
    )  # fmt: skip


def readers_of_reason(session: Session, organization_id: UUID, holder: str) -> tuple[Reader, ...]:
    """Who can see why a credential was withdrawn: never anybody who only has the address of its page."""
    return readers(session, organization_id, holder, page=False)
