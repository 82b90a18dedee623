"""How a person wants to be reached: at which address, how often, at which hours; and stopping all of it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.mail import is_address
from lti_tool.services import audit
from lti_tool.services.entering.codes import ATTEMPTS, CODE_LIFETIME, fits, keyed_digest, may_ask_for_code, new_code
from lti_tool.services.entering.visitors import Visitor, digest_of
from lti_tool.services.languages import languages, nearest
from lti_tool.store.base import new_id
from lti_tool.store.mail import ContactRow, MailKind, MailRow, MailState, Wanted
from lti_tool.store.messages import MessageKind
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import InvitationRow, PersonRow, SessionRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

CAN_BE_MUTED = (MailKind.NEWS, MailKind.REMINDER, MailKind.COPY)
QUIET_FROM, QUIET_UNTIL = 20, 8
SAFE_FOR = timedelta(days=183)
"""After half a year it is asked again whether an address is still a safe one."""
ZONES = frozenset(available_timezones())
AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ZONES_OFFERED = (*sorted(zone for zone in ZONES if zone.partition("/")[0] in AREAS and "/" in zone), "UTC")


@dataclass(frozen=True, slots=True)
class Contact:
    """How one person is reached now."""

    address: str | None
    """Where mail goes; None: nowhere."""
    confirmed: bool
    """Whether a code showed that the address is theirs; otherwise it is the one they were invited at."""
    to_confirm: bool
    """A code is on its way to a new address."""
    wanted: Wanted
    muted: frozenset[MailKind]
    timezone: str
    quiet_from: int
    quiet_until: int
    ask_if_safe: bool
    """Half a year has gone since they said that this way is safe for them."""
    language: str
    """Of their mail: the one they chose, else the one of their LMS, else the usual one of their organization."""
    chosen_language: str | None = None
    names_sender: bool = True
    """Whether a mail may name the institution and the person it comes from."""
    confirmed_at: datetime | None = None
    """Since when mail goes to this address; None: it is the one they were invited at, from the beginning."""
    returned_at: datetime | None = None
    """When mail to the address came back; nothing goes there until it was changed or shown to be theirs anew."""
    silent: frozenset[MessageKind] = frozenset()
    """Kinds of messages that bring no mail and are not shown as new."""

    @property
    def reached_at(self) -> str | None:
        """Where mail of the usual kind goes: nowhere, if it came back from there."""
        return None if self.returned_at is not None else self.address

    @property
    def zone(self) -> ZoneInfo:
        """Where they live, for their quiet hours."""
        return ZoneInfo(self.timezone)

    def wants(self, kind: MailKind) -> bool:
        """Whether mail of this kind is welcome: what they ask for themselves always is."""
        return kind not in CAN_BE_MUTED or (self.wanted is not Wanted.NONE and kind not in self.muted)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose on the page."""

    wanted: Wanted
    muted: frozenset[MailKind]
    timezone: str
    quiet_from: int
    quiet_until: int
    chosen_language: str | None = None
    """None: as their LMS is, or their organization."""
    names_sender: bool = True
    silent: frozenset[MessageKind] = frozenset()


def same_human(session: Session, person_id: UUID) -> UUID:
    """The person as whom this one is known today."""
    into = session.scalars(select(PersonRow.merged_into).where(PersonRow.id == person_id)).one_or_none()
    return into or person_id


def contact_of(session: Session, person_id: UUID, today: date) -> Contact:
    """How this person is reached."""
    row = session.scalars(select(ContactRow).where(ContactRow.person_id == person_id)).one_or_none()
    invited_at, of_lms, usual = session.execute(
        select(PersonRow.email, PersonRow.language, OrganizationRow.usual_language)
        .join(OrganizationRow, OrganizationRow.id == PersonRow.organization_id)
        .where(PersonRow.id == person_id)
    ).one()
    if row is None:
        return Contact(
            invited_at, False, False, Wanted.DAILY, frozenset(), "UTC", QUIET_FROM, QUIET_UNTIL, ask_if_safe=False,
            language=nearest((of_lms, usual)),
        )  # fmt: skip
    own = row.email if row.confirmed_at is not None else None
    address = own or invited_at
    return Contact(
        address=address,
        confirmed=own is not None,
        to_confirm=row.new_email is not None,
        wanted=row.wanted,
        muted=frozenset(kind for kind in MailKind if kind.value in row.muted),
        timezone=row.timezone,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        ask_if_safe=address is not None and (row.safe_on is None or today - row.safe_on > SAFE_FOR),
        language=nearest((row.language, of_lms, usual)),
        chosen_language=row.language,
        names_sender=row.names_sender,
        confirmed_at=row.confirmed_at,
        returned_at=row.returned_at,
        silent=frozenset(kind for kind in MessageKind if kind.value in row.muted),
    )


def choose(session: Session, visitor: Visitor, choice: Choice, now: datetime) -> None:
    """Keep what the visitor chose. Raises `Refused` for a time zone, an hour or a language that there is not."""
    if choice.timezone not in ZONES:
        raise Refused("no_such_zone", "Please choose your time zone from the list.")
    if not {choice.quiet_from, choice.quiet_until} <= set(range(24)):
        raise Refused("no_such_hour", "Please choose hours between 0 and 23.")
    if choice.chosen_language is not None and choice.chosen_language not in languages():
        raise Refused("no_such_language", "Please choose the language of your mail from the list.")
    row = _held(session, visitor)
    row.wanted, row.timezone = choice.wanted, choice.timezone
    row.muted = sorted(kind.value for kind in (*(choice.muted & set(CAN_BE_MUTED)), *choice.silent))
    row.language, row.names_sender = choice.chosen_language, choice.names_sender
    row.quiet_from, row.quiet_until = choice.quiet_from, choice.quiet_until
    _audit(session, visitor.organization_id, visitor.person_id, "contact.choose", now)


def still_safe(session: Session, visitor: Visitor, now: datetime) -> None:
    """The visitor says that mail to their address is safe for them."""
    _held(session, visitor).safe_on = now.date()
    _audit(session, visitor.organization_id, visitor.person_id, "contact.safe", now)


def begin_address(
    session: Session, visitor: Visitor, address: str, now: datetime, *, secret_keys: tuple[str, ...]
) -> UUID:
    """Have a code sent to an address that is to be the visitor's. Raises `Refused`; the answer is the mail."""
    address = address.strip()
    if not is_address(address):
        raise Refused("address_needed", "Please give one e-mail address, such as ana@school.example.")
    row = _held(session, visitor)
    may_ask_for_code(session, visitor.person_id, now)
    code = new_code()
    row.new_email = address
    row.code_digest = keyed_digest(row.id, code, secret_keys[0])
    row.code_expires_at, row.code_attempts_left = now + CODE_LIFETIME, ATTEMPTS
    return mail_at_once(session, visitor, MailKind.ADDRESS, now, address=address, code=code, path="/contact")


def mail_at_once(
    session: Session,
    visitor: Visitor,
    kind: MailKind,
    now: datetime,
    *,
    address: str,
    code: str | None = None,
    path: str | None = None,
) -> UUID:
    """A mail that goes out now, to exactly this address; the answer is the mail."""
    mail = MailRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        kind=kind,
        path=path,
        code=code,
        address=address,
        state=MailState.WAITING,
        made_at=now,
        next_attempt_at=now,
        attempts=0,
    )
    session.add(mail)
    session.flush()
    return mail.id


def confirm_address(
    session: Session, visitor: Visitor, code: str, now: datetime, *, secret_keys: tuple[str, ...]
) -> bool:
    """Whether the code is the one that was sent; then mail goes to the new address. Each try counts: commit.

    An address from which mail goes away by that is told so, once, and is not told where to.
    """
    row = _held(session, visitor)
    former = contact_of(session, visitor.person_id, now.date()).reached_at
    if not _spend(row, code, now, secret_keys):
        return False
    row.email, row.new_email, row.confirmed_at = row.new_email, None, now
    row.safe_on, row.returned_at = now.date(), None
    _find_by(session, visitor, row.email or "", secret_keys)
    _end_codes(session, visitor)
    if former is not None and former.casefold() != (row.email or "").casefold():
        mail_at_once(session, visitor, MailKind.FORMER, now, address=former)
    _audit(session, visitor.organization_id, visitor.person_id, "contact.confirm", now)
    return True


def prove_address(
    session: Session, visitor: Visitor, code: str, now: datetime, *, secret_keys: tuple[str, ...]
) -> str | None:
    """The address that the code shows to be the visitor's, without mail going there; None if it does not fit.

    Each try counts: commit.
    """
    row = _held(session, visitor)
    if not _spend(row, code, now, secret_keys):
        return None
    shown, row.new_email = row.new_email, None
    return shown


def _spend(row: ContactRow, code: str, now: datetime, secret_keys: tuple[str, ...]) -> bool:
    """One try of a code; whether it fits, and then it is used up."""
    if row.code_digest is None or row.code_expires_at is None or row.code_expires_at <= now:
        return False
    if row.code_attempts_left < 1:
        return False
    row.code_attempts_left -= 1
    if not fits(row.code_digest, row.id, code, secret_keys):
        return False
    row.code_digest = row.code_expires_at = None
    return True


def no_address(session: Session, visitor: Visitor, now: datetime) -> None:
    """The visitor wants no mail at all from now on, and the address is forgotten. Nothing goes there, not even that."""
    row = _held(session, visitor)
    row.email = row.new_email = row.confirmed_at = row.code_digest = row.code_expires_at = row.safe_on = None
    row.returned_at, row.wanted = None, Wanted.NONE
    person = session.get_one(PersonRow, visitor.person_id)
    if not _was_invited(session, visitor.person_id):
        person.email = person.email_digest = None
    elif person.email is not None:
        row.confirmed_at = now
    _end_codes(session, visitor)
    _audit(session, visitor.organization_id, visitor.person_id, "contact.forget", now)


def _end_codes(session: Session, visitor: Visitor) -> None:
    """A code for signing that went to the address of before opens nothing any more."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.person_id == visitor.person_id)
        .values(signing_code_digest=None, confirmed_until=None)
        .execution_options(synchronize_session=False)
    )


def _find_by(session: Session, visitor: Visitor, address: str, secret_keys: tuple[str, ...]) -> None:
    """Whoever invites this address later finds this person, unless somebody has it already.

    Whoever was invited themselves is found by that address, as long as they are here.
    """
    known = person_at(session, visitor.organization_id, address, secret_keys)
    if known is None and not _was_invited(session, visitor.person_id):
        person = session.get_one(PersonRow, visitor.person_id)
        person.email, person.email_digest = address, address_digest(address, secret_keys[0])


def _was_invited(session: Session, person_id: UUID) -> bool:
    by_others = InvitationRow.invited_by.is_(None) | (InvitationRow.invited_by != person_id)
    asked = select(InvitationRow.id).where(InvitationRow.person_id == person_id, by_others)
    return session.scalars(asked).first() is not None


def person_at(session: Session, organization_id: UUID, address: str, secret_keys: tuple[str, ...]) -> PersonRow | None:
    """Who is known by this address; of two who were made one, the one they are known as."""
    digests = [address_digest(address, key) for key in secret_keys]
    found = session.scalars(
        select(PersonRow).where(PersonRow.organization_id == organization_id, PersonRow.email_digest.in_(digests))
    ).first()
    if found is not None and found.merged_into is not None:
        return session.get_one(PersonRow, found.merged_into)
    return found


def stop_secret(session: Session, organization_id: UUID, person_id: UUID, secret_keys: tuple[str, ...]) -> str:
    """The secret in this person's links for stopping mail: the same in each, also after a change of keys."""
    insert_once(session, ContactRow, **_usual(organization_id, person_id))
    row = session.scalars(select(ContactRow).where(ContactRow.person_id == person_id)).one()
    candidates = [_derived(key, person_id) for key in secret_keys]
    for secret in candidates:
        if row.stop_digest == digest_of(secret):
            return secret
    row.stop_digest = digest_of(candidates[0])
    return candidates[0]


def can_be_stopped(session: Session, secret: str) -> bool:
    """Whether this is a secret from a link for stopping mail."""
    return session.scalars(select(ContactRow.id).where(ContactRow.stop_digest == digest_of(secret))).first() is not None


def stop(session: Session, secret: str, now: datetime) -> bool:
    """Send this person nothing more that they did not ask for. False for an unknown secret; twice changes nothing."""
    row = session.scalars(
        select(ContactRow).where(ContactRow.stop_digest == digest_of(secret)).with_for_update()
    ).one_or_none()
    if row is None:
        return False
    if row.wanted is not Wanted.NONE:
        row.wanted = Wanted.NONE
        _audit(session, row.organization_id, row.person_id, "contact.stop", now)
    return True


def address_digest(email: str, key: str) -> str:
    """Keyed, so that addresses cannot be guessed from a stolen database."""
    return hmac.new(key.encode(), f"email:{email.strip().casefold()}".encode(), hashlib.sha256).hexdigest()


def _derived(key: str, person_id: UUID) -> str:
    return hmac.new(key.encode(), f"stop mail:{person_id}".encode(), hashlib.sha256).hexdigest()


def _held(session: Session, visitor: Visitor) -> ContactRow:
    """The visitor's row, locked; made where there is none."""
    insert_once(session, ContactRow, **_usual(visitor.organization_id, visitor.person_id))
    return session.scalars(
        select(ContactRow)
        .where(ContactRow.person_id == visitor.person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _usual(organization_id: UUID, person_id: UUID) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": organization_id,
        "person_id": person_id,
        "wanted": Wanted.DAILY,
        "muted": [],
        "timezone": "UTC",
        "quiet_from": QUIET_FROM,
        "quiet_until": QUIET_UNTIL,
        "code_attempts_left": 0,
    }


def _audit(session: Session, organization_id: UUID, person_id: UUID, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=organization_id,
        person_id=person_id,
        act=act,
        subject=f"person:{person_id}",
        now=now,
    )


def came_back(session: Session, organization_id: UUID, person_id: UUID, now: datetime) -> None:
    """Mail to the person's address came back: nothing more goes there until somebody looked at the address."""
    insert_once(session, ContactRow, **_usual(organization_id, person_id))
    row = session.scalars(select(ContactRow).where(ContactRow.person_id == person_id).with_for_update()).one()
    if row.returned_at is None:
        row.returned_at = now
        _audit(session, organization_id, person_id, "contact.came_back", now)


def is_reached(session: Session, person_id: UUID) -> None:
    """The address is good: a code that went there was typed, or somebody looked at it anew."""
    session.execute(
        update(ContactRow)
        .where(ContactRow.person_id == person_id, ContactRow.returned_at.is_not(None))
        .values(returned_at=None)
    )


def counts_from_now(session: Session, organization_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Whether there is an address: it may have come with another account, so it counts as one that was given now."""
    if contact_of(session, person_id, now.date()).address is None:
        return False
    insert_once(session, ContactRow, **_usual(organization_id, person_id))
    session.execute(update(ContactRow).where(ContactRow.person_id == person_id).values(confirmed_at=now))
    return True


def mute_mail_of(session: Session, person_id: UUID) -> None:
    """Mail that waits for somebody who is reached otherwise now is not wanted any more."""
    session.execute(
        update(MailRow)
        .where(MailRow.person_id == person_id, MailRow.state == MailState.WAITING)
        .values(state=MailState.NOT_WANTED, path=None, code=None, address=None)
        .execution_options(synchronize_session=False)
    )
