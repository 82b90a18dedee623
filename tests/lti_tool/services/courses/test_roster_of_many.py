"""A list of 20,000 people: read whole, in pages or at once, and shown a page at a time."""

import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.pages import Patience
from lti_tool.lti.roster import read_roster
from lti_tool.services.courses import people_list
from lti_tool.services.courses.people_list import Search
from lti_tool.store.courses import RosterReadRow
from lti_tool.store.people import MembershipRow
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.listed import MEMBERS, Listed, ListingLms, member

MANY = 20_000
FEW_BYTES = 20_000_000


class Crowd(Sequence[dict[str, Any]]):
    """Many trainees, each made up when somebody asks."""

    def __len__(self) -> int:
        return MANY

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, slice):
            return [self[number] for number in range(*which.indices(MANY))]
        return member(f"crowd-{which:05d}")


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are asked meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def listed(world: World, sessions: sessionmaker[Session]) -> Listed:
    return Listed(world, sessions, ListingLms(people=Crowd()))


def here(listed: Listed) -> int:
    return listed.world.session.scalars(
        select(func.count()).select_from(MembershipRow).where(MembershipRow.ended_at.is_(None))
    ).one()


@pytest.mark.slow
def test_lti_n13_twenty_thousand_people_on_four_hundred_pages_are_read_twice(listed: Listed) -> None:
    before = here(listed)
    with counted(listed.world.session) as said:
        assert listed.read() is None
    assert len(listed.lms.asked) == MANY / listed.lms.most
    assert len(said) < 20 * len(listed.lms.asked)  # for each page, not for each person
    assert here(listed) == before + MANY
    with counted(listed.world.session) as said:
        assert listed.read() is None
    assert len(said) < 12 * MANY / listed.lms.most
    assert here(listed) == before + MANY
    newest = select(RosterReadRow.people).order_by(RosterReadRow.asked_at.desc()).limit(1)
    assert listed.world.session.scalars(newest).one() == MANY
    shows_a_page_of_many(listed)


def shows_a_page_of_many(listed: Listed) -> None:
    """One page of the list asks little, and does not put everybody's names in order."""
    session, ines = listed.world.session, listed.world.visitor("ines")
    place = listed.world.place(ines)
    with counted(session) as said:
        found = people_list.find(session, place, Search())
        lines = people_list.lines(session, place, Search(), found, first=MANY - 40, most=40)
    assert (found.count, found.ids, len(lines)) == (MANY + 5, None, 40)
    assert len(said) <= 7
    (person,) = people_list.find(session, place, Search(name="crowd-19999")).ids or ()
    assert person


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_moodle_n4_twenty_thousand_people_in_one_answer_are_read_as_well(listed: Listed) -> None:
    listed.lms.people, listed.lms.most = Crowd()[:], MANY
    listed.course.memberships_url = f"{MEMBERS}?limit={MANY}"  # as of a platform that knows no pages
    before = here(listed)
    assert listed.read() is None
    assert len(listed.lms.asked) == 1
    assert here(listed) == before + MANY


def test_pages_are_forgotten_as_they_were_handed_on() -> None:
    lms = ListingLms(people=Crowd())
    tracemalloc.start()
    try:
        calls = _Calls(lms)
        read = sum(len(some) for some in read_roster(calls, MEMBERS, Patience(_no_time, lambda seconds: None)))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == MANY
    assert most < FEW_BYTES


class _Calls:
    """The stub's services without tokens."""

    def __init__(self, lms: ListingLms) -> None:
        self._lms = lms

    def call(self, method: str, url: str, scope: str, headers: Any, **_limits: Any) -> Any:
        return self._lms.request(method, url)


def _no_time() -> Any:
    raise AssertionError("nobody asks for the time")
