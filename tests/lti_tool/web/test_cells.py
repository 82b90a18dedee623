"""Deciding about one cell of the gradebook, or about a column, from its page."""

from uuid import UUID

import pytest
from sqlalchemy import select

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.gradebook_rows import first_column, further_column, put
from tests.lti_tool.web.pages import Read


def differing(course: Course, *where: LineItemRow) -> UUID:
    delivery_id = put(course, "sam", DeliveryState.DIFFERS, *where).id
    course.kept()
    return delivery_id


def state(course: Course, delivery_id: UUID) -> DeliveryState:
    found = course.world.session.get_one(DeliveryRow, delivery_id, populate_existing=True).state
    course.kept()
    return found


def test_an_instructor_says_at_the_cell_that_ours_stands_and_it_goes_out(course: Course, looked_at: list[UUID]) -> None:
    sam = differing(course)
    for _ in range(2):
        answer = course.browser("ines").act(f"/cells/{sam}/ours")
        assert (answer.status_code, answer.location) == (303, f"{course.home}/gradebook?said=sent_again")
    assert state(course, sam) is DeliveryState.WAITING
    assert looked_at == [sam]


def test_or_that_the_lms_s_stands(course: Course, looked_at: list[UUID]) -> None:
    further = further_column(course)
    further_id, sam = further.id, differing(course, further)
    answer = course.browser("ines").act(f"/cells/{sam}/let-stand")
    assert answer.location == f"{course.home}/gradebook?column={further_id}&said=let_stand"
    assert state(course, sam) is DeliveryState.LET_STAND
    assert looked_at == []
    said = course.browser("ines").get(answer.location)
    assert "The score in the LMS stands. Attune sends nothing over it." in Read(said.text).text


@pytest.mark.parametrize("act", ["ours", "let-stand", "clear"])
@pytest.mark.parametrize("who", ["sam", "noor", "jo"])
def test_nobody_else_finds_a_cell_here(course: Course, act: str, who: str) -> None:
    sam = differing(course)
    assert course.browser(who).act(f"/cells/{sam}/{act}").status_code == 404
    assert state(course, sam) is DeliveryState.DIFFERS


def test_before_a_cell_is_emptied_it_is_said_what_that_means(course: Course, looked_at: list[UUID]) -> None:
    sam = differing(course)
    page = Read(course.browser("ines").get(f"/cells/{sam}/clear").text)
    assert "Empty the cell of Sam Example?" in page.text
    assert "The LMS showed 80 of 100 when it was last read." in page.text
    assert "It is no 0." in page.text
    assert state(course, sam) is DeliveryState.DIFFERS
    answer = course.browser("ines").act(f"/cells/{sam}/clear")
    assert answer.location == f"{course.home}/gradebook?said=cell_to_clear"
    assert (state(course, sam), looked_at) == (DeliveryState.WAITING, [sam])


def test_where_nothing_of_ours_counts_any_more_ours_cannot_stand_and_it_says_what_can_be_done(course: Course) -> None:
    sam = put(course, "sam", DeliveryState.DIFFERS, answer=Answer.NOTHING_LEFT.value).id
    course.kept()
    answer = course.browser("ines").act(f"/cells/{sam}/ours")
    assert answer.status_code in (409, 422)
    assert "You can have the cell emptied" in Read(answer.text).text


def test_all_of_a_column_are_decided_at_once(course: Course, looked_at: list[UUID]) -> None:
    sam, noor = differing(course), put(course, "noor", DeliveryState.ACCEPTED).id
    line_item_id = first_column(course).id
    course.kept()
    course.browser("ines").act(f"/line-items/{line_item_id}/ours")
    assert [state(course, one) for one in (sam, noor)] == [DeliveryState.WAITING, DeliveryState.ACCEPTED]
    assert looked_at == [sam]


def test_a_column_is_stopped_goes_on_and_is_made_again(course: Course, looked_at: list[UUID]) -> None:
    column_id, registration_id = first_column(course).id, first_column(course).registration_id
    course.kept()
    ines = course.browser("ines")

    def column() -> LineItemRow:
        course.kept()
        found = course.world.session.scalars(select(LineItemRow).where(LineItemRow.id == column_id)).one()
        course.world.session.commit()
        return found

    assert ines.act(f"/line-items/{column_id}/stop").location == f"{course.home}/gradebook?said=column_stopped"
    assert column().stopped_at is not None
    ines.act(f"/line-items/{column_id}/go-on")
    assert (column().stopped_at, looked_at) == (None, [registration_id])
    row = column()
    row.gone_at = course.world.now
    course.kept()
    ines.act(f"/line-items/{column_id}/make-again")
    assert (column().gone_at, column().url, looked_at[-1]) == (None, None, column_id)
