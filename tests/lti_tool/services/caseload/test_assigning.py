"""Assigning: once, within the room there is, never against a conflict; away people have somebody who stands in."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.documents.assignment_rows import Entry
from lti_tool.services.asking import recusal
from lti_tool.services.caseload import assigning, assignment_file, assignments, availability, standing_in
from lti_tool.services.caseload.assignment_file import Fate
from lti_tool.services.caseload.assignments import What
from lti_tool.services.courses.places import NotHere
from lti_tool.services.notifying import beside
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageRow
from lti_tool.store.observations import ConsentRow, ObservationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import ASSISTANT, World
from tests.lti_tool.services.terms import NEXT

OBSERVER = What(AssignedAs.OBSERVER)
BACKUP = What(AssignedAs.OBSERVER, backup=True)
PEER = What(AssignedAs.SUPERVISOR, Lane.PEER)


def assign(world: World, trainee: str, person: str, what: What = OBSERVER) -> bool:
    ines = world.visitor("ines")
    return assigning.assign(
        world.session, ines, world.place(ines), trainee_id=world.visitor(trainee).person_id,
        person_id=world.visitor(person).person_id, what=what, now=world.now,
    )  # fmt: skip


def standing(world: World) -> tuple[assignments.AssignmentLine, ...]:
    return assignments.standing(world.session, world.place(world.visitor("ines")).course.id)


def room(world: World, person: str, capacity: int) -> None:
    ines = world.visitor("ines")
    availability.set_capacity(
        world.session, ines, world.place(ines), person_id=world.visitor(person).person_id, capacity=capacity,
        now=world.now,
    )  # fmt: skip


def away(world: World, person: str, days: int | None = 5) -> None:
    visitor, today = world.visitor(person), world.now.date()
    until = None if days is None else today + timedelta(days=days)
    availability.set_away(world.session, visitor, world.place(visitor), days=(today, until), now=world.now)


def test_assigning_twice_is_once_and_written_down_once(world: World) -> None:
    assert assign(world, "sam", "jo")
    assert not assign(world, "sam", "jo")
    assert len(standing(world)) == 1
    assert len(world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "assignment.make")).all()) == 1


def test_the_same_as_a_back_up_is_a_change_and_no_second_one(world: World) -> None:
    assign(world, "sam", "jo")
    assert assign(world, "sam", "jo", BACKUP)
    assert [one.what.backup for one in standing(world)] == [True]


def test_what_was_ended_is_begun_again_by_assigning_again(world: World) -> None:
    assign(world, "sam", "jo")
    ines, (one,) = world.visitor("ines"), standing(world)
    for _ in range(2):
        assigning.end(world.session, ines, world.place(ines), one.id, world.now)
    assert standing(world) == ()
    with pytest.raises(NotHere):
        assigning.end(world.session, ines, world.place(ines), new_id(), world.now)
    with pytest.raises(NotHere):
        assigning.in_group(world.session, world.place(ines), new_id())
    assert assign(world, "sam", "jo")


@pytest.mark.parametrize(("person", "what", "code"), [
    ("sam", OBSERVER, "oneself"), ("jo", What(AssignedAs.SUPERVISOR, Lane.CLINICAL), "not_carrying"),
])  # fmt: skip
def test_only_who_may_carry_it_is_assigned(world: World, person: str, what: What, code: str) -> None:
    with pytest.raises(Refused) as refused:
        assign(world, "sam", person, what)
    assert refused.value.code == code


def test_only_trainees_have_somebody_assigned(world: World) -> None:
    with pytest.raises(NotHere):
        assign(world, "ines", "jo")
    world.visitor("kim", ASSISTANT, **NEXT)  # of another course
    with pytest.raises(NotHere):
        assign(world, "sam", "kim")


def test_beyond_their_room_nobody_is_assigned_but_back_ups_take_none(world: World) -> None:
    room(world, "jo", 1)
    assign(world, "sam", "jo")
    assert assign(world, "sam", "jo", PEER)  # the same trainee takes no further room
    with pytest.raises(Refused) as refused:
        assign(world, "noor", "jo")
    assert refused.value.code == "full"
    assert "Amara Example" in refused.value.values["others"]  # type: ignore[operator]
    with pytest.raises(Refused, match="Nobody else said that they have room"):
        assign(world, "noor", "jo", PEER)
    assert assign(world, "noor", "jo", BACKUP)


def test_less_room_than_is_taken_ends_nothing(world: World) -> None:
    assign(world, "sam", "jo")
    room(world, "jo", 0)
    assert len(standing(world)) == 1
    with pytest.raises(Refused):
        assign(world, "noor", "jo")


def test_cap_c14_the_back_up_is_told_of_a_request_while_the_first_is_away(world: World) -> None:
    assign(world, "sam", "jo")
    assign(world, "sam", "amara", BACKUP)
    sam, jo, amara = (world.visitor(who).person_id for who in ("sam", "jo", "amara"))
    course_id, today = world.place(world.visitor("ines")).course.id, world.now.date()
    assert assignments.who_is_told(world.session, course_id, sam, jo, today) == (jo,)
    away(world, "jo")
    assert assignments.who_is_told(world.session, course_id, sam, jo, today) == (jo, amara)
    assert assignments.who_is_told(world.session, course_id, sam, jo, today + timedelta(days=6)) == (jo,)


def test_cap_c14_the_back_up_takes_a_request_on_and_the_trainee_agrees_anew(world: World) -> None:
    assign(world, "sam", "jo")
    assign(world, "sam", "amara", BACKUP)
    away(world, "jo", None)
    asked, amara = world.ask(), world.visitor("amara")
    assert beside.beside(world.session, amara, world.now).standing_in == 1
    standing_in.take_on(world.session, amara, asked, world.now)
    row = world.session.get_one(ObservationRow, asked)
    assert (row.state, row.observer_id) == (State.REQUESTED, amara.person_id)
    assert world.session.scalars(select(ConsentRow)).all() == []
    assert beside.beside(world.session, world.visitor("jo"), world.now).someone_else == ("Sam Example",)


def test_cap_c14_nobody_takes_on_what_they_do_not_stand_in_for(world: World) -> None:
    away(world, "jo")
    asked = world.ask()
    with pytest.raises(NotHere):
        standing_in.take_on(world.session, world.visitor("amara"), asked, world.now)


def entry(line: int, trainee: str, person: str, part: str, lane: str = "", **more: str) -> Entry:
    usual = {"trainee_id": "", "person_id": "", "backup": "", "end": ""}
    return Entry(line=line, trainee=trainee, person=person, part=part, lane=lane, **(usual | more))


def fates(world: World, *entries: Entry) -> list[Fate]:
    ines = world.visitor("ines")
    return [one.fate for one in assignment_file.plan(world.session, world.place(ines), entries, world.now).lines]


def take_in(world: World, *entries: Entry) -> None:
    ines = world.visitor("ines")
    place = world.place(ines)
    shown = assignment_file.plan(world.session, place, entries, world.now).digest
    assignment_file.take_in(world.session, ines, place, entries, shown=shown, now=world.now)


def rows() -> Iterator[Entry]:
    yield entry(2, "sam  EXAMPLE", "Jo Example", "observer")
    yield entry(3, "Noor Example", "Amara Example", "supervisor", "clinical", backup="yes")


def test_a_file_makes_changes_ends_and_the_second_time_changes_nothing(world: World) -> None:
    assert fates(world, *rows()) == [Fate.MAKE, Fate.MAKE]
    take_in(world, *rows())
    assert fates(world, *rows()) == [Fate.SAME, Fate.SAME]
    assert fates(world, *rows(), *rows()) == [Fate.SAME, Fate.SAME, Fate.UNCLEAR, Fate.UNCLEAR]
    take_in(world, entry(2, "Sam Example", "Jo Example", "observer", backup="x"))
    assert {one.what.backup for one in standing(world)} == {True}
    take_in(world, entry(2, "Sam Example", "Jo Example", "observer", end="yes"))
    assert len(standing(world)) == 1


@pytest.mark.parametrize("row", [
    entry(2, "Nobody", "Jo Example", "observer"), entry(2, "Sam Example", "Sam Example", "observer"),
    entry(2, "Sam Example", "Jo Example", "friend"), entry(2, "Sam Example", "Jo Example", "supervisor"),
    entry(2, "Sam Example", "Jo Example", "observer", "peer"),
    entry(2, "Sam Example", "Jo Example", "supervisor", "clinical"),
    entry(2, "Sam Example", "Jo Example", "observer", backup="perhaps"),
    entry(2, "Sam Example", "Jo Example", "observer", end="yes"),
    entry(2, "Sam Example", "Kim Example", "observer"),
    entry(2, "Nobody", "Jo Example", "observer", trainee_id="no-id"),
])  # fmt: skip
def test_a_row_that_is_not_clear_says_why_and_is_left_out(world: World, row: Entry) -> None:
    ines = world.visitor("ines")
    (line,) = assignment_file.plan(world.session, world.place(ines), [row], world.now).lines
    assert line.fate is Fate.UNCLEAR
    assert line.why
    take_in(world, row)
    assert standing(world) == ()


def test_rows_of_one_file_share_the_room_there_is(world: World) -> None:
    room(world, "jo", 1)
    two = entry(2, "Sam Example", "Jo Example", "observer"), entry(3, "Noor Example", "Jo Example", "observer")
    assert fates(world, *two) == [Fate.MAKE, Fate.UNCLEAR]


def test_cap_c11_a_file_assigns_nobody_against_a_conflict(world: World) -> None:
    recusal.declare(world.session, world.visitor("sam"), world.visitor("jo").person_id, world.now)
    assert fates(world, entry(2, "Sam Example", "Jo Example", "observer")) == [Fate.UNCLEAR]


def test_what_changed_since_it_was_shown_is_not_taken_in(world: World) -> None:
    ines = world.visitor("ines")
    shown = assignment_file.plan(world.session, world.place(ines), list(rows()), world.now).digest
    assign(world, "sam", "jo")
    with pytest.raises(Refused) as refused:
        assignment_file.take_in(
            world.session, ines, world.place(ines), list(rows()), shown=shown, now=world.now
        )  # fmt: skip
    assert refused.value.code == "changed_since_shown"
    assert len(standing(world)) == 1


def test_an_id_of_another_course_in_a_file_names_nobody(world: World) -> None:
    stranger = entry(2, "", "Jo Example", "observer", trainee_id=str(UUID(int=7)))
    assert fates(world, stranger) == [Fate.UNCLEAR]
    assert world.session.scalars(select(AssignmentRow)).all() == []


def test_the_rows_of_a_form_come_back_as_they_went_and_anything_else_is_none() -> None:
    assert assignment_file.unpacked(assignment_file.packed(list(rows()))) == tuple(rows())
    for odd in ("", "{}", "[1]", '[["a"]]', "[[1,2]]", "[[]]"):
        with pytest.raises((ValueError, TypeError, IndexError)):
            assignment_file.unpacked(odd)


@pytest.mark.parametrize("capacity", [-1, availability.MOST_TRAINEES + 1])
def test_how_many_somebody_can_take_on_is_a_number_that_makes_sense(world: World, capacity: int) -> None:
    with pytest.raises(Refused) as refused:
        room(world, "jo", capacity)
    assert refused.value.code == "capacity"


@pytest.mark.parametrize(("first", "last", "code"), [(None, 3, "away_from"), (3, 2, "days_in_order"), (-3, -1, "over")])
def test_days_away_have_a_beginning_and_are_still_to_come(
    world: World, first: int | None, last: int, code: str
) -> None:
    visitor, today = world.visitor("jo"), world.now.date()
    days = (None if first is None else today + timedelta(days=first), today + timedelta(days=last))
    with pytest.raises(Refused) as refused:
        availability.set_away(world.session, visitor, world.place(visitor), days=days, now=world.now)
    assert refused.value.code == code


def test_whoever_is_away_tells_who_stands_in_else_the_instructors_and_back_again_nobody(world: World) -> None:
    def told() -> set[str]:
        """Who was told since the last time that somebody has to stand in."""
        rows = world.session.scalars(select(MessageRow).where(MessageRow.path == "/standing-in")).all()
        names = {who for who, visitor in world.visitors.items() for row in rows if row.person_id == visitor.person_id}
        for row in rows:
            world.session.delete(row)
        world.session.flush()
        return names

    assign(world, "noor", "amara")  # nobody of Jo's
    assign(world, "sam", "jo")
    away(world, "jo")
    assert told() == {"ines"}
    assign(world, "sam", "amara", BACKUP)
    away(world, "jo")
    assert told() == {"amara"}
    jo = world.visitor("jo")
    availability.set_away(world.session, jo, world.place(jo), days=(None, None), now=world.now)
    assert told() == set()
