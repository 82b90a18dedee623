"""Deep linking: from the instructor's choice to the answer that the LMS gets."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.lti.deep_linking import content_item, response_jwt
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.services.arrivals import CUSTOM_ACTIVITY
from lti_tool.services.enter import Entered
from lti_tool.services.places import NotHere
from lti_tool.services.platforms import registration_of
from lti_tool.services.tool_keys import signing_key
from lti_tool.services.visitors import Visitor
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.platforms import RegistrationRow
from rubrics.refusal import Refused

TICKET_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Pending:
    """A deep linking request that waits for the instructor's choice."""

    person_id: str
    registration_id: str
    deployment_id: str
    course_id: str
    return_url: str
    data: str | None
    accept_line_item: bool | None
    title: str | None


def pending(launch: Launch, entered: Entered) -> Pending:
    """The request of a deep linking launch. Raises `LaunchRejected` where it names no course."""
    if launch.deep_linking is None or entered.course_id is None:
        raise LaunchRejected(
            LaunchProblem.CONTEXT_WRONG,
            "Your LMS did not say which course this is for. Please open the course and add the activity there.",
        )
    wanted = launch.deep_linking
    return Pending(
        person_id=str(entered.person_id),
        registration_id=str(launch.registration_id),
        deployment_id=launch.deployment_id,
        course_id=str(entered.course_id),
        return_url=wanted.return_url,
        data=wanted.data,
        accept_line_item=wanted.accept_line_item,
        title=wanted.title,
    )


def seal(pending: Pending, secret_keys: tuple[str, ...]) -> str:
    """The request as a signed text for the picker's form, good for an hour."""
    return _signer(secret_keys).dumps(asdict(pending))


def unseal(ticket: str, visitor: Visitor, secret_keys: tuple[str, ...]) -> Pending:
    """The request of a ticket, for the person it was made for. Raises `Refused`."""
    try:
        request = Pending(**_signer(secret_keys).loads(ticket, max_age=TICKET_SECONDS))
    except (BadSignature, TypeError):
        request = None
    if request is None or request.person_id != str(visitor.person_id):
        raise Refused(
            "choose_again",
            "This choice was opened too long ago. Please close it and add the activity once more in your course.",
        )
    return request


def respond(
    session: Session, visitor: Visitor, request: Pending, activity_id: UUID | None, *, public_url: str, now: datetime
) -> str:
    """The signed answer for the LMS; without an activity it says that nothing was chosen. Raises `NotHere`."""
    registration = session.get_one(RegistrationRow, UUID(request.registration_id))
    if registration.organization_id != visitor.organization_id:
        raise NotHere
    items = [] if activity_id is None else [_item(session, request, activity_id, public_url)]
    return response_jwt(
        registration=registration_of(registration),
        deployment_id=request.deployment_id,
        data=request.data,
        items=items,
        key=signing_key(session, now),
        now=now,
    )


def _item(session: Session, request: Pending, activity_id: UUID, public_url: str) -> dict[str, object]:
    activity = session.scalars(
        select(ActivityRow)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .where(ActivityRow.id == activity_id, CourseRow.id == UUID(request.course_id))
    ).one_or_none()
    if activity is None:
        raise NotHere
    return content_item(
        title=activity.title,
        text="",
        url=f"{public_url}/lti/launch",
        custom={CUSTOM_ACTIVITY: str(activity.id)},
        activity_id=str(activity.id),
        accept_line_item=request.accept_line_item,
    )


def _signer(secret_keys: tuple[str, ...]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(secret_keys)), salt="attune deep linking v1")
