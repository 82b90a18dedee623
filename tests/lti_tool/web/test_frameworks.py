"""Frameworks on the web: the list, a level at a time, one competency, who shows what, and writing one's own."""

from uuid import UUID

import pytest
from sqlalchemy import select

from grading.competency import Competency, Framework, Kind, Link, Relation, Words
from lti_tool.access import Capability
from lti_tool.services.competencies import frameworks
from lti_tool.store.base import new_id
from lti_tool.store.records import AuditEntryRow
from rubrics.rubric import Alignment
from tests.lti_tool.services.conftest import INSTRUCTOR
from tests.lti_tool.web.course import HOST, Course
from tests.lti_tool.web.desk import FilledIn
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_library import give, page, published
from tests.lti_tool.web.test_queries import BOUND, counted
from tests.rubrics.making import a_criterion

TOP, LISTENS, HOPE, ELSEWHERE = (str(new_id()) for _ in range(4))


@pytest.fixture
def school(course: Course) -> Course:
    give(course, "lea", Capability.PROGRAM_LEAD)
    give(course, "rea", Capability.REVIEWER)
    return course


def keep(school: Course, *competencies: Competency, bundled: bool = False, **changes: object) -> UUID:
    values: dict[str, object] = {
        "identifier": str(new_id()), "key": "ours", "title": "Ours", "language": "en-US", "license": "CC0-1.0",
        "notice": "With thanks to its owners.", "version": "2026", "competencies": competencies,
    }  # fmt: skip
    framework = Framework(**(values | changes))  # type: ignore[arg-type]
    world = school.world
    saved = frameworks.save(world.session, world.organization_id, framework, bundled=bundled, now=world.now)
    school.kept()
    return saved.framework_id


def held(school: Course, path: str, name: str) -> str:
    """What a field of Lea's form holds."""
    return FilledIn(school.browser("lea").get(path).text)[name]


def small(school: Course, **changes: object) -> str:
    """The address of one with an area, what belongs to it, and a line of a crosswalk."""
    link = Link(
        identifier=str(new_id()), origin=LISTENS, relation=Relation.SAME, destination=ELSEWHERE,
        destination_title="Hears people out",
    )  # fmt: skip
    framework_id = keep(
        school,
        Competency(identifier=TOP, code="A", statement="Being with people"),
        Competency(
            identifier=LISTENS, code="A1", statement="Listens", parent=TOP, kind=Kind.SKILL,
            notes="With time.", translations=(Words("es", "Escucha", notes="Con tiempo."),),
        ),
        Competency(identifier=HOPE, code="A2", statement="Holds hope", parent=TOP, observable=False),
        links=(link,),
        **changes,
    )  # fmt: skip
    return f"/frameworks/{framework_id}"


def test_the_list_says_whose_each_is_how_many_it_has_and_its_notice(school: Course) -> None:
    small(school)
    read = page(school, "jo", "/frameworks")
    assert "Ours" in read.text
    assert "Version 2026, 3 competencies, CC0-1.0" in read.text
    assert "With thanks to its owners." in read.text
    assert "not yet reviewed by your people" in read.text
    assert "Write a framework of your own" not in read.text


def test_a_framework_is_read_a_level_at_a_time(school: Course) -> None:
    home = small(school)
    top = page(school, "rea", home)
    assert "A Being with people" in top.text
    assert "2 belong to it" in top.text
    assert "Listens" not in top.text
    below = page(school, "rea", f"{home}/competencies/{TOP}")
    assert "A1 Listens" in below.text
    assert "shown by reflection or talk" in below.text


def test_a_competency_says_its_kind_its_code_and_what_others_say_of_it(school: Course) -> None:
    home = small(school)
    keep(
        school, Competency(identifier=ELSEWHERE, code="Z9", statement="Hears people out"), key="theirs", title="Theirs"
    )
    read = page(school, "ines", f"{home}/competencies/{LISTENS}")
    assert read.facts["As rubrics name it"].strip() == "ours:A1"
    assert "skill" in read.text
    assert "the same as Hears people out (theirs:Z9)" in read.text
    theirs = next(link for link in read.links if ELSEWHERE in link)
    assert "Another one says of it: the same as Listens (ours:A1)" in page(school, "ines", theirs).text


def test_spanish_is_shown_to_whoever_reads_spanish_and_is_found(school: Course) -> None:
    home = small(school)
    entered = school.world.enter("ines", INSTRUCTOR, locale="es")
    school.kept()
    browser = school.app.test_client()
    browser.set_cookie("__Host-attune", entered.token, domain=HOST, secure=True)
    assert 'lang="es">A1 Escucha' in browser.get(f"{home}?find=escucha").text
    assert "Con tiempo." in browser.get(f"{home}/competencies/{LISTENS}").text


@pytest.mark.parametrize("words", ["a1", "listens", "LISTENS"])
def test_it_is_searched_by_code_and_by_words(school: Course, words: str) -> None:
    read = page(school, "jo", f"{small(school)}?find={words}")
    assert "1 has these words." in read.text
    assert "A1 Listens" in read.text


def test_what_its_owner_has_no_more_comes_last_and_says_so(school: Course) -> None:
    small_id = str(new_id())
    first = Competency(identifier=str(new_id()), code="B", statement="Gone one")
    home = f"/frameworks/{keep(school, first, identifier=small_id)}"
    keep(school, Competency(identifier=str(new_id()), code="C", statement="Here one"), identifier=small_id)
    read = page(school, "jo", home)
    assert read.before("Here one", "Gone one")
    assert read.before("Gone one", "not in it any more since")


def test_5000_competencies_are_read_with_few_questions_and_small_pages(school: Course) -> None:
    tops = [Competency(identifier=str(new_id()), code=f"T{n}", statement=f"Area {n}") for n in range(200)]
    below = [
        Competency(identifier=str(new_id()), code=f"C{n}", statement=f"Practice {n}", parent=tops[n % 200].identifier)
        for n in range(4800)
    ]
    framework_id = keep(school, *tops, *below)
    published(school.world, key="shows", criteria=(a_criterion(alignments=(Alignment("ours:C7"),)),))
    home = f"/frameworks/{framework_id}"
    engine = school.app.extensions["attune"].sessions.engine
    paths = ("", "?page=5", "?find=practice", f"/competencies/{tops[7].identifier}", "/coverage", "/coverage?open=1")
    for path in paths:
        with counted(engine) as said:
            answer = school.browser("lea").get(home + path)
        assert answer.status_code == 200
        assert len(said) <= BOUND, path
        assert len(answer.text) < 200_000, path
    assert "4800 have these words." in school.browser("lea").get(f"{home}?find=practice").text


def test_an_organization_sees_which_published_rubrics_show_what(school: Course) -> None:
    home = small(school)
    published(school.world, key="one", title="One", criteria=(a_criterion(alignments=(Alignment("ours:A1"),)),))
    published(school.world, key="two", title="Two")
    read = page(school, "ines", f"{home}/coverage")
    assert "1 of 1 competencies that can be observed are shown by a published rubric." in read.text
    assert "1 more is shown by reflection or talk, so nothing is missing there." in read.text
    assert "One" in read.text
    assert "Two" not in read.text
    assert "There is none." in page(school, "ines", f"{home}/coverage?open=1").text


def test_a_lead_notes_that_they_looked_at_it_for_their_people(school: Course) -> None:
    home = small(school)
    answer = school.browser("lea").act(f"{home}/looked-at")
    read = page(school, "lea", answer.location)
    assert "It is noted, with your name and the day." in read.text
    assert read.facts["Looked at by your people"].strip() == f"Lea Example, {school.world.now.date()}"
    assert "looked at by your people" in page(school, "jo", "/frameworks").text


def test_what_is_removed_is_not_offered_and_comes_back(school: Course) -> None:
    home = small(school)
    world = school.world
    lea = school.browser("lea")
    assert "Offer “Ours” no more?" in page(school, "lea", f"{home}/remove").text
    lea.act(f"{home}/remove")
    assert frameworks.find_competencies(world.session, world.organization_id, "ours:A1") == ()
    assert school.browser("jo").get(home).status_code == 404
    assert "Ours" in page(school, "lea", "/frameworks").text
    lea.act(f"{home}/bring-back", key="a-key-of-one-form-2")
    assert "Ours" in page(school, "jo", "/frameworks").text
    acts = world.session.scalars(
        select(AuditEntryRow.act).where(AuditEntryRow.person_id == world.visitor("lea").person_id)
    ).all()
    assert {"framework.remove", "framework.bring_back"} <= set(acts)


def test_a_lead_writes_a_framework_competency_by_competency(school: Course) -> None:
    lea = school.browser("lea")
    begun = lea.act("/frameworks/new", key="a-key-of-one-form-1", title="Ours alone", language="en-US")
    home = begun.location.partition("?")[0]
    for number, statement in enumerate(("Listens", "Asks")):
        lea.act(f"{home}/add", key=f"a-key-of-one-form-{number}x", statement=statement, code=f"A{number}")
    links = [link for link in page(school, "lea", home).links if "/competencies/" in link]
    assert len(links) == 2
    lea.act(f"{links[1]}/write", key="a-key-of-one-form-up", do="up")
    assert page(school, "lea", home).before("A1 Asks", "A0 Listens")
    lea.act(f"{links[1]}/add", key="a-key-of-one-form-below", statement="Asks what helps", observable="yes")
    assert "Asks what helps" in page(school, "lea", links[1]).text
    change = {"statement": "Asks first", "code": "A1", "kind": "skill"}
    lea.act(f"{links[1]}/write", key="a-key-of-one-form-change", was=held(school, f"{links[1]}/write", "was"), **change)
    read = page(school, "lea", links[1])
    assert "Asks first" in read.text
    assert "skill" in read.text
    lea.act(f"{links[0]}/write", key="a-key-of-one-form-out", do="take_out")
    assert page(school, "lea", home).before("Asks first", "not in it any more since")


def test_whoever_writes_second_sees_what_the_first_one_wrote_and_keeps_their_own_words(school: Course) -> None:
    write = f"{small(school)}/competencies/{LISTENS}/write"
    lea, was = school.browser("lea"), held(school, write, "was")
    assert lea.act(write, key="a-key-of-one-form-1", was=was, statement="Listens first", code="A1").status_code == 303
    second = lea.act(write, key="a-key-of-one-form-2", was=was, statement="Listens longer", code="A1")
    assert second.status_code == 422
    assert "It says now: “Listens first”." in second.text
    assert "Listens longer" in second.text
    now = FilledIn(second.text)["was"]
    assert lea.act(write, key="a-key-of-one-form-3", was=now, statement="Listens longer", code="A1").status_code == 303


def test_what_was_typed_is_shown_again_when_something_is_to_be_mended(school: Course) -> None:
    lea = school.browser("lea")
    answer = lea.act("/frameworks/new", title=" ", language="xx yy")
    assert answer.status_code == 422
    assert "Please give the framework a title." in answer.text
    assert 'value="xx yy"' in answer.text
    home = small(school)
    answer = lea.act(f"{home}/add", key="a-key-of-one-form-2", statement="Again", code="A1")
    assert answer.status_code == 422
    assert "Another competency has the code A1." in answer.text
    assert "Again" in answer.text


@pytest.mark.parametrize("changes", [{"bundled": True}, {"uri": "https://case.example/1"}])
def test_what_is_kept_elsewhere_is_not_written_here(school: Course, changes: dict[str, object]) -> None:
    home = small(school, **changes)
    assert school.browser("lea").get(f"{home}/add").status_code == 404
    assert "Add a competency" not in page(school, "lea", home).text
    assert school.browser("lea").act(f"{home}/add", statement="Ours in theirs").status_code == 404
    assert "Ours in theirs" not in page(school, "lea", home).text


def test_only_program_leads_write_and_trainees_find_nothing(school: Course) -> None:
    home = small(school)
    for who in ("rea", "ines", "jo", "sam"):
        for path in ("/remove", "/looked-at", "/add", f"/competencies/{TOP}/write"):
            assert school.browser(who).act(home + path).status_code == 404, (who, path)
    for path in ("", "/coverage", f"/competencies/{TOP}"):
        assert school.browser("sam").get(home + path).status_code == 404


def test_pages_of_frameworks_are_well_made_and_well_said(school: Course) -> None:
    home = small(school)
    paths = (
        "/frameworks", "/frameworks/new", home, f"{home}?find=nothing", f"{home}/coverage", f"{home}/remove",
        f"{home}/add", f"{home}/competencies/{TOP}", f"{home}/competencies/{TOP}/add",
        f"{home}/competencies/{LISTENS}/write", f"{home}/competencies/{LISTENS}",
    )  # fmt: skip
    for path in paths:
        assert list(problems_of(school.browser("lea").get(path).text)) == [], path
