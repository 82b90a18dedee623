"""What the buttons of a draft's pages do.

A form saves its fields first; then its button acts: `do` says what, and to what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.documents.rubric_places import place_of
from lti_tool.services.authoring import draft_structure, draft_undo, drafting, drafts
from lti_tool.services.authoring.draft_structure import NewCriterion
from lti_tool.services.authoring.drafting import ChangedMeanwhile
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks
from lti_tool.services.courses.places import NotHere
from lti_tool.web import current, transactions
from lti_tool.web.authoring import draft_fields
from lti_tool.web.authoring.draft_addresses import page_of
from lti_tool.web.authoring.draft_posting import Sent, save_and_do, typed_in
from lti_tool.web.authoring.rubric_places import called
from rubrics.rubric import Alignment
from rubrics.scales import FIVE, TWO


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of a draft's page, and the page that it is on."""

    draft_id: UUID
    what: str
    named: str
    """What it acts on: a criterion's key, a level's number, a language; or empty."""
    here: str

    @property
    def author(self) -> Author:
        """Who pressed it."""
        return drafts.author(current.visitor())


def posted(draft_id: UUID, here: str, page: Callable[[Sent], str]) -> ResponseReturnValue:
    """Save the fields of the form, do what its button says, and go on; or show the page again with what was typed."""
    what, _colon, named = request.form.get("do", "").partition(":")

    def do() -> ResponseReturnValue:
        try:
            return redirect(_do(Pressed(draft_id, what, named, here)), 303)
        except ChangedMeanwhile as changed:
            return _in_the_way(draft_id, changed, here)

    def again(sent: Sent) -> str:
        try:
            return page(sent)
        except NotHere:
            raise drafting.taken_out() from None

    return save_and_do(typed_in(request.form), partial(draft_fields.keep, draft_id), do, again)


def _do(pressed: Pressed) -> str:
    """Where it leads."""
    act = _ACTS.get(pressed.what)
    if act is not None:
        return act(pressed)
    if request.form.get("new.competency", "").strip():
        return _align(pressed)
    words = request.form.get("find", "").strip()
    if pressed.what == "find" or words:
        return f"{pressed.here}?{urlencode({'find': words})}#competencies"
    return f"{pressed.here}?said=draft_saved"


def _in_the_way(draft_id: UUID, changed: ChangedMeanwhile, here: str) -> ResponseReturnValue:
    """Taking back would take someone else's words away: all three texts are shown, and nothing was done."""
    author = drafts.author(current.visitor())
    transactions.give_up()
    found = draft_undo.own(current.db(), author, draft_id)
    step = found.to_do_again if request.form.get("do") == "redo" else found.to_take_back
    rubric = drafts.draft(current.db(), author.organization_id, draft_id).rubric
    kind = place_of(changed.place).kind
    page = render_template(
        "builder/in_the_way.html",
        draft_id=draft_id,
        called=called(changed.place.split("."), rubric),
        meanwhile=draft_fields.meanwhile(changed),
        step=step,
        texts=[draft_fields.in_short(kind, text) for text in ((step.before, step.after) if step else ())],
        rubric=rubric,
        here=here,
    )
    return page, 422


def _undo(pressed: Pressed) -> str:
    place = draft_undo.undo(current.db(), pressed.author, pressed.draft_id, current.now())
    return f"{page_of(pressed.draft_id, place)}?said=step_taken_back"


def _redo(pressed: Pressed) -> str:
    place = draft_undo.redo(current.db(), pressed.author, pressed.draft_id, current.now())
    return f"{page_of(pressed.draft_id, place)}?said=step_done_again"


def _add(pressed: Pressed) -> str:
    """A new criterion; one goes on in it."""
    levels = TWO if request.form.get("new.levels") == str(TWO) else FIVE
    new = NewCriterion(request.form.get("new.statement", ""), levels)
    key = draft_structure.add_criterion(current.db(), pressed.author, pressed.draft_id, new, current.now())
    return url_for("criteria.criterion", draft_id=pressed.draft_id, criterion=key)


def _move(by_how_many: int) -> Callable[[Pressed], str]:
    def move(pressed: Pressed) -> str:
        draft_structure.step_up(
            current.db(), pressed.author, pressed.draft_id, pressed.named, by_how_many, current.now()
        )
        return _at(pressed, f"criterion-{pressed.named}")

    return move


def _duplicate(pressed: Pressed) -> str:
    key = draft_structure.duplicate(current.db(), pressed.author, pressed.draft_id, pressed.named, current.now())
    return _at(pressed, f"criterion-{key}")


def _remove(pressed: Pressed) -> str:
    draft_structure.remove(current.db(), pressed.author, pressed.draft_id, pressed.named, current.now())
    return f"{url_for('builder.draft', draft_id=pressed.draft_id)}?said=criterion_taken_out"


def _place(pressed: Pressed) -> str:
    """To the place that was chosen, counted from 1."""
    position = request.form.get("new.position", 0, type=int) - 1
    draft_structure.move(current.db(), pressed.author, pressed.draft_id, pressed.named, position, current.now())
    return pressed.here


def _add_level(pressed: Pressed) -> str:
    key = request.form.get("criterion", "")
    draft_structure.add_level(
        current.db(), pressed.author, pressed.draft_id, key, _number(pressed.named), current.now()
    )
    return _at(pressed, f"level-{_number(pressed.named) + 1}")


def _remove_level(pressed: Pressed) -> str:
    key = request.form.get("criterion", "")
    draft_structure.remove_level(
        current.db(), pressed.author, pressed.draft_id, key, _number(pressed.named), current.now()
    )
    return f"{pressed.here}?said=level_taken_out#levels"


def _align(pressed: Pressed) -> str:
    """With the identifier of the competency, where the organization has it."""
    named = (pressed.named or request.form.get("new.competency", "")).strip()
    found = frameworks.find_competencies(current.db(), current.visitor().organization_id, named) if named else ()
    identifiers = [one.competency.identifier for one in found if one.named == named]
    alignment = Alignment(
        competency=named,
        identifier=identifiers[0] if len(identifiers) == 1 else None,
        reason=request.form.get("new.reason", ""),
    )
    key = request.form.get("criterion", "")
    draft_structure.align(current.db(), pressed.author, pressed.draft_id, key, alignment, current.now())
    return _at(pressed, "competencies")


def _unalign(pressed: Pressed) -> str:
    key = request.form.get("criterion", "")
    draft_structure.unalign(current.db(), pressed.author, pressed.draft_id, key, pressed.named, current.now())
    return _at(pressed, "competencies")


def _add_language(pressed: Pressed) -> str:
    code = request.form.get("new.language", "").strip()
    draft_structure.add_language(current.db(), pressed.author, pressed.draft_id, code, current.now())
    return url_for("translating.translation", draft_id=pressed.draft_id, language=code)


def _remove_language(pressed: Pressed) -> str:
    draft_structure.remove_language(current.db(), pressed.author, pressed.draft_id, pressed.named, current.now())
    return f"{url_for('builder.draft', draft_id=pressed.draft_id)}?said=language_taken_out"


def _bring_back(pressed: Pressed) -> str:
    place = draft_undo.bring_back(current.db(), pressed.author, pressed.draft_id, _number(pressed.named), current.now())
    return f"{page_of(pressed.draft_id, place)}?said=step_brought_back"


def _at(pressed: Pressed, anchor: str) -> str:
    return f"{pressed.here}#{anchor}"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


_ACTS: Mapping[str, Callable[[Pressed], str]] = {
    "undo": _undo,
    "redo": _redo,
    "add": _add,
    "up": _move(-1),
    "down": _move(1),
    "place": _place,
    "duplicate": _duplicate,
    "remove": _remove,
    "add_level": _add_level,
    "remove_level": _remove_level,
    "align": _align,
    "unalign": _unalign,
    "add_language": _add_language,
    "remove_language": _remove_language,
    "bring_back": _bring_back,
}
