"""The private journal: written, deleted, brought back, and shared in part, by its owner and nobody else."""

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.operating import clean
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.wellbeing import JournalEntryRow
from rubrics.evidence import Sharing
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

EVERYBODY_ELSE = ("jo", "amara", "ines", "noor")
SECRET = "I held my breath, and then I did not."


def written(course: Course, words: str = SECRET, who: str = "sam") -> str:
    """The address of a new entry of this person."""
    address = course.browser(who).act("/journal", words=words).location
    course.kept()
    return str(address)


def later(course: Course, **time: float) -> None:
    course.app.extensions["attune"].clock.advance(**time)
    course.renew("sam")


def autosaved(course: Course, who: str, address: str, words: str) -> Any:
    browser = course.browser(who)
    return browser.post(f"{address}/save", json={"words": words}, headers={"X-CSRFToken": browser.token()})


def test_cap_b7_an_entry_is_written_read_and_changed_by_its_owner(course: Course) -> None:
    address = written(course)
    sam = course.browser("sam")
    assert SECRET in sam.get(address).text
    assert sam.act(address, words="Other words", then="stay").status_code == 303
    listed = Read(sam.get("/journal").text)
    assert "Other words" in listed.text
    assert SECRET not in listed.text
    assert "Who can see this: only you" in listed.text


def test_ux_c1_an_entry_is_saved_as_one_writes(course: Course) -> None:
    address = written(course, "")
    sam = course.browser("sam")
    answer = autosaved(course, "sam", address, "Typed on the bus")
    assert "saved_at" in answer.json
    assert "Typed on the bus" in sam.get(address).text


def test_ux_c2_an_entry_without_words_is_not_listed(course: Course) -> None:
    written(course, "  ")
    assert "There is no need to write anything" in course.browser("sam").get("/journal").text


@pytest.mark.parametrize("who", EVERYBODY_ELSE)
def test_cap_f3_cap_b7_nobody_else_opens_changes_or_shares_an_entry(course: Course, who: str) -> None:
    address = written(course)
    browser = course.browser(who)
    for path in ("", "/share"):
        assert browser.get(f"{address}{path}").status_code == 404
    for path in ("", "/put-away", "/put-away/undo", "/share", "/share/preview"):
        answer = browser.act(f"{address}{path}", words="Mine", title="Mine", sharing="supervisors", activity="")
        assert answer.status_code == 404, path
        assert SECRET not in answer.text
    assert autosaved(course, who, address, "Mine").status_code == 404
    assert SECRET not in browser.get("/journal").text
    assert SECRET in course.browser("sam").get(address).text


def test_ux_c5_a_deleted_entry_can_be_brought_back_for_a_day(course: Course) -> None:
    address, sam = written(course), course.browser("sam")
    assert sam.act(f"{address}/put-away").location == "/journal?said=own_put_away"
    assert sam.get(address).status_code == 404
    page = Read(sam.get("/journal").text)
    assert "You can bring it back until" in page.text
    assert SECRET not in page.text
    assert autosaved(course, "sam", address, "x").status_code == 409
    sam.act(f"{address}/put-away/undo", then="bring")
    assert SECRET in sam.get(address).text


def test_ux_c5_after_a_day_nothing_of_a_deleted_entry_is_left(course: Course) -> None:
    address, sam = written(course), course.browser("sam")
    sam.act(f"{address}/put-away")
    later(course, hours=25)
    assert course.browser("sam").act(f"{address}/put-away/undo", then="bring").status_code == 404
    clean.clean(course.world.session, course.world.now)
    course.kept()
    assert course.world.session.get(JournalEntryRow, UUID(address.rpartition("/")[2])) is None


def test_a_deleted_entry_can_be_deleted_for_good_at_once(course: Course) -> None:
    address, sam = written(course), course.browser("sam")
    assert sam.act(f"{address}/put-away/undo", then="delete").status_code == 404
    sam.act(f"{address}/put-away")
    assert sam.act(f"{address}/put-away/undo", then="delete").location == "/journal?said=own_deleted"
    course.kept()
    assert not course.world.session.scalars(select(JournalEntryRow)).all()


def test_a_long_journal_goes_back_by_moments_and_says_no_number(course: Course) -> None:
    for number in range(25):
        later(course, minutes=1)
        written(course, f"Entry number {number}.")
    sam = course.browser("sam")
    first = Read(sam.get("/journal").text)
    assert "Entry number 24." in first.text
    assert "Entry number 4." not in first.text
    older = next(link for link in first.links if "before=" in link)
    second = Read(sam.get(older).text)
    assert "Entry number 4." in second.text
    assert "Entry number 5." not in second.text
    assert not any("before=" in link for link in second.links)
    assert not re.search(r"\b25\b", re.sub(r"\d+:\d\d", "", first.text))
    assert "Entry number 24." in sam.get("/journal?before=yesterday").text


def test_nothing_typed_is_lost_where_an_entry_is_too_long(course: Course) -> None:
    address = written(course)
    answer = course.browser("sam").act(address, words="long " * 10_001, then="stay")
    assert answer.status_code == 422
    assert "Please shorten this" in answer.text
    assert "long long long" in answer.text


def excerpt(course: Course, **changes: str) -> dict[str, str]:
    usual = {
        "words": "I did not hold my breath.",
        "title": "Breathing",
        "sharing": "supervisors",
        "activity": str(course.world.activity_id),
        "about": "",
    }
    return usual | changes


def test_cap_b7_what_was_marked_is_what_is_offered_to_share(course: Course) -> None:
    address, sam = written(course), course.browser("sam")
    there = sam.act(address, words=SECRET, then="share", begin="0", end="18").location
    assert "breath" not in there
    page = sam.get(there).text
    assert "\nI held my breath, </textarea>" in page or "\nI held my breath,</textarea>" in page
    assert f"\n{SECRET}</textarea>" in sam.get(f"{address}/share").text


def test_ux_t5_nothing_is_shared_before_its_owner_saw_it_as_others_will(course: Course) -> None:
    address, sam = written(course), course.browser("sam")
    shown = sam.act(f"{address}/share/preview", **excerpt(course))
    page = Read(shown.text)
    assert shown.status_code == 200
    assert "I did not hold my breath." in page.text
    assert SECRET not in page.text
    assert "Jo Example" in page.text
    course.kept()
    assert not course.world.session.scalars(select(EvidenceRow)).all()
    course.kept()
    again = sam.act(f"{address}/share/preview", **excerpt(course), then="change")
    assert "\nI did not hold my breath.</textarea>" in again.text


def test_cap_b7_ux_t4_an_excerpt_is_shared_and_the_entry_stays_private(course: Course) -> None:
    address, sam = written(course), course.browser("sam")
    assert sam.act(f"{address}/share", **excerpt(course)).status_code == 303
    course.kept()
    row = course.world.session.scalars(select(EvidenceRow)).one()
    assert (row.words, row.sharing, row.from_journal) == ("I did not hold my breath.", Sharing.SUPERVISORS, True)
    assert course.browser("jo").get(address).status_code == 404
    assert SECRET in sam.get(address).text


def test_an_excerpt_belongs_to_an_observation_where_its_owner_says_so(course: Course) -> None:
    observation_id = course.shared()
    address, sam = written(course), course.browser("sam")
    shown = Read(
        sam.act(f"{address}/share/preview", **excerpt(course, about=str(observation_id), sharing="assessors")).text
    )
    assert "Jo Example" in shown.text
    sam.act(f"{address}/share", **excerpt(course, about=str(observation_id), sharing="assessors"))
    course.kept()
    assert course.world.session.scalars(select(EvidenceRow.observation_id)).one() == observation_id


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sharing": ""}, "Please choose who may read it."),
        ({"sharing": "only_me"}, "Please choose who may read it."),
        ({"words": " "}, "Please write something first."),
        ({"title": ""}, "Please say in a few words what it is."),
    ],
)
def test_an_excerpt_that_lacks_something_is_shown_again_as_typed(
    course: Course, changes: dict[str, str], said: str
) -> None:
    address, sam = written(course), course.browser("sam")
    for path in ("/share", "/share/preview"):
        answer = sam.act(f"{address}{path}", **excerpt(course, **changes))
        assert answer.status_code == 422
        assert said in answer.text
        assert excerpt(course, **changes)["title"] in answer.text


def test_whoever_practices_nowhere_is_not_offered_to_share(course: Course) -> None:
    address = written(course, who="jo")
    assert "Share an excerpt" not in course.browser("jo").get(address).text
    assert "nobody could read an excerpt" in course.browser("jo").get(f"{address}/share").text
    assert course.browser("jo").act(f"{address}/share", **excerpt(course)).status_code == 404


def test_cap_f3_what_somebody_writes_for_themselves_leaves_no_trace_in_the_audit(course: Course) -> None:
    before = course.world.session.scalars(select(AuditEntryRow.id)).all()
    address, sam = written(course), course.browser("sam")
    sam.act(address, words="Other words", then="stay")
    sam.act(f"{address}/put-away")
    sam.act("/self-care", what_helps="Swimming")
    sam.act(f"/self-care/days/{course.world.now.date()}", today="Tired")
    course.kept()
    assert course.world.session.scalars(select(AuditEntryRow.id)).all() == before


def test_ux_t9_the_journal_is_no_place_for_notes_about_others_and_says_so(course: Course) -> None:
    assert "It is no place for notes about others" in Read(course.browser("jo").get("/journal").text).text


@pytest.mark.parametrize("sharing", ["supervisors", "assessors"])
def test_ux_t2_the_preview_names_exactly_those_who_can_open_it_afterwards(course: Course, sharing: str) -> None:
    course.asked()
    address, sam = written(course), course.browser("sam")
    html = sam.act(f"{address}/share/preview", **excerpt(course, sharing=sharing)).text
    named = html[html.index("Who could read it now") : html.index("It has no effect on your ratings")]
    shared_at = sam.act(f"{address}/share", **excerpt(course, sharing=sharing)).location.partition("?")[0]
    for who in EVERYBODY_ELSE:
        opened = course.browser(who).get(shared_at).status_code == 200
        assert (f"{who.title()} Example" in named) is opened, who
