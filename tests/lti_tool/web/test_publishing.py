"""Publishing on the web: the checklist with its links, the review, and a newer edition for an activity."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.services.authoring import author, drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.store.drafts import ReviewRow
from rubrics.rubric import Alignment, Principle, Rubric
from rubrics.translation import Translation
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_library import give, page, published
from tests.rubrics.making import LEVELS, a_criterion, a_rubric


@pytest.fixture
def school(course: Course) -> Course:
    """The course, with Lea who writes rubrics and Rea who reviews them."""
    give(course, "lea", Capability.PROGRAM_LEAD)
    give(course, "rea", Capability.REVIEWER)
    return course


def lea_of(school: Course) -> Author:
    return Author(school.world.organization_id, school.world.visitor("lea").person_id)


def begun(school: Course, rubric: Rubric | None = None) -> UUID:
    """A draft of Lea's."""
    draft_id = drafts.begin(school.world.session, lea_of(school), rubric or a_rubric(), school.world.now)
    school.kept()
    return draft_id


def rewrite(school: Course, draft_id: UUID, rubric: Rubric) -> None:
    drafts.rewrite(school.world.session, lea_of(school), draft_id, rubric, school.world.now)
    school.kept()


def post(school: Course, who: str, path: str, **fields: str):
    """Fill in the form of a page and send it."""
    browser = school.browser(who)
    return browser.post(path, data=hidden(browser.get(path).text) | fields)


def ask(school: Course, draft_id: UUID):
    return school.browser("lea").act(f"/drafts/{draft_id}/ask-review")


def reviewed(school: Course, **fields: str) -> UUID:
    """A draft that Rea has read."""
    draft_id = begun(school)
    ask(school, draft_id)
    assert post(school, "rea", f"/drafts/{draft_id}/review", **({"ready": "yes"} | fields)).status_code == 303
    return draft_id


def test_the_checklist_says_what_is_still_to_be_done_and_links_to_each_place(school: Course) -> None:
    bare = a_criterion("listens", levels=(replace(LEVELS[0], anchor=""), replace(LEVELS[1], label="Fail"), LEVELS[2]))
    spanish = Translation(language="es", title="Una conversación")
    draft_id = begun(school, a_rubric(a_criterion(), bare, summary="", translations=(spanish,)))
    read = page(school, "lea", f"/drafts/{draft_id}/publish")
    draft = f"/drafts/{draft_id}"
    assert {
        f"{draft}#field-summary",
        f"{draft}/criteria/listens#field-criteria.listens.levels.1.anchor",
        f"{draft}/criteria/listens#field-criteria.listens.levels.2.label",
        f"{draft}/translations/es/listens#field-translations.es.criteria.listens.levels.3.anchor",
    } <= set(read.links)
    assert "Criterion 2, Level 1, What is seen" in read.text
    assert "Please find other words for “Fail”." in read.text
    assert "es: Criterion 2, Level 3, What is seen" in read.text
    assert "Publish this rubric" not in read.text


def test_cap_a1_the_checklist_names_a_principle_that_no_criterion_stands_for(school: Course) -> None:
    named = a_criterion(principles=frozenset(Principle) - {Principle.CHOICE}, alignments=(Alignment("ours:A9"),))
    read = page(school, "lea", f"/drafts/{begun(school, a_rubric(named))}/publish")
    assert "No criterion stands for choice yet." in read.text
    assert "No criterion stands for safety yet." not in read.text
    assert "ours:A9 is in none of your frameworks." in read.text
    assert read.before("Worth another look", "They keep nothing from being published.")


def test_cap_a6_a_draft_is_asked_about_reviewed_and_published(school: Course) -> None:
    draft_id = begun(school)
    assert "Waiting for your review" not in page(school, "rea", "/rubrics").text
    assert "Reviewers see it now" in page(school, "lea", ask(school, draft_id).location).text
    waiting = page(school, "rea", "/rubrics")
    assert waiting.before("Waiting for your review", "One conversation")
    assert f"/drafts/{draft_id}/review" in waiting.links
    answer = post(school, "rea", f"/drafts/{draft_id}/review", ready="yes", words="It reads kindly.", named="Rea O.")
    assert "Waiting for your review" not in page(school, "rea", answer.location).text
    checklist = page(school, "lea", f"/drafts/{draft_id}/publish")
    assert checklist.before("ready to publish", "It reads kindly.")
    assert "Name to be published: Rea O." in checklist.text
    answer = post(school, "lea", f"/drafts/{draft_id}/publish")
    out = page(school, "ines", answer.location)
    assert out.facts["Reviewed with lived experience"].strip() == "Rea O., 2026-03-02"
    assert "One conversation" in [
        one.title for one in author.choices(school.world.session, school.world.organization_id)
    ]


def test_cap_a6_without_a_review_nothing_is_published_even_by_a_form_of_ones_own(school: Course) -> None:
    draft_id = begun(school)
    answer = post(school, "lea", f"/drafts/{draft_id}/publish", digest="0" * 64)
    assert answer.status_code == 422
    school.kept()
    assert "One conversation" not in page(school, "ines", "/rubrics").text


def test_what_changed_since_the_review_stands_beside_the_checklist(school: Course) -> None:
    draft_id = reviewed(school)
    rewrite(school, draft_id, a_rubric(title="Other words"))
    read = page(school, "lea", f"/drafts/{draft_id}/publish")
    assert "The words were changed since the latest review" in read.text
    assert read.before("Before One conversation", "Now Other words")
    assert "Publish this rubric" not in read.text


def test_words_that_were_changed_after_the_page_was_opened_are_looked_at_again(school: Course) -> None:
    draft_id = reviewed(school)
    fields = hidden(school.browser("lea").get(f"/drafts/{draft_id}/publish").text)
    rewrite(school, draft_id, a_rubric(title="Other words"))
    answer = school.browser("lea").post(f"/drafts/{draft_id}/publish", data=fields)
    assert answer.status_code == 422
    assert "The rubric was changed since you opened this page." in Read(answer.text).text


def test_what_a_reviewer_typed_is_not_lost_when_the_words_were_changed_meanwhile(school: Course) -> None:
    draft_id = begun(school)
    ask(school, draft_id)
    fields = hidden(school.browser("rea").get(f"/drafts/{draft_id}/review").text)
    rewrite(school, draft_id, a_rubric(title="Other words"))
    typed = {"ready": "no", "words": "A long thought", "named": "Rea"}
    answer = school.browser("rea").post(f"/drafts/{draft_id}/review", data=fields | typed)
    assert answer.status_code == 422
    read = Read(answer.text)
    assert read.before("The rubric was changed while you read it.", "A long thought")
    assert "Other words" in read.text
    assert read.checked("ready") == ["no"]
    assert read.fields["named"][0]["value"] == "Rea"


def test_a_review_says_whether_it_is_ready(school: Course) -> None:
    draft_id = begun(school)
    ask(school, draft_id)
    answer = post(school, "rea", f"/drafts/{draft_id}/review", words="Some words")
    assert answer.status_code == 422
    assert "Some words" in Read(answer.text).text


def test_the_same_review_sent_twice_is_one(school: Course) -> None:
    draft_id = begun(school)
    ask(school, draft_id)
    rea = school.browser("rea")
    fields = hidden(rea.get(f"/drafts/{draft_id}/review").text) | {"ready": "yes"}
    for _time in range(2):
        assert rea.post(f"/drafts/{draft_id}/review", data=fields).status_code == 303
    school.kept()
    assert len(school.world.session.scalars(select(ReviewRow)).all()) == 1


def test_who_wrote_it_reads_why_another_person_reviews_it(school: Course) -> None:
    give(school, "lea", Capability.REVIEWER)
    draft_id = begun(school)
    ask(school, draft_id)
    read = page(school, "lea", f"/drafts/{draft_id}/review")
    assert "You took part in writing this rubric, so another person reviews it." in read.text
    assert "ready" not in read.fields


def test_a_draft_that_was_published_leads_to_what_it_became(school: Course) -> None:
    draft_id = reviewed(school)
    out = post(school, "lea", f"/drafts/{draft_id}/publish").location.partition("?")[0]
    assert school.browser("lea").get(f"/drafts/{draft_id}/publish").location == out


@pytest.mark.parametrize(
    ("who", "path"), [("rea", "publish"), ("ines", "publish"), ("ines", "review"), ("lea", "review")]
)
def test_only_leads_publish_and_only_reviewers_review(school: Course, who: str, path: str) -> None:
    assert school.browser(who).get(f"/drafts/{begun(school)}/{path}").status_code == 404


def test_in_a_lab_a_review_is_marked_as_a_demo(school: Course) -> None:
    joined = school.app.extensions["attune"]
    school.app.extensions["attune"] = replace(joined, settings=replace(joined.settings, lab=True))
    draft_id = begun(school)
    ask(school, draft_id)
    assert "This is a demo" in page(school, "rea", f"/drafts/{draft_id}/review").text
    post(school, "rea", f"/drafts/{draft_id}/review", ready="yes")
    assert "demo review" in page(school, "lea", f"/drafts/{draft_id}/publish").text
    out = page(school, "lea", post(school, "lea", f"/drafts/{draft_id}/publish").location)
    assert out.facts["Reviewed with lived experience"].strip().startswith("Demo review:")


def test_cap_e13_an_instructor_reads_that_a_newer_edition_is_out_and_uses_it(school: Course) -> None:
    assert "is out" not in page(school, "ines", school.home).text
    rubric = author.rubric_of(
        school.world.session, school.world.place(school.world.visitor("ines")).activity.rubric_version_id
    ).rubric
    published(school.world, **{name: getattr(rubric, name) for name in rubric.__slots__} | {"summary": "Said anew."})
    home = page(school, "ines", school.home)
    assert "Edition 2 of the rubric is out; this activity uses edition 1." in home.text
    read = page(school, "ines", f"{school.home}/edition")
    assert read.before("Before", "Now Said anew.")
    assert list(problems_of(school.browser("ines").get(f"{school.home}/edition").text)) == []
    answer = post(school, "ines", f"{school.home}/edition")
    assert "New observations use this edition." in page(school, "ines", answer.location).text
    assert school.browser("ines").get(f"{school.home}/edition").status_code == 303
    assert school.browser("sam").get(f"{school.home}/edition").status_code == 403


def test_every_page_of_publishing_is_well_made_and_well_said(school: Course) -> None:
    untidy = a_rubric(a_criterion(), a_criterion("listens", statement="", levels=()), title="")
    for rubric in (untidy, a_rubric()):
        draft_id = begun(school, replace(rubric, key=f"rubric-{len(rubric.title)}"))
        ask(school, draft_id)
        post(school, "rea", f"/drafts/{draft_id}/review", ready="no", words="Please wait.")
        rewrite(school, draft_id, replace(rubric, license="CC-BY-4.0"))
        for who, path in (("lea", "publish"), ("rea", "review")):
            html = school.browser(who).get(f"/drafts/{draft_id}/{path}").text
            assert list(problems_of(html)) == [], path
            assert not re.search(r"<h[1-6][^>]*>\s*</h", html)


def test_what_has_no_page_of_its_own_is_linked_to_where_it_is_written(school: Course) -> None:
    odd = a_criterion("listens", principles=frozenset(), watch_for=("A look that seems to fail",))
    draft_id = begun(school, a_rubric(a_criterion(), odd))
    links = page(school, "lea", f"/drafts/{draft_id}/publish").links
    here = f"/drafts/{draft_id}/criteria/listens#field-criteria.listens"
    assert {f"{here}.principles-1", f"{here}.watch_for"} <= set(links)
    assert school.browser("lea").get(f"/drafts/{school.world.organization_id}/publish").status_code == 404


def test_what_moved_and_what_a_criterion_stands_for_now_is_shown_since_the_review(school: Course) -> None:
    draft_id = reviewed(school)
    other = a_criterion(principles=frozenset({Principle.SAFETY, Principle.TRUST}))
    rewrite(school, draft_id, a_rubric(a_criterion("listens", may_be_not_observed=False), other))
    text = page(school, "lea", f"/drafts/{draft_id}/publish").text
    assert "moved from place" in text
    assert "Before safety, choice" in text
