"""What is added, moved and taken out in a program's draft, and who is made up to try it: done, or told why not."""

from datetime import timedelta
from typing import Any

import pytest

from lti_tool.documents.program_editing import tables
from lti_tool.services.authoring.drafting import ChangedMeanwhile, Typed
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs import (
    program_draft_acts,
    program_draft_steps,
    program_drafts,
    program_lists,
    program_publishing,
    program_trying,
    program_versions,
    programs_in_use,
)
from lti_tool.services.programs.program_drafts import NewProgram
from lti_tool.services.programs.program_trying import Thing
from lti_tool.store.base import new_id
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import program_lead


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda problem: problem.code == code)


class Draft:
    """A draft, and its acts by one lead."""

    def __init__(self, world: World) -> None:
        self.session, self.now = world.session, world.now
        self.by = Author(world.organization_id, world.visitor("ines").person_id)
        self.other = Author(world.organization_id, world.visitor("jo").person_id)
        self.id = program_drafts.begin_new(self.session, self.by, NewProgram("Ours", "Us", "UTC"), self.now)

    @property
    def text(self) -> str:
        return program_drafts.draft(self.session, self.by.organization_id, self.id).text

    @property
    def said(self) -> dict[str, Any]:
        return tables(self.text)

    @property
    def made_up(self) -> dict[str, Any]:
        return tables(program_drafts.draft(self.session, self.by.organization_id, self.id).made_up or "")

    def do(self, act: Any, *given: Any) -> Any:
        return act(self.session, self.by, self.id, *given, self.now)

    def rewrite(self, text: str, was: str | None = None) -> None:
        typed = Typed(program_draft_steps.WHOLE, self.text if was is None else was, text)
        program_draft_steps.set_field(self.session, self.by, self.id, typed, self.now)

    def require(self, title: str, **more: str) -> Any:
        wanted = {"stage": "initial", "start": "training", **more}
        return program_draft_acts.add_requirement(
            self.session, self.by, self.id, title=title, stage=wanted["stage"], start=wanted["start"], now=self.now
        )


@pytest.fixture
def draft(world: World) -> Draft:
    return Draft(world)


def test_what_is_no_choice_of_the_page_is_refused_and_changes_nothing(draft: Draft) -> None:
    before = draft.text
    for code, act in {
        "not_a_choice": (
            lambda: draft.require("More", stage="elsewhere"),
            lambda: draft.require("More", start="magic"),
            lambda: draft.do(program_draft_acts.add_part, "requirements/training", "nothing"),
            lambda: draft.do(program_draft_acts.add_part, "requirements/training/title", "exam"),
            lambda: draft.do(program_draft_acts.add_part, "stages", "exam"),
            lambda: draft.do(program_draft_acts.add_condition, "requirements/none/of", {"what": "since"}),
            lambda: draft.do(program_draft_acts.add_condition, "requirements/training/of", {"what": "magic"}),
            lambda: draft.do(program_draft_acts.add_table, "fees"),
        ),
        "taken_out": (
            lambda: draft.do(program_draft_acts.take_out, "requirements/gone"),
            lambda: draft.do(program_draft_acts.take_out, "program/name"),
            lambda: draft.do(program_draft_acts.move, "requirements/gone", 1),
            lambda: draft.do(program_draft_acts.move, "names/category", 1),
        ),
        "still_needed": (lambda: draft.require("  "),),
        "too_long": (
            lambda: draft.require("x" * 301),
            lambda: draft.rewrite("#" * (program_draft_steps.LONGEST_TEXT + 1)),
        ),
        "nothing_to_redo": (lambda: program_draft_steps.redo(draft.session, draft.by, draft.id, 0, draft.now),),
    }.items():
        for each in act:
            with refused(code):
                each()
    assert draft.text == before


def test_a_stage_after_the_first_says_what_it_comes_after_and_goes_with_all_that_it_asks(draft: Draft) -> None:
    draft.do(program_draft_acts.add_stage, "Renewal", "renewal")
    draft.do(program_draft_acts.add_stage, "Another", "certification")
    initial, renewal, another = draft.said["stages"]
    assert (renewal["kind"], renewal["after"]) == ("renewal", initial["key"])
    assert "after" not in another
    draft.require("Hours again", stage="renewal")
    draft.do(program_draft_acts.take_out, "requirements/training")
    with refused("only_one"):  # else nothing would be asked
        draft.do(program_draft_acts.take_out, "stages/renewal")


def test_a_word_that_a_new_requirement_brings_joins_those_of_its_name(draft: Draft) -> None:
    draft.do(program_draft_acts.add_names, "name", "other exam")
    key = draft.require("Final exam", start="exam")
    assert draft.said["names"]["name"] == ["other_exam", key.replace("-", "_")]
    draft.require("Several", start="any_of")
    draft.do(program_draft_acts.add_part, "requirements/several/any_of", "exam")
    assert len(draft.said["requirements"][-1]["any_of"]) == 3


def test_what_is_taken_along_by_mistake_of_shape_waits_for_the_toml(draft: Draft) -> None:
    """One pair of brackets for two is easily written, and no page stops at it."""
    sound = draft.text
    for shape in ("[lifecycle]\nvalid_for = '2 years'\n", "editions = ['1']\n"):
        draft.rewrite(sound + "\n" + shape if shape.startswith("[") else shape + sound)
        with refused("toml_first"):
            draft.do(program_draft_acts.add_stage, "Renewal", "renewal")
    draft.rewrite(sound.replace("category = []", 'category = "ethics"'))
    with refused("toml_first"):
        draft.require("More")


def test_a_program_has_only_so_many_requirements(draft: Draft) -> None:
    many = "".join(f'\n[[requirements]]\nkey = "r{n}"\n' for n in range(program_draft_acts.MOST))
    draft.rewrite(draft.text + many)
    with refused("too_many"):
        draft.require("One more")


def test_the_whole_text_is_not_written_over_what_somebody_else_wrote(draft: Draft) -> None:
    opened = draft.text
    draft.rewrite(opened)
    draft.rewrite("# Ours.\n" + opened)
    with pytest.raises(ChangedMeanwhile):
        draft.rewrite("# Mine.\n" + opened, was=opened)
    with pytest.raises(NotHere):
        draft.do(program_draft_steps.go_back_to, 99)
    draft.do(program_draft_steps.go_back_to, 1)
    assert draft.text.startswith("# Ours.")


def test_a_field_inside_something_odd_is_left_to_the_toml(draft: Draft) -> None:
    draft.rewrite(draft.text.replace('of = { kind = "training" }', 'of = "training"'))
    with refused("in_toml"):
        typed = Typed("requirements/training/of/kind", "", "exam")
        program_draft_steps.set_field(draft.session, draft.by, draft.id, typed, draft.now)


def test_a_program_is_begun_with_its_names_and_its_next_edition_once(draft: Draft) -> None:
    with refused("still_needed"):
        program_drafts.begin_new(draft.session, draft.by, NewProgram("Theirs", "", "UTC"), draft.now)
    with refused("too_long"):
        program_drafts.begin_new(draft.session, draft.by, NewProgram("x" * 400, "Us", "UTC"), draft.now)

    def next_edition() -> None:
        program_drafts.begin_next(draft.session, draft.by, draft.id, edition="2", since=None, now=draft.now)

    with refused("draft_open"):
        next_edition()
    draft.do(program_drafts.put_away)
    with pytest.raises(NotHere):  # nothing of it was ever published
        next_edition()
    draft.do(program_drafts.take_up)


def test_a_draft_is_published_under_its_own_id_only(draft: Draft, world: World) -> None:
    lead = program_lead(world)

    def publish(why: str = "") -> None:
        step = program_drafts.draft(draft.session, draft.by.organization_id, draft.id).step
        program_publishing.publish(draft.session, lead, draft.id, step=step, why=why, now=draft.now)

    with pytest.raises(NotHere):
        program_lists.program(draft.session, draft.by.organization_id, draft.id)
    sound = draft.text
    draft.rewrite(sound.replace('id = "ours"', 'id = "theirs"'))
    with refused("another_id"):
        publish()
    draft.rewrite(sound)
    with refused("too_long"):
        publish("x" * 5000)
    publish("The first one.")
    found = program_lists.program(draft.session, draft.by.organization_id, draft.id)
    programs_in_use.change(draft.session, lead, draft.id, open_to_ask=True, closed=False, now=draft.now)
    programs_in_use.change(draft.session, lead, draft.id, open_to_ask=True, closed=False, now=draft.now)
    assert program_lists.program(draft.session, draft.by.organization_id, draft.id).open_to_ask
    with pytest.raises(NotHere):
        program_versions.version(draft.session, new_id(), found.versions[0].id)
    with pytest.raises(NotHere):  # published: it was the last of its draft
        program_drafts.take_up(draft.session, draft.by, draft.id, draft.now)


def test_a_made_up_person_gets_what_a_form_says_of_them(draft: Draft) -> None:
    today = draft.now.date()
    later = today + timedelta(days=30)
    for thing in (
        Thing("training", today, "3 hours", (("format", "in person, online"), ("passed", "yes"), ("level", "2"))),
        Thing("training", later, "2", signed=True),
        Thing("events", today, said=(("", "exam"),)),
        Thing("decisions", today, said=(("", "initial"),)),
    ):
        draft.do(program_trying.add, thing)
    said = draft.made_up
    first, second = said["training"]
    assert first["is"] == {"format": ["in_person", "online"], "passed": True, "level": 2}
    assert (second["id"], second["amount"], second["signed"], said["as_of"]) == ("training-2", 2, later, later)
    assert said["events"] == [{"name": "exam", "on": today}]
    assert said["decisions"] == [{"outcome": "certified", "stage": "initial", "on": today}]
    draft.do(program_trying.on_day, today)
    for number in (1, 5):
        program_trying.take_out(draft.session, draft.by, draft.id, "training", number)
    assert (draft.made_up["as_of"], draft.made_up["training"]) == (today, [first])


def test_a_made_up_person_is_kept_as_typed_whatever_that_is_and_told(draft: Draft) -> None:
    def write(was: str, text: str) -> None:
        program_trying.write(draft.session, draft.by, draft.id, was, text)

    odd = 'as_of = 2026-01-01T00:00:00Z\nevents = 5\n[[training]]\nid = "a"\nis = "odd"\n[[exams]]\nid = "b"'
    write("", odd)
    found = program_drafts.draft(draft.session, draft.by.organization_id, draft.id)
    shown = program_trying.made_up(found, "UTC", draft.now.date())
    assert [each["id"] for _name, _number, each in shown.things] == ["b"]
    assert shown.problems
    program_trying.take_out(draft.session, draft.by, draft.id, "events", 0)
    draft.do(program_trying.add, Thing("training", draft.now.date(), "1 hour"))
    with refused("in_toml"):
        draft.do(program_trying.add, Thing("events", draft.now.date(), said=(("", "exam"),)))
    with refused("changed_meanwhile"):
        write(odd, "as_of = 2026-01-02")
    with refused("too_long"):
        write(odd, "x" * (program_trying.LONGEST + 1))
    found = program_drafts.draft(draft.session, draft.by.organization_id, draft.id)
    write(found.made_up or "", "as_of =")
    found = program_drafts.draft(draft.session, draft.by.organization_id, draft.id)
    assert program_trying.made_up(found, "UTC", draft.now.date()).evidence is None
