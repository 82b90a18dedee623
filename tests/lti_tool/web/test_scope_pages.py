"""The scope of practice on its pages, and before an observation is asked for or signed."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.authoring import authors
from lti_tool.services.editions import scope_writing
from lti_tool.services.editions.edition_writing import digest
from lti_tool.services.signing.signed_words import readable
from lti_tool.store.observations import AssessmentRow, ObservationRow, SignedDocumentRow
from lti_tool.store.sites import ScopeAcknowledgmentRow
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_site_pages import add_site


def publish(course: Course, words: str = "We listen.\nWe do not diagnose.") -> UUID:
    world = course.world
    ines = world.visitor("ines")
    if scope_writing.draft(world.session, world.organization_id) is None and not scope_writing.editions(
        world.session, world.organization_id
    ):
        authors.begin(world.session, ines, world.now)
    statement_id = scope_writing.begin(world.session, ines, world.now)
    before = scope_writing.edition_of(world.session, world.organization_id, statement_id).words
    scope_writing.write(world.session, ines, statement_id, words, digest(before), world.now)
    scope_writing.publish(world.session, ines, statement_id, digest(words), world.now)
    course.kept()
    return statement_id


def ask(course: Course, key: str = "a-key-of-one-form-1", **fields: str) -> Any:
    observer = str(course.world.visitor("jo").person_id)
    return course.browser("sam").act(
        f"{course.home}/ask", key=key, observer=observer, mode="role_play", recorded="no", note="On time.", **fields
    )


def test_cap_a7_asking_without_acknowledging_is_refused_with_the_text_and_nothing_is_lost(course: Course) -> None:
    statement_id = publish(course)
    assert "We do not diagnose." in Read(course.browser("sam").get(f"{course.home}/ask").text).text
    refused = ask(course)
    assert refused.status_code == 422
    read = Read(refused.text)
    assert "Please read the scope of practice first" in read.text
    assert "We do not diagnose." in read.text
    assert "On time." in read.text
    assert read.checked("mode") == ["role_play"]
    asked = ask(course, scope=str(statement_id))
    assert asked.status_code == 303
    assert "We do not diagnose." not in Read(course.browser("sam").get(f"{course.home}/ask").text).text


def test_cap_a7_a_newer_edition_asks_again_with_what_changed_side_by_side(course: Course) -> None:
    first = publish(course)
    ask(course, scope=str(first))
    second = publish(course, "We listen.\nWe do not prescribe.")
    read = Read(course.browser("sam").get(f"{course.home}/ask").text)
    assert read.before("We do not diagnose.", "We do not prescribe.")
    assert "changed" in read.text
    late = ask(course, key="a-key-of-one-form-2", scope=str(first))
    assert late.status_code == 422
    assert "This edition is not in use any more." in late.text
    assert ask(course, key="a-key-of-one-form-3", scope=str(second)).status_code == 303


def test_cap_a7_whoever_signs_reads_it_first_and_comes_back_to_where_they_were(course: Course) -> None:
    observation_id = course.answered()
    statement_id = publish(course)
    jo, path = course.browser("jo"), f"/o/{observation_id}/sign/peer"
    sent = jo.get(path)
    assert sent.status_code == 303
    page = jo.get(sent.location)
    assert "I have read this, and I work by it" in page.text
    answer = jo.act(f"/scope/{statement_id}/acknowledge", back=hidden(page.text)["back"])
    assert (answer.status_code, answer.location) == (303, path)
    assert jo.get(path).status_code == 200


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example/", "/no/such/page", "javascript:x"]
)
def test_the_way_back_leads_to_a_page_of_ours_only(course: Course, back: str) -> None:
    statement_id = publish(course)
    assert back not in course.browser("jo").get("/scope/read", query_string={"back": back}).text
    answer = course.browser("jo").act(f"/scope/{statement_id}/acknowledge", back=back)
    assert answer.location == "/scope/read?said=scope_acknowledged"


def test_cap_a7_a_program_lead_begins_with_a_text_makes_it_their_own_and_publishes_it(course: Course) -> None:
    authors.begin(course.world.session, course.world.visitor("ines"), course.world.now)
    course.kept()
    browser = course.browser("ines")
    assert "nothing is asked of anyone yet" in browser.get("/scope").text
    write = browser.act("/scope/begin").location
    assert "It does not replace therapy" in browser.get(write).text
    assert browser.act(write, words=" ", key="another-key-of-a-form").status_code == 422
    shown = hidden(browser.get(write).text)["shown"]
    kept = browser.act(write, words="We listen.", then="publish", shown=shown, key="a-third-key-of-a-form")
    looked_over = browser.get(kept.location).text
    assert "We listen." in looked_over
    assert browser.act(kept.location, shown=hidden(looked_over)["shown"]).status_code == 303
    course.kept()
    assert "in force since" in Read(browser.get("/scope").text).text
    assert "We listen." in browser.get("/scope/read").text
    assert browser.get(write).status_code == 404


def test_two_leads_do_not_write_over_each_other_and_publish_only_what_they_were_shown(course: Course) -> None:
    publish(course)
    browser = course.browser("ines")
    write = browser.act("/scope/begin").location
    shown = hidden(browser.get(write).text)["shown"]
    assert browser.act(write, "the-first-of-both-01", words="We listen. Always.", shown=shown).status_code == 303
    late = browser.act(write, "the-second-of-both-1", words="We ask first.", shown=shown)
    assert late.status_code == 422
    assert Read(late.text).before("Yours, not saved yet", "We listen. Always.")
    assert "We ask first.</textarea>" in late.text
    over = write.removesuffix("/write") + "/publish"
    looked_over = hidden(browser.get(over).text)["shown"]
    newer = hidden(late.text)["shown"]
    assert browser.act(write, "the-second-of-both-2", words="We ask first.", shown=newer).status_code == 303
    refused = browser.act(over, shown=looked_over)
    assert refused.status_code == 422
    assert "Somebody changed the words meanwhile." in refused.text
    assert "We ask first." in refused.text
    assert browser.act(over, "looked-over-again-01", shown=hidden(refused.text)["shown"]).status_code == 303


def test_an_edition_is_put_out_of_use_after_being_asked_once(course: Course) -> None:
    statement_id = publish(course)
    browser = course.browser("ines")
    assert "Put edition 1 out of use?" in browser.get(f"/scope/{statement_id}/end").text
    assert browser.act(f"/scope/{statement_id}/end").status_code == 303
    assert "not published a scope of practice yet" in browser.get("/scope/read").text


def test_a_proposal_is_consented_to_with_the_scope_of_practice(course: Course) -> None:
    statement_id = publish(course)
    sam = course.world.visitor("sam").person_id
    jo = str(course.world.visitor("jo").person_id)
    course.browser("ines").act(f"{course.home}/trainees/{sam}/propose", observer=jo, mode="role_play", recorded="no")
    course.kept()
    path = f"/o/{course.world.session.scalars(select(ObservationRow.id)).one()}/consent"
    course.kept()
    browser = course.browser("sam")
    assert "We do not diagnose." in browser.get(path).text
    assert browser.act(path, mode="role_play", recorded="no").status_code == 422
    assert browser.act(path, mode="role_play", recorded="no", scope=str(statement_id)).status_code == 303
    course.kept()
    assert course.world.session.scalars(select(ScopeAcknowledgmentRow.person_id)).one() == sam


def test_cap_a7_role_drift_is_an_optional_answer_that_is_saved_as_one_goes(course: Course) -> None:
    observation_id = course.begun()
    jo = course.browser("jo")
    page = Read(jo.get(f"/o/{observation_id}/rate").text)
    assert page.checked("role_drift") == []
    for said, kept in (("yes", True), ("not_said", None), ("no", False)):
        answer = jo.post(f"/o/{observation_id}/save", json={"role_drift": said}, headers={"X-CSRFToken": jo.token()})
        assert answer.status_code == 200
        course.kept()
        assert course.world.session.scalars(select(AssessmentRow.role_drift)).one() is kept
        course.kept()
    assert Read(jo.get(f"/o/{observation_id}/rate").text).checked("role_drift") == ["no"]
    bad = jo.post(f"/o/{observation_id}/save", json={"role_drift": "perhaps"}, headers={"X-CSRFToken": jo.token()})
    assert bad.status_code == 400


def test_cap_a7_role_drift_is_read_on_the_record_and_is_part_of_what_is_signed(course: Course) -> None:
    observation_id = course.answered()
    row = course.world.session.scalars(select(AssessmentRow)).one()
    row.role_drift = True
    course.kept()
    said = "Sam Example was asked to do what does not belong to the role."
    assert said in Read(course.browser("sam").get(f"/o/{observation_id}").text).text
    path = f"/o/{observation_id}/sign/peer"
    page = course.browser("jo").get(path)
    assert said in Read(page.text).text
    course.browser("jo").act(path, digest=hidden(page.text)["digest"])
    course.kept()
    assert '"role_drift":true' in course.world.session.scalars(select(SignedDocumentRow.document)).one()
    course.kept()
    assert said in Read(course.browser("sam").get(f"/o/{observation_id}/signed/peer").text).text


def test_a_document_of_the_second_form_stays_readable(course: Course) -> None:
    observation_id = course.answered()
    path = f"/o/{observation_id}/sign/peer"
    course.browser("jo").act(path, digest=hidden(course.browser("jo").get(path).text)["digest"])
    course.kept()
    kept = json.loads(course.world.session.scalars(select(SignedDocumentRow.document)).one())
    assert kept["attune"] == "sign-off/3"
    second = {name: value for name, value in kept.items() if name != "practice"} | {"attune": "sign-off/2"}
    for view in second["views"]:
        del view["role_drift"]
    read = readable(second)
    assert read["practice"] is None
    assert [view["role_drift"] for view in read["views"]] == [None]


def test_that_a_site_works_by_the_scope_is_noted_and_only_the_edition_in_force_is_ended(course: Course) -> None:
    first = publish(course)
    second = publish(course, "We listen.\nWe do not prescribe.")
    site_id, ines = add_site(course), course.browser("ines")
    noted = ines.act(f"/sites/{site_id}/scope", statement=str(second))
    assert (noted.status_code, noted.location) == (303, f"/sites/{site_id}?said=site_scope_noted")
    assert "It is noted that the site works by the scope of practice." in ines.get(noted.location).text
    late = course.browser("jo").act(f"/scope/{first}/acknowledge")
    assert (late.status_code, late.location) == (303, "/scope/read?said=newer_edition")
    assert ines.get(f"/scope/{first}/end").status_code == 404
    assert ines.get(f"/scope/{second}/end").status_code == 200
