"""The pages on which instructors assign people, see what came back, and say who has room."""

import re
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import select, update

from lti_tool.services.asking import recusal
from lti_tool.store.assignments import AssignmentRow, AvailabilityRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow, GroupKind, GroupMemberRow, GroupRow
from lti_tool.store.observations import ConsentRow, ObservationRow, ObserverRow
from rubrics.observation import State
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def page(course: Course, path: str, who: str = "ines") -> Read:
    answer = course.browser(who).get(f"{course.home}{path}")
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def person(course: Course, who: str) -> UUID:
    return course.world.visitor(who).person_id


def assign(course: Course, trainee: str, who: str, part: str, **fields: str) -> object:
    path = f"{course.home}/assignments/{person(course, trainee)}"
    return course.browser("ines").act(
        path, key=f"a-key-{trainee}-{who}-{part}-x", person=str(person(course, who)), **{"as": part}, **fields
    )


def standing(course: Course) -> list[SimpleNamespace]:
    """The assignments that stand, read and let go: a session that stays open keeps SQLite locked."""
    course.kept()
    rows = course.world.session.scalars(select(AssignmentRow).where(AssignmentRow.ended_at.is_(None)))
    names = ("id", "trainee_id", "person_id", "assigned_as", "backup")
    found = [SimpleNamespace(**{name: getattr(row, name) for name in names}) for row in rows]
    course.kept()
    return found


def a_group(course: Course, *members: str) -> UUID:
    session, here = course.world.session, course.world.session.query(CourseRow).one()
    group = GroupRow(
        id=new_id(), organization_id=here.organization_id, course_id=here.id, kind=GroupKind.GROUP,
        lti_group_id="7", name="Tuesday",
    )  # fmt: skip
    session.add(group)
    session.flush()
    for who in members:
        session.add(
            GroupMemberRow(
                id=new_id(), organization_id=here.organization_id, group_id=group.id, person_id=person(course, who),
                listed_at=course.world.now,
            )
        )  # fmt: skip
    return course.keep(group.id)


def test_one_is_assigned_shown_and_ended_and_the_page_says_who_is_without(course: Course) -> None:
    assert "2 trainees have somebody not yet assigned" in page(course, "/assignments").text
    assert assign(course, "sam", "jo", "observer").status_code == 303  # type: ignore[attr-defined]
    read = page(course, "/assignments")
    assert "Jo Example observer" in read.text
    assert "not yet assigned: peer lane" in read.text
    (row,) = standing(course)
    ended = course.browser("ines").act(
        f"{course.home}/assignments/end", assignment=str(row.id), trainee=str(row.trainee_id)
    )
    assert ended.status_code == 303
    assert standing(course) == []


def test_those_without_somebody_stand_first(course: Course) -> None:
    assign(course, "noor", "jo", "observer")
    assign(course, "noor", "jo", "peer")
    text = page(course, "/assignments").text
    assert text.index("Sam Example") < text.index("Noor Example")
    assert "1 trainee has somebody not yet assigned" in text


def test_beyond_the_room_nobody_is_assigned_and_who_has_room_is_said(course: Course) -> None:
    field = f"room-{person(course, 'jo')}"
    assert course.browser("ines").act(f"{course.home}/room", **{field: "1"}).status_code == 303
    assign(course, "sam", "jo", "observer")
    refused = assign(course, "noor", "jo", "observer")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    text = Read(refused.text).text  # type: ignore[attr-defined]
    assert "Jo Example can take on 1. There is room with: Amara Example" in text
    assert len(standing(course)) == 1


@pytest.mark.parametrize("typed", ["many", "-1", "1001"])
def test_a_number_that_makes_no_sense_is_asked_for_again_with_what_was_typed(course: Course, typed: str) -> None:
    field = f"room-{person(course, 'jo')}"
    refused = course.browser("ines").act(f"{course.home}/room", **{field: typed})
    assert refused.status_code == 422
    assert f'value="{typed}"' in refused.text
    assert course.world.session.query(AvailabilityRow).count() == 0
    course.kept()


def test_a_whole_group_is_assigned_at_once_and_whoever_joins_later_is_not_yet_assigned(course: Course) -> None:
    group_id = a_group(course, "sam", "noor", "jo")
    assert "2 trainees are in it now" in page(course, f"/assignments/group?group={group_id}").text
    answer = course.browser("ines").act(
        f"{course.home}/assignments/group", group=str(group_id), person=str(person(course, "jo")), **{"as": "peer"}
    )
    assert answer.status_code == 303
    assert len(standing(course)) == 2


def test_cap_c11_a_group_leaves_out_those_with_whom_a_conflict_stands(course: Course) -> None:
    group_id = a_group(course, "sam", "noor")
    recusal.declare(course.world.session, course.world.visitor("sam"), person(course, "jo"), course.world.now)
    course.kept()
    course.browser("ines").act(
        f"{course.home}/assignments/group", group=str(group_id), person=str(person(course, "jo")), **{"as": "peer"}
    )
    assert [row.trainee_id for row in standing(course)] == [person(course, "noor")]


def test_cap_c14_while_somebody_is_away_the_page_says_so_and_the_back_up_stands_in(course: Course) -> None:
    assign(course, "sam", "jo", "observer")
    assign(course, "sam", "amara", "observer", backup="yes")
    until = (course.world.now + timedelta(days=5)).date()
    answer = course.browser("jo").act(
        f"{course.home}/away", **{"from": course.world.now.date().isoformat(), "until": until.isoformat()}
    )
    assert answer.status_code == 303
    assert "away until March 7, 2026" in page(course, "/away", who="jo").text
    assert "away until March 7, 2026" in page(course, f"/assignments/{person(course, 'noor')}").text


def test_days_in_the_wrong_order_are_shown_again_as_typed(course: Course) -> None:
    refused = course.browser("jo").act(f"{course.home}/away", **{"from": "2026-04-02", "until": "2026-04-01"})
    assert refused.status_code == 422
    assert 'value="2026-04-02"' in refused.text
    assert "comes before the first" in refused.text


def test_ux_p7_a_request_without_an_answer_comes_back_and_somebody_else_is_asked(course: Course) -> None:
    asked = course.asked()
    assert "no answer yet" not in page(course, "?tab=activity").text
    long_ago = course.world.now - timedelta(days=6)
    course.world.session.execute(update(ObserverRow).values(asked_at=long_ago))
    course.kept()
    assert "1 request has no answer yet." in page(course, "?tab=activity").text
    read = page(course, "/came-back")
    assert "Jo Example was asked on February 24, 2026" in read.text
    ask = f"/came-back/{asked}?instead_of={person(course, 'jo')}"
    assert f"{course.home}{ask}" in read.links
    assert "In the place of Jo Example" in page(course, ask).text
    answer = course.browser("ines").act(
        f"{course.home}/came-back/{asked}", instead_of=str(person(course, "jo")), person=str(person(course, "amara"))
    )
    assert answer.status_code == 303
    course.kept()
    row = course.world.session.get_one(ObservationRow, asked)
    assert (row.state, row.observer_id, row.asked_by) == (
        State.REQUESTED, person(course, "amara"), person(course, "ines")
    )  # fmt: skip
    assert course.world.session.query(ConsentRow).count() == 0  # it is the trainee's to give anew


def test_reminding_changes_nothing_but_that_they_are_told(course: Course) -> None:
    asked = course.asked()
    answer = course.browser("ines").act(f"{course.home}/came-back/{asked}/remind")
    assert answer.status_code == 303


def test_cap_c11_a_conflict_that_leaves_a_request_without_observer_comes_back_without_a_name(course: Course) -> None:
    asked = course.asked()
    recusal.declare(course.world.session, course.world.visitor("sam"), person(course, "jo"), course.world.now)
    course.kept()
    assert "1 observation needs someone else to observe." in page(course, "?tab=activity").text
    read = page(course, "/came-back")
    assert f"{course.home}/came-back/{asked}" in read.links
    offered = page(course, f"/came-back/{asked}").text
    assert "Amara Example" in offered
    assert "Jo Example" not in offered


def bring(course: Course, content: bytes, name: str = "mine.csv") -> object:
    ines = course.browser("ines")
    return ines.post(
        f"{course.home}/assignments/file",
        data={"csrf_token": ines.token(), "file": (BytesIO(content), name)},
        content_type="multipart/form-data",
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_downloaded_comes_back_and_changes_nothing(course: Course, kind: str) -> None:
    assign(course, "sam", "jo", "observer")
    content = course.browser("ines").get(f"{course.home}/assignments/as-it-stands/{kind}").data
    shown = bring(course, content, f"mine.{kind}")
    assert shown.status_code == 200  # type: ignore[attr-defined]
    assert "Nothing would change." in Read(shown.text).text  # type: ignore[attr-defined]


def test_a_file_is_shown_first_and_taken_in_by_a_button_and_a_second_time_changes_nothing(course: Course) -> None:
    file = (
        b"Trainee,Assigned,As,Lane,Back-up\n"
        b"Sam Example,Jo Example,observer,,\n"
        b"Noor Example,Amara Example,supervisor,clinical,yes\n"
        b"Nobody,Jo Example,observer,,\n"
    )
    shown = bring(course, file)
    text = Read(shown.text).text  # type: ignore[attr-defined]
    assert "new: 2" in text
    assert "Nobody of this course has this name." in text
    assert standing(course) == []
    fields = hidden(re.sub("&#34;", '"', shown.text))  # type: ignore[attr-defined]
    rows = re.search(r'name="rows" value="([^"]*)"', shown.text)  # type: ignore[attr-defined]
    assert rows is not None
    taken = course.browser("ines").act(
        f"{course.home}/assignments/file/take-in", rows=rows[1].replace("&#34;", '"'), shown=fields["shown"]
    )
    assert taken.status_code == 303
    assert sorted((row.assigned_as.value, row.backup) for row in standing(course)) == [
        ("observer", False), ("supervisor", True),
    ]  # fmt: skip
    assert "as it is: 2" in Read(bring(course, file).text).text  # type: ignore[attr-defined]


def test_a_file_without_the_columns_names_what_is_needed(course: Course) -> None:
    answer = bring(course, b"Who,Whom\na,b\n")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Trainee" in Read(answer.text).text  # type: ignore[attr-defined]


def test_only_instructors_assign(course: Course) -> None:
    for who in ("sam", "jo"):
        assert course.browser(who).get(f"{course.home}/assignments").status_code == 403


def test_ux_p7_what_is_still_being_written_down_is_told_to_the_trainee_and_the_instructors(course: Course) -> None:
    course.begun()
    course.app.extensions["attune"].clock.advance(days=15)
    for who in ("sam", "ines"):
        course.renew(who)
    assert "nothing is needed from you" in Read(course.browser("sam").get(course.home).text).text
    assert "1 observation is still being written down" in page(course, "").text
    assert "Please ask whoever observes what would help them to finish." in page(course, "/came-back").text


def test_what_is_still_to_choose_is_asked_for_and_what_is_none_of_it_changes_nothing(course: Course) -> None:
    group_id, ines = a_group(course, "sam", "noor"), course.browser("ines")
    nobody = ines.act(f"{course.home}/assignments/group", group=str(group_id), person="", **{"as": "observer"})
    assert nobody.status_code == 422
    assert "Please choose somebody." in Read(nobody.text).text
    none_of_us = ines.act(
        f"{course.home}/assignments/group", group=str(group_id), person=str(person(course, "noor")),
        **{"as": "observer"},
    )  # fmt: skip
    assert none_of_us.status_code == 404
    file = f"{course.home}/assignments/file"
    empty = ines.post(file, data={"csrf_token": ines.token()}, content_type="multipart/form-data")
    assert empty.status_code == 422
    assert "Please choose a file first." in Read(empty.text).text
    assert ines.act(f"{file}/take-in", rows="no rows", shown="").status_code == 400
    behind = ines.act(f"{file}/take-in", rows="[]", shown="0")
    assert behind.status_code == 422
    assert ines.get(f"{course.home}/assignments/as-it-stands/pdf").status_code == 404
    away = course.browser("jo").act(f"{course.home}/away", **{"from": "soon", "until": ""})
    assert away.status_code == 422
    assert "year, month and day" in Read(away.text).text
    assert standing(course) == []


def test_a_request_that_came_back_is_asked_of_somebody_and_not_of_nobody(course: Course) -> None:
    asked, ines = course.asked(), course.browser("ines")
    at = f"{course.home}/came-back/{asked}"
    nobody = ines.act(at, person="")
    assert nobody.status_code == 422
    assert "Please choose whom to ask." in Read(nobody.text).text
    refused = ines.act(at, person=str(person(course, "sam")))
    assert refused.status_code == 422
    course.browser("sam").act(f"/o/{asked}/withdraw")
    assert ines.get(at).status_code == 404
