"""Wording rules on their pages: reading, trying, changing as rows, two leads at once, in and out as TOML."""

from io import BytesIO

import pytest
from sqlalchemy import select

from lti_tool.documents.wording import read_rules
from lti_tool.services.authoring import wording
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.rubrics import WordingRow
from rubrics.wording import Kind, Rule
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_queries import BOUND, counted

ROW = {"code-1": "own-1", "words-1": "in denial\nrock bottom", "kind-1": "person", "instead-1": "where they are now"}
RULE = Rule("own-1", "en", Kind.PERSON, ("in denial", "rock bottom"), instead=("where they are now",))


@pytest.fixture
def lea(course: Course) -> Browser:
    """Ines looks after the rubrics."""
    ines: Browser = course.browser("ines")
    assert ines.act("/authors/begin").status_code == 303
    course.kept()
    return ines


def own(course: Course, language: str = "en") -> tuple[Rule, ...]:
    found = wording.own_rules(course.world.session, course.world.organization_id, language).rules
    course.kept()
    return found


def test_the_rules_that_come_with_attune_are_read_language_by_language(lea: Browser) -> None:
    english, spanish = lea.get("/wording?language=en"), lea.get("/wording?language=es")
    assert "“unsatisfactory”" in Read(english.text).text
    assert "“insatisfactori*”" in Read(spanish.text).text
    assert "aún no se ha mostrado" in Read(spanish.text).text
    assert not [*problems_of(english.text), *problems_of(spanish.text)]


def test_others_than_program_leads_read_that_nothing_is_here(course: Course, lea: Browser) -> None:
    for who in ("sam", "jo"):
        for path in ("/wording", "/wording/own", "/wording/own/file", "/wording/bring"):
            assert course.browser(who).get(path).status_code == 404, (who, path)


def test_a_language_without_rules_can_have_some(lea: Browser, course: Course) -> None:
    page = lea.get("/wording?language-code=fr")
    assert "Attune brings no rules in this language yet" in page.text
    answer = lea.act("/wording/own", **(ROW | {"language": "fr", "words-1": "échec"}), revision="0")
    assert answer.status_code == 303, Read(answer.text).text
    assert [rule.words for rule in own(course, "fr")] == [("échec",)]
    assert "“échec”" in Read(lea.get("/wording?language=fr").text).text


def test_what_is_asked_for_in_no_language_is_shown_in_the_readers(lea: Browser) -> None:
    assert "“unsatisfactory”" in Read(lea.get("/wording?language=<b>").text).text


def test_cap_a4_a_sentence_is_tried_and_kept_nowhere(lea: Browser) -> None:
    page = lea.act("/wording", language="en", use="anchor", words="Failed to listen <b>.")
    assert page.status_code == 200
    read = Read(page.text)
    assert "Please find other words for “Failed”" in read.text
    assert "“not yet shown”" in read.text
    assert "to change before publishing" in read.text
    assert "Failed to listen &lt;b&gt;." in page.text


def test_a_sentence_is_looked_at_as_what_it_is_for(lea: Browser) -> None:
    for use, words, says in (
        ("statement", "Understands limits", "Nobody can see or hear “Understands”"),
        ("anchor", "Always asked.", "“Always” describes the person"),
        ("anchor", "Asked at the beginning.", "Nothing was found"),
        ("statement", "  ", "Please write a sentence to try"),
        ("something", "Knows limits", "Nobody can see or hear “Knows”"),
    ):
        assert says in Read(lea.act("/wording", language="en", use=use, words=words).text).text


def test_own_rules_are_saved_shown_and_used(lea: Browser, course: Course) -> None:
    answer = lea.act("/wording/own", language="en", revision="0", **ROW)
    assert (answer.status_code, answer.location) == (303, "/wording?language=en&said=wording_saved")
    assert own(course) == (RULE,)
    page = Read(lea.get(answer.location).text).text
    assert "“in denial” , “rock bottom”" in page
    tried = lea.act("/wording", language="en", use="anchor", words="Met them at rock bottom.")
    assert "“where they are now”" in Read(tried.text).text
    form = Read(lea.get("/wording/own?language=en").text)
    assert "in denial rock bottom" in form.text
    assert not list(problems_of(lea.get("/wording/own?language=en").text))


def test_a_change_is_recorded_without_its_words_and_the_same_again_changes_nothing(
    lea: Browser, course: Course
) -> None:
    for _ in range(2):
        assert lea.act("/wording/own", language="en", revision="0", **ROW).status_code == 303
    course.kept()
    session = course.world.session
    (entry,) = session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "wording.change"))
    assert "denial" not in str(entry.facts)
    assert session.scalars(select(WordingRow.revision)).all() == [1]


def test_of_two_leads_at_once_the_second_reads_both_texts_and_loses_nothing(lea: Browser, course: Course) -> None:
    lea.act("/wording/own", language="en", revision="0", **ROW)
    mine = ROW | {"words-1": "hopeless"}
    answer = lea.act("/wording/own", language="en", revision="0", **mine)
    assert answer.status_code == 422
    read = Read(answer.text)
    assert "changed these rules since you opened them" in read.text
    assert "“in denial”" in read.text
    assert "hopeless" in read.text
    assert own(course) == (RULE,)
    (revision,) = read.fields["revision"]
    assert lea.act("/wording/own", language="en", **mine, revision=revision["value"] or "").status_code == 303
    assert own(course)[0].words == ("hopeless",)


def test_what_cannot_be_looked_for_is_said_at_its_field_with_everything_typed(lea: Browser, course: Course) -> None:
    for changes, says in (
        ({"words-1": "", "instead-1": "x"}, "Please give at least one word to look for"),
        ({"kind-1": ""}, "Please choose what the words are looked for as"),
        ({"words-1": "ok\n*"}, "“*” names no word"),
        ({"sentence-1": "x" * 501}, "500 letters"),
    ):
        answer = lea.act("/wording/own", language="en", revision="0", **(ROW | changes | {"unless-1": "kept too"}))
        assert answer.status_code == 422
        assert says in Read(answer.text).text
        assert "kept too" in answer.text
        assert not list(problems_of(answer.text))
    assert own(course) == ()


def test_a_rule_is_taken_out_by_its_row(lea: Browser, course: Course) -> None:
    lea.act("/wording/own", language="en", revision="0", **ROW)
    lea.act("/wording/own", language="en", revision="1", **ROW, **{"out-1": "yes"})
    assert own(course) == ()


def test_the_pages_ask_the_database_as_often_for_many_rules_as_for_none(lea: Browser, course: Course) -> None:
    engine = course.app.extensions["attune"].sessions.engine

    def asked() -> list[int]:
        numbers = []
        for path in ("/wording?language=en", "/wording/own?language=en"):
            with counted(engine) as said:
                assert lea.get(path).status_code == 200
            numbers.append(len(said))
        return numbers

    few = asked()
    rows = {f"{name.removesuffix('1')}{number}": text for number in range(1, 41) for name, text in ROW.items()}
    assert lea.act("/wording/own", language="en", revision="0", **rows).status_code == 303
    assert asked() == few
    assert max(few) <= BOUND


def test_more_rows_come_with_what_was_typed_and_nothing_is_saved(lea: Browser, course: Course) -> None:
    answer = lea.act("/wording/own", language="en", revision="0", **ROW, more="yes")
    read = Read(answer.text)
    assert "rock bottom" in answer.text
    assert [name for name in read.fields if name.startswith("words-")] == [f"words-{number}" for number in (1, 2, 3, 4)]
    assert len({field[0]["value"] for name, field in read.fields.items() if name.startswith("code-")}) == 4
    assert own(course) == ()


def test_own_rules_are_taken_along_and_brought_again(lea: Browser, course: Course) -> None:
    lea.act("/wording/own", language="en", revision="0", **ROW)
    file = lea.get("/wording/own/file?language=en")
    assert file.headers["Content-Disposition"] == "attachment; filename=wording-en.toml"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert read_rules(file.text, source="x") == (RULE,)
    shown = lea.act("/wording/bring", text=file.text.replace("rock bottom", "on the rocks"))
    assert shown.status_code == 200
    assert "Nothing is saved yet" in shown.text
    assert "on the rocks" in shown.text
    assert Read(shown.text).fields["revision"][0]["value"] == "1"
    assert own(course) == (RULE,)


def test_a_file_is_brought_too(lea: Browser) -> None:
    content = b'\xef\xbb\xbflanguage = "es"\n[[rules]]\nkind = "banned"\nwords = ["tocar fondo"]\n'
    shown = lea.act("/wording/bring", file=(BytesIO(content), "ours.toml"))  # type: ignore[arg-type]
    assert "tocar fondo" in shown.text
    assert Read(shown.text).fields["language"][0]["value"] == "es"


def test_rules_that_cannot_be_read_are_answered_with_the_place_and_kept_on_the_page(lea: Browser) -> None:
    for text, says in (
        ("", "This is still needed"),
        ('language = "en"', "There is no rule in it yet"),
        ("language = ", "The file can be read up to here"),
        ('language = "en"\n[[rules]]\nkind = "banned"\nwords = ["*"]\n', "rules[1].words[1]: “*” names no word"),
        ("x" * 64_001, "64 kB"),
        ("a = " + "[" * 20_000, "brackets"),
    ):
        answer = lea.act("/wording/bring", text=text)
        assert answer.status_code == 422
        assert says in Read(answer.text).text
        assert text[:30].replace('"', "&#34;") in answer.text


def test_a_file_in_other_letters_is_answered(lea: Browser) -> None:
    answer = lea.act("/wording/bring", file=(BytesIO('language = "é"'.encode("latin-1")), "ours.toml"))  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert "save the file as UTF-8" in answer.text
