"""A rubric that is being tried out: shared, answered and signed like any other, and no score comes of it."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.scores import deliver
from lti_tool.store.deliveries import DeliveryRow
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_guide_and_language import IN_SPANISH, looked_at_with

BOTH = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def tried_out(course: Course) -> Course:
    looked_at_with(course, replace(IN_SPANISH, pilot=True))
    return course


@BOTH
def test_cap_e5_what_is_rated_with_a_pilot_is_signed_and_sends_nothing(
    tried_out: Course, looked_at: list[UUID]
) -> None:
    observation_id = tried_out.signed()
    session = tried_out.world.session
    assert session.scalars(select(DeliveryRow)).all() == []
    assert looked_at == []
    assert deliver.desire_overlooked(session, tried_out.world.now) == ()
    read = Read(tried_out.browser("sam").get(f"/o/{observation_id}").text)
    assert "being tried out" in read.text


def test_cap_e5_once_the_rubric_is_no_pilot_any_more_only_what_comes_after_counts(tried_out: Course) -> None:
    tried_out.signed()
    looked_at_with(tried_out, replace(IN_SPANISH, title="One conversation, tried"))
    tried_out.signed()
    (row,) = tried_out.world.session.scalars(select(DeliveryRow)).all()
    assert row.desired_score == 100


def test_cap_e5_everyone_reads_that_it_sets_no_score(tried_out: Course) -> None:
    begun = tried_out.begun()
    for who, path in (
        ("ines", tried_out.home), ("sam", tried_out.home), ("sam", f"{tried_out.home}/rubric"),
        ("jo", f"/o/{begun}/rate"),
    ):  # fmt: skip
        read = Read(tried_out.browser(who).get(path).text)
        assert "being tried out" in read.text
        assert "score" in read.text


def test_others_read_nothing_of_it(course: Course) -> None:
    assert "being tried out" not in Read(course.browser("ines").get(course.home).text).text
