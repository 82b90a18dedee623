"""The rubrics of an organization on the web: the list, one rubric, one edition, what changed, and retiring."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.lti.claims import ResourceLink
from lti_tool.services.authoring import author, drafts, library
from lti_tool.services.authoring.drafts import Author
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow
from lti_tool.store.records import AuditEntryRow
from rubrics.rubric import Alignment
from rubrics.translation import CriterionWords, LevelWords, Translation
from tests.lti_tool.services.conftest import INSTRUCTOR, TRAINEE, World
from tests.lti_tool.web.course import HOST, Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_queries import BOUND, counted
from tests.rubrics.making import LEVELS, a_criterion, a_rubric

SPANISH = Translation(
    language="es",
    title="Una conversación",
    summary="Para una conversación.",
    criteria=tuple(
        CriterionWords(
            key=key,
            statement=statement,
            levels=tuple(LevelWords(level.number, f"Nivel {level.number}", "Lo que se ve.") for level in LEVELS),
        )
        for key, statement in (("pauses", "Ofrece una pausa"), ("listens", "Escucha"))
    ),
)


def give(course: Course, who: str, capability: Capability) -> None:
    world = course.world
    person_id = world.visitor(who, TRAINEE).person_id
    world.session.add(
        GrantRow(
            id=new_id(), organization_id=world.organization_id, person_id=person_id, capability=capability,
            granted_at=world.now,
        )
    )  # fmt: skip
    course.kept()


@pytest.fixture
def school(course: Course) -> Course:
    """The course, with Lea who writes rubrics and Rea who reviews them."""
    give(course, "lea", Capability.PROGRAM_LEAD)
    give(course, "rea", Capability.REVIEWER)
    return course


def published(world: World, **changes: object) -> UUID:
    """A published version of the small rubric; other words make the next edition."""
    rubric = replace(a_rubric(), **changes)
    version_id = author.publish_rubric(world.session, world.organization_id, rubric, now=world.now)
    world.session.commit()
    return version_id


def rubric_of(school: Course, version_id: UUID) -> UUID:
    return library.version(school.world.session, school.world.organization_id, version_id).rubric_id


def page(course: Course, who: str, path: str, **headers: str) -> Read:
    answer = course.browser(who).get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def test_the_library_shows_each_rubric_by_its_newest_edition(school: Course) -> None:
    published(school.world)
    newest = published(school.world, summary="Other words.")
    read = page(school, "ines", "/rubrics")
    assert f"/rubrics/versions/{newest}" in read.links
    assert "Edition 2" in read.text
    assert "not yet reviewed by your people" in read.text
    assert "2 criteria" in read.text


@pytest.mark.parametrize(("who", "may"), [("lea", True), ("rea", True), ("ines", False), ("jo", False)])
def test_drafts_are_only_for_those_who_write_and_review(school: Course, who: str, may: bool) -> None:
    lea = Author(school.world.organization_id, school.world.visitor("lea").person_id)
    draft_id = drafts.begin(school.world.session, lea, a_rubric(title="Not yet out"), school.world.now)
    school.kept()
    read = page(school, who, "/rubrics")
    assert ("Not yet out" in read.text) == may
    assert (f"/drafts/{draft_id}" in read.links) == may


def test_only_those_who_write_are_offered_to_write(school: Course) -> None:
    assert "Write a rubric" in page(school, "lea", "/rubrics").text
    assert "Write a rubric" not in page(school, "rea", "/rubrics").text


def test_an_instructor_finds_who_writes_and_can_begin(school: Course) -> None:
    assert "/authors" in page(school, "ines", "/rubrics").links
    assert "/authors" not in page(school, "jo", "/rubrics").links


def test_who_looks_after_platforms_and_rubrics_finds_both(school: Course) -> None:
    give(school, "lea", Capability.OPERATOR)
    assert "/operator" in page(school, "lea", "/rubrics").links
    assert "/rubrics" in page(school, "lea", "/operator").links
    assert "/operator" not in page(school, "rea", "/rubrics").links


def test_a_trainee_finds_no_library(school: Course) -> None:
    assert school.browser("sam").get("/rubrics").status_code == 404


def test_an_edition_is_read_in_the_readers_language_or_in_the_one_they_choose(school: Course) -> None:
    version_id = published(school.world, translations=(SPANISH,))
    ours = page(school, "ines", f"/rubrics/versions/{version_id}")
    assert "Offers a pause when it becomes too much" in ours.text
    theirs = page(school, "ines", f"/rubrics/versions/{version_id}?language=es")
    assert "Ofrece una pausa" in theirs.text
    assert "español" in theirs.text


def test_an_edition_says_its_rights_its_source_and_who_reviewed_it(school: Course) -> None:
    version_id = published(
        school.world, reviewed_by_lived_experience="Rea, 2026-03-02", contributors=("The peer council",)
    )
    facts = page(school, "jo", f"/rubrics/versions/{version_id}").facts
    assert facts["License"].strip() == "CC0-1.0"
    assert facts["Where the words come from"].strip() == "Written for this test."
    assert facts["Took part in writing it"].strip() == "The peer council"
    assert facts["Reviewed with lived experience"].strip() == "Rea, 2026-03-02"


def test_cap_e12_an_edition_is_taken_along_with_its_license_and_source(school: Course) -> None:
    version_id = published(school.world)
    read = page(school, "ines", f"/rubrics/versions/{version_id}")
    assert f"/rubrics/versions/{version_id}/file/case" in read.links
    taken = school.browser("ines").get(f"/rubrics/versions/{version_id}/file/toml")
    assert 'license = "CC0-1.0"' in taken.text
    assert 'provenance = "Written for this test."' in taken.text


def test_what_changed_stands_with_what_was_said_before_and_is_said_now(school: Course) -> None:
    rubric_id = rubric_of(school, published(school.world))
    reworded = replace(LEVELS[1], anchor="Paused after a nod.")
    pauses = a_criterion(levels=(LEVELS[0], reworded, LEVELS[2]), must_be_met=True)
    published(school.world, criteria=(a_criterion("asks", statement="Asks what helps"), pauses))
    read = page(school, "ines", f"/rubrics/{rubric_id}/changes?before=1&after=2")
    assert read.before("Before Paused after a sign from the observer.", "Now Paused after a nod.")
    assert "Level 2, What is seen" in read.text
    assert read.before("Must be met Before no", "Now yes")
    assert "Asks what helps added" in read.text


def test_any_two_editions_are_compared_the_earlier_one_first(school: Course) -> None:
    rubric_id = rubric_of(school, published(school.world))
    published(school.world, title="Second")
    published(school.world, title="Third")
    read = page(school, "ines", f"/rubrics/{rubric_id}/changes?before=3&after=1")
    assert read.headings[0] == "What changed from edition 1 to edition 3"
    assert read.before("Before One conversation", "Now Third")


def test_to_compare_what_is_not_there_is_not_found(school: Course) -> None:
    rubric_id = rubric_of(school, published(school.world))
    assert school.browser("ines").get(f"/rubrics/{rubric_id}/changes").status_code == 404
    published(school.world, title="Second")
    assert school.browser("ines").get(f"/rubrics/{rubric_id}/changes?before=1&after=9").status_code == 404
    assert school.browser("ines").get(f"/rubrics/{rubric_id}/changes?before=1&after={10**30}").status_code == 404
    assert school.browser("ines").get(f"/rubrics/{rubric_id}/changes?before=x&after=y").status_code == 200


def test_retiring_asks_once_hides_it_from_choosing_and_is_taken_back(school: Course) -> None:
    world = school.world
    rubric_id = rubric_of(school, published(world))
    lea = school.browser("lea")
    assert "Offer “One conversation” no more?" in page(school, "lea", f"/rubrics/{rubric_id}/retire").text
    answer = lea.act(f"/rubrics/{rubric_id}/retire")
    assert "It is not offered any more." in page(school, "lea", answer.location).text
    assert "One conversation" not in [one.title for one in author.choices(world.session, world.organization_id)]
    assert "Not offered any more: 1 rubric" in page(school, "ines", "/rubrics").text
    lea.act(f"/rubrics/{rubric_id}/bring-back", key="a-key-of-one-form-2")
    world.session.expire_all()
    assert "One conversation" in [one.title for one in author.choices(world.session, world.organization_id)]
    acts = world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.subject == f"rubric:{rubric_id}")).all()
    assert acts == ["rubric.retire", "rubric.bring_back"]


def test_whoever_chooses_a_rubric_reads_its_title_in_their_language_and_whether_it_was_reviewed(school: Course) -> None:
    published(school.world, translations=(SPANISH,))
    published(school.world, key="another", title="In English alone", reviewed_by_lived_experience="Rea, 2026-03-02")
    link = ResourceLink(id="bare", title="Bare")
    entered = school.world.enter("ines", INSTRUCTOR, locale="es", custom={}, resource_link=link)
    school.kept()
    browser = school.app.test_client()
    browser.set_cookie("__Host-attune", entered.token, domain=HOST, secure=True)
    html = browser.get(entered.path).text
    assert re.search(r'<label [^>]*lang="es">Una conversación</label>', html)
    assert re.search(r'<label [^>]*lang="en-US">In English alone</label>', html)
    assert "Rea, 2026-03-02" in html


def test_what_was_placed_goes_on_when_its_rubric_is_retired(school: Course) -> None:
    world = school.world
    used_id = world.place(world.visitor("ines")).activity.rubric_version_id
    used = library.version(world.session, world.organization_id, used_id)
    shared = school.shared()
    school.browser("lea").act(f"/rubrics/{used.rubric_id}/retire")
    assert school.browser("sam").get(f"/o/{shared}").status_code == 200
    assert school.asked()
    assert school.browser("sam").get(f"{school.home}/rubric").status_code == 200


def test_only_a_program_lead_retires(school: Course) -> None:
    rubric_id = rubric_of(school, published(school.world))
    for who in ("rea", "ines", "jo", "sam"):
        assert school.browser(who).act(f"/rubrics/{rubric_id}/retire").status_code == 404


def test_every_page_of_the_library_is_well_made_and_well_said(school: Course) -> None:
    version_id = published(school.world, translations=(SPANISH,), pilot=True)
    rubric_id = rubric_of(school, version_id)
    published(school.world, title="Second")
    paths = ("/rubrics", f"/rubrics/{rubric_id}", f"/rubrics/versions/{version_id}", f"/rubrics/{rubric_id}/changes")
    for who in ("lea", "rea", "ines"):
        for path in paths:
            answer = school.browser(who).get(path)
            assert answer.status_code == 200, (who, path)
            assert list(problems_of(answer.text)) == [], (who, path)
    assert list(problems_of(school.browser("lea").get(f"/rubrics/{rubric_id}/retire").text)) == []


def statements(school: Course, who: str, path: str) -> int:
    """How often a page asks the database."""
    browser = school.browser(who)
    with counted(school.app.extensions["attune"].sessions.engine) as said:
        assert browser.get(path).status_code == 200, path
    return len(said)


def test_pages_of_rubrics_ask_as_often_of_many_as_of_few(school: Course) -> None:
    world = school.world
    lea = Author(world.organization_id, world.visitor("lea").person_id)
    rubric_id = rubric_of(school, published(world))
    published(world, title="Second")
    draft_id = drafts.begin(world.session, lea, a_rubric(title="Third"), world.now)
    school.kept()
    long = tuple(a_criterion(f"criterion-{number}", alignments=(Alignment("ours:A1"),)) for number in range(60))
    version_id = published(world, key="long", criteria=long[:1])
    pages = (
        ("lea", "/rubrics"), ("rea", "/rubrics"), ("ines", "/rubrics"), ("lea", f"/rubrics/{rubric_id}"),
        ("lea", f"/rubrics/{rubric_id}/changes"), ("lea", f"/drafts/{draft_id}/publish"),
        ("rea", f"/drafts/{draft_id}/review"),
    )  # fmt: skip
    few = {page: statements(school, *page) for page in pages}
    for number in range(12):
        published(world, key=f"rubric-{number}")
        published(world, title=f"Again {number}")
        drafts.begin(world.session, lea, a_rubric(key=f"draft-{number}"), world.now)
    drafts.rewrite(world.session, lea, draft_id, a_rubric(*long), world.now)
    school.kept()
    many = {page: statements(school, *page) for page in pages}
    # What a criterion shows is asked for once, where any criterion shows something.
    assert {page for page in pages if many[page] > few[page] + 1} == set()
    assert max(many.values()) <= BOUND
    one = statements(school, "ines", f"/rubrics/versions/{version_id}")
    assert statements(school, "ines", f"/rubrics/versions/{published(world, key='long', criteria=long)}") == one
