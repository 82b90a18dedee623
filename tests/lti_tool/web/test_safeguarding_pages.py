"""When harm is told: what everybody reads, what is raised with one press, who sees it."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.services.authoring import authors
from lti_tool.services.authoring.drafts import Author
from lti_tool.store.people import GrantRow
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of


def lead(course: Course, who: str = "amara", capability: Capability = Capability.SAFEGUARDING_LEAD) -> Any:
    """Their browser, once they have this in the organization."""
    world = course.world
    by = Author(world.organization_id, world.visitor("ines").person_id)
    authors.give(world.session, by, world.visitor(who).person_id, capability, world.now)
    course.kept()
    return course.browser(who)


def page(browser: Any, path: str) -> Read:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert not list(problems_of(answer.text)), path
    return Read(answer.text)


def write(browser: Any, key: str = "a-key-of-one-form-1", path: str = "/guidance/edit", **fields: str) -> Any:
    return browser.act(path, key=key, **({"jurisdiction": "Ohio", "words": "Call the county line."} | fields))


def test_cap_c9_the_guidance_is_one_press_away_from_the_record_and_from_the_rating_form(course: Course) -> None:
    write(lead(course, "ines", Capability.PROGRAM_LEAD))
    observation_id = course.begun()
    for who, path in (("jo", ""), ("jo", "/rate"), ("sam", "")):
        shown = page(course.browser(who), f"/o/{observation_id}{path}")
        assert f"/o/{observation_id}/guidance" in shown.links, (who, path)
    read = page(course.browser("jo"), f"/o/{observation_id}/guidance")
    assert read.before("call the emergency number", "Call the county line.")
    assert f"/o/{observation_id}" in read.links
    assert not {name for name in read.fields if name != "csrf_token"}, "nothing is asked on it"


def test_ux_s5_the_guidance_says_what_does_not_belong_here_and_whom_to_turn_to(course: Course) -> None:
    read = page(course.browser("sam"), "/guidance")
    assert "Please write nothing of it here" in read.text
    assert "has named no safeguarding lead" in read.text
    lead(course)
    assert "Safeguarding lead of your program: Amara Example." in page(course.browser("sam"), "/guidance").text


def test_program_leads_write_the_guidance_change_it_and_put_it_away_with_a_way_back(course: Course) -> None:
    ines = lead(course, "ines", Capability.PROGRAM_LEAD)
    assert "Until then people read" in page(ines, "/guidance/edit").text
    assert write(ines).location.endswith("said=guidance_written")
    (one,) = (link for link in page(ines, "/guidance/edit").links if "/guidance/edit/" in link)
    assert page(ines, one).fields["jurisdiction"][0]["value"] == "Ohio"
    assert write(ines, path=one, words="Call at once.", key="a-key-of-one-form-2").status_code == 303
    shown = page(ines, "/guidance/edit")
    assert shown.before("Call at once.", "Put away, or as it was before")
    assert shown.before("Put away, or as it was before", "Call the county line.")
    (now,) = (link for link in shown.links if "/guidance/edit/" in link)
    assert ines.act(f"{now}/put-away", key="a-key-of-one-form-3").location.endswith("said=guidance_put_away")
    assert "Call at once." not in page(course.browser("sam"), "/guidance").text
    back = ines.act(f"{now}/put-away", key="a-key-of-one-form-4", wish="back")
    assert back.location.endswith("said=guidance_brought_back")
    assert "Call at once." in page(course.browser("sam"), "/guidance").text


def test_guidance_that_is_not_taken_is_shown_again_as_it_was_typed(course: Course) -> None:
    ines = lead(course, "ines", Capability.PROGRAM_LEAD)
    answer = write(ines, jurisdiction="")
    assert answer.status_code == 422
    assert "for which place" in answer.text
    assert "Call the county line." in answer.text
    for who in ("sam", "jo"):
        assert course.browser(who).get("/guidance/edit").status_code == 404


def test_cap_c9_what_is_handled_outside_is_one_press_and_is_on_no_page_of_anybody_else(course: Course) -> None:
    amara, observation_id = lead(course), course.shared()
    path, jo = f"/o/{observation_id}/handled-outside", course.browser("jo")
    assert path in page(jo, f"/o/{observation_id}").links
    asked = page(jo, path)
    assert "Amara Example sees your name, the day and the course, and nothing else." in asked.text
    assert "Who can see this: the safeguarding lead" in asked.text
    assert set(asked.fields) == {"csrf_token", "act"}, "no place for words"
    before = {who: seen_by(course, who, str(observation_id)) for who in ("sam", "ines", "jo")}
    assert jo.act(path).location.endswith("said=flag_raised")
    assert "You read here when it was seen" in page(jo, path).text
    listed = page(amara, "/safeguarding")
    assert "Raised by Jo Example" in listed.text
    assert "Sam Example" not in listed.text
    assert not [link for link in listed.links if "/o/" in link], "it leads to nothing that was written"
    assert before == {who: seen_by(course, who, str(observation_id)) for who in before}
    for who in ("sam", "ines", "noor"):
        assert course.browser(who).get(path).status_code == 404, who
        assert course.browser(who).get("/safeguarding").status_code == 404, who
    assert jo.get("/safeguarding").status_code == 404
    assert path not in page(course.browser("sam"), f"/o/{observation_id}").links


def seen_by(course: Course, who: str, observation_id: str) -> list[str]:
    """The words on pages around the observation, but for what every page makes anew."""
    sam = course.world.visitor("sam").person_id
    paths = (
        f"/o/{observation_id}",
        f"/o/{observation_id}/who",
        "/waiting",
        f"{course.home}/trainees/{sam}",
        course.home,
    )
    browser = course.browser(who)
    answers = [browser.get(path) for path in paths]
    return [Read(answer.text).text for answer in answers if answer.status_code == 200]


def test_the_lead_says_that_they_have_seen_it_and_whoever_raised_it_reads_that(course: Course) -> None:
    amara, observation_id = lead(course), course.shared()
    path, jo = f"/o/{observation_id}/handled-outside", course.browser("jo")
    jo.act(path)
    answer = amara.get("/safeguarding")
    (action,) = re.findall(r'action="(/safeguarding/[^"]+)"', answer.text)
    assert amara.act(action).location.endswith("said=flag_acknowledged")
    assert "Amara Example saw it on" in page(jo, path).text
    assert jo.act(f"{path}/take-back", key="a-key-of-one-form-2").location.endswith("said=flag_taken_back")
    assert "Nothing was raised." in page(amara, "/safeguarding").text
    assert amara.act(action, key="a-key-of-one-form-3").status_code == 404


@pytest.mark.parametrize("led", [False, True])
def test_where_there_is_no_safeguarding_lead_the_page_says_so_and_to_whom_instead(course: Course, led: bool) -> None:
    if led:
        lead(course, "ines", Capability.PROGRAM_LEAD)
    observation_id = course.shared()
    path, jo = f"/o/{observation_id}/handled-outside", course.browser("jo")
    shown = page(jo, path)
    assert "nobody would see it here" in shown.text
    assert ("Please turn to a program lead directly: Ines Example." in shown.text) is led
    assert "It is handled outside" not in shown.text
    assert jo.act(path).status_code == 409


def test_a_program_lead_names_a_safeguarding_lead_and_takes_that_back(course: Course) -> None:
    ines = lead(course, "ines", Capability.PROGRAM_LEAD)
    assert "Nobody looks after safeguarding yet." in page(ines, "/authors?name=jo").text
    jo = str(course.world.visitor("jo").person_id)
    ines.act("/authors/give", person=jo, role="safeguarding-lead")
    assert "safeguarding lead" in page(ines, "/authors").text
    assert "Nothing was raised." in page(course.browser("jo"), "/safeguarding").text
    grant = course.world.session.scalars(
        select(GrantRow.id).where(GrantRow.capability == Capability.SAFEGUARDING_LEAD)
    ).one()
    course.kept()
    assert "no longer sees what is raised" in page(ines, f"/authors/{grant}/end").text
    ines.act(f"/authors/{grant}/end", key="a-key-of-one-form-2")
    assert course.browser("jo").get("/safeguarding").status_code == 404


def test_somebody_without_an_lms_account_is_invited_to_look_after_safeguarding(course: Course) -> None:
    ines = lead(course, "ines", Capability.PROGRAM_LEAD)
    invited = ines.act("/authors/invite", name="Sage", email="sage@peers.example", role="safeguarding-lead")
    link = re.search(r"/invitation/[\w-]+", invited.text)
    code = re.search(r'value="(\w{4} \w{4})"', invited.text)
    assert link
    assert code
    browser = course.app.test_client()
    typed = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(link[0]).text)
    assert typed
    answer = browser.post(link[0], data={"csrf_token": typed[1], "code": code[1]})
    assert answer.location == "/safeguarding"
    assert "Nothing was raised." in browser.get("/safeguarding").text
