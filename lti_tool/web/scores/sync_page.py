"""The page of a gradebook column, whatever it belongs to: what was asked for, its addresses, how far it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from flask import abort, request

from grading.delivery import DeliveryState
from lti_tool.services.scores.sync_states import Asked, ScoreLine, SyncPage
from lti_tool.web import current
from lti_tool.web.paging import Paged
from lti_tool.web.scores.delivery_words import about_comparing, about_connection, about_score, in_the_way
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word

NOTHING_YET = "none"
LONGEST_NAME = 200
IN_ORDER = (
    DeliveryState.NEEDS_PERSON,
    DeliveryState.DIFFERS,
    DeliveryState.WAITING,
    DeliveryState.ACCEPTED,
    DeliveryState.LET_STAND,
    DeliveryState.CLEARED,
)
"""What waits for a person first."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the page's links and forms lead; `page` is what the list's own links add to."""

    page: str
    progress: str
    resend: str
    resend_all: str
    compare: str | None = None
    column: UUID | None = None
    """What forms say of which column it is, where their addresses do not."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One link over the list: those whose scores are in one state."""

    label: str
    count: int
    state: str
    """What the address asks for; "" shows everyone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template shows of a column."""

    view: SyncPage
    at: Addresses
    asked: Asked
    health: tuple[str, ...]
    held_up: bool
    """Whether something is in the way of the whole column, as `health` says."""
    comparing: str
    filters: tuple[Filter, ...]
    paged: Paged[ScoreLine]

    @property
    def in_order(self) -> bool:
        """Whether the list is in the order of names."""
        return self.view.in_order

    @property
    def needing(self) -> tuple[ScoreLine, ...]:
        """Those of this page who wait for a person."""
        return tuple(line for line in self.view.lines if line.for_a_person)

    @property
    def others(self) -> tuple[ScoreLine, ...]:
        """All others of this page."""
        return tuple(line for line in self.view.lines if not line.for_a_person)

    @property
    def to_resend(self) -> int:
        """How many scores one button sends again."""
        return self.view.counts.of(DeliveryState.NEEDS_PERSON) - self.view.counts.nothing_left

    @property
    def sent_of(self) -> int:
        """How many scores there are that the LMS took or should take."""
        return self.view.counts.of(DeliveryState.ACCEPTED, DeliveryState.WAITING)

    @property
    def moving(self) -> bool:
        """Whether it is worth looking again in a moment."""
        return self.view.moving(current.now())

    def list_of(self, state: str, name: str = "") -> str:
        """The address of the list of those who are asked for so."""
        wanted = urlencode([(key, text) for key, text in (("state", state), ("name", name)) if text])
        return f"{self.at.page}{'&' if '?' in self.at.page else '?'}{wanted}" if wanted else self.at.page

    @property
    def here(self) -> str:
        """The address of this list, at its first page."""
        return self.list_of(self.asked.state, self.asked.name)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form that asks for names says beside them, so that the rest stays as it is asked for."""
        state = [("state", self.asked.state)] if self.asked.state else []
        return [*parse_qsl(urlsplit(self.at.page).query), *state]

    @property
    def kept(self) -> dict[str, str]:
        """What a form of the list says beside its own, so that its act leads back to the same list."""
        asked = {"state": self.asked.state, "name": self.asked.name, "page": str(self.view.page)}
        return {name: value for name, value in asked.items() if value and (name, value) != ("page", "1")}

    def about(self, line: ScoreLine) -> str:
        """How one score stands, and what to do."""
        return about_score(line, self.held_up)

    def may_act(self, line: ScoreLine) -> bool:
        """Whether there is something to decide or to press at this one."""
        if self.view.column is None or self.view.column.gone_at:
            return False
        decided = line.state in (DeliveryState.DIFFERS, DeliveryState.LET_STAND)
        return decided or self.may_resend(line) or (line.nothing_left and line.for_a_person)

    def may_resend(self, line: ScoreLine) -> bool:
        """Whether sending this one again by hand can change something."""
        if line.nothing_left or line.to_clear:
            return False
        waits = line.state is DeliveryState.WAITING and line.attempts > 0 and not self.held_up
        return line.state is DeliveryState.NEEDS_PERSON or waits


def asked_for() -> Asked:
    """What the address asks for of the list; whatever is not understood leaves nobody out."""
    state = request.args.get("state", "")
    known = {NOTHING_YET, *DeliveryState}
    return Asked(
        state=state if state in known else "",
        name=request.args.get("name", "").strip()[:LONGEST_NAME],
        page=request.args.get("page", 1, type=int),
    )


def shown(view: SyncPage, at: Addresses, asked: Asked) -> Shown:
    """Everything that the template needs."""
    return Shown(
        view=view,
        at=at,
        asked=asked,
        health=about_connection(view, current.now()),
        held_up=bool(view.column and in_the_way(view.column, current.now())),
        comparing=about_comparing(view.column) if view.column else "",
        filters=tuple(_filters(view, asked)),
        paged=Paged(view.lines, view.found, view.page, view.pages),
    )


def column_asked() -> UUID | None:
    """The column that the address or the form names; None where it names none."""
    return _id(request.values.get("column", ""))


def person_asked() -> UUID:
    """Whose score the form means. One that names nobody is not understood."""
    person_id = _id(request.form.get("person", ""))
    if person_id is None:
        abort(400)
    return person_id


def as_it_was() -> dict[str, Any]:
    """The list in which the form was, for the address that its act leads back to."""
    return {name: value for name in ("state", "name", "page") if (value := request.form.get(name, "")[:LONGEST_NAME])}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _filters(view: SyncPage, asked: Asked) -> Iterator[Filter]:
    yield Filter(_("everyone"), view.counts.people, "")
    for state in IN_ORDER:
        if view.counts.of(state) or asked.state == state:
            yield Filter(word(state), view.counts.of(state), state.value)
    if view.counts.of(None) or asked.state == NOTHING_YET:
        yield Filter(_("nothing sent yet"), view.counts.of(None), NOTHING_YET)
