"""What a rubric covers, as one picture with a table behind it."""

import re
from uuid import UUID

import pytest

from grading.competency import Competency, Framework
from lti_tool.access import Capability
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks
from lti_tool.store.base import new_id
from rubrics.rubric import Alignment, Principle, Rubric
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_library import give, page, published
from tests.lti_tool.web.test_queries import BOUND, counted
from tests.rubrics.making import a_criterion, a_rubric

SHOWING = a_rubric(
    a_criterion(alignments=(Alignment("ours:A1"), Alignment("theirs:Z1")), must_be_met=True),
    a_criterion("listens", relational=False, principles=frozenset({Principle.TRUST})),
)


@pytest.fixture
def school(course: Course) -> Course:
    give(course, "lea", Capability.PROGRAM_LEAD)
    give(course, "rea", Capability.REVIEWER)
    return course


def keep(school: Course, *competencies: Competency, **changes: str) -> UUID:
    """A framework of the organization."""
    framework = Framework(
        identifier=str(new_id()), key="ours", title="Ours", language="en-US", notice="With thanks to its owners.",
        competencies=competencies, **changes,
    )  # fmt: skip
    world = school.world
    saved = frameworks.save(world.session, world.organization_id, framework, bundled=False, now=world.now)
    school.kept()
    return saved.framework_id


def small(school: Course) -> UUID:
    top = Competency(identifier=str(new_id()), code="A", statement="Being with people")
    return keep(
        school,
        top,
        Competency(identifier=str(new_id()), code="A1", statement="Offers a pause", parent=top.identifier),
        Competency(identifier=str(new_id()), code="A2", statement="Listens", parent=top.identifier),
        Competency(
            identifier=str(new_id()), code="A3", statement="Holds hope", parent=top.identifier, observable=False
        ),
    )


def written(school: Course, rubric: Rubric) -> str:
    by = Author(school.world.organization_id, None)
    draft_id = drafts.begin(school.world.session, by, rubric, school.world.now)
    school.kept()
    return f"/drafts/{draft_id}/coverage"


def test_cap_a1_a_rubric_without_choice_is_told_so(school: Course) -> None:
    only_trust = a_rubric(a_criterion(principles=frozenset({Principle.TRUST})))
    read = page(school, "lea", written(school, only_trust))
    assert "No criterion stands for choice yet." in read.text
    assert "No criterion stands for trust yet." not in read.text


def test_the_picture_has_a_name_and_a_table_that_says_the_same(school: Course) -> None:
    small(school)
    html = school.browser("lea").get(written(school, SHOWING)).text
    assert 'role="img"' in html
    assert re.search(r"<title id=\"picture-title\">What the criteria cover</title>", html)
    assert "The picture as a table" in html
    cells = re.findall(r"<rect class=\"coverage-(open|shown|striped)\"[^>]*x=\"", html)
    # Safety, choice, trust, both kinds, and area A have two cells each; what nobody covers is one empty bar.
    assert len(cells) == 2 * 6 + 3
    # The first criterion must be met: safety, choice, relational, must be met, and area A. The second: trust.
    assert (cells.count("striped"), cells.count("shown")) == (5, 1)


def test_what_is_shown_what_is_open_and_what_is_set_apart_stand_by_themselves(school: Course) -> None:
    small(school)
    read = page(school, "rea", written(school, SHOWING))
    assert "1 of 2 competencies that can be observed are shown by a criterion." in read.text
    assert read.before("A1 Offers a pause", "A2 Listens")
    assert read.before("Shown by reflection or talk", "Holds hope")
    assert "With thanks to its owners." in read.text
    assert read.before("In none of your frameworks", "theirs:Z1")


def test_an_edition_is_looked_at_by_all_who_read_it_a_draft_by_those_who_write_and_review(school: Course) -> None:
    draft = written(school, SHOWING)
    edition = f"/rubrics/versions/{published(school.world, key='other')}/coverage"
    for who, of_draft, of_edition in (("lea", 200, 200), ("rea", 200, 200), ("ines", 404, 200), ("sam", 404, 404)):
        assert school.browser(who).get(draft).status_code == of_draft, who
        assert school.browser(who).get(edition).status_code == of_edition, who


def test_the_page_stays_small_with_5000_competencies_and_60_criteria(school: Course) -> None:
    top = [Competency(identifier=str(new_id()), code=f"T{n}", statement=f"Area {n}") for n in range(200)]
    below = [
        Competency(identifier=str(new_id()), code=f"C{n}", statement=f"Practice {n}", parent=top[n % 200].identifier)
        for n in range(4800)
    ]
    keep(school, *top, *below)
    many = [a_criterion(f"c{n}", alignments=(Alignment(f"ours:C{n}"),)) for n in range(60)]
    address = written(school, a_rubric(*many))
    engine = school.app.extensions["attune"].sessions.engine
    with counted(engine) as said:
        answer = school.browser("lea").get(address)
    assert answer.status_code == 200
    assert len(said) <= BOUND
    assert len(answer.text) < 600_000
    assert "60 of 4800 competencies" in answer.text


def test_pages_of_coverage_are_well_made_and_well_said(school: Course) -> None:
    small(school)
    for rubric in (SHOWING, a_rubric(a_criterion(statement=""), key="second")):
        assert list(problems_of(school.browser("lea").get(written(school, rubric)).text)) == []
