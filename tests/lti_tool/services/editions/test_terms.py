"""Terms in the database: what was published never changes, and what somebody said goes with them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lti_tool.services.courses.places import NotHere
from lti_tool.services.editions import terms, terms_writing
from lti_tool.services.editions.edition_writing import digest
from lti_tool.services.entering.visitors import Visitor, who_is_it
from lti_tool.services.languages import first_words, languages
from lti_tool.services.personal_data import erasure, own_data
from lti_tool.store.terms import TermsAnswer, TermsAnswerRow
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.path_rows import program_lead
from tests.project import ROOT


@pytest.fixture
def lea(world: World) -> Visitor:
    return program_lead(world)


def published(world: World, lea: Visitor, words: str = "We keep your name.") -> terms.Terms:
    terms_id = terms_writing.begin(world.session, lea, world.now)
    before = terms_writing.draft_of(world.session, lea.organization_id, terms_id).texts
    terms_writing.write(world.session, lea, terms_id, {"en": words}, digest(before), world.now)
    terms_writing.publish(world.session, lea, terms_id, digest({"en": words}), world.now)
    found = terms.in_force(world.session, lea.organization_id)
    assert found is not None
    return found


def say(world: World, who: Visitor, edition: terms.Terms, said: TermsAnswer) -> None:
    terms.answer(world.session, who, edition.id, said, "en", world.now)


def test_the_words_of_a_published_edition_never_change(world: World, lea: Visitor) -> None:
    edition = published(world, lea)
    with pytest.raises(DBAPIError, match="never changes"), world.session.begin_nested():
        world.session.execute(text("UPDATE terms SET texts = '{}'"))
    terms_writing.end(world.session, lea, edition.id, world.now)
    assert terms.in_force(world.session, world.organization_id) is None


def test_a_draft_begins_where_the_last_edition_ends_and_two_who_begin_have_one(world: World, lea: Visitor) -> None:
    edition = published(world, lea)
    first = terms_writing.begin(world.session, lea, world.now)
    assert terms_writing.begin(world.session, lea, world.now) == first
    assert dict(terms_writing.draft_of(world.session, lea.organization_id, first).texts) == dict(edition.texts)
    with pytest.raises(NotHere):
        terms_writing.begin(world.session, world.visitor("ines"), world.now)


def test_what_somebody_said_is_in_their_copy_with_edition_and_day_and_goes_when_they_are_erased(
    world: World, lea: Visitor
) -> None:
    edition = published(world, lea)
    sam = world.visitor("sam")
    say(world, sam, edition, TermsAnswer.AGREED)
    say(world, world.visitor("jo"), edition, TermsAnswer.AGREED)
    (row,) = own_data.copy(world.session, sam, world.now)["tables"]["terms_answer"]["rows"]
    assert (row["terms_id"], row["answer"], row["language"]) == (str(edition.id), "agreed", "en")
    assert row["answered_at"] == world.now.isoformat()
    asked = erasure.ask(world.session, sam, world.now)
    erasure.carry_out(world.session, lea, asked.id, world.now + timedelta(days=8))
    left = world.session.scalars(select(TermsAnswerRow.person_id)).all()
    assert left == [world.visitor("jo").person_id]


def test_each_persons_session_knows_whether_they_are_asked(world: World, lea: Visitor) -> None:
    def asked(who: str) -> bool:
        entered = world.enter(who, TRAINEE)
        found = who_is_it(world.session, entered.token, world.now)
        assert found is not None
        return found.terms_open

    assert not asked("sam")
    edition = published(world, lea)
    assert asked("sam")
    say(world, world.visitor("jo"), edition, TermsAnswer.NOT_NOW)
    assert asked("sam")
    assert not asked("jo")
    published(world, lea, "We keep your name, and for how long.")
    assert asked("jo")


def test_what_comes_with_attune_is_the_notice_of_the_documents() -> None:
    """One says it for a page of plain text, the other for the site: the same parts, the same to fill in."""
    words = first_words("terms", "en")
    notice = (ROOT / "docs" / "privacy-notice-template.md").read_text(encoding="utf-8").split("---", 1)[1]
    headings = [each.rstrip(".") for each in re.findall(r"^\*\*(.+?)\*\*", notice, re.MULTILINE)]
    assert [line for line in words.splitlines() if line in headings] == headings
    assert set(re.findall(r"\[[^\]]+\]", notice)) - set(re.findall(r"\[[^\]]+\]", words)) == {"[day]"}


def test_what_comes_with_attune_has_the_same_parts_and_as_much_to_fill_in_in_each_language() -> None:
    texts = {language: first_words("terms", language) for language in languages()}
    assert len(set(texts.values())) == len(texts)
    assert len({(len(text.split("\n\n")), text.count("["), text.count("]")) for text in texts.values()}) == 1


def test_the_first_edition_begins_in_the_language_of_whoever_begins_it(world: World) -> None:
    lea = program_lead(world, "lea")
    begun = terms_writing.begin(world.session, lea, world.now, language="ar")
    draft = terms_writing.draft_of(world.session, lea.organization_id, begun)
    assert dict(draft.texts) == {"ar": first_words("terms", "ar")}
