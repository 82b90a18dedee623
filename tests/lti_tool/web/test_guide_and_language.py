"""What goes with a criterion while it is looked at, and in which words: on every page that shows a rubric."""

import html
import json
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, update

from lti_tool.services.authoring import author
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.frameworks import CompetencyRow, FrameworkRow
from lti_tool.store.observations import SignedDocumentRow, SignOffRow
from lti_tool.store.people import SessionRow
from rubrics.rubric import Alignment, Level, Rubric
from rubrics.sign_off import digest_of
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.rubrics.making import LEVELS, a_criterion, a_rubric, in_spanish

FOUR = (*LEVELS, Level(4, "In a harder moment", "Paused unaided when it was hard."))
GUIDED = a_criterion(
    guide="Watch for what happens at a silence.",
    example="“Shall we stop here for a moment?”",
    watch_for=("Filling every silence",),
    levels=(Level(1, "Stepped in", "The observer made the pause.", "The observer said: let us stop."), *FOUR[1:]),
    alignments=(
        Alignment("own:A1", reason="A pause is a choice."),
        Alignment("elsewhere:Z9", reason="Of a framework that is not here."),
    ),
)
IN_SPANISH = in_spanish(a_rubric(GUIDED, a_criterion("listens", statement="Listens first", levels=FOUR)))


def looked_at_with(course: Course, rubric: Rubric) -> UUID:
    """From now on the activity uses this rubric."""
    session = course.world.session
    version_id = author.publish_rubric(session, course.world.organization_id, rubric, now=course.world.now)
    assert course.world.activity_id is not None
    session.get_one(ActivityRow, course.world.activity_id).rubric_version_id = version_id
    return course.keep(version_id)


def read_in(course: Course, language: str) -> None:
    """Jo and Sam came with this language."""
    for who in ("jo", "sam"):
        course.browser(who)
    course.world.session.execute(update(SessionRow).values(locale=language))
    course.kept()


@pytest.fixture
def spoken(course: Course) -> Course:
    """A course with a rubric in English and Spanish, and a framework in English and Spanish."""
    looked_at_with(course, IN_SPANISH)
    own = {"organization_id": course.world.organization_id}
    framework = FrameworkRow(
        id=new_id(), identifier=str(new_id()), key="own", bundled=False, changed_at=course.world.now,
        document={"title": "Our own", "language": "en-US"}, **own,
    )  # fmt: skip
    course.world.session.add(framework)
    course.world.session.flush()
    course.world.session.add(
        CompetencyRow(
            id=new_id(), framework_id=framework.id, identifier=str(new_id()), position=0, code="A1",
            statement="Makes room for choice", observable=True, **own,
            document={"translations": [{"language": "es", "statement": "Da lugar a elegir"}]},
        )
    )  # fmt: skip
    course.kept()
    return course


def test_cap_f5_the_guide_examples_and_competencies_of_a_criterion_are_one_action_away(spoken: Course) -> None:
    page = spoken.browser("jo").get(f"/o/{spoken.begun()}/rate").text
    guides = page.split('<details class="guide"')[1:]
    (first,) = (part.split("</details>")[0] for part in guides)
    for words in (
        "<summary", "Watch for what happens at a silence.", "Shall we stop here for a moment?", "Filling every silence",
        "The observer said: let us stop.", "Makes room for choice", "A pause is a choice.", "elsewhere:Z9",
    ):  # fmt: skip
        assert words in first


def test_cap_a8_a_trainee_reads_the_same_guide_before_anything_was_asked_for(spoken: Course) -> None:
    read = Read(spoken.browser("sam").get(f"{spoken.home}/rubric").text)
    for words in ("Watch for what happens", "The observer said: let us stop.", "Makes room for choice", "Edition 1."):
        assert words in read.text


def test_the_rubric_is_read_in_the_readers_language_and_says_so(spoken: Course) -> None:
    begun, answered = spoken.begun(), spoken.answered()
    pages = (
        ("jo", f"/o/{begun}/rate"), ("jo", f"/o/{answered}"), ("jo", f"/o/{answered}/sign/peer"),
        ("sam", f"/o/{answered}"), ("sam", f"{spoken.home}/rubric"),
    )  # fmt: skip
    for who, path in pages:
        page = spoken.browser(who).get(path).text
        assert "Listens first" in page
        assert "en español" not in page
    read_in(spoken, "es-MX")
    for who, path in pages:
        page = spoken.browser(who).get(path).text
        assert ">en español: Listens first" in page
        assert ">Listens first" not in page
        assert 'lang="es"' in page
    assert "Da lugar a elegir" in spoken.browser("jo").get(f"/o/{begun}/rate").text


def test_words_in_another_language_than_the_page_are_marked_as_such(spoken: Course) -> None:
    only_english = replace(IN_SPANISH, key="only-english", translations=())
    looked_at_with(spoken, only_english)
    begun = spoken.begun()
    read_in(spoken, "es")
    page = spoken.browser("jo").get(f"/o/{begun}/rate").text
    assert '<html lang="es"' in page
    assert 'lang="en-US">Listens first' in page


def test_what_is_rated_in_one_language_is_the_same_in_the_other(spoken: Course) -> None:
    begun = spoken.begun()
    read_in(spoken, "es")
    jo = spoken.browser("jo")
    jo.act(f"/o/{begun}/rate", **{"level.pauses": "2", "evidence.pauses": "Tras una señal."})
    read_in(spoken, "en")
    assert Read(jo.get(f"/o/{begun}/rate").text).checked("level.pauses") == ["2"]


def test_what_is_signed_in_spanish_stays_spanish_and_fits_its_digest(spoken: Course) -> None:
    answered = spoken.answered()
    read_in(spoken, "es")
    jo, path = spoken.browser("jo"), f"/o/{answered}/sign/peer"
    digest = hidden(jo.get(path).text)["digest"]
    assert jo.act(path, digest=digest).status_code == 303
    session = spoken.world.session
    session.expire_all()
    document = session.scalars(select(SignedDocumentRow.document)).one()
    assert digest_of(document.encode()) == digest == session.scalars(select(SignOffRow.digest)).one()
    signed = json.loads(document)
    assert (signed["language"], signed["rubric"]["language"], signed["rubric"]["version"]) == ("es", "es", 1)
    assert signed["rubric"]["title"] == "Una conversación"
    assert [rating["statement"] for rating in signed["views"][0]["ratings"]][1] == "en español: Listens first"
    assert all(rating["anchor"].startswith("en español") for rating in signed["views"][0]["ratings"])
    read_in(spoken, "en")
    for who in ("jo", "sam"):
        assert ">Listens first" in spoken.browser(who).get(f"/o/{answered}").text
        page = spoken.browser(who).get(f"/o/{answered}/signed/peer").text
        assert '<html lang="en"' in page
        assert '<h3 lang="es">en español: Listens first' in page
        assert html.unescape(signed["attestation"]) in html.unescape(page)
        assert "does not fit the fingerprint" not in page


def test_what_was_signed_is_for_those_who_may_read_it(spoken: Course) -> None:
    signed, answered = spoken.signed(), spoken.answered()
    for who, path in (
        ("ines", f"/o/{signed}/signed/peer"), ("noor", f"/o/{signed}/signed/peer"),
        ("jo", f"/o/{signed}/signed/clinical"), ("jo", f"/o/{answered}/signed/peer"),
    ):  # fmt: skip
        assert spoken.browser(who).get(path).status_code == 404
    assert "I was nervous at first." in spoken.browser("sam").get(f"/o/{signed}/signed/peer").text


def test_a_page_that_was_read_in_one_language_signs_nothing_in_another(spoken: Course) -> None:
    answered = spoken.answered()
    jo, path = spoken.browser("jo"), f"/o/{answered}/sign/peer"
    digest = hidden(jo.get(path).text)["digest"]
    read_in(spoken, "es")
    assert jo.act(path, digest=digest).status_code == 422
