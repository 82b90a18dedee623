"""What the ways of a launch have in common: what is read of it, and how its person is let in."""

from collections.abc import Mapping

import structlog
from flask import abort
from werkzeug.datastructures import MultiDict

from lti_tool.lti.errors import LaunchRejected
from lti_tool.lti.launch import ReadLaunch, UnprovenLaunch, read_launch
from lti_tool.lti.state import StateSigner
from lti_tool.queue import Kind
from lti_tool.services.entering import visitors
from lti_tool.services.entering.enter import Entered, enter
from lti_tool.web import current, limits, transactions

log = structlog.get_logger("attune.web")


def read(form: Mapping[str, str], browser_secret: str | None) -> ReadLaunch | UnprovenLaunch:
    """The launch of this form, verified. Raises `LaunchRejected` or `PlatformUnavailable`."""
    return read_launch(
        form,
        registrations=current.joined().known_platforms.find,
        signer=signer(),
        key_sets=current.joined().key_sets,
        browser_secret=browser_secret,
        launch_url=launch_url(),
        now=current.now(),
    )


def let_in(launched: ReadLaunch) -> Entered:
    """Open a session for the person of this launch, and end the one that it takes the place of."""
    limits.check_lms(launched.launch.registration_id)
    before = current.visitor_if_any()
    try:
        entered = enter(
            current.db(),
            launched.launch,
            state_digest=launched.state_digest,
            state_expires_at=launched.state_expires_at,
            now=current.now(),
            in_tab=current.in_tab(),
        )
    except LaunchRejected:
        transactions.keep()  # a spent state stays spent, a deployment that waits stays listed
        current.turn().return_url = launched.launch.return_url
        raise
    limits.count_lms(launched.launch.registration_id)
    if before is not None and _takes_its_place(entered, before):
        # Only now: a launch that is not taken, or comes twice, signs nobody out.
        visitors.end(current.db(), before, current.now())
    if entered.roster_read_id is not None:
        current.look_at(Kind.ROSTER_READ, entered.roster_read_id)
    for handler_id in entered.notice_handler_ids:
        current.look_at(Kind.NOTICE_HANDLER, handler_id)
    log.info("came in", by="launch", person=str(entered.person_id))
    return entered


def _takes_its_place(entered: Entered, before: visitors.Visitor) -> bool:
    """A browser has one cookie; a tab may hold several frames of ours, each of which goes on for the same person."""
    return not before.in_tab or before.person_id != entered.person_id


def signer() -> StateSigner:
    """Signs and reads the states of logins."""
    return StateSigner(current.settings().secret_keys)


def launch_url() -> str:
    """Where platforms post launches."""
    return f"{current.settings().public_url}/lti/launch"


def each_once(values: MultiDict[str, str]) -> Mapping[str, str]:
    """The parameters, each of which may come once: with two nobody can say which one was checked."""
    if any(len(given) > 1 for _name, given in values.lists()):
        abort(400)
    return values.to_dict()
