"""Steps of a program's draft: nothing that was written is ever lost, however one goes back and forth."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lti_tool.documents.program import read_program
from lti_tool.documents.program_starts import REQUIREMENT_STARTS
from lti_tool.documents.shipped_programs import SHIPPED
from lti_tool.services.authoring.drafting import ChangedMeanwhile, Typed
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.programs import program_draft_acts, program_draft_steps, program_drafts, program_trying
from lti_tool.services.programs.program_drafts import NewProgram, next_edition
from lti_tool.services.programs.program_trying import Thing
from lti_tool.store.programs import ProgramDraftStepRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World

NUMBER = "requirements/training/at_least/number"


class Written:
    """A draft, and what a test asks of it."""

    def __init__(self, world: World) -> None:
        self.world, self.now = world, world.now
        self.by = Author(world.visitor("ines").organization_id, world.visitor("ines").person_id)
        self.other = Author(self.by.organization_id, world.visitor("jo").person_id)
        self.id = program_drafts.begin_new(world.session, self.by, NewProgram("Ours", "Us", "UTC"), self.now)
        self.first = self.draft().text

    def draft(self) -> program_drafts.Draft:
        return program_drafts.draft(self.world.session, self.by.organization_id, self.id)

    def write(self, place: str, was: str, value: str, by: Author | None = None) -> str:
        self.now += timedelta(minutes=10)
        typed = Typed(place, was, value)
        return program_draft_steps.set_field(self.world.session, by or self.by, self.id, typed, self.now)

    def undo(self, seen: int | None = None, by: Author | None = None) -> None:
        seen = self.draft().step if seen is None else seen
        program_draft_steps.undo(self.world.session, by or self.by, self.id, seen, self.now)

    def redo(self) -> None:
        program_draft_steps.redo(self.world.session, self.by, self.id, self.draft().step, self.now)

    def texts(self) -> set[str]:
        rows = self.world.session.scalars(
            select(ProgramDraftStepRow.text).where(ProgramDraftStepRow.draft_id == self.draft().id)
        )
        return set(rows)


@pytest.fixture
def written(world: World) -> Written:
    return Written(world)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(does=st.lists(st.one_of(st.integers(1, 99), st.sampled_from(["undo", "redo"])), max_size=12))
def test_whatever_was_written_is_in_the_history_and_undo_then_redo_is_nothing(
    written: Written, does: list[Any]
) -> None:
    seen = {written.draft().text}
    for each in does:
        before = written.draft()
        if each == "undo" and before.step and before.text != written.first:  # before the beginning there is nothing
            written.undo()
            if written.draft().step == before.step - 1:
                middle = written.draft()
                written.redo()
                assert written.draft().text == before.text
                written.undo()
                assert written.draft().text == middle.text
        elif each == "redo" and before.step < before.steps:
            written.redo()
        elif isinstance(each, int):
            said = program_draft_steps.tables_of(before.text)["requirements"][0]["at_least"].partition(" ")[0]
            written.write(NUMBER, said, str(each))
        seen.add(written.draft().text)
    assert seen <= written.texts()


def test_what_was_taken_back_is_still_there_after_something_else_was_changed(written: Written) -> None:
    written.write(NUMBER, "40", "50")
    fifty = written.draft().text
    written.undo()
    forty = written.draft().text
    written.write(NUMBER, "40", "60")
    assert fifty in written.texts()
    written.undo()
    assert written.draft().text == forty
    with pytest.raises(Refused, match="nothing before this"):
        written.undo()


def test_saves_of_one_field_soon_after_one_another_are_one_step(written: Written) -> None:
    written.write(NUMBER, "40", "5")
    written.now -= timedelta(minutes=9)
    written.write(NUMBER, "5", "55")
    assert written.draft().steps == 1


def test_a_field_that_somebody_else_changed_is_told_and_not_written_over(written: Written) -> None:
    written.write(NUMBER, "40", "50")
    with pytest.raises(ChangedMeanwhile) as told:
        written.write(NUMBER, "40", "60", by=written.other)
    assert told.value.stands == "50"
    assert written.write(NUMBER, "40", "50", by=written.other) == "50"


def test_nobody_takes_back_what_they_have_not_seen(written: Written) -> None:
    seen = written.draft().step
    written.write(NUMBER, "40", "50", by=written.other)
    with pytest.raises(Refused, match="Somebody else"):
        written.undo(seen)


@pytest.mark.parametrize(
    "place", ["requirements/other/title", "names", "x", "requirements/training/of/units/x", "/" * 99]
)
def test_a_place_without_a_field_is_refused(written: Written, place: str) -> None:
    with pytest.raises(Refused):
        written.write(place, "", "something")


@pytest.mark.parametrize(
    ("place", "was", "value"),
    [
        (NUMBER, "40", "-"),
        ("requirements/training/title", "Training", " "),
        ("requirements/training/of/kind", "training", ""),
        ("program/name", "Ours", "x" * 5000),
    ],
)
def test_what_cannot_stand_there_changes_nothing(written: Written, place: str, was: str, value: str) -> None:
    before = written.draft().text
    with pytest.raises(Refused):
        written.write(place, was, value)
    assert written.draft().text == before


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_the_next_edition_asks_what_the_newest_asked_and_holds_no_other(path: Any) -> None:
    text = path.read_text()
    newest = read_program(text, source="x")[-1]
    (after,) = read_program(next_edition(text, newest.edition, "next", None), source="x")
    assert after.edition == "next"
    assert after.requirements == newest.requirements
    assert after.lifecycle == newest.lifecycle


def test_every_start_of_a_requirement_can_be_read(written: Written) -> None:
    for start in REQUIREMENT_STARTS:
        program_draft_acts.add_requirement(
            written.world.session, written.by, written.id, stage="initial", title=start, start=start, now=written.now
        )
    assert len(read_program(written.draft().text, source="x")[0].requirements) == 1 + len(REQUIREMENT_STARTS)


def test_a_draft_that_was_put_away_is_taken_up_once(written: Written) -> None:
    text = written.draft().text
    program_drafts.put_away(written.world.session, written.by, written.id, written.now)
    for _twice in range(2):
        program_drafts.take_up(written.world.session, written.by, written.id, written.now)
    assert written.draft().text == text


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda problem: problem.code == code)


def test_what_is_asked_already_is_changed_where_it_stands(written: Written) -> None:
    session, place = written.world.session, "requirements/training/of"
    week = {"what": "within", "value": "7 days"}
    program_draft_acts.add_condition(session, written.by, written.id, place, week, written.now)
    with refused("there_already"):
        program_draft_acts.add_condition(session, written.by, written.id, place, week, written.now)


def test_the_only_requirement_and_the_only_stage_stay(written: Written) -> None:
    for place in ("requirements/training", "stages/initial"):
        with refused("only_one"):
            program_draft_acts.take_out(written.world.session, written.by, written.id, place, written.now)


def test_while_the_text_cannot_be_read_the_fields_wait_for_it(written: Written) -> None:
    text = written.draft().text
    written.write(program_draft_steps.WHOLE, text, text + "\nstages = ")
    with refused("toml_first"):
        written.write(NUMBER, "40", "50")


def test_what_only_the_text_can_say_is_left_to_the_text(written: Written) -> None:
    """Stages in one line: no field can be written there without writing the others anew."""
    text = written.draft().text
    head, _, rest = text.partition("[[stages]]")
    inline = 'stages = [{ key = "initial", title = "Certification" }]\n'
    _, _, requirements = rest.partition("[[requirements]]")
    written.write(program_draft_steps.WHOLE, text, f"{inline}{head}[[requirements]]{requirements}")
    before = written.draft().text
    with pytest.raises(Refused) as problem:
        program_draft_acts.add_stage(written.world.session, written.by, written.id, "Renewal", "renewal", written.now)
    assert problem.value.code == "in_toml"
    assert written.draft().text == before


@pytest.mark.parametrize("name", ["", "two-words", "x" * 61])
def test_a_name_by_which_rules_and_evidence_meet_is_a_word(written: Written, name: str) -> None:
    with refused("please_check"):
        program_draft_acts.add_names(written.world.session, written.by, written.id, name, "a, b", written.now)


def test_somebody_who_is_made_up_has_only_what_the_page_offers_and_no_more_than_can_be_read(written: Written) -> None:
    session, today = written.world.session, written.now.date()
    with refused("not_a_choice"):
        program_trying.add(session, written.by, written.id, Thing("hobbies", today), written.now)
    with refused("still_needed"):
        program_trying.add(session, written.by, written.id, Thing("events", today), written.now)
    many = "".join(f'[[events]]\nname = "e{number}"\non = {today}\n' for number in range(program_trying.MOST))
    program_trying.write(session, written.by, written.id, "", f'person = "made-up"\nas_of = {today}\n{many}')
    with refused("too_many"):
        program_trying.add(session, written.by, written.id, Thing("events", today, said=(("", "exam"),)), written.now)


def test_a_made_up_person_is_told_in_the_digits_and_commas_of_any_script(written: Written) -> None:
    session, today = written.world.session, written.now.date()
    said = (("category", "ethics، first aid"), ("level", "٣"))
    program_trying.add(session, written.by, written.id, Thing("training", today, "٢٫٥ hours", said), written.now)
    ((_list, _number, kept),) = program_trying.made_up(written.draft(), "UTC", today).things
    assert kept["amount"] == "2.5 hours"
    assert kept["is"] == {"category": ["ethics", "first_aid"], "level": 3}


def test_a_made_up_person_that_cannot_be_read_is_changed_in_the_text_only(written: Written) -> None:
    session, today = written.world.session, written.now.date()
    program_trying.write(session, written.by, written.id, "", "as_of = ")
    for act in (
        lambda: program_trying.add(session, written.by, written.id, Thing("training", today, "3 hours"), written.now),
        lambda: program_trying.on_day(session, written.by, written.id, today, written.now),
        lambda: program_trying.take_out(session, written.by, written.id, "training", 0),
    ):
        with refused("in_toml"):
            act()
