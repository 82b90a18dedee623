"""The worker's three steps for one score: take it, post it, settle what came of it.

Only the middle one speaks with the LMS, and it holds no transaction while it does.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from grading.delivery import Delivered, DeliveryState, next_attempt, plan
from grading.scores import MAXIMUM, DesiredScore
from lti_tool.lti.gradebook import Answer, Gradebook, LineItem, Posted
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.safe_http import SafeHttp
from lti_tool.services import copies
from lti_tool.services.deliver import lease
from lti_tool.services.platforms import registration_of
from lti_tool.services.tokens import PlatformTokens
from lti_tool.services.tool_keys import signing_key
from lti_tool.store.courses import ActivityRow, CourseRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import LmsAccountRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow
from rubrics.observation import State

LEASE = timedelta(minutes=2)
"""Longer than an attempt usually lasts; after it another worker may take the row, and what the first one learns
of it later is not written down."""
PATIENCE = 24
"""Attempts before a person is asked to look: at least a day and a half of an LMS that does not answer."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a score goes."""

    line_item_id: UUID
    url: str | None
    line_items_url: str | None
    deployment_id: str
    scopes: tuple[str, ...]
    lti_resource_link_id: str
    activity_id: UUID
    former_ids: tuple[str, ...]
    """Ids of what the activity was copied from: a column that came along carries one of them."""
    label: str
    maximum: int


@dataclass(frozen=True, slots=True)
class ToSend:
    """One attempt: everything that is needed without the database."""

    delivery_id: UUID
    registration: PlatformRegistration
    key: SigningKey
    column: Column
    sub: str | None
    desired: DesiredScore
    timestamp: datetime
    completed: bool
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt; `line_item_url` is new where the column was found or made in it."""

    posted: Posted
    line_item_url: str | None


def take(session: Session, delivery_id: UUID, now: datetime) -> ToSend | None:
    """Take the score for one attempt; None when it is not due, or another worker has it."""
    if not lease(session, delivery_id, now, lasting=LEASE):
        return None
    row = session.get_one(DeliveryRow, delivery_id, populate_existing=True)
    line_item = session.get_one(LineItemRow, row.line_item_id)
    registration = session.get_one(RegistrationRow, line_item.registration_id)
    desired = DesiredScore(row.desired_score, MAXIMUM)
    # Nothing counts as accepted here: sending again is how a person repairs a column.
    planned = plan(desired, Delivered(None, row.sent_at), now)
    if planned is None:
        raise RuntimeError("a score of which nothing was accepted is always to be sent")
    row.sent_at = planned.timestamp
    row.attempts += 1
    return ToSend(
        delivery_id=row.id,
        registration=registration_of(registration),
        key=signing_key(session, now),
        column=_column(session, line_item),
        sub=session.scalars(
            select(LmsAccountRow.sub).where(
                LmsAccountRow.registration_id == registration.id, LmsAccountRow.person_id == row.person_id
            )
        ).first(),
        desired=desired,
        timestamp=planned.timestamp,
        completed=_completed(session, line_item.activity_id, row.person_id),
        leased_until=now + LEASE,
    )


def _completed(session: Session, activity_id: UUID, person_id: UUID) -> bool:
    """Whether all the observations that the activity asks for are finished."""
    finished, required = session.execute(
        select(func.count(ObservationRow.id), ActivityRow.required_observations)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ObservationRow.activity_id == activity_id,
            ObservationRow.trainee_id == person_id,
            ObservationRow.state == State.RELEASED,
        )
        .group_by(ActivityRow.required_observations)
    ).one_or_none() or (0, 1)
    return bool(finished >= required)


def _column(session: Session, line_item: LineItemRow) -> Column:
    title, deployment_id = session.execute(
        select(ActivityRow.title, DeploymentRow.deployment_id)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .where(ActivityRow.id == line_item.activity_id)
    ).one()
    return Column(
        line_item_id=line_item.id,
        url=line_item.url,
        line_items_url=line_item.line_items_url,
        deployment_id=deployment_id,
        scopes=tuple(line_item.scopes),
        lti_resource_link_id=line_item.lti_resource_link_id,
        activity_id=line_item.activity_id,
        former_ids=_former_ids(session, line_item) if line_item.url is None else (),
        label=title,
        maximum=line_item.score_maximum,
    )


def _former_ids(session: Session, line_item: LineItemRow) -> tuple[str, ...]:
    above = copies.lineage(session, [line_item.activity_id])[line_item.activity_id]
    return tuple(sorted(str(one) for one in above))


def post(sessions: sessionmaker[Session], http: SafeHttp, to_send: ToSend, now: datetime) -> Attempt:
    """Ask the LMS to show the score; nothing is raised, whatever happens is an answer."""
    registration, column = to_send.registration, to_send.column
    tokens = PlatformTokens(
        sessions, organization_id=registration.organization_id, registration_id=registration.id, now=now
    )
    gradebook = Gradebook(http, registration, to_send.key, tokens, now, deployment_id=column.deployment_id)
    if to_send.sub is None:
        return Attempt(Posted(Answer.PERSON_NOT_IN_COURSE, retry=False), None)
    found = _found_or_made(gradebook, column)
    if isinstance(found, Posted):
        return Attempt(found, None)
    posted = gradebook.post_score(
        found.url,
        column.scopes,
        sub=to_send.sub,
        desired=to_send.desired,
        timestamp=to_send.timestamp,
        completed=to_send.completed,
    )
    return Attempt(posted, found.url)


def _found_or_made(gradebook: Gradebook, column: Column) -> LineItem | Posted:
    if column.url is not None:
        return LineItem(column.url)
    if column.line_items_url is None:
        return Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
    return gradebook.find_or_make_line_item(
        column.line_items_url,
        column.scopes,
        resource_link_id=column.lti_resource_link_id,
        resource_id=str(column.activity_id),
        label=column.label,
        maximum=column.maximum,
        former_ids=column.former_ids,
    )


def settle(session: Session, to_send: ToSend, attempt: Attempt, now: datetime) -> None:
    """Write down what came of it, unless another worker has taken the row since."""
    row = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.id == to_send.delivery_id, DeliveryRow.leased_until == to_send.leased_until)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return
    posted, row.leased_until = attempt.posted, None
    if attempt.line_item_url is not None:
        _remember_column(session, to_send.column, attempt.line_item_url)
    if posted.answer is Answer.COLUMN_GONE:
        _forget_column(session, to_send.column, attempt.line_item_url or to_send.column.url)
    row.answer = posted.answer.value
    if posted.answer is Answer.ACCEPTED:
        row.accepted_score, row.accepted_at = to_send.desired.score, now
    if row.desired_score != to_send.desired.score:
        row.next_attempt_at, row.attempts = now, 0  # it changed meanwhile: the new one is due at once
    elif posted.answer is Answer.ACCEPTED:
        row.state, row.next_attempt_at = DeliveryState.ACCEPTED, None
    elif posted.retry and row.attempts < PATIENCE:
        jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
        row.next_attempt_at = next_attempt(row.attempts, now, posted.retry_after, jitter)
    else:
        row.state, row.next_attempt_at = DeliveryState.NEEDS_PERSON, None


def _remember_column(session: Session, column: Column, url: str) -> None:
    if column.url is None:
        session.get_one(LineItemRow, column.line_item_id).url = url


def _forget_column(session: Session, column: Column, gone: str | None) -> None:
    """So that the next attempt looks for it again; a launch may also name a new one."""
    row = session.get_one(LineItemRow, column.line_item_id)
    if row.url == gone and row.line_items_url is not None:
        row.url = None
