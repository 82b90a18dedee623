"""Hand-over notes on the web: written, given, read first by the trainee, then by those who supervise."""

from typing import Any

import pytest

from lti_tool.services.caseload import assigning
from lti_tool.services.caseload.assignments import What
from lti_tool.store.assignments import AssignedAs
from rubrics.sign_off import Lane
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of

WORDS = "She likes to meet in the morning."


@pytest.fixture
def supervised(course: Course) -> Course:
    """Jo supervises Sam in the peer lane, Amara in the clinical lane."""
    world, ines = course.world, course.world.visitor("ines")
    for who, lane in (("jo", Lane.PEER), ("amara", Lane.CLINICAL)):
        assigning.assign(
            world.session, ines, world.place(ines), trainee_id=world.visitor("sam").person_id,
            person_id=world.visitor(who).person_id, what=What(AssignedAs.SUPERVISOR, lane, backup=False),
            now=world.now,
        )  # fmt: skip
    course.kept()
    return course


def page(browser: Any, path: str) -> Read:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert not list(problems_of(answer.text)), path
    return Read(answer.text)


def begun(course: Course, who: str = "jo", about: str = "sam") -> str:
    """The address of a draft."""
    person = str(course.world.visitor(about).person_id)
    answer = course.browser(who).act(f"{course.home}/hand-over/begin", person=person)
    assert answer.status_code == 303
    return str(answer.location)


def given(course: Course) -> str:
    path = begun(course)
    answer = course.browser("jo").act(path, key="a-key-of-one-form-2", words=WORDS, then="give")
    assert answer.location.endswith("/hand-over?said=note_given")
    return path


def test_ux_c1_a_draft_is_saved_as_one_goes_and_only_its_writer_opens_it(supervised: Course) -> None:
    path, jo = begun(supervised), supervised.browser("jo")
    assert 'data-autosave="' in jo.get(path).text
    saved = jo.post(f"{path}/save", json={"words": WORDS}, headers={"X-CSRFToken": jo.token()})
    assert (saved.status_code, "saved_at" in saved.json) == (200, True)
    assert WORDS in page(jo, path).text
    for who in ("sam", "amara"):
        assert supervised.browser(who).get(path).status_code == 404, who
    assert supervised.browser("ines").get(path).status_code == 403
    assert jo.post(f"{path}/save", json={"other": "x"}, headers={"X-CSRFToken": jo.token()}).status_code == 400


def test_ux_n2_the_trainee_reads_it_first_changes_it_and_agrees(supervised: Course) -> None:
    path, sam = given(supervised), supervised.browser("sam")
    assert path in page(sam, f"{supervised.home}/hand-over").links
    shown = page(sam, path)
    assert "You read it first, and nobody else has" in shown.text
    assert WORDS in shown.text
    assert "supervisors who sign: Amara Example, Jo Example" in shown.text
    assert supervised.browser("amara").get(path).status_code == 404
    assert WORDS not in page(supervised.browser("jo"), path).text
    answer = sam.act(path, words="I like to meet in the morning.", then="agree")
    assert answer.location.endswith("said=note_agreed")
    amara = page(supervised.browser("amara"), path)
    assert "I like to meet in the morning." in amara.text
    assert "Sam Example sees that you opened it." in amara.text
    opened = page(sam, "/opened").text
    assert "Amara Example the hand-over note" in opened


def test_ux_c5_the_trainee_takes_it_back_and_brings_it_back_for_themselves(supervised: Course) -> None:
    path, sam = given(supervised), supervised.browser("sam")
    sam.act(path, then="agree")
    assert sam.act(path, key="a-key-of-one-form-3", then="none").location.endswith("said=note_taken_back")
    assert supervised.browser("amara").get(path).status_code == 404
    assert "no reason was asked" in page(supervised.browser("jo"), path).text
    assert sam.act(path, key="a-key-of-one-form-4", then="back").location.endswith("said=note_brought_back")
    assert supervised.browser("amara").get(path).status_code == 404
    assert WORDS in page(sam, path).text


def test_what_was_typed_is_shown_again_where_it_is_not_taken(supervised: Course) -> None:
    path, jo = begun(supervised), supervised.browser("jo")
    empty = jo.act(path, words=" ", then="give")
    assert (empty.status_code, "Please write something first" in empty.text) == (422, True)
    long = jo.act(path, words="y" * 10_001, then="stay", key="a-key-of-one-form-2")
    assert (long.status_code, "y" * 10_001 in long.text) == (422, True)
    assert jo.act(path, words="x", then="shout", key="a-key-of-one-form-3").status_code == 400


def test_a_trainee_writes_one_and_everybody_finds_what_is_theirs(supervised: Course) -> None:
    assert "There is no note about you." in page(supervised.browser("sam"), f"{supervised.home}/hand-over").text
    path = begun(supervised, "sam")
    sam = supervised.browser("sam")
    assert "Nobody reads it until you agree." in page(sam, path).text
    sam.act(path, key="a-key-of-one-form-2", words=WORDS, then="agree")
    assert path in page(supervised.browser("jo"), f"{supervised.home}/hand-over").links
    assert "Written by the trainee" in page(supervised.browser("jo"), path).text
    noor = supervised.browser("noor")
    assert path not in page(noor, f"{supervised.home}/hand-over").links
    assert noor.get(path).status_code == 404
    other = str(supervised.world.visitor("noor").person_id)
    assert supervised.browser("jo").act(f"{supervised.home}/hand-over/begin", person=other).status_code == 404
