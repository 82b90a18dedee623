"""What the buttons of a program's draft do. A form saves its fields first; then its button acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.programs import program_draft_acts, program_draft_steps
from lti_tool.web import current
from lti_tool.web.authoring.draft_posting import Sent, save_and_do, typed_in
from lti_tool.web.programs import program_builder_fields


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of a draft's page, and the page that it is on."""

    program_id: UUID
    named: str
    here: str

    @property
    def author(self) -> Author:
        """Who pressed it."""
        return drafts.author(current.visitor())


def posted(program_id: UUID, here: str, page: Callable[[Sent], str]) -> ResponseReturnValue:
    """Save the fields of the form, do what its button says, and go on; or show the page again with what was typed."""
    what, _colon, named = request.form.get("do", "").partition(":")
    pressed = Pressed(program_id, named, here)
    return save_and_do(
        typed_in(request.form),
        partial(program_builder_fields.keep, program_id),
        lambda: redirect(_ACTS.get(what, _saved)(pressed), 303),
        page,
    )


def _saved(pressed: Pressed) -> str:
    return f"{pressed.here}?said=draft_saved"


def _undo(pressed: Pressed) -> str:
    seen = request.form.get("step", -1, type=int)
    program_draft_steps.undo(current.db(), pressed.author, pressed.program_id, seen, current.now())
    return _outline(pressed, "step_taken_back")


def _redo(pressed: Pressed) -> str:
    seen = request.form.get("step", -1, type=int)
    program_draft_steps.redo(current.db(), pressed.author, pressed.program_id, seen, current.now())
    return _outline(pressed, "step_done_again")


def _back(pressed: Pressed) -> str:
    number = int(pressed.named) if pressed.named.isdecimal() and len(pressed.named) < 9 else -1
    program_draft_steps.go_back_to(current.db(), pressed.author, pressed.program_id, number, current.now())
    return _outline(pressed, "step_brought_back")


def _outline(pressed: Pressed, said: str) -> str:
    return url_for("program_builder.draft", program_id=pressed.program_id, said=said)


def _add_stage(pressed: Pressed) -> str:
    title, kind = request.form.get("new.stage_title", ""), request.form.get("new.stage_kind", "certification")
    program_draft_acts.add_stage(current.db(), pressed.author, pressed.program_id, title, kind, current.now())
    return pressed.here


def _add_requirement(pressed: Pressed) -> str:
    key = program_draft_acts.add_requirement(
        current.db(), pressed.author, pressed.program_id, stage=request.form.get("new.stage", ""),
        title=request.form.get("new.title", ""), start=request.form.get("new.start", ""), now=current.now(),
    )  # fmt: skip
    return url_for("program_builder.requirement", program_id=pressed.program_id, requirement=key)


def _move(by_how_many: int) -> Callable[[Pressed], str]:
    def move(pressed: Pressed) -> str:
        program_draft_acts.move(
            current.db(), pressed.author, pressed.program_id, pressed.named, by_how_many, current.now()
        )
        return f"{pressed.here}#{pressed.named.replace('/', '-')}"

    return move


def _take_out(pressed: Pressed) -> str:
    program_draft_acts.take_out(current.db(), pressed.author, pressed.program_id, pressed.named, current.now())
    return f"{pressed.here}?said=program_part_out"


def _take_out_whole(pressed: Pressed) -> str:
    program_draft_acts.take_out(current.db(), pressed.author, pressed.program_id, pressed.named, current.now())
    return _outline(pressed, "program_part_out")


def _add_part(pressed: Pressed) -> str:
    start = request.form.get(f"new:{pressed.named}:start", "")
    program_draft_acts.add_part(current.db(), pressed.author, pressed.program_id, pressed.named, start, current.now())
    return pressed.here


def _add_condition(pressed: Pressed) -> str:
    typed = {each: request.form.get(f"new:{pressed.named}:{each}", "") for each in ("what", "name", "value", "amount")}
    program_draft_acts.add_condition(
        current.db(), pressed.author, pressed.program_id, pressed.named, typed, current.now()
    )
    return pressed.here


def _add_names(pressed: Pressed) -> str:
    name, values = request.form.get("new.name", ""), request.form.get("new.values", "")
    program_draft_acts.add_names(current.db(), pressed.author, pressed.program_id, name, values, current.now())
    return f"{pressed.here}#names"


def _add_table(pressed: Pressed) -> str:
    program_draft_acts.add_table(current.db(), pressed.author, pressed.program_id, pressed.named, current.now())
    return f"{pressed.here}#{pressed.named}"


_ACTS: Mapping[str, Callable[[Pressed], str]] = {
    "undo": _undo,
    "redo": _redo,
    "back": _back,
    "add_stage": _add_stage,
    "add_requirement": _add_requirement,
    "up": _move(-1),
    "down": _move(1),
    "take_out": _take_out,
    "take_out_whole": _take_out_whole,
    "add_part": _add_part,
    "add_condition": _add_condition,
    "add_names": _add_names,
    "add_table": _add_table,
}
