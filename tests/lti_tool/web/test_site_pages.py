"""Sites and placements on their pages, and where an observation takes place."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lti_tool.services.authoring import authors
from lti_tool.store.observations import ObservationRow
from lti_tool.store.sites import PlacementRow, SiteAgreementRow, SiteContactRow, SiteRow
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def add_site(course: Course, who: str = "ines", **fields: str) -> UUID:
    usual = {"name": "Harbor House", "crisis_plan": "Call 555 0100 first.\nThen stay.", "models": "group",
             "settings": "crisis", "compensation": "stipend"}  # fmt: skip
    answer = course.browser(who).act("/sites/new", **(usual | fields))
    assert answer.status_code == 303, answer.text
    return found(course, select(SiteRow.id).order_by(SiteRow.id.desc()).limit(1))  # type: ignore[no-any-return]


def found(course: Course, wanted: Any) -> Any:
    """What stands in the database now; nothing stays locked."""
    course.kept()
    value = course.world.session.scalars(wanted).one()
    course.world.session.expunge_all()
    course.kept()
    return value


def place(course: Course, site_id: UUID, who: str = "sam", **fields: str) -> Any:
    trainee_id = course.world.visitor(who).person_id
    usual = {"site": str(site_id), "from": course.world.now.date().isoformat(), "model": "group", "setting": "crisis"}
    return course.browser("ines").act(f"{course.home}/trainees/{trainee_id}/place", **(usual | fields))


def agree(course: Course, site_id: UUID, days: int) -> Any:
    today = course.world.now.date()
    fields = {"from": (today - timedelta(days=100)).isoformat(), "until": (today + timedelta(days=days)).isoformat()}
    return course.browser("ines").act(f"/sites/{site_id}/agreements/new", title="MOU 2026", **fields)


def test_cap_f6_a_site_is_added_with_what_was_agreed_and_whom_to_speak_with(course: Course) -> None:
    site_id = add_site(course)
    assert agree(course, site_id, 400).status_code == 303
    browser = course.browser("ines")
    assert browser.act(f"/sites/{site_id}/contacts/new", name="Mira", phone="555 0101").status_code == 303
    read = Read(browser.get(f"/sites/{site_id}").text)
    for words in ("agreed until April 6, 2027", "Mira", "555 0101", "Call 555 0100 first.", "with a stipend"):
        assert words in read.text, words
    assert "agreed until April 6, 2027" in Read(browser.get("/sites?name=harb").text).text
    assert "No site of this name was found." in Read(browser.get("/sites?name=nowhere").text).text


def test_contacts_and_agreements_are_changed_and_taken_back(course: Course) -> None:
    site_id = add_site(course)
    agree(course, site_id, 10)
    browser = course.browser("ines")
    browser.act(f"/sites/{site_id}/contacts/new", name="Mira")
    contact = found(course, select(SiteContactRow.id))
    agreement = found(course, select(SiteAgreementRow.id))
    page = Read(browser.get(f"/sites/{site_id}/agreements/{agreement}").text)
    assert page.fields["title"][0]["value"] == "MOU 2026"
    browser.act(f"/sites/{site_id}/contacts/{contact}", name="Mira", what_for="in an emergency")
    assert "in an emergency" in browser.get(f"/sites/{site_id}").text
    browser.act(f"/sites/{site_id}/contacts/{contact}", name="Mira", take_away="yes")
    browser.act(f"/sites/{site_id}/agreements/{agreement}", title="MOU 2026", take_back="yes")
    read = Read(browser.get(f"/sites/{site_id}").text)
    assert "Nobody is noted yet." in read.text
    assert "no agreement yet" in read.text


def test_what_was_typed_stands_again_where_something_is_needed(course: Course) -> None:
    answer = course.browser("ines").act("/sites/new", name=" ", crisis_plan="Call first.", models="group")
    assert answer.status_code == 422
    read = Read(answer.text)
    assert "Please say what the site is called." in read.text
    assert "Call first." in read.text
    assert read.checked("models") == ["group"]
    site_id = add_site(course)
    answer = course.browser("ines").act(f"/sites/{site_id}/agreements/new", title="MOU", **{"from": "soon"})
    assert answer.status_code == 422
    assert "Please write each day as year, month and day" in answer.text


def test_only_program_leads_put_a_site_away_and_it_can_be_brought_back(course: Course) -> None:
    site_id = add_site(course)
    browser = course.browser("ines")
    assert browser.get(f"/sites/{site_id}/put-away").status_code == 404
    authors.begin(course.world.session, course.world.visitor("ines"), course.world.now)
    course.kept()
    assert "Put away Harbor House?" in browser.get(f"/sites/{site_id}/put-away").text
    assert browser.act(f"/sites/{site_id}/put-away").status_code == 303
    assert "Harbor House" not in Read(browser.get("/sites").text).text
    assert "Harbor House" in Read(browser.get("/sites?put_away=1").text).text
    assert "This site was put away." in Read(place(course, site_id).text).text
    assert browser.act(f"/sites/{site_id}/bring-back", key="another-key-of-a-form").status_code == 303
    assert "Harbor House" in Read(browser.get("/sites").text).text


def test_cap_f6_expired_mou_warns_on_new_placement(course: Course) -> None:
    site_id = add_site(course)
    agree(course, site_id, -1)
    trainee_id = course.world.visitor("sam").person_id
    path = f"{course.home}/trainees/{trainee_id}/place"
    first = Read(course.browser("ines").get(f"{path}?site={site_id}").text)
    assert "The agreement with this site ended on March 1, 2026." in first.text
    warned = place(course, site_id, until="2026-12-01")
    assert warned.status_code == 422
    read = Read(warned.text)
    assert "Place them all the same" in read.text
    assert read.fields["until"][0]["value"] == "2026-12-01"
    assert place(course, site_id, anyway="yes").status_code == 303
    assert found(course, select(PlacementRow.without_agreement))


def test_cap_e11_what_a_trainee_gets_is_filled_in_from_the_site(course: Course) -> None:
    site_id = add_site(course)
    trainee_id = course.world.visitor("sam").person_id
    text = course.browser("ines").get(f"{course.home}/trainees/{trainee_id}/place?site={site_id}").text
    assert '<option value="stipend" selected>' in text
    assert '<option value="group" selected>' in text


def test_cap_c8_a_trainee_finds_contacts_and_crisis_plan_with_their_placement(course: Course) -> None:
    site_id = add_site(course)
    course.browser("ines").act(f"/sites/{site_id}/contacts/new", name="Mira", phone="555 0101")
    place(course, site_id, anyway="yes", compensation="stipend")
    read = Read(course.browser("sam").get(f"{course.home}/placements").text)
    for words in ("Harbor House", "Crisis plan of this site", "Call 555 0100 first.", "Mira", "with a stipend"):
        assert words in read.text, words
    assert "Harbor House" not in Read(course.browser("noor").get(f"{course.home}/placements").text).text
    jos = Read(course.browser("jo").get(f"{course.home}/placements").text)
    assert "Harbor House" in jos.text
    assert "with a stipend" not in jos.text
    assert course.browser("sam").get("/sites").status_code == 404


def test_ending_a_placement_is_asked_once(course: Course) -> None:
    site_id = add_site(course)
    place(course, site_id, anyway="yes")
    placement_id = found(course, select(PlacementRow.id))
    path = f"{course.home}/placements/{placement_id}"
    assert "End the placement of Sam Example" in course.browser("ines").get(f"{path}/end").text
    assert course.browser("ines").act(f"{path}/end", until="2020-01-01").status_code == 422
    today = course.world.now.date().isoformat()
    assert course.browser("ines").act(f"{path}/end", until=today).status_code == 303
    assert "ended" in Read(course.browser("sam").get(f"{course.home}/placements").text).text


def ask_at(course: Course, placement: str, **fields: str) -> Any:
    observer = str(course.world.visitor("jo").person_id)
    return course.browser("sam").act(
        f"{course.home}/ask", observer=observer, mode="role_play", recorded="no", placement=placement, **fields
    )


def test_cap_c8_cap_b11_cap_b12_the_crisis_plan_is_one_tap_away_before_while_and_after_rating(course: Course) -> None:
    site_id = add_site(course)
    place(course, site_id, anyway="yes")
    placement_id = found(course, select(PlacementRow.id))
    ask = Read(course.browser("sam").get(f"{course.home}/ask").text)
    assert "At which site?" in ask.text
    assert ask.checked("placement") == []
    answer = ask_at(course, str(placement_id), model="", setting="healthcare")
    assert answer.status_code == 303
    row = found(course, select(ObservationRow))
    assert (row.site_id, row.model, row.setting) == (site_id, "group", "healthcare")
    jo = course.browser("jo")
    for path in (f"/o/{row.id}", f"/o/{row.id}/begin"):
        assert "Call 555 0100 first." in Read(jo.get(path).text).text
    jo.act(f"/o/{row.id}/begin", person_served="not_applicable")
    assert "Call 555 0100 first." in Read(jo.get(f"/o/{row.id}/rate").text).text
    assert "Call 555 0100 first." in Read(course.browser("sam").get(f"/o/{row.id}").text).text


def test_a_placement_that_ended_meanwhile_is_said_and_nothing_typed_is_lost(course: Course) -> None:
    answer = ask_at(course, str(course.world.visitor("sam").person_id), note="Please be on time.")
    assert answer.status_code == 422
    assert "This placement has ended." in answer.text
    assert "Please be on time." in answer.text


def test_a_site_is_changed_and_what_cannot_be_kept_stands_there_again(course: Course) -> None:
    site_id, other = add_site(course), add_site(course, name="The Quiet House")
    browser = course.browser("ines")
    form = Read(browser.get(f"/sites/{site_id}/edit").text)
    assert form.fields["name"][0]["value"] == "Harbor House"
    assert form.checked("models") == ["group"]
    assert form.checked("settings") == ["crisis"]
    refused = browser.act(f"/sites/{site_id}/edit", name="The Quiet House", address="12 Pier Road")
    assert refused.status_code == 422
    assert "There is a site of this name already." in refused.text
    assert "12 Pier Road" in refused.text
    kept = browser.act(f"/sites/{site_id}/edit", name="Harbor House", address="12 Pier Road", models="one_to_one")
    read = Read(browser.get(kept.location).text)
    assert "It is kept." in read.text
    assert "12 Pier Road" in read.text
    for who, path in (("jo", f"/sites/{site_id}/edit"), ("ines", f"/sites/{site_id}/contacts/{other}"),
                      ("ines", f"/sites/{site_id}/agreements/{other}")):  # fmt: skip
        assert course.browser(who).get(path).status_code == 404, path


def test_contacts_and_agreements_that_cannot_be_kept_are_typed_once(course: Course) -> None:
    site_id = add_site(course)
    agree(course, site_id, 10)
    browser, today = course.browser("ines"), course.world.now.date()
    assert "Mira" in browser.act(f"/sites/{site_id}/contacts/new", name=" ", what_for="Mira's days off").text
    browser.act(f"/sites/{site_id}/contacts/new", name="Mira")
    contact = f"/sites/{site_id}/contacts/{found(course, select(SiteContactRow.id))}"
    assert Read(browser.get(contact).text).fields["name"][0]["value"] == "Mira"
    refused = browser.act(contact, name="", phone="555 0101")
    assert refused.status_code == 422
    assert "555 0101" in refused.text
    new = f"/sites/{site_id}/agreements/new"
    assert Read(browser.get(new).text).fields["from"][0]["value"] == today.isoformat()
    days = {"from": today.isoformat(), "until": (today + timedelta(days=9)).isoformat()}
    assert "Please say" in Read(browser.act(new, title=" ", **days).text).text
    agreement = f"/sites/{site_id}/agreements/{found(course, select(SiteAgreementRow.id))}"
    for changes in ({"title": " "}, {"until": "soon"}):
        assert browser.act(agreement, **({"title": "MOU 2026"} | days | changes)).status_code == 422, changes
    kept = browser.act(agreement, title="MOU, once more", **days)
    assert "The agreement is kept." in browser.get(kept.location).text
    assert found(course, select(SiteAgreementRow.title)) == "MOU, once more"


def test_a_placement_needs_a_site_and_days_that_can_be_read(course: Course) -> None:
    site_id, ines = add_site(course), course.browser("ines")
    at = f"{course.home}/trainees/{course.world.visitor('sam').person_id}/place"
    for changes, words in (({"site": ""}, "Please choose a site."), ({"from": "soon"}, "year, month and day")):
        answer = place(course, site_id, **changes)
        assert answer.status_code == 422, changes
        assert words in Read(answer.text).text
    assert "Harbor House" in Read(ines.get(at).text).text
    place(course, site_id, anyway="yes")
    end = f"{course.home}/placements/{found(course, select(PlacementRow.id))}/end"
    late = ines.act(end, until="some day")
    assert late.status_code == 422
    assert 'value="some day"' in late.text
