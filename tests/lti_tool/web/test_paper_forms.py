"""Forms on paper: made, carried along, and found again by their code, by the one person whose form it is."""

import html
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, update

from lti_tool.services.observations import observe, paper
from lti_tool.store.paper import PaperFormRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.records import AuditEntryRow
from rubrics.paper_code import complete, shown
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_guide_and_language import IN_SPANISH, looked_at_with

BOTH = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
NEUTRAL = "With this code, nothing opens for you here."


def made_for(course: Course, observation_id: UUID, **fields: str) -> str:
    """The code of a form that Jo made for this observation."""
    answer = course.browser("jo").act(f"/o/{observation_id}/paper", **fields)
    assert answer.status_code == 303
    course.kept()
    code = paper.code_of(course.world.session, observation_id)
    course.kept()
    assert code
    return code


def blank_forms(course: Course, number: int, who: str = "ines") -> tuple[str, list[str]]:
    """Where they are, and their codes."""
    answer = course.browser(who).act(f"{course.home}/paper", number=str(number))
    assert answer.status_code == 303
    session = course.world.session
    session.expire_all()
    codes = list(session.scalars(select(PaperFormRow.code).where(PaperFormRow.observation_id.is_(None))))
    course.kept()
    return answer.location, codes


def typed(course: Course, code: str, who: str = "jo") -> str:
    """Where the code leads after it was typed in."""
    browser = course.browser(who)
    answer = browser.act("/paper", key=f"a-key-for-{code:>12}", code=code)
    assert answer.status_code == 303, answer.text
    return str(browser.get(answer.location).location)


def test_a_code_that_is_typed_in_finds_its_observation(course: Course) -> None:
    begun, asked = course.begun(), course.asked()
    code = made_for(course, begun)
    assert typed(course, shown(code)) == f"/o/{begun}/rate"
    assert f"From paper form {shown(code)}" in Read(course.browser("jo").get(f"/o/{begun}/rate").text).text
    assert typed(course, made_for(course, asked)) == f"/o/{asked}/begin"


@pytest.mark.parametrize(
    "way", [str.lower, lambda code: f" {code[:2]} {code[2:]} ", lambda code: code.replace("0", "O")]
)
def test_how_a_code_is_typed_makes_no_difference(course: Course, way: Callable[[str], str]) -> None:
    begun = course.begun()
    assert typed(course, way(made_for(course, begun))) == f"/o/{begun}/rate"


def test_a_slip_is_told_at_once_and_stays_to_be_mended(course: Course) -> None:
    for code, sentence in (("AB12-CD34", "Please check the code"), ("", "Please type in the code")):
        answer = course.browser("jo").act("/paper", code=code)
        assert answer.status_code == 422
        assert sentence in Read(answer.text).text
        assert f'value="{code}"' in answer.text


def test_someone_elses_code_and_an_unknown_one_read_the_same(course: Course) -> None:
    code = made_for(course, course.begun())
    for who, asked in (("amara", code), ("sam", code), ("ines", code), ("jo", complete("ABCDEFG"))):
        answer = course.browser(who).act("/paper", code=asked)
        assert answer.status_code == 422
        assert NEUTRAL in Read(answer.text).text
        scanned = course.browser(who).get(f"/paper/{asked}")
        assert scanned.status_code == 404
        assert NEUTRAL in Read(scanned.text).text
    assert course.browser("amara").act(f"/paper/{code}", observation="x").status_code == 404


def test_a_form_that_was_shared_since_leads_to_what_was_shared(course: Course) -> None:
    begun = course.begun()
    code = made_for(course, begun)
    observe.stop(course.world.session, course.world.visitor("jo"), begun, course.world.now)
    course.kept()
    assert typed(course, code) == f"/o/{begun}"


def test_by_default_a_form_carries_no_name_at_all(course: Course) -> None:
    begun = course.begun()
    code = made_for(course, begun)
    address = f"/o/{begun}/paper/form"
    page = html.unescape(course.browser("jo").get(address).text)
    assert "Sam Example" not in page
    assert shown(code) in page
    assert f"https://attune.school.example/paper/{code}" not in Read(page).text  # it is in the picture
    assert "Sam Example" in course.browser("jo").get(f"{address}?named=yes").text


def test_a_form_has_every_criterion_and_level_with_the_strength_first_and_the_next_step_last(course: Course) -> None:
    begun = course.begun()
    made_for(course, begun)
    read = Read(course.browser("jo").get(f"/o/{begun}/paper/form").text)
    rubric = observe.form(course.world.session, course.world.visitor("jo"), begun).rubric
    course.kept()
    places = [read.text.index(words) for words in (
        "The trainee agreed to this observation.", "First: a strength you saw",
        *(criterion.statement for criterion in rubric.criteria), "One thing to build next", "Last: a next step",
    )]  # fmt: skip
    assert places == sorted(places)
    assert read.text.count("Not seen today") == sum(each.may_be_not_observed for each in rubric.criteria)
    for level in rubric.criteria[0].levels:
        assert level.anchor in read.text


@pytest.mark.parametrize("size", ["a4", "us-letter", "other"])
def test_the_pdf_is_made_for_the_paper_that_is_there(course: Course, size: str) -> None:
    begun = course.begun()
    made_for(course, begun)
    answer = course.browser("jo").get(f"/o/{begun}/paper/form?as=pdf&size={size}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_printing_again_keeps_the_code(course: Course) -> None:
    begun = course.begun()
    assert made_for(course, begun) == made_for(course, begun, key="another-key-of-a-form")


def test_a_paper_form_is_made_by_the_observer_and_only_while_the_observation_is_open(course: Course) -> None:
    begun, shared = course.begun(), course.shared()
    for who in ("sam", "ines", "amara", "noor"):
        assert course.browser(who).get(f"/o/{begun}/paper").status_code == 404
        assert course.browser(who).act(f"/o/{begun}/paper").status_code == 404
    assert course.browser("jo").act(f"/o/{shared}/paper").status_code == 409
    assert course.browser("jo").get(f"/o/{begun}/paper/form").location == f"/o/{begun}/paper"


@BOTH
def test_blank_forms_each_have_a_code_and_are_tied_when_first_typed_in(course: Course) -> None:
    begun, other = course.begun(), course.begun()
    address, codes = blank_forms(course, 3)
    assert len(set(codes)) == 3
    made = Read(course.browser("ines").get(address).text)
    assert "3 forms are ready" in made.text
    page = course.browser("ines").get(next(link for link in made.links if "/paper/forms" in link and "as=" not in link))
    for code in codes:
        assert shown(code) in page.text
    jo = course.browser("jo")
    choice = Read(jo.get(f"/paper/{codes[0]}").text)
    assert {field["value"] for field in choice.fields["observation"]} == {str(begun), str(other)}
    assert choice.checked("observation") == []
    answer = jo.act(f"/paper/{codes[0]}", observation=str(begun))
    assert answer.location == f"/o/{begun}/rate?said=paper_belongs"
    assert f"From paper form {shown(codes[0])}" in Read(jo.get(answer.location).text).text
    assert typed(course, codes[0]) == f"/o/{begun}/rate"


def test_nothing_chosen_ties_nothing(course: Course) -> None:
    course.begun()
    _, codes = blank_forms(course, 1)
    answer = course.browser("jo").act(f"/paper/{codes[0]}")
    assert answer.status_code == 422
    assert "Please choose the observation" in Read(answer.text).text


def test_a_blank_form_goes_only_to_an_open_observation_of_ones_own_with_its_rubric(course: Course) -> None:
    shared = course.shared()
    _, codes = blank_forms(course, 1)
    begun = course.begun()
    assert course.browser("jo").act(f"/paper/{codes[0]}", observation=str(shared)).status_code == 404
    assert course.browser("amara").act(f"/paper/{codes[0]}", observation=str(begun)).status_code == 404
    course.kept()
    assert paper.code_of(course.world.session, begun) is None


def test_who_printed_a_blank_form_reads_that_no_observation_waits_for_it(course: Course) -> None:
    _, codes = blank_forms(course, 1, who="jo")
    assert "no trainee has agreed with you" in Read(course.browser("jo").get(f"/paper/{codes[0]}").text).text
    assert course.browser("amara").get(f"/paper/{codes[0]}").status_code == 404


def test_the_newest_paper_of_an_observation_counts(course: Course) -> None:
    begun = course.begun()
    first = made_for(course, begun)
    _, codes = blank_forms(course, 1)
    course.browser("jo").act(f"/paper/{codes[0]}", observation=str(begun))
    assert typed(course, codes[0]) == f"/o/{begun}/rate"
    assert course.browser("jo").get(f"/paper/{first}").status_code == 404


@pytest.mark.parametrize("number", ["0", "31", "many", "", "-1"])
def test_how_many_forms_is_asked_again_where_it_makes_no_sense(course: Course, number: str) -> None:
    answer = course.browser("ines").act(f"{course.home}/paper", number=number)
    assert answer.status_code == 422
    assert "between 1 and 30 forms" in Read(answer.text).text
    assert f'value="{number}"' in answer.text


def test_of_a_long_rubric_fewer_forms_are_made_at_once(course: Course) -> None:
    criteria = tuple(replace(IN_SPANISH.criteria[1], key=f"listens-{number}") for number in range(60))
    looked_at_with(course, replace(IN_SPANISH, criteria=criteria, translations=()))
    answer = course.browser("ines").act(f"{course.home}/paper", number="9")
    assert answer.status_code == 422
    assert "between 1 and 8 forms" in Read(answer.text).text


def test_blank_forms_are_for_those_who_observe_or_teach_and_each_sees_their_own(course: Course) -> None:
    address, _ = blank_forms(course, 1)
    assert course.browser("sam").get(f"{course.home}/paper").status_code == 403
    assert course.browser("jo").get(address).status_code == 404
    for odd in ("soon", "2026-03-02T09:00:00"):
        assert course.browser("ines").get(f"{course.home}/paper", query_string={"printed": odd}).status_code == 404


def test_printing_and_tying_stand_in_the_audit(course: Course) -> None:
    begun = course.begun()
    made_for(course, begun)
    _, codes = blank_forms(course, 2)
    course.browser("jo").act(f"/paper/{codes[0]}", observation=str(begun))
    session = course.world.session
    session.expire_all()
    entries = session.scalars(select(AuditEntryRow).where(AuditEntryRow.act.like("paper.%"))).all()
    found = sorted((entry.act, entry.subject.split(":")[0], entry.facts.get("forms")) for entry in entries)
    assert found == [
        ("paper.belongs", "observation", None), ("paper.print", "activity", 2), ("paper.print", "observation", 1)
    ]  # fmt: skip


def test_a_blank_form_of_a_rubric_has_no_code_and_a_line_for_the_name(course: Course) -> None:
    version_id = course.world.place(course.world.visitor("ines")).activity.rubric_version_id
    course.kept()
    page = course.browser("ines").get(f"/paper/rubric/{version_id}")
    assert page.status_code == 200
    assert "paper-code" not in page.text
    assert "Trainee" in Read(page.text).text
    assert course.browser("ines").get(f"/paper/rubric/{version_id}?as=pdf").data.startswith(b"%PDF-")
    assert course.browser("sam").get(f"/paper/rubric/{version_id}").status_code == 404


def test_where_no_pdf_can_be_made_the_same_form_is_a_page(course: Course) -> None:
    version_id = looked_at_with(course, replace(IN_SPANISH, title="A talk 🙂"))
    answer = course.browser("ines").get(f"/paper/rubric/{version_id}?as=pdf")
    assert answer.status_code == 200
    read = Read(answer.text)
    assert "The PDF could not be made. This page has the same form" in read.text
    assert "A talk 🙂" in read.text


def test_an_observer_who_left_the_course_finds_nothing_by_code(course: Course) -> None:
    code = made_for(course, course.asked())
    jo = course.browser("jo")
    assert jo.get(f"/paper/{code}").status_code == 303
    left = update(MembershipRow).where(MembershipRow.person_id == course.world.visitor("jo").person_id)
    course.world.session.execute(left.values(ended_at=course.world.now))
    course.kept()
    assert jo.get(f"/paper/{code}").status_code == 404


def test_the_way_to_paper_is_where_it_is_needed(course: Course) -> None:
    begun = course.begun()
    for who, path, link in (
        ("jo", "/waiting", "/paper"), ("jo", course.home, f"{course.home}/paper"),
        ("jo", f"/o/{begun}", f"/o/{begun}/paper"), ("ines", course.home, f"{course.home}/paper"),
    ):  # fmt: skip
        assert link in Read(course.browser(who).get(path).text).links


def test_what_was_printed_earlier_is_not_mixed_with_what_is_printed_now(course: Course) -> None:
    blank_forms(course, 2)
    clock = course.app.extensions["attune"].clock
    clock.advance(minutes=1)
    answer = course.browser("ines").act(f"{course.home}/paper", key="another-key-of-a-form", number="1")
    assert "1 form is ready" in Read(course.browser("ines").get(answer.location).text).text
