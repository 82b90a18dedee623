"""The order of names, which the database knows without knowing the names."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.cohorts import name_order
from lti_tool.services.cohorts.name_order import STEP, positions
from lti_tool.services.courses import people_list
from lti_tool.services.courses.people_list import Search
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from tests.lti_tool.services.conftest import World

EXAMPLES = ["Amara Example", "Ines Example", "Jo Example", "Noor Example", "Sam Example"]


def listed(world: World) -> tuple[list[str], bool]:
    """The names of the course as its list has them, and whether the database put them in order."""
    place = world.place(world.visitor("ines"))
    found = people_list.find(world.session, place, Search())
    shown = people_list.lines(world.session, place, Search(), found, first=0, most=50)
    return [line.name for line in shown], found.ids is None


def put_in_order(world: World, sessions: sessionmaker[Session], *, again: bool = False) -> None:
    world.session.commit()
    name_order.put_all(sessions, again=again)


@given(st.lists(st.one_of(st.none(), st.integers(-(2**40), 2**40)), max_size=40))
def test_positions_always_rise(standing: list[int | None]) -> None:
    given = positions(standing)
    assert len(given) == len(standing)
    assert all(one < next_ for one, next_ in pairwise(given))


@given(st.sets(st.integers(-1_000, 1_000)), st.data())
def test_positions_that_rise_with_room_between_them_stay(numbers: set[int], data: st.DataObject) -> None:
    rising: list[int | None] = [number * STEP for number in sorted(numbers)]
    for _ in range(data.draw(st.integers(0, 20))):
        rising.insert(data.draw(st.integers(0, len(rising))), None)
    assert [new for new, old in zip(positions(rising), rising, strict=True) if old is not None] == [
        old for old in rising if old is not None
    ]


@pytest.mark.parametrize("standing", [[3, 2], [1, 1], [1, None, 2], [5, None, 5]])
def test_where_positions_leave_no_room_all_are_given_anew(standing: Sequence[int | None]) -> None:
    assert positions(standing) == [STEP * number for number in range(1, len(standing) + 1)]


def test_a_list_is_in_order_before_and_after_the_database_knows_it(
    world: World, sessions: sessionmaker[Session]
) -> None:
    assert listed(world) == (EXAMPLES, False)
    put_in_order(world, sessions)
    assert listed(world) == (EXAMPLES, True)


def test_another_name_takes_the_position_away_and_the_worker_gives_a_new_one(
    world: World, sessions: sessionmaker[Session]
) -> None:
    put_in_order(world, sessions)
    person = world.session.get_one(PersonRow, world.visitor("sam").person_id)
    person.name = "Bela Example"
    world.session.flush()
    world.session.refresh(person)
    assert person.name_position is None
    now = ["Amara Example", "Bela Example", "Ines Example", "Jo Example", "Noor Example"]
    assert listed(world) == (now, False)
    others = {row.id: row.name_position for row in world.session.scalars(select(PersonRow)) if row is not person}
    put_in_order(world, sessions)
    world.session.expire_all()
    assert listed(world) == (now, True)
    assert others == {
        row.id: row.name_position for row in world.session.scalars(select(PersonRow)) if row is not person
    }


def test_of_too_many_whoever_is_new_waits_at_an_end_of_the_list(
    world: World, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_order(world, sessions)
    monkeypatch.setattr(name_order, "BY_NAME", 1)
    world.session.get_one(PersonRow, world.visitor("ines").person_id).name = "Ines Another"
    world.session.flush()
    shown, by_the_database = listed(world)
    assert by_the_database
    assert shown in (
        ["Ines Another", "Amara Example", "Jo Example", "Noor Example", "Sam Example"],
        ["Amara Example", "Jo Example", "Noor Example", "Sam Example", "Ines Another"],
    )
    place = world.place(world.visitor("ines"))
    assert not people_list.find(world.session, place, Search()).in_order


def test_a_position_that_is_not_right_is_found_at_night(world: World, sessions: sessionmaker[Session]) -> None:
    put_in_order(world, sessions)
    first, last = (world.session.get_one(PersonRow, world.visitor(name).person_id) for name in ("amara", "sam"))
    first.name_position, last.name_position = last.name_position, first.name_position
    put_in_order(world, sessions)
    assert listed(world)[0] != EXAMPLES
    put_in_order(world, sessions, again=True)
    assert listed(world) == (EXAMPLES, True)


def test_people_without_a_name_have_a_place_too(world: World, sessions: sessionmaker[Session]) -> None:
    world.session.add(PersonRow(id=new_id(), organization_id=world.organization_id, name=None, created_at=world.now))
    put_in_order(world, sessions)
    assert name_order.is_known(world.session, world.organization_id)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_database_walks_along_the_order_and_sorts_nothing(world: World) -> None:
    people = select(PersonRow.id)
    wanted = people.where(PersonRow.organization_id == world.organization_id).order_by(
        PersonRow.name_position, PersonRow.id
    )
    said = wanted.limit(25).compile(world.session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = [row[3] for row in world.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {said}")]
    assert plan == ["SEARCH person USING COVERING INDEX ix_person_name_order (organization_id=?)"]
