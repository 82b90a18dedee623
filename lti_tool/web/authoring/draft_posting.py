"""A form of a draft's page is posted: its fields are kept, its button acts, or the page comes again as it was typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.services.authoring.drafting import Typed
from lti_tool.web import transactions
from lti_tool.web.authoring.draft_fields import Outcome
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

WAS, TAKE = "was.", "take:"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that could not be kept as it is: what was typed, what became of each field, what else is to be said."""

    typed: tuple[Typed, ...] = ()
    outcomes: Mapping[str, Outcome] | None = None
    problem: str | None = None


def typed_in(form: MultiDict[str, str]) -> tuple[Typed, ...]:
    """The fields of a form, except one whose other words were just taken."""
    taken = form.get("do", "").removeprefix(TAKE)
    places = (name.removeprefix(WAS) for name in form if name.startswith(WAS))
    return tuple(Typed(place, form[WAS + place], "\n".join(form.getlist(place))) for place in places if place != taken)


def typed_in_json(body: object, *, most: int) -> tuple[Typed, ...]:
    """The same of an autosave: an object of at most so many places with `was` and `value`. Else it answers 400."""
    if not isinstance(body, dict) or not 1 <= len(body) <= most:
        abort(400)
    if not all(isinstance(each, dict) and {"was", "value"} <= set(each) for each in body.values()):
        abort(400)
    return tuple(Typed(place, str(each["was"]), str(each["value"])) for place, each in body.items())


def save_and_do(
    typed: tuple[Typed, ...],
    keep: Callable[[Sequence[Typed]], Mapping[str, Outcome]],
    do: Callable[[], ResponseReturnValue],
    page: Callable[[Sent], str],
) -> ResponseReturnValue:
    """Keep the fields, then do what the button says; where a field or the act is refused, the page with what was typed.

    What could be kept is kept then, but not as an act that was done: the form comes again.
    """
    problem = None
    if all(outcome.kept for outcome in keep(typed).values()):
        try:
            return do()
        except Refused as refused:
            problem = in_words(refused)
    transactions.give_up()
    outcomes = keep(typed)
    transactions.keep()
    return page(Sent(typed, outcomes, problem)), 422
