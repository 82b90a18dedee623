"""Examples of an organization: agreed on, changed by two at once, put away, carried over, in and out of files."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lti_tool.documents import DocumentProblems
from lti_tool.services import organizations
from lti_tool.services.authoring import author, examples
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.authoring.example_lists import OfEdition, listed
from lti_tool.services.authoring.examples import Agreement, Edit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import examples_in_files
from lti_tool.services.operating import clean
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.rubrics import ExampleRow
from rubrics.example import Example
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.rubrics.examples import an_example
from tests.rubrics.making import a_criterion, a_rubric

COUNCIL = "The peer council"


class Shelf:
    """Examples of `a_rubric()`, and Ines who writes them."""

    def __init__(self, world: World) -> None:
        self.world, self.session, self.now = world, world.session, world.now
        self.by = Author(world.organization_id, world.visitor("ines").person_id)
        self.version_id = self.publish()

    def publish(self, **changes: object) -> UUID:
        return author.publish_rubric(self.session, self.by.organization_id, a_rubric(**changes), now=self.now)

    def write(self, **changes: object) -> UUID:
        return examples.write(self.session, self.by, self.version_id, an_example(**changes), self.now)

    def opened(self, example_id: UUID) -> examples.Opened:
        return examples.opened(self.session, self.by.organization_id, example_id, self.now)

    def change(self, example_id: UUID, example: Example, revision: int) -> None:
        examples.change(self.session, self.by, example_id, Edit(example, revision), self.now)

    def agree(self, example_id: UUID, revision: int = 1, by: str = COUNCIL, days: int = 0) -> None:
        agreement = Agreement(by, self.now.date() + timedelta(days=days), revision)
        examples.agree(self.session, self.by, example_id, agreement, self.now)

    def listed(self) -> tuple[OfEdition, ...]:
        since = self.now - examples.PUT_AWAY_KEPT
        return tuple(
            edition
            for edition in listed(self.session, self.by.organization_id, ("en",), since=since)
            if edition.title == "One conversation"
        )

    def acts(self) -> list[str]:
        found = self.session.scalars(select(AuditEntryRow.act).order_by(AuditEntryRow.number))
        return [act for act in found if act.startswith("example.")]


@pytest.fixture
def shelf(world: World) -> Shelf:
    return Shelf(world)


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_ratings_are_proposals_until_people_agree_on_them(shelf: Shelf) -> None:
    example_id = shelf.write(agreed_by="Someone elsewhere", agreed_on=date(2020, 1, 1))
    assert shelf.opened(example_id).agreed_at is None
    assert shelf.opened(example_id).example.agreed_by == ""
    shelf.agree(example_id)
    found = shelf.opened(example_id)
    assert (found.agreed_at, found.example.agreed_by, found.example.agreed_on) == (shelf.now, COUNCIL, shelf.now.date())
    assert shelf.acts()[-2:] == ["example.write", "example.agree"]  # those that come with Attune were written before


def test_nobody_agrees_on_what_is_not_finished_or_without_saying_who_and_when(shelf: Shelf) -> None:
    unfinished, finished = shelf.write(ratings=()), shelf.write(title="Another")
    with refused("still_needed"):
        shelf.agree(unfinished)
    with refused("who_agreed"):
        shelf.agree(finished, by=" ")
    with refused("agreed_later"):
        shelf.agree(finished, days=2)
    with refused(examples.CHANGED_MEANWHILE):
        shelf.agree(finished, revision=7)


def test_a_changed_example_has_to_be_agreed_on_again_and_the_same_again_changes_nothing(shelf: Shelf) -> None:
    example_id = shelf.write()
    shelf.agree(example_id)
    shelf.change(example_id, an_example(), 1)
    assert shelf.opened(example_id).agreed_at
    shelf.change(example_id, an_example(setting="At home"), 2)
    found = shelf.opened(example_id)
    assert (found.agreed_at, found.example.agreed_by, found.revision) == (None, "", 3)
    assert found.changed_by == "Ines Example"


def test_of_two_who_change_it_at_once_the_second_is_told(shelf: Shelf) -> None:
    example_id = shelf.write()
    shelf.change(example_id, an_example(setting="At home"), 1)
    with refused(examples.CHANGED_MEANWHILE):
        shelf.change(example_id, an_example(setting="Outside"), 1)
    assert shelf.opened(example_id).example.setting == "At home"


def test_ux_what_was_put_away_is_out_of_use_at_once_and_comes_back_for_a_day(shelf: Shelf) -> None:
    example_id = shelf.write()
    shelf.agree(example_id)
    examples.put_away(shelf.session, shelf.by, example_id, shelf.now)
    assert [(len(each.examples), len(each.put_away)) for each in shelf.listed()] == [(0, 1)]
    with pytest.raises(NotHere):
        shelf.change(example_id, an_example(title="Other"), 2)
    for _ in range(2):
        examples.bring_back(shelf.session, shelf.by, example_id, shelf.now + timedelta(hours=23))
    assert shelf.opened(example_id).agreed_at == shelf.now
    assert shelf.acts()[-2:] == ["example.put_away", "example.bring_back"]


def test_after_a_day_the_words_of_what_was_put_away_are_gone(shelf: Shelf) -> None:
    example_id, kept = shelf.write(), shelf.write(title="Another")
    examples.put_away(shelf.session, shelf.by, example_id, shelf.now)
    later = shelf.now + timedelta(hours=25)
    clean.clean(shelf.session, later)
    clean.clean(shelf.session, later)
    assert shelf.session.get_one(ExampleRow, example_id).document == {"key": "by-the-window"}
    assert shelf.opened(kept).example.text
    with pytest.raises(NotHere):
        examples.opened(shelf.session, shelf.by.organization_id, example_id, later)
    with pytest.raises(NotHere):
        examples.bring_back(shelf.session, shelf.by, example_id, later)


def test_an_example_goes_along_to_the_newest_edition_once(shelf: Shelf) -> None:
    example_id = shelf.write()
    with refused("is_newest"):
        examples.carry_over(shelf.session, shelf.by, example_id, shelf.now)
    listens = a_rubric().criteria[1]
    shelf.publish(criteria=(a_criterion(statement="Offers a rest"), listens))
    there = examples.carry_over(shelf.session, shelf.by, example_id, shelf.now)
    found = shelf.opened(there)
    assert (found.version.number, found.agreed_at) == (2, None)
    assert [rating.level for rating in found.example.ratings] == [None, 2]
    assert shelf.opened(example_id).example.ratings[0].level == 3
    assert examples.carry_over(shelf.session, shelf.by, example_id, shelf.now) == there


def test_two_examples_of_one_title_have_keys_of_their_own(shelf: Shelf) -> None:
    first, second = shelf.write(), shelf.write()
    examples.put_away(shelf.session, shelf.by, first, shelf.now)
    third = shelf.write()
    examples.bring_back(shelf.session, shelf.by, first, shelf.now)
    keys = {shelf.opened(each).example.key for each in (first, second, third)}
    assert len(keys) == 3


def test_cap_b10_another_of_the_same_group_can_be_offered_in_its_place(shelf: Shelf) -> None:
    shown, other, spanish, alone = (
        shelf.write(title=title, group=group, language=language)
        for title, group, language in (("A", "g", "en"), ("B", "g", "en"), ("C", "g", "es"), ("D", "", "en"))
    )

    def offered(example_id: UUID) -> list[UUID]:
        found = examples.in_its_place(shelf.session, shelf.by.organization_id, shelf.opened(example_id), shelf.now)
        return [each.id for each in found]

    assert offered(shown) == []
    for example_id in (shown, other, spanish, alone):
        shelf.agree(example_id)
    assert offered(shown) == [other]
    assert offered(alone) == []


def test_the_same_file_twice_changes_nothing_and_agreement_does_not_come_along(shelf: Shelf) -> None:
    shelf.agree(shelf.write())
    taken = examples_in_files.take_along(shelf.session, shelf.by.organization_id, shelf.version_id)
    text = taken.content.decode()
    assert taken.name == "one-conversation-edition-1-examples.toml"
    assert COUNCIL in text

    def bring(text: str) -> int:
        return examples_in_files.bring(shelf.session, shelf.by, shelf.version_id, text, shelf.now)

    assert bring(text) == 0
    other = text.replace("They sit", "They stand")
    assert (bring(other), bring(other)) == (1, 0)
    assert [bool(each.agreed_at) for edition in shelf.listed() for each in edition.examples] == [True, False]


def test_a_file_of_another_rubric_or_edition_says_so(shelf: Shelf) -> None:
    shelf.write()
    text = examples_in_files.take_along(shelf.session, shelf.by.organization_id, shelf.version_id).content.decode()
    for found, place in (
        (text.replace('rubric = "one-conversation"', 'rubric = "other"'), "rubric"),
        (text.replace('criterion = "listens"', 'criterion = "waits"'), "examples[1].ratings[2].criterion"),
    ):
        with pytest.raises(DocumentProblems) as problems:
            examples_in_files.bring(shelf.session, shelf.by, shelf.version_id, found, shelf.now)
        assert [problem.place for problem in problems.value.problems] == [place]


def test_another_organizations_examples_are_not_here(shelf: Shelf) -> None:
    example_id = shelf.write()
    other = replace(shelf.by, organization_id=organizations.organization_named(shelf.session, "Other", shelf.now))
    with pytest.raises(NotHere):
        examples.opened(shelf.session, other.organization_id, example_id, shelf.now)
    with pytest.raises(NotHere):
        examples.write(shelf.session, other, shelf.version_id, an_example(), shelf.now)
    for act in (examples.put_away, examples.bring_back, examples.carry_over):
        with pytest.raises(NotHere):
            act(shelf.session, other, example_id, shelf.now)
    with pytest.raises(NotHere):
        examples.put_away(shelf.session, shelf.by, uuid4(), shelf.now)
