"""Registering a tool without an administrator at hand: the demo's and the tests' way."""

from lti_tool.practice.launches import Offer
from lti_tool.practice.outbound import Unreachable
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool
from lti_tool.practice.registration import registration_address
from lti_tool.practice.visitor import Visitor

STEPS = 3


class NotRegistered(Exception):
    """No registration arrived; the message says how far it came."""


def register_tool(lms: Platform, address: str, *, announce_deployment: bool = True, offer: Offer | None = None) -> Tool:
    """Open a tool's registration address as an administrator's browser, and press the button of its page.

    Raises `NotRegistered` when no registration has arrived after three forms.
    """
    full, token = registration_address(lms, address, announce_deployment=announce_deployment, offer=offer)
    visitor = Visitor(lms.authority.neighbors)
    try:
        page = visitor.get(full)
        for _ in range(STEPS):
            if token in lms.registered or not page.forms:
                break
            page = visitor.submit(page)
    except Unreachable as problem:
        raise NotRegistered(f"The tool did not register: {problem}") from problem
    except OSError as problem:
        raise NotRegistered(f"The tool did not register: {address} did not answer ({problem})") from problem
    if token not in lms.registered:
        notes = [call.note for call in lms.calls.all("registration") if call.note][-1:]
        told = f" The LMS answered: {notes[0]}." if notes else ""
        raise NotRegistered(f"The tool did not register. Its page ({page.status}) says: {page.words[:400]}{told}")
    return lms.state.tools[lms.registered[token]]
