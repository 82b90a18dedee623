"""Your data: how much there is, a copy, deleting what is only yours, asking for all of it to be erased."""

import io
import json
import re
import zipfile
from typing import Any

from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.services.personal_data import erasure
from lti_tool.services.wellbeing import journal
from lti_tool.store.people import PersonRow
from lti_tool.store.privacy import ErasureRow
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_safeguarding_pages import lead

KEY = "a-key-of-one-form-{}"


def copied(answer: Any) -> Any:
    """What is written in a copy."""
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        return json.loads(archive.read("my-data.json"))


def page(browser: Any, path: str) -> Read:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert not list(problems_of(answer.text)), path
    return Read(answer.text)


def test_cap_e7_everybody_sees_how_much_is_kept_about_them_and_takes_a_copy_along(course: Course) -> None:
    course.signed()
    sam = course.browser("sam")
    read = page(sam, "/my-data")
    assert "Observed practice" in read.text
    assert "/my-data/copy" in read.links
    copy = sam.get("/my-data/copy")
    assert copy.headers["Cache-Control"] == "private, no-store"
    found = copied(copy)
    assert found["tables"]["observation"]["rows"]
    assert found["tables"]["rating"]["rows"]


def test_a_copy_holds_nothing_of_anybody_elses_practice(course: Course) -> None:
    observation_id = course.signed()
    assert str(observation_id) not in str(copied(course.browser("noor").get("/my-data/copy")))


def test_what_is_only_ones_own_is_deleted_after_one_question(course: Course) -> None:
    world = course.world
    sam = course.browser("sam")
    journal.begin(world.session, world.visitor("sam"), world.now, "Only mine.")
    course.kept()
    assert "Only mine." in str(copied(sam.get("/my-data/copy")))
    assert "cannot be brought back" in page(sam, "/my-data/alone").text
    assert "Only mine." in str(copied(sam.get("/my-data/copy"))), "asking deletes nothing"
    answer = sam.act("/my-data/alone", key=KEY.format(1))
    assert "Nobody was told." in Read(sam.get(answer.location).text).text
    assert "Only mine." not in str(copied(sam.get("/my-data/copy")))


def test_what_goes_what_stays_and_why_is_read_before_anything_is_asked_for(course: Course) -> None:
    course.asked()
    sam = course.browser("sam")
    read = page(sam, "/my-data/erase")
    assert read.before("What goes", "What stays, and why")
    assert "An observation is under way." in read.text
    assert not course.world.session.scalars(select(ErasureRow)).all()


def test_the_person_asks_and_takes_it_back(course: Course) -> None:
    sam = course.browser("sam")
    sam.act("/my-data/erase", key=KEY.format(1))
    read = page(sam, "/my-data")
    assert "You asked on" in read.text
    assert "Keep it after all" in read.text
    sam.act("/my-data/erase/take-back", key=KEY.format(2))
    assert "What erasing means for you" in page(sam, "/my-data").text


def test_a_program_lead_reads_that_it_was_asked_for_and_carries_it_out_on_its_day(course: Course) -> None:
    world = course.world
    course.signed()
    sam = world.visitor("sam")
    asked = erasure.ask(world.session, sam, world.now - erasure.TO_TAKE_BACK)
    course.kept()
    lea = lead(course, "ines", Capability.PROGRAM_LEAD)
    assert "It can be carried out." in page(lea, "/keeping").text
    assert "Sam Example" in page(lea, f"/keeping/{asked.id}").text
    answer = lea.act(f"/keeping/{asked.id}", key=KEY.format(1))
    assert answer.status_code == 303, answer.text
    world.session.expire_all()
    assert world.session.get_one(PersonRow, sam.person_id).name is None
    assert lea.get(f"/keeping/{asked.id}").status_code == 404
    assert course.browser("ines").get(course.home).status_code == 200


def test_what_still_waits_says_why_and_has_no_button(course: Course) -> None:
    world = course.world
    course.asked()
    asked = erasure.ask(world.session, world.visitor("sam"), world.now - erasure.TO_TAKE_BACK)
    course.kept()
    lea = lead(course, "ines", Capability.PROGRAM_LEAD)
    read = page(lea, f"/keeping/{asked.id}")
    assert "An observation is under way." in read.text
    assert "Erase it" not in read.text
    assert lea.act(f"/keeping/{asked.id}", key=KEY.format(1)).status_code == 409


def test_program_leads_choose_how_long_and_what_was_typed_stays(course: Course) -> None:
    lea = lead(course, "ines", Capability.PROGRAM_LEAD)
    assert "Kept for 1095 days." in page(lea, "/keeping").text
    answer = lea.act("/keeping", key=KEY.format(1), rule="readings", days="soon", wish="save")
    assert answer.status_code == 422
    assert "a whole number of days" in Read(answer.text).text
    assert re.search(r'value="soon"', answer.text)
    lea.act("/keeping", key=KEY.format(2), rule="readings", days="400", wish="save")
    assert "Kept for 400 days." in page(lea, "/keeping").text
    lea.act("/keeping", key=KEY.format(3), rule="readings", days="400", wish="usual")
    assert "Kept for 1095 days." in page(lea, "/keeping").text


def test_nobody_but_program_leads_finds_the_page(course: Course) -> None:
    for who in ("sam", "jo", "ines"):
        assert course.browser(who).get("/keeping").status_code == 404, who
