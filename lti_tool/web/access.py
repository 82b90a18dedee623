"""Who may enter which route. Deny is the default: a view that says nothing stops the start (`check_routes`).

Each decorator marks the view and guards it. Whose object it is, the services say.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TypeVar
from uuid import UUID

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from lti_tool.access import Capability
from lti_tool.services.courses import places
from lti_tool.web import current
from lti_tool.web.courses import reading_only

View = Callable[..., ResponseReturnValue]
AnyView = TypeVar("AnyView", bound=View)


class Entry(StrEnum):
    """Who may enter."""

    PUBLIC = "public"
    CROSS_SITE = "cross_site"
    """public, and other sites post to it: the LTI endpoints"""
    SIGNED_IN = "signed_in"
    OPERATOR = "operator"
    ORGANIZATION = "organization"
    COURSE = "course"


class NotForRole(Exception):
    """The page is for people with another capability in this course."""


class FromElsewhere(Exception):
    """The browser says that another site made this request."""


class Unguarded(Exception):
    """A route does not say who may enter, or an unsafe one not what a second post does."""


def public(view: View) -> View:
    """Anyone may enter. Posts need our own form all the same."""
    return _guarded(view, Entry.PUBLIC, _from_our_form)


def own_page(view: View) -> View:
    """Anyone may enter, from a page of ours only: what it sends proves itself, like a launch that is being finished."""
    return _guarded(view, Entry.PUBLIC, _from_our_page)


def cross_site(view: View) -> View:
    """Anyone may enter, and other sites post here: what they send proves itself."""
    return _guarded(view, Entry.CROSS_SITE, lambda: None)


def signed_in(view: View) -> View:
    """Anyone who is signed in; whose records they see is the service's to say."""
    return _guarded(view, Entry.SIGNED_IN, _check_signed_in)


def operator_only(view: View) -> View:
    """Only operators."""
    return _guarded(view, Entry.OPERATOR, _check_operator)


def needs_in_organization(*capabilities: Capability) -> Callable[[View], View]:
    """Only people with one of these anywhere in the organization: granted in it, or in some course of it.

    Others read that nothing is here.
    """
    if not capabilities:
        raise Unguarded("needs_in_organization() names no capability")

    def guard(view: View) -> View:
        guarded = _guarded(view, Entry.ORGANIZATION, lambda: _check_organization(frozenset(capabilities)))
        return _marked(guarded, "attune_capabilities", frozenset(capabilities))

    return guard


def in_course(view: View) -> View:
    """For `/a/<uuid:activity_id>/...`: anyone of its course. The view gets `place=` instead of the id."""
    return _in_place(view, frozenset())


def needs(*capabilities: Capability) -> Callable[[View], View]:
    """For `/a/<uuid:activity_id>/...`: people of its course with one of these. The view gets `place=`."""
    if not capabilities:
        raise Unguarded("needs() names no capability; for anyone of the course there is in_course")
    return lambda view: _in_place(view, frozenset(capabilities))


def writes(view: AnyView) -> AnyView:
    """This view writes also on GET (someone opened a record: the read log)."""
    return _marked(view, "attune_writes", True)


def repeatable(view: AnyView) -> AnyView:
    """An unsafe view that may run twice without harm: autosave, sign out."""
    return _marked(view, "attune_twice", "repeatable")


def _marked(view: AnyView, name: str, value: object) -> AnyView:
    setattr(view, name, value)
    return view


def _guarded(view: View, entry: Entry, check: Callable[[], None]) -> View:
    @wraps(view)
    def guarded(*args: object, **values: object) -> ResponseReturnValue:
        check()
        if entry is Entry.SIGNED_IN:
            reading_only.check_observation(values.get("observation_id"))
        return view(*args, **values)

    return _marked(guarded, "attune_entry", entry)


def _in_place(view: View, capabilities: frozenset[Capability]) -> View:
    @wraps(view)
    def guarded(activity_id: UUID, **values: object) -> ResponseReturnValue:
        _check_signed_in()
        place = places.place(current.db(), current.visitor(), activity_id)
        if capabilities and not capabilities & place.capabilities:
            raise NotForRole
        reading_only.check_place(place)
        return view(place=place, **values)

    _marked(guarded, "attune_capabilities", capabilities)
    return _marked(guarded, "attune_entry", Entry.COURSE)


def _check_signed_in() -> None:
    current.visitor()
    _from_our_form()


def _check_operator() -> None:
    _check_signed_in()
    if not current.visitor().operator:
        raise places.NotHere


def _check_organization(capabilities: frozenset[Capability]) -> None:
    _check_signed_in()
    if not capabilities & current.capabilities():
        raise places.NotHere


def _from_our_form() -> None:
    """For unsafe methods: our own origin, and a token that only our pages know."""
    if request.method in current.SAFE_METHODS:
        return
    _from_our_page()
    csrf: CSRFProtect = current_app.extensions["csrf"]
    csrf.protect()


def _from_our_page() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = site == "same-origin" if site is not None else origin in (None, current.settings().public_url)
    if not ours:
        raise FromElsewhere


def check_routes(app: Flask) -> None:
    """Every route says who may enter; unsafe ones also what a second post does. Raises `Unguarded`."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        entry = getattr(view, "attune_entry", None)
        if entry is None:
            raise Unguarded(f"{rule.rule} ({rule.endpoint}) does not say who may enter, see web/access.py")
        unsafe = (rule.methods or set()) - current.SAFE_METHODS
        if unsafe and entry not in (Entry.PUBLIC, Entry.CROSS_SITE) and not hasattr(view, "attune_twice"):
            raise Unguarded(f"{rule.rule} ({rule.endpoint}) takes {unsafe}: mark it @act or @repeatable")
