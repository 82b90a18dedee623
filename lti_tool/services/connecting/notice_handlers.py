"""Asking platforms for notices: what a launch offers is remembered, the worker asks, and looks again once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti import notice_handlers
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.claims import NoticesEndpoint
from lti_tool.lti.names import COPY_NOTICE, HELLO_NOTICE
from lti_tool.lti.service import Service
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting.platforms import registration_of
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.connecting.tool_keys import signing_key
from lti_tool.store.base import new_id
from lti_tool.store.platforms import DeploymentRow, DeploymentState, HandlerState, NoticeHandlerRow, RegistrationRow
from lti_tool.store.writing import insert_once

WANTED = (COPY_NOTICE, HELLO_NOTICE)
AGAIN = timedelta(minutes=30)
"""After which a platform that did not answer is asked again; no other worker asks meanwhile."""
CHECKED = timedelta(days=1)
"""After which what the platform has is compared with what we want, whatever it said the last time."""
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ToAsk:
    """One question to one platform: everything that is needed without the database."""

    row_id: UUID
    url: str
    notice_type: str
    service: Service


def offered(session: Session, deployment: DeploymentRow, offer: NoticesEndpoint | None) -> Sequence[UUID]:
    """What a launch says of the platform's notices; an offer that is known costs nothing, no offer says nothing.

    The answer names the kinds of notice to look at; usually none.
    """
    if offer is None or (deployment.notices_url, deployment.notice_types) == (offer.url, sorted(offer.types)):
        return ()
    deployment.notices_url, deployment.notice_types = offer.url, sorted(offer.types)
    for notice_type in (one for one in WANTED if one in offer.types):
        insert_once(
            session,
            NoticeHandlerRow,
            id=new_id(),
            organization_id=deployment.organization_id,
            deployment_id=deployment.id,
            notice_type=notice_type,
            state=HandlerState.WANTED,
        )
    return session.scalars(
        update(NoticeHandlerRow)
        .where(NoticeHandlerRow.deployment_id == deployment.id)
        .values(state=HandlerState.WANTED, asked_at=None)
        .returning(NoticeHandlerRow.id)
    ).all()


def due(session: Session, now: datetime) -> Sequence[UUID]:
    """Kinds of notice that should be asked for, or looked at again."""
    return session.scalars(select(NoticeHandlerRow.id).where(_due(now)).limit(AT_ONCE)).all()


def take(
    session: Session, row_id: UUID, *, http: SafeHttp, sessions: sessionmaker[Session], now: datetime
) -> ToAsk | None:
    """Take one question; None where it is not due, another worker has it, or nobody may be asked."""
    taken = session.execute(
        update(NoticeHandlerRow)
        .where(NoticeHandlerRow.id == row_id, _due(now))
        .values(asked_at=now)
        .returning(NoticeHandlerRow.id)
    )
    if taken.one_or_none() is None:
        return None
    row, deployment, registration = session.execute(
        select(NoticeHandlerRow, DeploymentRow, RegistrationRow)
        .join(DeploymentRow, DeploymentRow.id == NoticeHandlerRow.deployment_id)
        .join(RegistrationRow, RegistrationRow.id == DeploymentRow.registration_id)
        .where(NoticeHandlerRow.id == row_id)
    ).one()
    if deployment.notices_url is None or deployment.state is not DeploymentState.ACTIVE:
        return None
    known = registration_of(registration)
    tokens = PlatformTokens(sessions, organization_id=known.organization_id, registration_id=known.id, now=now)
    service = Service(http, known, signing_key(session, now), tokens, now, deployment_id=deployment.deployment_id)
    return ToAsk(row.id, deployment.notices_url, row.notice_type, service)


def ask(to_ask: ToAsk, handler: str, now: datetime) -> Posted:
    """Have the platform send these notices to our address, unless it does already; nothing is raised."""
    has = notice_handlers.handlers(to_ask.service, to_ask.url, now)
    if isinstance(has, Posted):
        if has.retry:
            return has
    elif has.get(to_ask.notice_type) == handler:
        return Posted(Answer.ACCEPTED, retry=False)
    return notice_handlers.ask_for(to_ask.service, to_ask.url, notice_type=to_ask.notice_type, handler=handler, now=now)


def settle(session: Session, row_id: UUID, posted: Posted) -> None:
    """Write down what came of it."""
    row = session.get_one(NoticeHandlerRow, row_id)
    row.problem = None if posted.answer is Answer.ACCEPTED else posted.answer.value
    if posted.answer is Answer.ACCEPTED:
        row.state = HandlerState.SET
    else:
        row.state = HandlerState.WANTED if posted.retry else HandlerState.NOT_SET


def _due(now: datetime) -> ColumnElement[bool]:
    asked = NoticeHandlerRow.asked_at
    return or_(
        asked.is_(None),
        and_(NoticeHandlerRow.state == HandlerState.WANTED, asked <= now - AGAIN),
        asked <= now - CHECKED,
    )
