"""The signed answer to a deep linking request."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.deep_linking import Told, content_item, line_item, response_jwt
from lti_tool.services.connecting.tool_keys import signing_key
from lti_tool.services.linking import link_names
from lti_tool.services.linking.basket import Chosen, in_basket
from lti_tool.store.courses import CourseRow
from lti_tool.store.deep_links import DeepLinkRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow


@dataclass(frozen=True, slots=True)
class Outside:
    """What the answer says of Attune to the outside."""

    public_url: str
    icon_url: str | None
    """None where it could not be loaded from everywhere."""
    review_label: str
    """What the platform calls the way from its gradebook to a trainee's observations."""


def answer(session: Session, request: DeepLinkRow, outside: Outside, *, told: Told, now: datetime) -> str:
    """The JWT for the request's return address: what was chosen, or with `told.trouble` nothing.

    Each call signs anew, because an answer is good for minutes only; the items stay the same.
    """
    issuer, client_id, deployment_id = session.execute(
        select(RegistrationRow.issuer, RegistrationRow.client_id, DeploymentRow.deployment_id)
        .join(DeploymentRow, DeploymentRow.registration_id == RegistrationRow.id)
        .join(CourseRow, CourseRow.deployment_id == DeploymentRow.id)
        .where(CourseRow.id == request.course_id)
    ).one()
    chosen = in_basket(request) if request.answered_at is not None and told.trouble is None else ()
    return response_jwt(
        issuer=issuer,
        client_id=client_id,
        deployment_id=deployment_id,
        data=request.data,
        items=[_item(request, one, outside, alone=len(chosen) == 1) for one in chosen],
        key=signing_key(session, now),
        now=now,
        told=told,
    )


def _item(request: DeepLinkRow, chosen: Chosen, outside: Outside, *, alone: bool) -> dict[str, object]:
    kind, stable_id = _leads_to(chosen)
    url = link_names.address_of(outside.public_url, kind, stable_id)
    has_column = chosen.place is None and request.accept_line_item is not False
    return content_item(
        title=chosen.title,
        text=request.text if alone else None,
        url=url,
        custom=link_names.custom_of(kind, stable_id),
        icon_url=outside.icon_url,
        line_item=line_item(chosen.title, stable_id, review_url=url, review_label=outside.review_label)
        if has_column
        else None,
    )


def _leads_to(chosen: Chosen) -> tuple[str, str]:
    if chosen.place is not None:
        return link_names.PLACE, chosen.place
    if chosen.placed_program_id is not None:
        return link_names.PROGRAM, str(chosen.placed_program_id)
    if chosen.activity_id is None:
        raise LookupError("an answer holds only what was made")
    return link_names.ACTIVITY, str(chosen.activity_id)
