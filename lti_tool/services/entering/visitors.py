"""Who is visiting: sessions opened by a launch or a code, looked up by the secret of a cookie or of one tab."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import GrantRow, PersonRow, SessionRow
from lti_tool.store.platforms import RegistrationRow
from lti_tool.store.privacy import PrivacyRequestRow
from lti_tool.store.terms import TermsAnswerRow, TermsRow
from lti_tool.store.writing import insert_once
from rubrics.sign_off import Assurance

LIFETIME = timedelta(hours=12)
LONGEST = timedelta(hours=24)
"""In all, however often somebody stays signed in."""
MOST_NEW = 100


@dataclass(frozen=True, slots=True)
class Visitor:
    """The signed-in person of one request."""

    session_id: UUID
    person_id: UUID
    organization_id: UUID
    name: str | None
    locale: str | None
    assurance: Assurance
    ends_at: datetime
    """When they will be signed out, unless they stay before that, see `stay`."""
    may_stay: bool
    """Whether they can be signed in for longer than until then."""
    frame_origins: tuple[str, ...]
    """Origins that may show our pages in a frame; empty after a sign-in without an LMS."""
    platform_origin: str | None
    """Where messages to the surrounding LMS page may be sent."""
    return_url: str | None
    high_contrast: bool
    brand: Mapping[str, str]
    """Colors of the platform's brand, by our names; empty where it sent none."""
    in_tab: bool
    """Signed in in one tab of a browser that keeps no cookie of ours."""
    operator: bool
    data_asked_for: bool
    """Whether a request about their data waits: told on their own page, and asked with the rest to cost it nothing."""
    leave_page_url: str
    support_text: str
    messages_new: int = 0
    """How many messages are new to them, counted up to a hundred."""
    terms_open: bool = False
    """Whether their organization asks them about terms that they said nothing to yet."""
    confirmed_until: datetime | None = None
    """Until when a code counts that was mailed to them for signing, see `confirming`; None: none was typed here."""


def digest_of(secret: str) -> str:
    """What is kept of a secret that is long and random: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(
    session: Session,
    *,
    organization_id: UUID,
    person_id: UUID,
    assurance: Assurance,
    now: datetime,
    registration_id: UUID | None = None,
    locale: str | None = None,
    return_url: str | None = None,
    high_contrast: bool = False,
    brand: dict[str, str] | None = None,
    in_tab: bool = False,
) -> str:
    """A new session; the answer is the secret for the cookie (or for the tab), which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    insert_once(
        session,
        SessionRow,
        id=new_id(),
        organization_id=organization_id,
        token_digest=digest_of(token),
        person_id=person_id,
        registration_id=registration_id,
        assurance=assurance,
        locale=locale,
        return_url=return_url,
        high_contrast=high_contrast,
        brand=brand,
        in_tab=in_tab,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return token


_BY_TOKEN = (
    # Built once: putting such a statement together costs many times what the database needs to answer it.
    select(
        SessionRow.id,
        SessionRow.person_id,
        SessionRow.organization_id,
        PersonRow.name,
        SessionRow.locale,
        SessionRow.assurance,
        SessionRow.confirmed_until,
        SessionRow.created_at,
        SessionRow.expires_at,
        SessionRow.return_url,
        SessionRow.high_contrast,
        SessionRow.brand,
        SessionRow.in_tab,
        RegistrationRow.auth_url,
        RegistrationRow.issuer,
        OrganizationRow.leave_page_url,
        OrganizationRow.support_text,
        exists().where(
            GrantRow.person_id == SessionRow.person_id,
            GrantRow.capability == Capability.OPERATOR,
            GrantRow.revoked_at.is_(None),
        ),
        exists().where(
            PrivacyRequestRow.person_id == SessionRow.person_id,
            PrivacyRequestRow.handled_at.is_(None),
        ),
        select(func.count())
        .select_from(
            select(MessageRow.id)
            .where(MessageRow.person_id == SessionRow.person_id, MessageRow.read_at.is_(None))
            .correlate(SessionRow)
            .limit(MOST_NEW)
            .subquery()
        )
        .scalar_subquery(),
        exists().where(
            TermsRow.organization_id == SessionRow.organization_id,
            TermsRow.published_at.is_not(None),
            TermsRow.ended_at.is_(None),
            ~exists()
            .where(TermsAnswerRow.terms_id == TermsRow.id, TermsAnswerRow.person_id == SessionRow.person_id)
            .correlate(TermsRow, SessionRow),
        ),
    )
    .join(PersonRow, PersonRow.id == SessionRow.person_id)
    .join(OrganizationRow, OrganizationRow.id == SessionRow.organization_id)
    .outerjoin(RegistrationRow, RegistrationRow.id == SessionRow.registration_id)
    .where(
        SessionRow.token_digest == bindparam("token_digest"),
        SessionRow.in_tab == bindparam("in_tab"),
        SessionRow.expires_at > bindparam("now"),
        SessionRow.ended_at.is_(None),
    )
)


def who_is_it(session: Session, token: str, now: datetime, *, in_tab: bool = False) -> Visitor | None:
    """The person behind a cookie, or behind a tab's secret; None when the session ended, ran out or never was.

    Neither secret opens a session of the other kind.
    """
    asked = {"token_digest": digest_of(token), "in_tab": in_tab, "now": now}
    found = session.connection().execute(_BY_TOKEN, asked).one_or_none()
    if found is None:
        return None
    (
        session_id,
        person_id,
        organization_id,
        name,
        locale,
        assurance,
        confirmed_until,
        opened_at,
        ends_at,
        return_url,
        high_contrast,
        brand,
        in_tab,
        auth_url,
        issuer,
        leave_page_url,
        support_text,
        is_operator,
        data_asked_for,
        messages_new,
        terms_open,
    ) = found
    origins = origins_of(return_url, auth_url, issuer)
    return Visitor(
        session_id=session_id,
        person_id=person_id,
        organization_id=organization_id,
        name=name,
        locale=locale,
        assurance=assurance,
        ends_at=ends_at,
        may_stay=ends_at < opened_at + LONGEST,
        frame_origins=origins,
        platform_origin=origins[0] if origins else None,
        return_url=return_url,
        high_contrast=high_contrast,
        brand=brand or {},
        in_tab=in_tab,
        operator=is_operator,
        data_asked_for=data_asked_for,
        leave_page_url=leave_page_url,
        support_text=support_text,
        messages_new=messages_new,
        terms_open=terms_open,
        confirmed_until=confirmed_until,
    )


def stay(session: Session, visitor: Visitor, now: datetime) -> datetime:
    """Stay signed in for another twelve hours from now, at most a day in all; the answer is until when."""
    row = session.get_one(SessionRow, visitor.session_id)
    row.expires_at = max(row.expires_at, min(now + LIFETIME, row.created_at + LONGEST))
    return row.expires_at


def end(session: Session, visitor: Visitor, now: datetime) -> None:
    """Sign out: the secret is worth nothing from now on."""
    session.execute(update(SessionRow).where(SessionRow.id == visitor.session_id).values(ended_at=now))


def origins_of(*urls: str | None) -> tuple[str, ...]:
    """The origins of these addresses, each once; None says nothing."""
    return tuple(dict.fromkeys(origin_of(url) for url in urls if url))


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
