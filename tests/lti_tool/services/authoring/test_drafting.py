"""Writing a draft step by step: each step is kept, can be taken back, and two authors lose nothing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lti_tool.documents.rubric import to_document
from lti_tool.documents.rubric_values import comparable
from lti_tool.services.authoring import draft_structure, draft_undo, drafting, drafts
from lti_tool.services.authoring.drafting import ChangedMeanwhile, Typed
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.store.base import new_id
from lti_tool.store.drafts import DraftStepRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused
from rubrics.rubric import Alignment, Rubric
from tests.lti_tool.services.conftest import World
from tests.rubrics.making import a_criterion, a_rubric

STATEMENT = "criteria.pauses.statement"
FIRST = a_criterion().statement


@pytest.fixture
def lea(bare_world: World) -> Author:
    return Author(bare_world.organization_id, bare_world.visitor("lea").person_id)


@pytest.fixture
def jo(bare_world: World) -> Author:
    return Author(bare_world.organization_id, bare_world.visitor("jo").person_id)


@pytest.fixture
def draft_id(bare_world: World, lea: Author) -> UUID:
    return drafts.begin(bare_world.session, lea, a_rubric(), bare_world.now)


def stands(world: World, draft_id: UUID) -> Rubric:
    return drafts.draft(world.session, world.organization_id, draft_id).rubric


def type_in(world: World, by: Author, draft_id: UUID, place: str, was: str, value: str) -> str:
    world.now += timedelta(minutes=6)
    return drafting.set_field(world.session, by, draft_id, Typed(place, was, value), world.now)


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda problem: problem.code == code)


def steps(world: World, draft_id: UUID) -> list[DraftStepRow]:
    found = select(DraftStepRow).where(DraftStepRow.draft_id == draft_id).order_by(DraftStepRow.number)
    return list(world.session.scalars(found))


# ---- fields ----


def test_a_field_is_kept_as_a_step(bare_world: World, lea: Author, draft_id: UUID) -> None:
    assert type_in(bare_world, lea, draft_id, STATEMENT, FIRST, " Offers a pause ") == "Offers a pause"
    assert stands(bare_world, draft_id).criteria[0].statement == "Offers a pause"
    (step,) = steps(bare_world, draft_id)
    assert (step.place, step.by, step.change["before"], step.change["after"]) == (
        STATEMENT, lea.person_id, FIRST, "Offers a pause",
    )  # fmt: skip


def test_what_is_a_name_stays_on_one_line(bare_world: World, lea: Author, draft_id: UUID) -> None:
    label = "criteria.pauses.levels.1.label"
    assert type_in(bare_world, lea, draft_id, label, "Stepped in", "Stepped\r\n in") == "Stepped in"
    assert type_in(bare_world, lea, draft_id, label, "Stepped in", "Took\nover") == "Took over"


def test_saves_that_follow_one_another_are_one_step(bare_world: World, lea: Author, draft_id: UUID) -> None:
    session, now = bare_world.session, bare_world.now
    for was, value in ((FIRST, "Off"), ("Off", "Offers"), ("Offers", "Offers a pause")):
        drafting.set_field(session, lea, draft_id, Typed(STATEMENT, was, value), now)
    (step,) = steps(bare_world, draft_id)
    assert (step.change["before"], step.change["after"]) == (FIRST, "Offers a pause")
    assert drafts.draft(session, lea.organization_id, draft_id).steps == step.number == 3


def test_a_save_that_comes_later_is_a_step_of_its_own(bare_world: World, lea: Author, draft_id: UUID) -> None:
    type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "One")
    type_in(bare_world, lea, draft_id, STATEMENT, "One", "Two")
    assert len(steps(bare_world, draft_id)) == 2


def test_of_two_authors_the_second_is_told_and_nothing_is_written_over(
    bare_world: World, lea: Author, jo: Author, draft_id: UUID
) -> None:
    type_in(bare_world, jo, draft_id, STATEMENT, FIRST, "Jo's words")
    with pytest.raises(ChangedMeanwhile) as told:
        type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "Lea's words")
    assert (told.value.stands, told.value.by.name, told.value.by.oneself) == ("Jo's words", "Jo Example", False)
    assert stands(bare_world, draft_id).criteria[0].statement == "Jo's words"
    bare_world.session.get_one(PersonRow, jo.person_id).name = None
    bare_world.session.flush()
    with pytest.raises(ChangedMeanwhile, match="Changed by someone else"):
        type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "Lea's words")
    type_in(bare_world, lea, draft_id, STATEMENT, "Jo's words", "Lea's words")  # having seen them
    assert stands(bare_world, draft_id).criteria[0].statement == "Lea's words"


def test_another_window_of_ones_own_is_told_as_such(bare_world: World, lea: Author, draft_id: UUID) -> None:
    type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "One")
    with pytest.raises(ChangedMeanwhile) as told:
        type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "Two")
    assert told.value.by.oneself


def test_two_authors_at_different_places_do_not_meet(
    bare_world: World, lea: Author, jo: Author, draft_id: UUID
) -> None:
    type_in(bare_world, jo, draft_id, STATEMENT, FIRST, "Jo's words")
    type_in(bare_world, lea, draft_id, "criteria.listens.guide", "", "Lea's words")
    found = stands(bare_world, draft_id)
    assert (found.criteria[0].statement, found.criteria[1].guide) == ("Jo's words", "Lea's words")


def test_a_field_that_was_not_touched_changes_nothing_of_another_author(
    bare_world: World, lea: Author, jo: Author, draft_id: UUID
) -> None:
    type_in(bare_world, jo, draft_id, STATEMENT, FIRST, "Jo's words")
    assert type_in(bare_world, lea, draft_id, STATEMENT, FIRST, FIRST) == "Jo's words"
    assert len(steps(bare_world, draft_id)) == 1


@pytest.mark.parametrize(
    ("place", "was", "value", "code"),
    [
        (STATEMENT, FIRST, "x" * 2001, "too_long"),
        ("title", "One conversation", "x" * 201, "too_long"),
        ("criteria.pauses.watch_for", "", "x\n" * 31, "too_many_lines"),
        ("criteria.pauses.watch_for", "", f"{'x' * 1500}\n{'y' * 1500}", "too_long"),
        ("criteria.pauses.met_at", "3", "9", "no_such_level"),
        ("criteria.pauses.met_at", "3", "many", "not_a_choice"),
        ("criteria.pauses.principles", "safety\nchoice", "luck", "not_a_choice"),
        ("language", "en-US", "English", "language_code"),
        ("criteria.gone.statement", "", "x", "taken_out"),
        ("criteria.pauses", "", "x", "taken_out"),
        ("strength", "", "x", "taken_out"),
    ],
)
def test_what_cannot_stand_there_is_told_and_nothing_is_kept(
    bare_world: World, lea: Author, draft_id: UUID, place: str, was: str, value: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        type_in(bare_world, lea, draft_id, place, was, value)
    assert refused.value.code == code
    assert stands(bare_world, draft_id) == a_rubric()
    assert not steps(bare_world, draft_id)


def test_a_draft_of_another_organization_is_not_here(bare_world: World, draft_id: UUID) -> None:
    stranger = Author(new_id(), new_id())
    with pytest.raises(NotHere):
        type_in(bare_world, stranger, draft_id, STATEMENT, FIRST, "x")
    with pytest.raises(NotHere):
        draft_structure.move(bare_world.session, stranger, draft_id, "pauses", 1, bare_world.now)
    with pytest.raises(NotHere):
        draft_undo.undo(bare_world.session, stranger, draft_id, bare_world.now)


# ---- what it consists of ----


def test_a_new_criterion_has_a_readable_key_and_the_scale_of_the_others(
    bare_world: World, lea: Author, draft_id: UUID
) -> None:
    session, now = bare_world.session, bare_world.now
    new = draft_structure.NewCriterion("Waits for an answer", 5)
    key = draft_structure.add_criterion(session, lea, draft_id, new, now)
    type_in(bare_world, lea, draft_id, f"criteria.{key}.levels.2.label", "With prompting", "With a sign")
    other = draft_structure.add_criterion(session, lea, draft_id, draft_structure.NewCriterion("", 5), now)
    assert (key, other) == ("waits-for-an-answer", "c1")
    found = stands(bare_world, draft_id)
    assert found.criteria[2].met_at == 4
    assert [level.label for level in found.criteria[3].levels][:2] == ["Stepped in", "With a sign"]
    assert {level.anchor for level in found.criteria[3].levels} == {""}


def test_a_copy_stands_after_its_original_with_its_words_in_all_languages(
    bare_world: World, lea: Author, draft_id: UUID
) -> None:
    session, now = bare_world.session, bare_world.now
    draft_structure.add_language(session, lea, draft_id, "es", now)
    type_in(bare_world, lea, draft_id, f"translations.es.{STATEMENT}", "", "Ofrece una pausa")
    copy = draft_structure.duplicate(session, lea, draft_id, "pauses", now)
    found = stands(bare_world, draft_id)
    assert [each.key for each in found.criteria] == ["pauses", copy, "listens"]
    assert {words.statement for words in found.translations[0].criteria} == {"Ofrece una pausa"}


def test_levels_are_numbered_anew_and_what_names_them_follows(bare_world: World, lea: Author, draft_id: UUID) -> None:
    session, now = bare_world.session, bare_world.now
    draft_structure.add_language(session, lea, draft_id, "es", now)
    type_in(bare_world, lea, draft_id, "translations.es.criteria.pauses.levels.3.label", "", "Por su cuenta")
    draft_structure.add_level(session, lea, draft_id, "pauses", 1, now)
    found = stands(bare_world, draft_id)
    assert [(level.number, level.label) for level in found.criteria[0].levels] == [
        (1, "Stepped in"), (2, ""), (3, "With prompting"), (4, "On their own"),
    ]  # fmt: skip
    assert found.criteria[0].met_at == 4
    assert found.translations[0].criteria[0].levels[0].number == 4
    draft_structure.remove_level(session, lea, draft_id, "pauses", 4, now)
    found = stands(bare_world, draft_id)
    assert [level.number for level in found.criteria[0].levels] == [1, 2, 3]
    assert found.criteria[0].met_at == 3
    assert not found.translations[0].criteria[0].levels


def test_a_criterion_keeps_two_levels(bare_world: World, lea: Author, draft_id: UUID) -> None:
    session, now = bare_world.session, bare_world.now
    draft_structure.remove_level(session, lea, draft_id, "pauses", 1, now)
    with pytest.raises(Refused) as refused:
        draft_structure.remove_level(session, lea, draft_id, "pauses", 1, now)
    assert refused.value.code == "levels_few"


def test_a_criterion_names_a_competency_once_with_its_reason(bare_world: World, lea: Author, draft_id: UUID) -> None:
    session, now = bare_world.session, bare_world.now
    alignment = Alignment("starter:A1", reason="A pause is a choice.")
    draft_structure.align(session, lea, draft_id, "pauses", alignment, now)
    with pytest.raises(Refused):
        draft_structure.align(session, lea, draft_id, "pauses", alignment, now)
    type_in(bare_world, lea, draft_id, "criteria.pauses.alignments.starter:A1.citation", "", "Page 3")
    assert stands(bare_world, draft_id).criteria[0].alignments[0].citation == "Page 3"
    draft_structure.unalign(session, lea, draft_id, "pauses", "starter:A1", now)
    assert not stands(bare_world, draft_id).criteria[0].alignments


@pytest.mark.parametrize("code", ["en-US", "EN-us", "Spanish", "", "es"])
def test_a_language_is_added_once_by_its_code(bare_world: World, lea: Author, draft_id: UUID, code: str) -> None:
    session, now = bare_world.session, bare_world.now
    draft_structure.add_language(session, lea, draft_id, "es", now)
    with pytest.raises(Refused):
        draft_structure.add_language(session, lea, draft_id, code, now)


def test_a_rubric_has_room_for_what_people_can_read_and_says_when_there_is_no_more(
    bare_world: World, lea: Author, draft_id: UUID
) -> None:
    session, now = bare_world.session, bare_world.now
    for _ in range(draft_structure.MOST_LEVELS - len(a_criterion().levels)):
        draft_structure.add_level(session, lea, draft_id, "pauses", 1, now)
    with refused("levels_enough"):
        draft_structure.add_level(session, lea, draft_id, "pauses", 1, now)
    for number in range(draft_structure.MOST_LANGUAGES):
        draft_structure.add_language(session, lea, draft_id, f"es-{number:03}", now)
    with refused("languages_enough"):
        draft_structure.add_language(session, lea, draft_id, "fr", now)
    for number in range(draft_structure.MOST_ALIGNMENTS):
        draft_structure.align(session, lea, draft_id, "pauses", Alignment(f"starter:A{number}"), now)
    with refused("alignments_enough"):
        draft_structure.align(session, lea, draft_id, "pauses", Alignment("starter:B1"), now)


def test_a_rubric_has_no_more_criteria_than_can_be_rated(bare_world: World, lea: Author) -> None:
    many = a_rubric(*(a_criterion(f"c-{number}") for number in range(draft_structure.MOST_CRITERIA)))
    session, now = bare_world.session, bare_world.now
    draft_id = drafts.begin(session, lea, many, now)
    with refused("criteria_enough"):
        draft_structure.add_criterion(session, lea, draft_id, draft_structure.NewCriterion("Waits", 4), now)
    with refused("criteria_enough"):
        draft_structure.duplicate(session, lea, draft_id, "c-1", now)


@pytest.mark.parametrize("competency", ["", " ", "x" * 201])
def test_an_alignment_names_a_competency(bare_world: World, lea: Author, draft_id: UUID, competency: str) -> None:
    with refused("competency_needed"):
        draft_structure.align(
            bare_world.session, lea, draft_id, "pauses", Alignment(competency), bare_world.now
        )  # fmt: skip


def test_what_somebody_took_out_meanwhile_is_told_to_whoever_still_sees_it(
    bare_world: World, lea: Author, jo: Author, draft_id: UUID
) -> None:
    session, now = bare_world.session, bare_world.now
    draft_structure.remove(session, jo, draft_id, "pauses", now)
    acts: tuple[Callable[[], object], ...] = (
        lambda: draft_structure.remove(session, lea, draft_id, "pauses", now),
        lambda: draft_structure.duplicate(session, lea, draft_id, "pauses", now),
        lambda: draft_structure.remove_language(session, lea, draft_id, "es", now),
        lambda: draft_structure.unalign(session, lea, draft_id, "listens", "starter:A1", now),
    )
    for act in acts:
        with refused("taken_out"):
            act()


# ---- taking back ----


def test_ones_own_last_step_is_taken_back_and_done_again(bare_world: World, lea: Author, draft_id: UUID) -> None:
    session, now = bare_world.session, bare_world.now
    type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "One")
    draft_structure.remove(session, lea, draft_id, "pauses", now)
    assert draft_undo.undo(session, lea, draft_id, now) == "criteria.pauses"
    assert stands(bare_world, draft_id).criteria[0].statement == "One"
    draft_undo.undo(session, lea, draft_id, now)
    assert stands(bare_world, draft_id) == a_rubric()
    with pytest.raises(Refused):
        draft_undo.undo(session, lea, draft_id, now)
    draft_undo.redo(session, lea, draft_id, now)
    draft_undo.redo(session, lea, draft_id, now)
    assert [each.key for each in stands(bare_world, draft_id).criteria] == ["listens"]
    with pytest.raises(Refused):
        draft_undo.redo(session, lea, draft_id, now)


def test_after_another_change_there_is_nothing_to_do_again(bare_world: World, lea: Author, draft_id: UUID) -> None:
    type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "One")
    draft_undo.undo(bare_world.session, lea, draft_id, bare_world.now)
    assert draft_undo.own(bare_world.session, lea, draft_id).to_do_again is not None
    type_in(bare_world, lea, draft_id, "title", "One conversation", "Other")
    assert draft_undo.own(bare_world.session, lea, draft_id).to_do_again is None


def test_another_authors_steps_are_not_taken_back(bare_world: World, lea: Author, jo: Author, draft_id: UUID) -> None:
    type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "Lea's words")
    type_in(bare_world, jo, draft_id, "title", "One conversation", "Jo's title")
    draft_undo.undo(bare_world.session, lea, draft_id, bare_world.now)
    found = stands(bare_world, draft_id)
    assert (found.title, found.criteria[0].statement) == ("Jo's title", FIRST)


def test_what_another_author_changed_since_is_told_instead(
    bare_world: World, lea: Author, jo: Author, draft_id: UUID
) -> None:
    type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "Lea's words")
    type_in(bare_world, jo, draft_id, STATEMENT, "Lea's words", "Jo's words")
    with pytest.raises(ChangedMeanwhile) as told:
        draft_undo.undo(bare_world.session, lea, draft_id, bare_world.now)
    assert (told.value.stands, told.value.by.name) == ("Jo's words", "Jo Example")
    assert stands(bare_world, draft_id).criteria[0].statement == "Jo's words"


def test_a_move_is_taken_back_although_others_were_added_since(
    bare_world: World, lea: Author, jo: Author, draft_id: UUID
) -> None:
    session, now = bare_world.session, bare_world.now
    draft_structure.move(session, lea, draft_id, "pauses", 1, now)
    draft_structure.add_criterion(session, jo, draft_id, draft_structure.NewCriterion("Waits", 2), now)
    draft_undo.undo(session, lea, draft_id, now)
    assert [each.key for each in stands(bare_world, draft_id).criteria] == ["pauses", "listens", "waits"]


def test_what_stood_before_any_step_can_be_brought_back(
    bare_world: World, lea: Author, jo: Author, draft_id: UUID
) -> None:
    type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "Lea's words")
    type_in(bare_world, jo, draft_id, STATEMENT, "Lea's words", "Jo's words")
    for _ in range(2):  # twice is once
        draft_undo.bring_back(bare_world.session, lea, draft_id, 1, bare_world.now)
    assert stands(bare_world, draft_id).criteria[0].statement == FIRST
    assert len(steps(bare_world, draft_id)) == 3
    draft_undo.undo(bare_world.session, lea, draft_id, bare_world.now)
    assert stands(bare_world, draft_id).criteria[0].statement == "Jo's words"


def test_the_history_tells_who_did_what_newest_first(bare_world: World, lea: Author, draft_id: UUID) -> None:
    for number, was in enumerate(("One conversation", "Title 0", "Title 1")):
        type_in(bare_world, lea, draft_id, "title", was, f"Title {number}")
    asked = (bare_world.session, lea.organization_id, draft_id)
    assert draft_undo.how_many(*asked) == 3
    newest, earlier = draft_undo.history(*asked, first=0, most=2)
    assert (newest.before, newest.after, newest.by_name) == ("Title 1", "Title 2", "Lea Example")
    assert earlier.number < newest.number
    assert [step.before for step in draft_undo.history(*asked, first=2, most=2)] == ["One conversation"]


Act = Callable[[World, Author, UUID], object]
WORDS = st.sampled_from(["", "One", "Two", "Tres"])
KEYS = st.sampled_from(["pauses", "listens", "waits"])


def field(place: str, value: str) -> Act:
    def act(world: World, by: Author, draft_id: UUID) -> None:
        row = drafts.open_row(world.session, by.organization_id, draft_id)
        parsed = drafting.field_place(place)
        there = drafting.read(drafts.part_of(world.session, row, parsed.criterion), parsed)
        type_in(world, by, draft_id, place, str(there), value)

    return act


def structural(name: str, *arguments: object) -> Act:
    def act(world: World, by: Author, draft_id: UUID) -> None:
        getattr(draft_structure, name)(world.session, by, draft_id, *arguments, world.now)

    return act


ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(lambda key, words: field(f"criteria.{key}.statement", words), KEYS, WORDS),
    st.builds(lambda key, words: field(f"criteria.{key}.levels.2.anchor", words), KEYS, WORDS),
    st.builds(lambda key, words: field(f"translations.es.criteria.{key}.levels.1.label", words), KEYS, WORDS),
    st.builds(lambda words: field("translations.es.title", words), WORDS),
    st.builds(lambda key, at: structural("move", key, at), KEYS, st.integers(0, 3)),
    st.builds(lambda key: structural("remove", key), KEYS),
    st.builds(lambda key: structural("duplicate", key), KEYS),
    st.just(structural("add_criterion", draft_structure.NewCriterion("Waits", 2))),
    st.builds(lambda key: structural("add_level", key, 1), KEYS),
    st.builds(lambda key: structural("remove_level", key, 2), KEYS),
    st.builds(lambda code: structural("add_language", code), st.sampled_from(["es", "fr"])),
    st.just(structural("remove_language", "es")),
    st.builds(lambda key: structural("align", key, Alignment("starter:A1")), KEYS),
    st.builds(lambda key: structural("unalign", key, "starter:A1"), KEYS),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=10))
def test_whatever_was_changed_and_taken_back_in_reverse_gives_the_first_draft(
    bare_world: World, acts: list[Act]
) -> None:
    lea = Author(bare_world.organization_id, bare_world.visitor("lea").person_id)
    with bare_world.session.begin_nested() as only_here:
        draft_id = drafts.begin(bare_world.session, lea, a_rubric(), bare_world.now)
        for act in acts:
            try:
                act(bare_world, lea, draft_id)
            except Refused:
                continue
        after = to_document(stands(bare_world, draft_id))
        count = 0
        while draft_undo.own(bare_world.session, lea, draft_id).to_take_back:
            draft_undo.undo(bare_world.session, lea, draft_id, bare_world.now)
            count += 1
        assert comparable(to_document(stands(bare_world, draft_id))) == comparable(to_document(a_rubric()))
        for _ in range(count):
            draft_undo.redo(bare_world.session, lea, draft_id, bare_world.now)
        assert comparable(to_document(stands(bare_world, draft_id))) == comparable(after)
        only_here.rollback()


def test_what_is_typed_back_at_once_is_a_step_of_its_own_that_says_so(
    bare_world: World, lea: Author, draft_id: UUID
) -> None:
    type_in(bare_world, lea, draft_id, "criteria.pauses.watch_for", "", "A sigh\nA look away")
    assert stands(bare_world, draft_id).criteria[0].watch_for == ("A sigh", "A look away")
    type_in(bare_world, lea, draft_id, STATEMENT, FIRST, "Another")
    drafting.set_field(bare_world.session, lea, draft_id, Typed(STATEMENT, "Another", FIRST), bare_world.now)
    assert stands(bare_world, draft_id).criteria[0].statement == FIRST
    assert [step.place for step in steps(bare_world, draft_id)][1:] == [STATEMENT, STATEMENT]
