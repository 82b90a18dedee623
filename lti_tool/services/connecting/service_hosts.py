"""Hosts at which a platform offers its services: those that a launch names and nobody knows wait for the operator."""

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.lti.service_hosts import host_of, is_own
from lti_tool.store.base import new_id
from lti_tool.store.platforms import HostState, RegistrationRow, ServiceHostRow
from lti_tool.store.writing import insert_once

MOST = 5
"""Of one launch: a platform has its services at one host, seldom at two."""


def first_of(launch: Launch) -> str | None:
    """The host of the launch's first service, so that whether it is known can be asked together with the rest."""
    return next((host for url in _addresses(launch) if (host := host_of(url))), None)


def note(session: Session, launch: Launch, registration: RegistrationRow, *, first_known: bool, now: datetime) -> None:
    """Remember the hosts that are neither the platform's own nor known. Nothing is sent to them before a yes."""
    strange = dict.fromkeys(host_of(url) for url in _addresses(launch) if not is_own(url, registration))
    if first_known:
        strange.pop(first_of(launch), None)
    for host in list(strange)[:MOST]:
        if host is not None:
            insert_once(
                session,
                ServiceHostRow,
                id=new_id(),
                organization_id=registration.organization_id,
                registration_id=registration.id,
                host=host,
                state=HostState.WAITING,
                seen_at=now,
            )


def _addresses(launch: Launch) -> tuple[str, ...]:
    found = (
        launch.memberships_url,
        launch.ags and launch.ags.line_items,
        launch.ags and launch.ags.line_item,
        launch.groups_url,
        launch.notices and launch.notices.url,
    )
    return tuple(url for url in found if url)
