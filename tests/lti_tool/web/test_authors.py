"""Who writes and reviews rubrics: the first one begins, and names others."""

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.services.authoring import authors
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses import places
from lti_tool.services.entering import inviting
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.databases import SECRET
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_every_page import problems_of

EMAIL = "rea@peers.example"


@pytest.fixture
def led(course: Course) -> Course:
    """Ines looks after the rubrics."""
    assert course.browser("ines").act("/authors/begin").status_code == 303
    course.kept()
    return course


def standing(course: Course, capability: Capability = Capability.PROGRAM_LEAD) -> list[UUID]:
    course.kept()
    found = course.world.session.scalars(
        select(GrantRow.person_id).where(GrantRow.capability == capability, GrantRow.revoked_at.is_(None))
    ).all()
    course.kept()
    return list(found)


def grant_of(course: Course, person_id: UUID) -> UUID:
    found = course.world.session.scalars(
        select(GrantRow.id).where(GrantRow.person_id == person_id, GrantRow.course_id.is_(None))
    ).one()
    course.kept()
    return found


def person(course: Course, who: str) -> UUID:
    course.browser(who)
    return course.world.visitor(who).person_id


def test_where_nobody_leads_an_instructor_can_begin_and_it_is_recorded(course: Course) -> None:
    ines = course.browser("ines")
    assert "Look after the rubrics" in ines.get("/authors").text
    assert ines.act("/authors/begin").location.endswith("said=leads_now")
    assert standing(course) == [person(course, "ines")]
    assert "Nobody reviews yet." in ines.get("/authors").text
    acts = course.world.session.scalars(select(AuditEntryRow.act)).all()
    assert "grant.give" in acts
    assert "Look after the rubrics" not in ines.get("/authors").text


def test_a_second_instructor_cannot_begin_where_someone_leads(led: Course) -> None:
    led.roles["amara"] = led.roles["ines"]
    answer = led.browser("amara").act("/authors/begin")
    assert answer.status_code == 409
    assert "Someone looks after the rubrics here already" in answer.text
    assert len(standing(led)) == 1


@pytest.mark.parametrize("who", ["sam", "jo"])
def test_trainees_and_observers_neither_read_nor_begin(course: Course, who: str) -> None:
    browser = course.browser(who)
    assert browser.get("/authors").status_code == 404
    assert browser.act("/authors/begin").status_code == 404
    assert standing(course) == []


def test_a_lead_names_a_colleague_who_was_found_by_a_part_of_their_name(led: Course) -> None:
    jo = person(led, "jo")
    found = led.browser("ines").get("/authors?name=jo").text
    assert str(jo) in found
    assert "Noor" not in found
    led.browser("ines").act("/authors/give", person=str(jo), role="program-lead")
    assert set(standing(led)) == {jo, person(led, "ines")}
    assert led.browser("jo").get("/authors").status_code == 200


def test_a_trainee_is_not_a_colleague_who_could_be_named(led: Course) -> None:
    sam = person(led, "sam")
    assert str(sam) not in led.browser("ines").get("/authors?name=sam").text
    assert led.browser("ines").act("/authors/give", person=str(sam), role="reviewer").status_code == 404
    assert standing(led, Capability.REVIEWER) == []


def test_what_was_given_is_taken_back_and_the_page_asks_first(led: Course) -> None:
    jo = person(led, "jo")
    led.browser("ines").act("/authors/give", person=str(jo), role="reviewer")
    led.kept()
    here = f"/authors/{grant_of(led, jo)}/end"
    assert "wrote and said about rubrics stays." in led.browser("ines").get(here).text
    assert led.browser("ines").act(here).location.endswith("said=grant_taken_back")
    assert standing(led, Capability.REVIEWER) == []
    assert led.browser("ines").act(here, key="another-key-of-a-form").status_code == 303


def test_the_last_lead_stays_until_another_is_named(led: Course) -> None:
    mine = grant_of(led, person(led, "ines"))
    answer = led.browser("ines").act(f"/authors/{mine}/end")
    assert answer.status_code == 409
    assert "name another program lead first" in answer.text
    assert len(standing(led)) == 1


def invited(course: Course, **typed: str) -> Any:
    fields = {"name": "Rea", "email": EMAIL, "role": "reviewer"} | typed
    return course.browser("ines").act("/authors/invite", **fields)


def test_an_invitation_shows_a_link_and_a_code_that_open_attune_for_the_reviewer(led: Course) -> None:
    page = invited(led)
    assert page.status_code == 200
    link = re.search(r'value="https://[^"]+(/invitation/[^"]+)"', page.text)
    code = re.search(r'value="(\d{4} \d{4})"', page.text)
    assert link
    assert code
    rea = led.app.test_client()
    fields = hidden(rea.get(link[1]).text)
    assert rea.post(link[1], data={**fields, "code": code[1]}).status_code == 303
    assert len(standing(led, Capability.REVIEWER)) == 1
    assert rea.get("/authors").status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "by which name"),
        ({"email": "rea"}, "an e-mail address, such as"),
        ({"role": "operator"}, "choose what they will do"),
    ],
)
def test_an_invitation_that_lacks_something_says_what_and_keeps_the_rest(
    led: Course, typed: dict[str, str], sentence: str
) -> None:
    page = invited(led, **typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert (f'value="{EMAIL}"' in page.text) is ("email" not in typed)


def test_nobody_gets_the_code_of_an_operator_by_inviting_them_again(led: Course) -> None:
    inviting.invite_person(
        led.world.session, led.world.organization_id, name="Olu", email=EMAIL, role="operator",
        secret_keys=(SECRET,), now=led.world.now,
    )  # fmt: skip
    led.kept()
    page = invited(led)
    assert page.status_code == 422
    assert "belongs to an operator" in page.text
    assert standing(led, Capability.REVIEWER) == []


def test_a_grant_of_another_organization_is_not_here(led: Course) -> None:
    mine = grant_of(led, person(led, "ines"))
    with pytest.raises(places.NotHere):
        authors.take_back(led.world.session, Author(new_id(), None), mine, led.world.now)


def test_only_writing_and_reviewing_are_given_here(led: Course) -> None:
    by = Author(led.world.organization_id, None)
    with pytest.raises(Refused):
        authors.give(led.world.session, by, person(led, "jo"), Capability.OPERATOR, led.world.now)


def test_capabilities_in_the_organization_come_from_grants_and_courses(led: Course) -> None:
    found = places.in_organization(led.world.session, led.world.visitor("ines"))
    assert found == {Capability.PROGRAM_LEAD, Capability.INSTRUCTOR}
    assert places.in_organization(led.world.session, led.world.visitor("sam")) == {Capability.TRAINEE}


def test_the_pages_are_well_made_and_well_said(led: Course) -> None:
    ines = led.browser("ines")
    here = f"/authors/{grant_of(led, person(led, 'ines'))}/end"
    for path in ("/authors", "/authors?name=jo", "/authors?name=nobody", "/authors/invite", here):
        answer = ines.get(path)
        assert answer.status_code == 200, path
        assert list(problems_of(answer.text)) == [], path
