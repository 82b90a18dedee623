"""A rubric as the observer and as the trainee see it, before anyone does."""

import re
from uuid import UUID

import pytest

from lti_tool.access import Capability
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from rubrics.rubric import Rubric
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_headers import policy
from tests.lti_tool.web.test_library import give, page, published
from tests.lti_tool.web.test_queries import BOUND, counted
from tests.rubrics.making import a_criterion, a_rubric, in_spanish

SEEN_AS = ("observer", "trainee")


@pytest.fixture
def school(course: Course) -> Course:
    give(course, "lea", Capability.PROGRAM_LEAD)
    give(course, "rea", Capability.REVIEWER)
    return course


def written(school: Course, rubric: Rubric | None = None) -> UUID:
    """A draft of it."""
    by = Author(school.world.organization_id, None)
    draft_id = drafts.begin(school.world.session, by, rubric or a_rubric(), school.world.now)
    school.kept()
    return draft_id


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def test_cap_a1_a_draft_is_seen_in_the_fields_that_observers_fill_in(school: Course) -> None:
    rubric = a_rubric()
    shown = school.browser("lea").get(f"/drafts/{written(school, rubric)}/preview/observer")
    rated = school.browser("jo").get(f"/o/{school.begun()}/rate")
    assert shown.status_code == 200
    for criterion in rubric.criteria:
        assert criterion.statement in shown.text
        assert f'name="level.{criterion.key}"' in shown.text
        assert all(level.anchor in shown.text for level in criterion.levels)
    for field in ("strength", "growth", "next_step"):
        assert f'id="field-{field}"' in shown.text
        assert f'id="field-{field}"' in rated.text


@pytest.mark.parametrize("seen_as", SEEN_AS)
def test_nothing_can_be_sent_from_a_preview(school: Course, seen_as: str) -> None:
    html = main_of(school.browser("lea").get(f"/drafts/{written(school)}/preview/{seen_as}").text)
    assert "<form" not in html
    assert "data-autosave" not in html
    assert not re.findall(r"<button(?![^>]*type=\"button\")", html)


def test_cap_a1_the_trainee_reads_the_rubric_that_their_own_page_shows(school: Course) -> None:
    read = page(school, "rea", f"/drafts/{written(school)}/preview/trainee")
    assert "One conversation" in read.text
    assert "Not published yet." in read.text
    assert "Offers a pause when it becomes too much" in read.text
    assert "The levels, by the help that was needed" in read.text


@pytest.mark.parametrize("seen_as", SEEN_AS)
def test_a_preview_is_in_the_language_that_is_chosen(school: Course, seen_as: str) -> None:
    address = f"/drafts/{written(school, in_spanish(a_rubric()))}/preview"
    chooser = page(school, "lea", f"{address}?seen_as={seen_as}")
    assert "español" in chooser.text
    assert "en español: Offers a pause" in page(school, "lea", f"{address}/{seen_as}?language=es").text
    assert "en español" not in page(school, "lea", f"{address}/{seen_as}?language=en-US").text


@pytest.mark.parametrize("seen_as", SEEN_AS)
def test_only_our_own_page_frames_a_preview(school: Course, seen_as: str) -> None:
    address = f"/drafts/{written(school)}/preview"
    lea = school.browser("lea")
    around, inside = policy(lea.get(address)), policy(lea.get(f"{address}/{seen_as}"))
    assert around["frame-src"] == "'self'"
    assert "'self'" in inside["frame-ancestors"]
    assert "frame-src" not in inside
    assert "frame-src" not in policy(lea.get("/rubrics"))
    assert "data-platform" not in lea.get(f"{address}/{seen_as}").text


def test_a_criterion_without_words_is_named_all_the_same(school: Course) -> None:
    draft_id = written(school, a_rubric(a_criterion(statement="")))
    for seen_as in SEEN_AS:
        assert "Still to be written" in page(school, "lea", f"/drafts/{draft_id}/preview/{seen_as}").text


def test_drafts_are_previewed_by_those_who_write_and_review_editions_by_all_who_read_them(school: Course) -> None:
    draft_id, version_id = written(school), published(school.world)
    for who, draft, version in (("lea", 200, 200), ("rea", 200, 200), ("ines", 404, 200), ("sam", 404, 404)):
        for path in ("", "/observer", "/trainee"):
            assert school.browser(who).get(f"/drafts/{draft_id}/preview{path}").status_code == draft, (who, path)
            answer = school.browser(who).get(f"/rubrics/versions/{version_id}/preview{path}")
            assert answer.status_code == version, (who, path)
    assert school.browser("lea").get(f"/drafts/{draft_id}/preview/nobody").status_code == 404


def test_previews_are_well_made_well_said_and_ask_little(school: Course) -> None:
    many = [a_criterion(f"c{number}") for number in range(60)]
    draft_id, version_id = written(school, a_rubric(*many)), published(school.world, key="other")
    engine = school.app.extensions["attune"].sessions.engine
    for base in (f"/drafts/{draft_id}/preview", f"/rubrics/versions/{version_id}/preview"):
        for path in ("", "?seen_as=trainee", "/observer", "/trainee"):
            with counted(engine) as said:
                answer = school.browser("lea").get(base + path)
            assert list(problems_of(answer.text)) == [], (base, path)
            assert len(said) <= BOUND
