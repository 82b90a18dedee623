"""Qualifications are good from their first day to their last, and said before they end."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lti_tool.services.courses.places import NotHere
from lti_tool.services.qualifications import qualified
from lti_tool.store.assignments import QualificationRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World

KIND = "Bias training"


def record(world: World, first: date, last: date | None, kind: str = KIND) -> None:
    ines = world.visitor("ines")
    qualified.record(
        world.session, ines, world.place(ines), person_id=world.visitor("jo").person_id, kind=kind, days=(first, last),
        now=world.now,
    )  # fmt: skip


def missing(world: World, day: date) -> tuple[str, ...]:
    return qualified.missing(world.session, world.visitor("jo").person_id, (KIND, "Ethics"), day)


def test_cap_c3_it_is_good_from_its_first_day_to_its_last(world: World) -> None:
    today = world.now.date()
    record(world, today, today + timedelta(days=10))
    assert [missing(world, today + timedelta(days=days)) for days in (-1, 0, 10, 11)] == [
        (KIND, "Ethics"), ("Ethics",), ("Ethics",), (KIND, "Ethics"),
    ]  # fmt: skip


def test_cap_c3_nothing_that_is_not_asked_for_is_wanting(world: World) -> None:
    assert qualified.missing(world.session, world.visitor("jo").person_id, (), world.now.date()) == ()


def test_names_are_the_same_whatever_their_capitals(world: World) -> None:
    record(world, world.now.date(), None, " bias   TRAINING ")
    assert missing(world, world.now.date()) == ("Ethics",)


def test_the_same_is_recorded_once_and_taken_back_by_an_entry_of_its_own(world: World) -> None:
    for _ in range(2):
        record(world, world.now.date(), None)
    ines, (row,) = world.visitor("ines"), world.session.scalars(select(QualificationRow)).all()
    for _ in range(2):
        qualified.end(
            world.session, ines, world.place(ines), person_id=row.person_id, qualification_id=row.id, now=world.now
        )
    assert missing(world, world.now.date()) == (KIND, "Ethics")
    assert row.ended_at == world.now


def test_cap_c3_what_ends_within_a_month_is_said_unless_another_goes_on(world: World) -> None:
    today, jo = world.now.date(), world.visitor("jo").person_id
    record(world, today, today + timedelta(days=30))
    assert [one.kind for one in qualified.ending_soon(world.session, [jo], today)] == [KIND]
    assert qualified.ending_soon(world.session, [jo], today - timedelta(days=1)) == ()
    record(world, today, today + timedelta(days=300))
    assert qualified.ending_soon(world.session, [jo], today) == ()


def test_of_several_of_one_kind_the_one_that_ends_last_is_told(world: World) -> None:
    today, jo = world.now.date(), world.visitor("jo").person_id
    for days in (20, 5, 10):
        record(world, today - timedelta(days=days), today + timedelta(days=days))
    (ending,) = qualified.ending_soon(world.session, [jo], today)
    assert ending.last_day == today + timedelta(days=20)
    assert qualified.ending_soon(world.session, [], today) == ()


def test_what_nobody_has_is_not_ended_and_who_is_not_in_the_course_has_no_name_in_it(world: World) -> None:
    ines, jo, nobody = world.visitor("ines"), world.visitor("jo").person_id, world.registration_id
    place = world.place(ines)
    with pytest.raises(NotHere):
        qualified.end(world.session, ines, place, person_id=jo, qualification_id=nobody, now=world.now)
    with pytest.raises(NotHere):
        qualified.name_in_course(world.session, place, nobody)
    assert qualified.name_in_course(world.session, place, jo) == "Jo Example"


def test_days_in_the_wrong_order_and_strangers_are_refused(world: World) -> None:
    today, ines = world.now.date(), world.visitor("ines")
    with pytest.raises(Refused):
        record(world, today, today - timedelta(days=1))
    with pytest.raises(Refused):
        record(world, today, None, " ")
    with pytest.raises(NotHere):
        qualified.record(
            world.session, ines, world.place(ines), person_id=world.registration_id, kind=KIND, days=(today, None),
            now=world.now,
        )  # fmt: skip
