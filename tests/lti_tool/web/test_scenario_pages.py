"""Scenarios on their pages: what one is about before it opens, writing and review, another one in one tap."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from lti_tool.access import Capability
from lti_tool.services.authoring import scenario_reviews, scenarios
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.authoring.scenario_reviews import Given
from lti_tool.services.observations import practice_kinds
from lti_tool.store.scenarios import ScenarioOfferRow
from rubrics.observation import Mode
from rubrics.practice import PracticeModel, Setting
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.desk import FilledIn
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_library import give
from tests.lti_tool.web.test_queries import BOUND, counted
from tests.rubrics.scenarios import a_scenario

WRITTEN: dict[str, Any] = {
    "title": "By the stairs", "language": "en-US", "about": "Two people meet on the stairs.",
    "words": "They meet.\r\nIt rains.", "content_notes": "a fall\r\nan ambulance", "tag": ["age", "disability"],
    "own_tags": "Stairs, first job", "model": ["one_to_one"], "setting": ["community"], "group": "meetings",
    "license": "CC-BY-4.0", "credits": "Our council",
}  # fmt: skip
NOTE = "losing a home"
WORDS = "The key lies on the table."


class Reading:
    """Lea writes, Rea reviews; Sam practices with Jo."""

    def __init__(self, course: Course) -> None:
        self.course, self.world = course, course.world
        give(course, "lea", Capability.PROGRAM_LEAD)
        give(course, "rea", Capability.REVIEWER)
        self.lea: Browser = course.browser("lea")
        self.rea: Browser = course.browser("rea")

    def write(self, *, offered: bool = True, **changes: Any) -> UUID:
        session, now = self.world.session, self.world.now
        lea, rea = (Author(self.world.organization_id, self.world.visitor(who).person_id) for who in ("lea", "rea"))
        scenario_id = scenarios.write(session, lea, a_scenario(**changes), now)
        if offered:
            stands = scenarios.opened(session, self.world.organization_id, scenario_id).digest
            scenario_reviews.review(session, rea, scenario_id, Given(True), of_digest=stands, stands=stands, now=now)
            scenarios.publish(session, lea, scenario_id, of_digest=stands, now=now)
        self.course.kept()
        return scenario_id

    def read(self, who: str, path: str) -> Read:
        answer = self.course.browser(who).get(path)
        assert answer.status_code == 200, answer.text
        assert not list(problems_of(answer.text))
        return Read(answer.text)

    def asked(self, mode: Mode = Mode.ROLE_PLAY) -> str:
        return f"/o/{self.course.keep(self.world.ask(mode))}"

    def stands(self, scenario_id: UUID) -> scenarios.Opened:
        self.course.kept()
        found = scenarios.opened(self.world.session, self.world.organization_id, scenario_id)
        self.course.kept()
        return found


@pytest.fixture
def reading(course: Course) -> Reading:
    return Reading(course)


@pytest.mark.parametrize(
    ("who", "before", "then"),
    [
        ("lea", "/scenarios/{id}", "/scenarios/{id}/open"),
        ("jo", "/scenarios/{id}", "/scenarios/{id}/open"),
        ("sam", "{home}/scenarios/{id}", "{home}/scenarios/{id}/open"),
    ],
)
def test_cap_b9_what_a_part_is_about_is_read_before_the_scenario_opens(
    reading: Reading, who: str, before: str, then: str
) -> None:
    places = {"id": reading.write(), "home": reading.course.home}
    cover = reading.read(who, before.format(**places))
    assert NOTE in cover.text
    assert WORDS not in cover.text
    assert then.format(**places) in cover.links
    assert WORDS in reading.read(who, then.format(**places)).text


def test_cap_b9_a_list_is_narrowed_down_by_tag(reading: Reading) -> None:
    reading.write(title="Of age")
    reading.write(title="Of race", tags=("race",))
    for path in ("/scenarios", f"{reading.course.home}/scenarios"):
        assert {"Of age", "Of race"} <= set(texts_of_links(reading, "jo", path))
        found = texts_of_links(reading, "jo", f"{path}?tag=race")
        assert "Of race" in found
        assert "Of age" not in found
    assert NOTE in reading.read("jo", "/scenarios?tag=race").text


def texts_of_links(reading: Reading, who: str, path: str) -> list[str]:
    text = reading.read(who, path).text
    return [title for title in ("Of age", "Of race") if title in text]


def test_cap_a8_ux_t6_what_may_come_is_read_before_anything_begins(reading: Reading) -> None:
    reading.write(title="Of age")
    page = reading.read("sam", f"{reading.course.home}/scenarios")
    assert "Of age" in page.text
    assert "take another one, or do without" in page.text


def test_a_reader_sees_their_own_language_first_and_others_when_they_ask(reading: Reading) -> None:
    reading.write(title="En español", language="es")
    path = f"{reading.course.home}/scenarios"
    assert "En español" not in reading.read("sam", path).text
    assert "En español" in reading.read("sam", f"{path}?language=es").text
    assert "En español" in reading.read("sam", f"{path}?language=").text


def test_a_lead_writes_one_that_is_read_and_offered(reading: Reading) -> None:
    reading.read("lea", "/scenarios/new")
    answer = reading.lea.act("/scenarios/new", **WRITTEN)
    assert answer.status_code == 303, Read(answer.text).text
    page = reading.read("lea", answer.location)
    assert "Somebody with lived experience who did not write it reads exactly these words" in page.text
    assert page.facts["Tags"].strip() == "age, disability, stairs, first job"
    path = answer.location.partition("?")[0]
    review = reading.rea.get(f"{path}/review")
    assert not list(problems_of(review.text))
    said = reading.rea.act(f"{path}/review", digest=FilledIn(review.text)["digest"], ready="yes", words="Good.")
    assert said.status_code == 303, said.text
    ready = reading.lea.get(path)
    assert "Good." in Read(ready.text).text
    done = reading.lea.act(f"{path}/publish", digest=FilledIn(ready.text)["digest"])
    assert done.status_code == 303, done.text
    assert "By the stairs" in reading.read("sam", f"{reading.course.home}/scenarios").text


def test_cap_a6_publishing_without_a_review_is_answered_with_what_to_do(reading: Reading) -> None:
    scenario_id = reading.write(offered=False)
    answer = reading.lea.act(f"/scenarios/{scenario_id}/publish", digest=reading.stands(scenario_id).digest)
    assert answer.status_code == 422
    assert not list(problems_of(answer.text))
    assert "somebody with lived experience who did not write it" in Read(answer.text).text


def test_a_review_of_words_that_were_changed_meanwhile_is_asked_again_and_keeps_what_was_typed(
    reading: Reading,
) -> None:
    scenario_id = reading.write(offered=False)
    answer = reading.rea.act(f"/scenarios/{scenario_id}/review", digest="0" * 64, ready="no", words="The ending.")
    assert answer.status_code == 422
    assert FilledIn(answer.text)["words"] == "The ending."
    unsaid = reading.rea.act(f"/scenarios/{scenario_id}/review", digest="0" * 64)
    assert "whether it can be offered" in Read(unsaid.text).text


def test_drafts_are_for_those_who_write_or_review(reading: Reading) -> None:
    scenario_id = reading.write(offered=False, title="A draft")
    assert "A draft" in reading.read("rea", "/scenarios").text
    assert "A draft" not in reading.read("jo", "/scenarios?state=draft").text
    assert reading.course.browser("jo").get(f"/scenarios/{scenario_id}").status_code == 404
    assert reading.course.browser("sam").get("/scenarios").status_code == 404
    assert reading.course.browser("sam").get(f"{reading.course.home}/scenarios/{scenario_id}").status_code == 404


def test_ux_what_cannot_be_kept_yet_is_shown_again_as_typed(reading: Reading) -> None:
    answer = reading.lea.act("/scenarios/new", **(WRITTEN | {"title": "", "language": "?"}))
    assert answer.status_code == 422
    assert not list(problems_of(answer.text))
    shown = FilledIn(answer.text)
    assert (shown["tag"], shown["own_tags"], shown["about"]) == (
        "disability\nage",
        "Stairs, first job",
        WRITTEN["about"],
    )
    assert "Please give it a title." in Read(answer.text).text


def test_what_is_typed_comes_back_as_it_was_saved(reading: Reading) -> None:
    scenario_id = reading.write(offered=False)
    before = reading.stands(scenario_id)
    fields: dict[str, Any] = dict(FilledIn(reading.lea.get(f"/scenarios/{scenario_id}/edit").text).values)
    again = reading.lea.act(f"/scenarios/{scenario_id}/edit", **(fields | {"act": "another-key-of-one"}))
    assert again.status_code == 303
    assert reading.stands(scenario_id) == before


def test_ux_of_two_leads_the_second_sees_both_and_loses_nothing(reading: Reading) -> None:
    scenario_id = reading.write(offered=False)
    fields = WRITTEN | {"digest": reading.stands(scenario_id).digest}
    assert reading.lea.act(f"/scenarios/{scenario_id}/edit", **fields).status_code == 303
    late = reading.lea.act(f"/scenarios/{scenario_id}/edit", key="a-key-of-one-form-2", **(fields | {"title": "Mine"}))
    assert late.status_code == 422
    assert not list(problems_of(late.text))
    assert "By the stairs" in Read(late.text).text
    shown = FilledIn(late.text)
    assert shown["title"] == "Mine"
    kept = fields | {"title": "Mine", "digest": shown["digest"]}
    assert reading.lea.act(f"/scenarios/{scenario_id}/edit", key="a-key-of-one-form-3", **kept).status_code == 303


def test_it_is_put_away_and_brought_back(reading: Reading) -> None:
    scenario_id = reading.write(title="Of age")
    assert reading.lea.act(f"/scenarios/{scenario_id}/put-away").status_code == 303
    assert "Of age" not in reading.read("jo", "/scenarios").text
    assert "Of age" in reading.read("lea", "/scenarios?state=put_away").text
    assert reading.lea.get(f"/scenarios/{scenario_id}/edit").status_code == 404
    assert reading.lea.act(f"/scenarios/{scenario_id}/bring-back").status_code == 303
    assert "Of age" in reading.read("jo", "/scenarios").text


def test_cap_e12_they_go_out_as_a_file_and_come_in_from_one(reading: Reading) -> None:
    reading.write()
    file = reading.lea.get("/scenarios/file")
    assert "attachment" in file.headers["Content-Disposition"]
    known = reading.lea.act("/scenarios/bring", text=file.text)
    assert known.location.endswith("said=scenarios_known")
    changed = file.text.replace("The key on the table", "Another key")
    brought = reading.lea.post(
        "/scenarios/bring",
        data={
            "csrf_token": reading.lea.token(), "act": "a-key-of-one-form-9",
            "file": (BytesIO(changed.encode()), "mine.toml"),
        },
    )  # fmt: skip
    assert brought.location.endswith("said=scenarios_brought")
    assert "Another key" in reading.read("lea", "/scenarios?state=draft").text
    odd = reading.lea.act("/scenarios/bring", text="[[scenarios]]\ntitle = 3")
    assert odd.status_code == 422
    assert "scenarios[1].title" in Read(odd.text).text
    assert "title = 3" in FilledIn(odd.text)["text"]


def test_cap_b10_another_one_is_one_tap_and_there_is_no_place_for_a_reason(reading: Reading) -> None:
    first, second = reading.write(title="First"), reading.write(title="Second")
    at = reading.asked()
    sam = reading.course.browser("sam")
    assert f"{at}/scenario/choose" in reading.read("sam", at).links
    choosing = reading.read("sam", f"{at}/scenario/choose")
    assert NOTE in choosing.text
    assert WORDS not in choosing.text
    assert sam.act(f"{at}/scenario/choose", scenario=str(first)).status_code == 303
    record = sam.get(at).text
    assert WORDS not in record
    assert NOTE in record
    form = record[record.index(f'action="{at}/scenario/another"') :].partition("</form>")[0]
    assert FilledIn("<form " + form).values.keys() == {"csrf_token", "act"}
    swapped = sam.act(f"{at}/scenario/another")
    assert swapped.status_code == 303
    page = reading.read("sam", at)
    assert "Second" in page.text
    assert WORDS in reading.read("sam", f"{at}/scenario").text
    observer = reading.read("jo", at).text
    assert "Second" in observer
    assert "First" not in observer
    assert "Offer me another one" not in observer
    assert second != first


def test_cap_b10_one_that_is_alone_says_so_and_one_can_do_without(reading: Reading) -> None:
    alone, at = reading.write(group=""), reading.asked(Mode.CASE_DISCUSSION)
    sam = reading.course.browser("sam")
    sam.act(f"{at}/scenario/choose", scenario=str(alone))
    page = reading.read("sam", at)
    assert "There is no other one like this." in page.text
    assert sam.act(f"{at}/scenario/without").status_code == 303
    assert f"{at}/scenario/choose" in reading.read("sam", at).links
    assert sam.get(f"{at}/scenario").status_code == 404


def test_an_observer_can_choose_one_for_the_trainee(reading: Reading) -> None:
    scenario_id, at = reading.write(), reading.asked()
    jo = reading.course.browser("jo")
    assert jo.act(f"{at}/scenario/choose").status_code == 422
    assert jo.act(f"{at}/scenario/choose", scenario=str(scenario_id)).status_code == 303
    assert "There is no other one like this." in reading.read("sam", at).text
    assert reading.course.browser("ines").get(f"{at}/scenario").status_code == 404
    assert reading.course.browser("noor").get(f"{at}/scenario").status_code == 404
    reading.course.kept()
    assert len(reading.world.session.query(ScenarioOfferRow).all()) == 1


def test_one_that_was_put_away_meanwhile_is_told_and_others_are_shown(reading: Reading) -> None:
    scenario_id, at = reading.write(), reading.asked()
    reading.lea.act(f"/scenarios/{scenario_id}/put-away")
    answer = reading.course.browser("sam").act(f"{at}/scenario/choose", scenario=str(scenario_id))
    assert answer.status_code in (404, 422)


def test_where_people_are_supported_there_is_no_scenario(reading: Reading) -> None:
    reading.write()
    at = reading.asked(Mode.LIVE)
    assert "Choose a scenario" not in reading.read("sam", at).text
    assert reading.course.browser("sam").get(f"{at}/scenario/choose").status_code == 404


def test_cap_e9_the_form_asks_whether_an_interpreter_was_present_and_the_record_says_so(course: Course) -> None:
    at = f"/o/{course.begun()}"
    jo = course.browser("jo")
    shown = FilledIn(jo.get(f"{at}/rate").text)
    assert (shown.values["interpreter"], shown["model"], shown["setting"]) == ([], "", "")
    saved = jo.post(
        f"{at}/save",
        data=json.dumps({"model": "warm_line", "setting": "crisis", "interpreter": "yes"}),
        headers={"X-CSRFToken": jo.token(), "Content-Type": "application/json"},
    )
    assert saved.status_code == 200, saved.text
    again = FilledIn(jo.get(f"{at}/rate").text)
    assert (again["interpreter"], again["model"], again["setting"]) == ("yes", "warm_line", "crisis")
    facts = Read(course.browser("sam").get(at).text).facts
    assert facts["Interpreter"].strip() == "An interpreter was present"
    assert (facts["Way of working"].strip(), facts["Setting"].strip()) == ("warm line", "crisis support")
    assert jo.act(f"{at}/rate", interpreter="not_said", model="", setting="", then="stay").status_code == 303
    assert "Interpreter" not in Read(course.browser("sam").get(at).text).facts
    assert jo.act(f"{at}/rate", interpreter="perhaps").status_code == 400


def test_cap_b11_cap_b12_a_trainee_says_what_kind_of_practice_it_will_be_when_asking(course: Course) -> None:
    sam = course.browser("sam")
    assert not list(problems_of(sam.get(f"{course.home}/ask").text))
    form = {
        "observer": str(course.world.visitor("jo").person_id), "mode": "role_play", "recorded": "no",
        "model": "group", "setting": "reentry",
    }  # fmt: skip
    wanting = sam.act(f"{course.home}/ask", **(form | {"mode": ""}))
    assert (FilledIn(wanting.text)["model"], FilledIn(wanting.text)["setting"]) == ("group", "reentry")
    answer = sam.act(f"{course.home}/ask", **form)
    observation_id = UUID(answer.location.partition("/o/")[2].partition("?")[0])
    course.kept()
    kind = practice_kinds.kind_of(course.world.session, observation_id)
    assert kind == practice_kinds.Kind(PracticeModel.GROUP, Setting.REENTRY)


@pytest.mark.parametrize(
    ("who", "path"),
    [("lea", "/scenarios"), ("sam", "{home}/scenarios"), ("sam", "{at}/scenario/choose"), ("sam", "{at}")],
)
def test_a_long_list_asks_the_database_as_often_as_a_short_one(reading: Reading, who: str, path: str) -> None:
    at = reading.asked()
    address = path.format(at=at, home=reading.course.home)
    engine = reading.course.app.extensions["attune"].sessions.engine
    browser = reading.course.browser(who)

    def often() -> int:
        browser.get(address)
        with counted(engine) as said:
            assert browser.get(address).status_code == 200
        return len(said)

    few = often()
    for number in range(50):
        reading.write(title=f"Number {number}", tags=(f"tag {number}",))
    many = often()
    assert few == many <= BOUND
    if path != "{at}":
        assert "page=2" in browser.get(address).text
