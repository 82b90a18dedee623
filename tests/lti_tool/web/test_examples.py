"""Examples on their pages: writing, agreeing, two leads at once, putting away, carrying over, in and out as TOML."""

from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from lti_tool.access import Capability
from lti_tool.services.authoring import examples
from lti_tool.services.authoring.drafts import Author
from lti_tool.store.rubrics import ExampleRow
from lti_tool.web.authoring import examples as examples_pages
from rubrics.example import Example
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.desk import FilledIn
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_library import give, published
from tests.lti_tool.web.test_queries import BOUND, counted
from tests.rubrics.examples import an_example
from tests.rubrics.making import a_criterion, a_rubric, in_spanish

WRITTEN = {
    "title": "By the window", "language": "en-US", "medium": "text", "text": "They sit.\r\nIt rains.",
    "origin": "written", "level.pauses": "3", "reason.pauses": "She asks.",
    "level.listens": "2", "reason.listens": "He waits.",
}  # fmt: skip


class Kept(NamedTuple):
    """What is kept of an example."""

    document: dict[str, Any]
    revision: int
    put_away_at: datetime | None


class Reading:
    """Lea, who looks after the rubrics, and the edition that examples are of."""

    def __init__(self, course: Course) -> None:
        self.course, self.world = course, course.world
        give(course, "lea", Capability.PROGRAM_LEAD)
        give(course, "kai", Capability.PROGRAM_LEAD)
        self.version_id = published(self.world)
        self.lea: Browser = course.browser("lea")
        self.list = f"/examples?rubric={self.version_id}"

    def write(self, example: Example | None = None, agreed: bool = False) -> UUID:
        by = Author(self.world.organization_id, self.world.visitor("lea").person_id)
        session, now = self.world.session, self.world.now
        example_id = examples.write(session, by, self.version_id, example or an_example(), now)
        if agreed:
            examples.agree(session, by, example_id, examples.Agreement("The council", now.date(), 1), now)
        self.course.kept()
        return example_id

    def read(self, path: str) -> Read:
        answer = self.lea.get(path)
        assert answer.status_code == 200, answer.text
        assert not list(problems_of(answer.text))
        return Read(answer.text)

    def kept(self, example_id: UUID) -> Kept:
        row = self.world.session.get_one(ExampleRow, example_id, populate_existing=True)
        found = Kept(row.document, row.revision, row.put_away_at)
        self.course.kept()
        return found


@pytest.fixture
def reading(course: Course) -> Reading:
    return Reading(course)


def test_a_lead_writes_an_example_and_reads_it(reading: Reading) -> None:
    page = reading.lea.get(f"/examples/new?rubric={reading.version_id}")
    assert not list(problems_of(page.text))
    assert Read(page.text).checked("level.pauses") == []
    answer = reading.lea.act("/examples/new", rubric=str(reading.version_id), **WRITTEN)
    assert answer.status_code == 303, Read(answer.text).text
    read = reading.read(answer.location)
    assert "By the window" in read.headings
    assert "not agreed yet" in read.text
    assert "They sit. It rains." in read.text
    assert "On their own" in read.text
    assert "/examples/" in " ".join(reading.read("/examples").links)


def test_what_is_typed_comes_back_as_it_was_saved(reading: Reading) -> None:
    example_id = reading.write()
    before = reading.kept(example_id).document
    values = FilledIn(reading.lea.get(f"/examples/{example_id}/edit").text).values
    fields = {name: value[0] for name, value in values.items() if value}
    assert (
        reading.lea.act(f"/examples/{example_id}/edit", **(fields | {"act": "another-key-of-one"})).status_code == 303
    )
    assert reading.kept(example_id)[:2] == (before, 1)


def test_ux_what_cannot_be_kept_yet_is_shown_again_as_typed(reading: Reading) -> None:
    fields = WRITTEN | {"title": " ", "minutes": "ten", "rubric": str(reading.version_id)}
    answer = reading.lea.act("/examples/new", **fields)
    assert answer.status_code == 422
    assert not list(problems_of(answer.text))
    shown = FilledIn(answer.text)
    assert (shown["minutes"], shown["reason.pauses"], shown["level.pauses"]) == ("ten", "She asks.", "3")
    assert "the minutes need a whole number" in Read(answer.text).text


def test_ux_of_two_leads_the_second_sees_both_and_loses_nothing(reading: Reading) -> None:
    example_id = reading.write()
    path = f"/examples/{example_id}/edit"
    kai = reading.course.browser("kai")
    theirs, mine = WRITTEN | {"setting": "At home", "revision": "1"}, WRITTEN | {"setting": "Outside", "revision": "1"}
    assert kai.act(path, **theirs).status_code == 303
    answer = reading.lea.act(path, **mine)
    assert answer.status_code == 422
    assert not list(problems_of(answer.text))
    shown, read = FilledIn(answer.text), Read(answer.text)
    assert "changed this example since you opened it" in read.text
    assert "At home" in read.facts["Setting"]
    assert (shown["setting"], shown["revision"]) == ("Outside", "2")
    again = reading.lea.act(path, key="a-key-of-one-form-2", **(mine | {"revision": "2"}))
    assert again.status_code == 303
    assert reading.kept(example_id).document["setting"] == "Outside"


def test_what_is_still_to_come_leads_to_its_place_on_the_form(reading: Reading) -> None:
    example_id = reading.write(an_example(ratings=(), text=""))
    read = reading.read(f"/examples/{example_id}")
    edit = f"/examples/{example_id}/edit"
    assert {f"{edit}#rating-pauses", f"{edit}#field-text"} <= set(read.links)
    form = reading.lea.get(edit).text
    assert 'id="rating-pauses"' in form
    assert 'id="field-text"' in form
    assert "agreed_by" not in read.fields


def test_people_agree_and_the_page_says_who(reading: Reading) -> None:
    example_id = reading.write()
    path = f"/examples/{example_id}/agree"
    unsaid = reading.lea.act(path, revision="1", agreed_by="", agreed_on=reading.world.now.date().isoformat())
    assert unsaid.status_code == 422
    assert "Please say who agreed" in unsaid.text
    undated = reading.lea.act(path, revision="1", agreed_by="Our council", agreed_on="May")
    assert (undated.status_code, FilledIn(undated.text)["agreed_by"]) == (422, "Our council")
    answer = reading.lea.act(
        path, revision="1", agreed_by="Our council", agreed_on=reading.world.now.date().isoformat()
    )
    assert answer.status_code == 303
    assert "Agreed by Our council on" in reading.read(answer.location).text


def test_cap_c12_a_video_without_captions_cannot_be_agreed_on(reading: Reading) -> None:
    fields = WRITTEN | {"medium": "video", "address": "https://video.example/1", "rubric": str(reading.version_id)}
    answer = reading.lea.act("/examples/new", **fields)
    read = reading.read(answer.location)
    assert "The video needs captions" in read.text
    assert "agreed_by" not in read.fields
    assert "https://video.example/1" in read.links


def test_an_address_that_is_not_https_is_shown_and_not_a_link(reading: Reading) -> None:
    example_id = reading.write(an_example(address="javascript:alert(1)"))
    assert "javascript:alert(1)" not in reading.read(f"/examples/{example_id}").links


def test_cap_b10_another_example_is_offered_and_no_reason_is_asked(reading: Reading) -> None:
    example_id = reading.write(an_example(group="g"), agreed=True)
    other = reading.write(an_example(group="g", title="On the stairs"), agreed=True)
    read = reading.read(f"/examples/{example_id}")
    assert f"/examples/{other}" in read.links
    assert not any("reason" in name for name in read.fields)


def test_ux_what_is_put_away_can_be_brought_back(reading: Reading) -> None:
    example_id = reading.write()
    away = reading.lea.act(f"/examples/{example_id}/put-away")
    assert "put away" in reading.read(away.location).text
    assert "Put away" in reading.read(reading.list).headings
    assert reading.lea.get(f"/examples/{example_id}/edit").status_code == 404
    assert reading.lea.act(f"/examples/{example_id}/bring-back").status_code == 303
    assert reading.kept(example_id).put_away_at is None


def test_an_example_is_carried_over_to_a_newer_edition(reading: Reading) -> None:
    example_id = reading.write()
    refused = reading.lea.act(f"/examples/{example_id}/carry-over")
    assert refused.status_code == 422
    published(reading.world, criteria=(a_criterion(statement="Offers a rest"), a_rubric().criteria[1]))
    assert "Carry it over to edition 2" in reading.read(f"/examples/{example_id}").text
    answer = reading.lea.act(f"/examples/{example_id}/carry-over", key="a-key-of-one-form-2")
    assert "Not rated yet" in reading.read(answer.location).text


def test_examples_are_taken_along_and_brought_in(reading: Reading) -> None:
    example_id = reading.write()
    taken = reading.lea.get(f"/examples/file?rubric={reading.version_id}")
    assert taken.headers["Content-Disposition"] == "attachment; filename=one-conversation-edition-1-examples.toml"
    assert not list(problems_of(reading.lea.get(f"/examples/bring?rubric={reading.version_id}").text))
    known = reading.lea.act("/examples/bring", rubric=str(reading.version_id), text=taken.text)
    assert known.location.endswith("said=examples_known")
    token = reading.lea.token()
    brought = reading.lea.post(
        "/examples/bring",
        data={
            "csrf_token": token, "act": "a-key-of-one-form-3", "rubric": str(reading.version_id),
            "file": (BytesIO(taken.data.replace(b"window", b"door")), "mine.toml"),
        },
    )  # fmt: skip
    assert brought.status_code == 303
    assert "By the door" in reading.read(brought.location).text
    assert reading.kept(example_id).revision == 1


def test_what_is_to_be_mended_in_a_file_is_named_and_what_was_pasted_stays(reading: Reading) -> None:
    answer = reading.lea.act("/examples/bring", rubric=str(reading.version_id), text='rubric = "x"\nexamples = 1')
    assert answer.status_code == 422
    assert "examples: Found “1”." in Read(answer.text).text
    assert 'rubric = "x"' in FilledIn(answer.text)["text"]


def test_the_rubric_stands_beside_an_example_in_the_examples_language(reading: Reading) -> None:
    reading.version_id = published(reading.world, translations=in_spanish(a_rubric()).translations)
    example_id = reading.write(an_example(language="es"))
    for path in (f"/examples/{example_id}", f"/examples/{example_id}/edit"):
        assert "en español: Offers a pause" in reading.read(path).text


def test_ratings_are_for_program_leads_only(reading: Reading) -> None:
    example_id = reading.write(agreed=True)
    paths = ["/examples", reading.list, f"/examples/{example_id}", f"/examples/{example_id}/edit"]
    for who in ("sam", "jo", "ines"):
        for path in (*paths, f"/examples/file?rubric={reading.version_id}"):
            assert reading.course.browser(who).get(path).status_code == 404, (who, path)


def test_the_rubric_leads_to_its_examples(reading: Reading) -> None:
    assert reading.list in reading.read(f"/rubrics/versions/{reading.version_id}").links


def test_pages_of_examples_ask_as_often_of_many_as_of_few(reading: Reading) -> None:
    first = reading.write(an_example(group="g"), agreed=True)
    engine = reading.course.app.extensions["attune"].sessions.engine
    paths = ("/examples", reading.list, f"/examples/{first}", f"/examples/{first}/edit")

    def asked() -> dict[str, int]:
        found = {}
        for path in paths:
            with counted(engine) as said:
                reading.read(path)
            found[path] = len(said)
        return found

    few = asked()
    for number in range(12):
        reading.write(an_example(title=f"Number {number}", group="g"), agreed=True)
    assert asked() == few
    assert max(few.values()) <= BOUND


def test_what_cannot_be_read_as_a_file_of_examples_says_why(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_pages, "MOST_BYTES", 1_000)
    example_id = reading.write()
    for number, (content, words) in enumerate(((b"\xff\xfe", "not UTF-8"), (b"#" * 1_001, "larger than 1 MB"))):
        form = {
            "csrf_token": reading.lea.token(), "act": f"a-key-of-one-file-{number}",
            "rubric": str(reading.version_id), "file": (BytesIO(content), "mine.toml"),
        }  # fmt: skip
        answer = reading.lea.post("/examples/bring", data=form)
        assert answer.status_code == 422
        assert words in Read(answer.text).text
    kept = reading.kept(example_id)
    again = reading.lea.act(f"/examples/{example_id}/edit", **(WRITTEN | {"title": " ", "setting": "At sea"}))
    assert again.status_code == 422
    assert FilledIn(again.text)["setting"] == "At sea"
    assert reading.kept(example_id) == kept
