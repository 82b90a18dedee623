"""The pages of an activity's columns: what each shows, the preview of every cell, and the acts."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from grading.scores import ColumnShows
from lti_tool.access import Capability
from lti_tool.services.scores import deliver
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.organizations import OrganizationRow
from tests.lti_tool.services.observed_rows import observed
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.gradebook_rows import first_column, further_column
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_library import give

MakeCourse = Callable[..., Course]


@pytest.fixture
def practiced(make_course: MakeCourse) -> Course:
    """Two are required. Sam finished two; Noor one, in which what must be met is not met yet."""
    course = make_course(required_observations=2)
    world = course.world
    observed(world, world.visitor("sam").person_id, 2)
    observed(world, world.visitor("sam").person_id, 5, days=1)
    observed(world, world.visitor("noor").person_id, 5, must=2)
    deliver.desire_for_all(world.session, world.activity_id, world.now)
    course.kept()
    return course


def read(course: Course, path: str, who: str = "ines", status: int = 200) -> Read:
    answer = course.browser(who).get(course.home + path)
    assert answer.status_code == status, answer.text
    return Read(answer.text)


def activity(course: Course) -> ActivityRow:
    course.world.session.expire_all()
    return course.world.session.get_one(ActivityRow, course.world.activity_id)


def further(course: Course) -> list[ActivityColumnRow]:
    course.kept()
    found = list(course.world.session.scalars(select(ActivityColumnRow)))
    course.world.session.commit()
    return found


def test_the_page_of_the_columns_says_what_each_shows(practiced: Course) -> None:
    further_column(practiced, ColumnShows.MEAN_OF_LAST)
    practiced.kept()
    page = read(practiced, "/columns")
    assert page.before("How many of the required observations are finished", "The mean of the last results")
    assert "The mean is taken over the last 3." in page.text
    assert "Observed practice: mean_of_last" in page.text


def test_the_preview_names_each_trainee_and_counts_what_would_change(practiced: Course) -> None:
    page = read(practiced, "/columns/preview?of=first&shows=latest")
    assert "Sam Example Now: 100 of 100 Then: 100 of 100" in page.text
    assert "Noor Example Now: 50 of 100 Then: empty, since what must be met is not met yet" in page.text
    assert "No cell changes." in page.text
    assert "1 cell would have no number any more. It is not emptied" in page.text


def test_a_preview_changes_nothing(practiced: Course) -> None:
    read(practiced, "/columns/preview?of=first&shows=count")
    assert activity(practiced).column_shows is ColumnShows.COMPLETION
    assert further(practiced) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("shows=count", "2 of 2"),
        ("shows=met", "Noor Example Now: 50 of 100 Then: not yet, so it is empty"),
        ("shows=mean_of_last&last=2", "Sam Example Now: 100 of 100 Then: 70 of 100"),
        ("of=new&shows=best", "1 cell gets a number."),
    ],
)
def test_each_choice_can_be_looked_at(practiced: Course, asked: str, said: str) -> None:
    assert said in read(practiced, f"/columns/preview?{asked}").text


def test_what_cannot_be_chosen_is_said_in_its_place_and_what_was_chosen_stays(practiced: Course) -> None:
    page = read(practiced, "/columns/preview?of=first&shows=mean_of_last&last=50", status=422)
    assert "Please give a number from 1 to 20." in page.text
    assert page.fields["last"][0].get("value") == "50"
    page = read(practiced, "/columns/preview?of=new&shows=completion", status=422)
    assert "Another column of this activity shows that already." in page.text


def test_without_a_choice_the_preview_leads_back_to_the_choice(practiced: Course) -> None:
    answer = practiced.browser("ines").get(f"{practiced.home}/columns/preview?of=new")
    assert answer.location.endswith("/columns/choice?of=new")


def test_what_was_looked_at_is_switched_on(practiced: Course) -> None:
    answer = practiced.browser("ines").act(f"{practiced.home}/columns/choose", shows="mean_of_last", last="2")
    assert answer.status_code == 303, answer.text
    row = activity(practiced)
    assert (row.column_shows, row.column_last) == (ColumnShows.MEAN_OF_LAST, 2)
    sam = practiced.world.visitor("sam").person_id
    score = practiced.world.session.scalars(select(DeliveryRow).where(DeliveryRow.person_id == sam)).one()
    assert score.desired_score == 70
    assert (
        "This is what the column shows already." in read(practiced, "/columns/preview?shows=mean_of_last&last=2").text
    )


def test_a_further_column_is_added_named_and_put_away(practiced: Course) -> None:
    ines = practiced.browser("ines")
    page = read(practiced, "/columns/preview?of=new&shows=best")
    assert page.fields["label"][0].get("value") == "Observed practice: best result"
    refused = ines.act(f"{practiced.home}/columns/add", shows="best", last="3", label=" ")
    assert refused.status_code == 422
    assert "Please give it a name" in Read(refused.text).text
    key = "a-key-of-one-form-2"
    ines.act(f"{practiced.home}/columns/add", key, shows="best", last="3", label="Best practice")
    (column,) = further(practiced)
    page = read(practiced, "/columns")
    assert "Best practice" in page.headings
    assert "on its way to the LMS" in page.text
    address = f"{practiced.home}/columns/{column.id}/put-away"
    practiced.kept()
    ines.act(address, "a-key-of-one-form-3")
    assert "Best practice" not in read(practiced, "/columns?said=column_put_away").headings
    assert practiced.world.session.scalars(select(LineItemRow).where(LineItemRow.column_id == column.id)).one()


def test_a_name_in_the_lms_is_asked_for_where_the_lms_allows_it(practiced: Course) -> None:
    ines, row = practiced.browser("ines"), first_column(practiced)
    row.scopes = ["https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"]
    practiced.kept()
    page = read(practiced, f"/columns/in-lms/{row.id}")
    practiced.kept()
    assert "this LMS turns empty cells into 0" in page.text
    address = f"{practiced.home}/columns/in-lms/{row.id}"
    practiced.kept()
    too_long = ines.act(address, label="x" * 256)
    assert too_long.status_code == 422
    assert Read(too_long.text).fields["label"][0].get("value") == "x" * 256
    ines.act(address, "a-key-of-one-form-2", label="Practice")
    practiced.world.session.expire_all()
    assert first_column(practiced).wanted_label == "Practice"


def test_a_column_that_the_lms_lets_nobody_change_says_so(practiced: Course) -> None:
    practiced.browser("ines")
    row = first_column(practiced)
    row.scopes = []
    practiced.kept()
    page = read(practiced, f"/columns/in-lms/{row.id}")
    assert "The LMS does not let Attune change its columns." in page.text
    assert "label" not in page.fields


def test_a_rubric_of_nothing_but_what_must_be_met_offers_no_results(
    practiced: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lti_tool.services.scores.columns.only_must_be_met", lambda *_: True)
    page = read(practiced, "/columns/choice?of=first")
    assert {field.get("value") for field in page.fields["shows"]} == {"completion", "count", "met"}
    assert "please choose met or not yet" in page.text


def test_the_neutral_line_is_for_program_leads(practiced: Course) -> None:
    assert "For the whole organization" not in read(practiced, "/columns").text
    ines = practiced.browser("ines")
    assert ines.act(f"{practiced.home}/columns/comment", on="yes").status_code == 404
    give(practiced, "ines", Capability.PROGRAM_LEAD)
    assert "For the whole organization" in read(practiced, "/columns").text
    assert ines.act(f"{practiced.home}/columns/comment", "a-key-of-one-form-2", on="yes").status_code == 303
    practiced.world.session.expire_all()
    assert practiced.world.session.scalars(select(OrganizationRow)).one().score_comment


@pytest.mark.parametrize("path", ["/columns", "/columns/choice", "/columns/preview?shows=best"])
def test_trainees_have_no_part_in_what_columns_show(practiced: Course, path: str) -> None:
    assert practiced.browser("sam").get(practiced.home + path).status_code in (403, 404)


def test_what_cannot_be_switched_on_stands_in_the_choice_again_and_changes_nothing(practiced: Course) -> None:
    ines, home = practiced.browser("ines"), f"{practiced.home}/columns"
    for act in ("choose", "add"):
        answer = ines.act(f"{home}/{act}", shows="stars")
        assert (answer.status_code, answer.location) == (303, home), act
        refused = ines.act(f"{home}/{act}", shows="mean_of_last", last="99", label="Practice")
        assert refused.status_code == 422, act
        assert "Please give a number from 1 to 20." in Read(refused.text).text, act
        assert Read(refused.text).checked("shows") == ["mean_of_last"], act
    assert activity(practiced).column_shows is ColumnShows.COMPLETION
    assert further(practiced) == []
