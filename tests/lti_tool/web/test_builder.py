"""Writing a rubric on the web: without scripts by forms, with them by saves; two authors lose nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from grading.competency import Competency, Framework
from lti_tool.access import Capability
from lti_tool.services.authoring import author, draft_structure, drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks
from lti_tool.store.base import new_id
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.translation import CriterionWords, LevelWords, Translation
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.desk import Desk, FilledIn
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_queries import counted
from tests.rubrics.making import a_criterion, a_rubric

STATEMENT = "criteria.pauses.statement"
FIRST = a_criterion().statement


@pytest.fixture
def desk(
    app: Flask, sessions: sessionmaker[Session], organization_id: UUID, come_in: Callable[..., Browser], clock: Clock
) -> Desk:
    desk = Desk(app, sessions, organization_id, clock())
    for who in ("Lea", "Jo"):
        desk.seat(who, come_in(who), Capability.PROGRAM_LEAD)
    desk.seat("Rea", come_in("Rea"), Capability.REVIEWER)
    return desk


PAGES = ("", "/criteria/pauses", "/history", "/translations/es", "/translations/es/pauses")


def test_every_page_is_well_made_and_well_said(desk: Desk) -> None:
    desk.form("Lea", do="add_language", changes={"new.language": "es"})
    for path in PAGES:
        answer = desk.browsers["Lea"].get(desk.home + path)
        assert answer.status_code == 200, path
        assert not list(problems_of(answer.text)), path
    for path in ("/rubrics/new",):
        answer = desk.browsers["Lea"].get(path)
        assert not list(problems_of(answer.text)), path


def test_a_rubric_is_begun_from_its_title(desk: Desk) -> None:
    answer = desk.browsers["Lea"].act("/rubrics/new", title="Warm line", summary="For a call.", language="en-US")
    assert answer.status_code == 303
    page = Read(desk.browsers["Lea"].get(answer.location).text)
    assert page.headings[0] == "Warm line"
    assert "Your draft is begun" in page.text


def test_without_a_title_nothing_is_begun_and_the_words_stay(desk: Desk) -> None:
    answer = desk.browsers["Lea"].act("/rubrics/new", title=" ", summary="For a call.", language="en-US")
    assert answer.status_code == 422
    assert "Please give the rubric a title." in answer.text
    assert "For a call." in answer.text


def test_what_is_typed_is_saved_by_the_form(desk: Desk) -> None:
    answer = desk.form(
        "Lea",
        "/criteria/pauses",
        changes={STATEMENT: "Offers\r\na pause", "criteria.pauses.principles": ["trust"]},
    )
    assert answer.status_code == 303
    found = desk.rubric().criteria[0]
    assert found.statement == "Offers\na pause"
    assert {each.value for each in found.principles} == {"trust"}
    assert found.relational  # a box that was not touched stays ticked


def test_what_is_typed_is_saved_as_one_goes_and_looked_at(desk: Desk) -> None:
    told = desk.save("Lea", {"criteria.pauses.statement": (FIRST, "Is empathic and understands the person")})
    assert told[STATEMENT]["stands"] == "Is empathic and understands the person"
    assert told[STATEMENT]["advice"]
    assert desk.rubric().criteria[0].statement == "Is empathic and understands the person"


def test_two_authors_are_shown_both_texts(desk: Desk) -> None:
    desk.save("Jo", {"criteria.pauses.statement": (FIRST, "Jo's words")})
    told = desk.save(
        "Lea", {"criteria.pauses.statement": (FIRST, "Lea's words"), "title": ("One conversation", "New title")}
    )
    assert told[STATEMENT]["changed"]["stands"] == "Jo's words"
    assert told[STATEMENT]["changed"]["sentence"].startswith("Changed by Jo since you opened it.")
    assert desk.rubric().title == "New title"
    assert desk.rubric().criteria[0].statement == "Jo's words"


def met(desk: Desk) -> Any:
    """Lea's form was made before Jo's save, and is sent after it."""
    desk.save("Jo", {"criteria.pauses.statement": (FIRST, "Jo's words")})
    fields = {
        STATEMENT: "Lea's words",
        f"was.{STATEMENT}": FIRST,
        "was.criteria.pauses.guide": "",
        "criteria.pauses.guide": "Guide",
    }
    return desk.send("Lea", "/criteria/pauses", "save", fields)


def test_without_scripts_the_page_shows_both_texts_and_keeps_the_rest(desk: Desk) -> None:
    answer = met(desk)
    assert answer.status_code == 422
    page = Read(answer.text)
    assert "Changed by Jo since you opened it." in page.text
    assert "Jo's words" in page.text
    assert FilledIn(answer.text)[STATEMENT] == "Lea's words"
    assert FilledIn(answer.text)[f"was.{STATEMENT}"] == "Jo's words"
    assert not list(problems_of(answer.text))
    assert desk.rubric().criteria[0].guide == "Guide"


def test_without_scripts_one_keeps_ones_own_words_having_read_the_others(desk: Desk) -> None:
    met(desk)
    sent = {STATEMENT: "Lea's words", f"was.{STATEMENT}": "Jo's words"}
    assert desk.send("Lea", "/criteria/pauses", "save", sent).status_code == 303
    assert desk.rubric().criteria[0].statement == "Lea's words"


def test_without_scripts_one_takes_the_others_words(desk: Desk) -> None:
    met(desk)
    sent = {STATEMENT: "Lea's words", f"was.{STATEMENT}": "Jo's words"}
    assert desk.send("Lea", "/criteria/pauses", f"take:{STATEMENT}", sent).status_code == 303
    assert desk.rubric().criteria[0].statement == "Jo's words"


def test_what_is_too_long_stays_in_its_field_with_a_sentence(desk: Desk) -> None:
    long = "x" * 2001
    assert (
        "longer than 2000"
        in desk.save("Lea", {"criteria.pauses.guide": ("", long)})["criteria.pauses.guide"]["problem"]
    )
    answer = desk.form("Lea", "/criteria/pauses", changes={"criteria.pauses.guide": long})
    assert answer.status_code == 422
    assert FilledIn(answer.text)["criteria.pauses.guide"] == long
    assert "longer than 2000 characters" in answer.text


def test_criteria_are_moved_copied_taken_out_and_brought_back_by_buttons(desk: Desk) -> None:
    desk.form("Lea", do="down:pauses")
    assert [each.key for each in desk.rubric().criteria] == ["listens", "pauses"]
    desk.form("Lea", do="duplicate:listens")
    assert len(desk.rubric().criteria) == 3
    answer = desk.form("Lea", do="remove:listens")
    assert "said=criterion_taken_out" in answer.location
    desk.form("Lea", do="undo")
    assert desk.rubric().criteria[0].key == "listens"
    answer = desk.form("Lea", do="add", changes={"new.statement": "Waits", "new.levels": "2"})
    assert answer.location.endswith("/criteria/waits")
    assert len(desk.rubric().criteria[-1].levels) == 2


def test_a_button_saves_what_was_typed_first(desk: Desk) -> None:
    desk.form("Lea", "/criteria/pauses", do="add_level:1", changes={"criteria.pauses.guide": "Look at the hands."})
    found = desk.rubric().criteria[0]
    assert (found.guide, len(found.levels)) == ("Look at the hands.", 4)


def test_a_form_that_is_posted_twice_acts_once(desk: Desk) -> None:
    browser = desk.browsers["Lea"]
    for _ in range(2):
        assert browser.act(desk.home, do="add", **{"new.statement": "Waits"}).status_code == 303
    assert len(desk.rubric().criteria) == 3


def test_dragging_puts_a_criterion_at_a_position(desk: Desk) -> None:
    browser = desk.browsers["Lea"]
    for _ in range(2):  # an answer that never came is asked for again
        answer = browser.post(
            f"{desk.home}/place", json={"criterion": "pauses", "position": 1}, headers={"X-CSRFToken": browser.token()}
        )
        assert answer.json == {"criteria": ["listens", "pauses"]}


def test_competencies_are_added_by_code_with_a_reason(desk: Desk) -> None:
    desk.form("Lea", "/criteria/pauses", changes={"new.competency": "starter:A1", "new.reason": "A pause is a choice."})
    (alignment,) = desk.rubric().criteria[0].alignments
    assert (alignment.competency, alignment.reason) == ("starter:A1", "A pause is a choice.")
    answer = desk.form("Lea", "/criteria/pauses", do="align", changes={"new.competency": "starter:A1"})
    assert answer.status_code == 422
    assert "named here already" in answer.text
    desk.form("Lea", "/criteria/pauses", do="unalign:starter:A1")
    assert not desk.rubric().criteria[0].alignments


def test_a_competency_is_looked_for_in_the_frameworks_and_named_with_its_identifier(desk: Desk) -> None:
    competency = Competency(identifier=str(new_id()), code="A1", statement="Asks what would help")
    framework = Framework(
        identifier=str(new_id()), key="ours", title="Ours", language="en-US", competencies=(competency,)
    )
    with desk.sessions.begin() as session:
        frameworks.save(session, desk.organization_id, framework, bundled=False, now=desk.now)
    answer = desk.form("Lea", "/criteria/pauses", do="find", changes={"find": "would help"})
    page = desk.browsers["Lea"].get(answer.location)
    assert "Asks what would help" in page.text
    assert not list(problems_of(page.text))
    desk.form("Lea", "/criteria/pauses", do="align:ours:A1")
    (alignment,) = desk.rubric().criteria[0].alignments
    assert (alignment.competency, alignment.identifier) == ("ours:A1", competency.identifier)
    assert "Asks what would help" in desk.browsers["Lea"].get(f"{desk.home}/criteria/pauses").text
    desk.form("Lea", "/criteria/pauses", changes={"new.competency": "theirs:Z1"})
    assert "It is in none of your frameworks." in desk.browsers["Lea"].get(f"{desk.home}/criteria/pauses").text


def test_a_translation_stands_beside_its_original(desk: Desk) -> None:
    answer = desk.form("Lea", do="add_language", changes={"new.language": "es"})
    assert answer.location.endswith("/translations/es")
    desk.form(
        "Lea", "/translations/es/pauses", changes={"translations.es.criteria.pauses.statement": "Ofrece una pausa"}
    )
    page = desk.browsers["Lea"].get(f"{desk.home}/translations/es/pauses").text
    assert FIRST in page
    assert "Ofrece una pausa" in page
    assert 'lang="es"' in page


def test_undoing_what_another_author_changed_since_shows_all_texts(desk: Desk) -> None:
    desk.save("Lea", {"criteria.pauses.statement": (FIRST, "Lea's words")})
    desk.save("Jo", {"criteria.pauses.statement": ("Lea's words", "Jo's words")})
    answer = desk.form("Lea", do="undo")
    assert answer.status_code == 422
    page = Read(answer.text)
    for words in ("Changed by Jo since you opened it.", "Jo's words", "Lea's words", FIRST):
        assert words in page.text
    assert not list(problems_of(answer.text))
    assert desk.rubric().criteria[0].statement == "Jo's words"


def test_the_history_tells_who_changed_what_and_brings_it_back(desk: Desk) -> None:
    desk.save("Lea", {"criteria.pauses.statement": (FIRST, "Lea's words")})
    page = Read(desk.browsers["Lea"].get(f"{desk.home}/history").text)
    for words in ("Lea", FIRST, "Lea's words", "Bring back what stood before"):
        assert words in page.text
    answer = desk.send("Lea", "/history", "bring_back:1", {})
    assert answer.location.startswith(f"{desk.home}/criteria/pauses")
    assert desk.rubric().criteria[0].statement == FIRST


def test_a_reviewer_reads_the_draft_and_its_history_and_changes_nothing(desk: Desk) -> None:
    desk.save("Lea", {"criteria.pauses.statement": (FIRST, "Lea's words")})
    rea = desk.browsers["Rea"]
    assert rea.get(desk.home).location == f"{desk.home}/review"
    history = rea.get(f"{desk.home}/history").text
    assert "Lea's words" in Read(history).text
    form = f'action="{desk.home}/history"'
    assert form in desk.browsers["Lea"].get(f"{desk.home}/history").text
    assert form not in history
    assert rea.get(f"{desk.home}/criteria/pauses").status_code == 404
    desk.send("Rea", "", "remove:pauses", {})
    assert desk.send("Rea", "/history", "bring_back:1", {}).status_code == 422
    assert desk.rubric().criteria[0].statement == "Lea's words"


def test_what_is_nobodys_button_changes_nothing(desk: Desk) -> None:
    for do in (
        "up:gone",
        "up:",
        "remove:Ü.",
        "duplicate:",
        "remove:gone",
        "bring_back:x",
        "remove_level:9",
        "unalign:x",
        "remove_language:xx",
    ):
        answer = desk.send("Lea", "", do, {"criterion": "gone"})
        assert answer.status_code in (404, 422), do
    assert desk.rubric() == a_rubric()


def test_pages_ask_as_often_for_sixty_criteria_as_for_two(desk: Desk) -> None:
    desk.form("Lea", do="add_language", changes={"new.language": "es"})
    engine, lea = desk.app.extensions["attune"].sessions.engine, desk.browsers["Lea"]

    def asked() -> list[int]:
        counts = []
        for path in PAGES:
            with counted(engine) as said:
                assert lea.get(desk.home + path).status_code == 200
            counts.append(len(said))
        return counts

    def saved(was: str, value: str) -> int:
        with counted(engine) as said:
            desk.save("Lea", {"criteria.pauses.guide": (was, value)})
        return len(said)

    few, few_saved = asked(), saved("", "One")
    many = a_rubric(a_criterion(), *(a_criterion(f"c{number}") for number in range(60)))
    with desk.sessions.begin() as session:
        by = drafts.Author(desk.organization_id, None)
        translations = drafts.draft(session, desk.organization_id, desk.draft_id).rubric.translations
        drafts.rewrite(session, by, desk.draft_id, replace(many, translations=translations), desk.now)
    assert asked() == few
    assert max(few) <= 20
    assert saved("", "Two") <= few_saved + 1


def published(desk: Desk, **changes: Any) -> UUID:
    """An edition of the draft's rubric, which ends no draft."""
    with desk.sessions.begin() as session:
        rubric = a_rubric(**changes)
        return author.publish_rubric(session, desk.organization_id, rubric, now=desk.now)


def test_a_copy_says_where_its_words_come_from_and_is_reviewed_anew(desk: Desk) -> None:
    version_id = published(desk, key="other", title="Other", reviewed_by_lived_experience="Our council")
    lea = desk.browsers["Lea"]
    answer = lea.act("/rubrics/new", **{"title": "Ours", "language": "en-US", "from": str(version_id)})
    desk.draft_id = UUID(answer.location.split("/")[2].partition("?")[0])
    found = desk.rubric()
    assert (found.title, found.key, found.license) == ("Ours", "ours", "CC0-1.0")
    assert found.provenance == "“Other”, 1. Written for this test."
    assert found.reviewed_by_lived_experience is None


def test_the_next_edition_begins_with_the_words_of_the_newest(desk: Desk) -> None:
    version_id = published(desk, key="other", title="Other")
    with desk.sessions() as session:
        rubric_id = session.get_one(RubricVersionRow, version_id).rubric_id
    lea = desk.browsers["Lea"]
    first = lea.act(f"/rubrics/{rubric_id}/next").location
    assert lea.act(f"/rubrics/{rubric_id}/next", key="another-key-of-a-form").location == first
    desk.draft_id = UUID(first.split("/")[2].partition("?")[0])
    assert desk.rubric() == a_rubric(key="other", title="Other")


def test_a_title_that_another_rubric_has_makes_a_rubric_of_its_own(desk: Desk) -> None:
    lea = desk.browsers["Lea"]
    answer = lea.act("/rubrics/new", title="One conversation", language="en-US")
    desk.draft_id = UUID(answer.location.split("/")[2].partition("?")[0])
    assert desk.rubric().key == "one-conversation-2"


def test_a_draft_is_put_away_and_taken_up_again(desk: Desk) -> None:
    lea = desk.browsers["Lea"]
    assert not list(problems_of(lea.get(f"{desk.home}/put-away").text))
    assert lea.act(f"{desk.home}/put-away").location == desk.home
    away = lea.get(desk.home)
    assert "Lea put this draft away" in away.text
    assert not list(problems_of(away.text))
    assert lea.act(f"{desk.home}/take-up", key="another-key-of-a-form").location == desk.home
    assert desk.rubric() == a_rubric()


def test_while_another_draft_of_the_rubric_is_open_the_one_before_stays_away(desk: Desk) -> None:
    lea = desk.browsers["Lea"]
    lea.act(f"{desk.home}/put-away")
    with desk.sessions.begin() as session:
        drafts.begin(session, drafts.Author(desk.organization_id, None), a_rubric(), desk.now)
    answer = lea.act(f"{desk.home}/take-up", key="another-key-of-a-form")
    assert answer.status_code == 422
    assert "being written already" in answer.text


WORDS = "Words of several minutes, which nobody likes to type again"


def test_words_for_a_criterion_that_was_taken_out_are_shown_to_be_copied(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        draft_structure.remove(session, drafts.Author(desk.organization_id, None), desk.draft_id, "pauses", desk.now)
    sent = {STATEMENT: WORDS, f"was.{STATEMENT}": "Words that stood there when it was opened"}
    answer = desk.send("Lea", "/criteria/pauses", "save", sent)
    assert answer.status_code == 409
    assert "taken out of the draft" in answer.text
    assert WORDS in answer.text
    assert "Words that stood there" not in answer.text


def test_words_for_a_draft_that_ended_are_shown_to_be_copied(desk: Desk) -> None:
    sent = {STATEMENT: WORDS, f"was.{STATEMENT}": FIRST}
    desk.browsers["Jo"].act(f"{desk.home}/put-away")
    answer = desk.send("Lea", "/criteria/pauses", "save", sent)
    assert answer.status_code == 409
    assert "published or put away meanwhile" in answer.text
    assert WORDS in answer.text


def test_every_kind_of_step_is_told_in_the_history_and_taken_back_where_it_belongs(desk: Desk) -> None:
    spanish = "/translations/es"
    desk.form("Lea", do="add_language", changes={"new.language": "es"})
    desk.form("Lea", spanish, changes={"translations.es.title": "Una conversación"})
    assert desk.form("Lea", spanish, do="undo").location == f"{desk.home}{spanish}?said=step_taken_back"
    assert desk.form("Lea", spanish, do="redo").location == f"{desk.home}{spanish}?said=step_done_again"
    desk.form("Lea", f"{spanish}/pauses", changes={"translations.es.criteria.pauses.statement": "Ofrece una pausa"})
    assert desk.form("Lea", do="undo").location == f"{desk.home}{spanish}/pauses?said=step_taken_back"
    for path in ("/translations/fr", f"{spanish}/gone"):
        assert desk.browsers["Lea"].get(desk.home + path).status_code == 404, path
    assert "said=level_taken_out" in desk.form("Lea", "/criteria/pauses", do="remove_level:1").location
    desk.form("Lea", "/criteria/pauses", changes={"new.competency": "starter:A1"})
    assert desk.form("Lea", "/criteria/pauses", do="place:pauses", changes={"new.position": "2"}).status_code == 303
    assert [each.key for each in desk.rubric().criteria] == ["listens", "pauses"]
    kept = desk.save(
        "Lea",
        {
            "criteria.pauses.alignments.starter:A1.reason": ("", "A pause is a choice."),
            "criteria.pauses.must_be_met": ("", "yes"),
            "criteria.pauses.principles": ("safety\nchoice", "safety"),
        },
    )
    assert not [place for place, told in kept.items() if "stands" not in told]
    desk.form("Lea", do="remove:listens")
    assert "said=language_taken_out" in desk.form("Lea", do="remove_language:es").location
    history = Read(desk.browsers["Lea"].get(f"{desk.home}/history").text).text
    for words in (
        "Una conversación", "Ofrece una pausa", "1. Stepped in: The observer made the pause.", "After starter:A1",
        "Place 2", "starter:A1, Reason", "A pause is a choice.", "Before no", "After yes", "After safety", FIRST,
    ):  # fmt: skip
        assert words in history, words


def test_taking_back_levels_that_another_author_changed_since_shows_both(desk: Desk) -> None:
    desk.form("Lea", "/criteria/pauses", do="remove_level:1")
    desk.save("Jo", {"criteria.pauses.levels.1.label": ("With prompting", "After a sign")})
    answer = desk.form("Lea", do="undo")
    assert answer.status_code == 422
    page = Read(answer.text).text
    assert "1. Stepped in: The observer made the pause." in page
    assert "1. After a sign: Paused after a sign from the observer." in page


def test_words_to_look_at_again_are_named_beside_the_translation_that_they_stand_in(desk: Desk) -> None:
    words = CriterionWords(key="pauses", watch_for=("Did the pause fail?",), levels=(LevelWords(1, label="Failure"),))
    spoken = Translation(language="en", title="What failed", criteria=(words,))
    spanish = a_rubric(a_criterion(watch_for=("Mira",)), language="es", translations=(spoken,))
    with desk.sessions.begin() as session:
        drafts.rewrite(session, Author(desk.organization_id, None), desk.draft_id, spanish, desk.now)
    browser = desk.browsers["Lea"]
    assert "Please find other words for “failed”." in Read(browser.get(f"{desk.home}/translations/en").text).text
    page = Read(browser.get(f"{desk.home}/translations/en/pauses").text).text
    for word in ("fail", "Failure"):
        assert f"Please find other words for “{word}”." in page, word


def test_what_no_script_of_ours_sends_changes_nothing(desk: Desk) -> None:
    browser = desk.browsers["Lea"]
    token = {"X-CSRFToken": browser.token()}
    for body in ([], {}, {"title": "x"}, {"title": {"value": "x"}}):
        assert browser.post(f"{desk.home}/save", json=body, headers=token).status_code == 400, body
    for body in ([], {"criterion": 5, "position": "2"}):
        assert browser.post(f"{desk.home}/place", json=body, headers=token).status_code == 409, body
    assert browser.act("/rubrics/new", title="Warm line", **{"from": "a rubric"}).status_code == 400
    assert desk.rubric() == a_rubric()
