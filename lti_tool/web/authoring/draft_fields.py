"""The fields of a draft on a page: what stands there, what was typed, and what is to be said beside it.

A field is called as its place. Beside each stands `was.PLACE`, what it held when the page was made: so a form says
which fields it has, and two authors at once are noticed. Several values of one field are lines of one text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from lti_tool.documents.rubric import to_document
from lti_tool.documents.rubric_editing import value_at
from lti_tool.documents.rubric_places import FIELDS, Kind, place_of
from lti_tool.documents.rubric_values import as_text
from lti_tool.services.authoring import drafting, drafts, wording
from lti_tool.services.authoring.drafting import ChangedMeanwhile, Typed
from lti_tool.web import current
from lti_tool.web.authoring.draft_addresses import by_keys
from lti_tool.web.moments import day_and_time
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import comma, gettext, quoted
from lti_tool.web.words import word
from rubrics.refusal import Refused
from rubrics.rubric import Principle, Rubric
from rubrics.wording import Finding, Rule, lint

MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """That someone else changed the field: who and when, and what stands there now."""

    sentence: str
    stands: str
    """As the form holds it."""
    shown: str
    """As people read it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a field that was sent."""

    stands: str | None = None
    problem: str | None = None
    meanwhile: Meanwhile | None = None

    @property
    def kept(self) -> bool:
        """Whether it stands there now as it was sent."""
        return self.problem is None and self.meanwhile is None


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to look at again beside a field."""

    sentence: str
    blocks: bool


class Fields:
    """What a page shows in each of its fields."""

    def __init__(
        self,
        rubric: Rubric,
        *,
        advice: Mapping[str, tuple[Advice, ...]] | None = None,
        typed: Iterable[Typed] = (),
        outcomes: Mapping[str, Outcome] | None = None,
    ) -> None:
        self._document = to_document(rubric)
        self._advice = advice or {}
        self._outcomes = outcomes or {}
        self._typed = {each.place: each.value for each in typed if not self.outcome(each.place).kept}

    def was(self, place: str) -> str:
        """What stands there."""
        found = place_of(place)
        return as_text(found.kind, value_at(self._document, found))

    def value(self, place: str) -> str:
        """What the field holds: what was typed, where it could not be kept."""
        return self._typed.get(place, self.was(place))

    def outcome(self, place: str) -> Outcome:
        """What became of the field when it was sent."""
        return self._outcomes.get(place, Outcome())

    def any_open(self, within: str) -> bool:
        """Whether a field within this place waits for the person: it could not be kept as it was sent."""
        return any(place.startswith(within) and not outcome.kept for place, outcome in self._outcomes.items())

    def advice(self, place: str) -> tuple[Advice, ...]:
        """What to look at again in the words that stand there."""
        return self._advice.get(place, ())


def keep(draft_id: UUID, typed: Iterable[Typed]) -> dict[str, Outcome]:
    """Keep each field that can be kept, and say what became of each that was changed."""
    return {each.place: _keep(draft_id, each) for each in typed if each.value != each.was}


def _keep(draft_id: UUID, typed: Typed) -> Outcome:
    try:
        author = drafts.author(current.visitor())
        return Outcome(stands=drafting.set_field(current.db(), author, draft_id, typed, current.now()))
    except ChangedMeanwhile as changed:
        return Outcome(meanwhile=meanwhile(changed))
    except Refused as refused:
        return Outcome(problem=in_words(refused))


def meanwhile(changed: ChangedMeanwhile) -> Meanwhile:
    """What a page says of it."""
    kind = place_of(changed.place).kind
    sentence = in_words(changed)
    if changed.by.at is not None:
        sentence += " " + gettext("That was on %(when)s.", when=day_and_time(changed.by.at))
    if kind not in FIELDS:
        return Meanwhile(sentence, "", in_short(kind, changed.stands) or gettext("(nothing)"))
    stands = as_text(kind, changed.stands)
    return Meanwhile(sentence, stands, shown(kind, stands))


def shown(kind: Kind, text: str) -> str:
    """A field's text as people read it."""
    if kind is Kind.FLAG:
        return gettext("yes") if text else gettext("no")
    if kind is Kind.PRINCIPLES:
        return comma().join(word(Principle(name)) for name in text.split()) or gettext("none")
    return text or gettext("(nothing)")


def in_short(kind: Kind, value: Any) -> str | None:
    """What stood at a place, as people read it; None where it has no text of its own."""
    if value is None:
        return None
    if kind in FIELDS:
        return shown(kind, as_text(kind, value))
    match kind:
        case Kind.CRITERION:
            return str(value["criterion"]["statement"]) or gettext("(nothing)")
        case Kind.LEVELS:
            return "\n".join(f"{level['number']}. {level['label']}: {level['anchor']}" for level in value["levels"])
        case Kind.ALIGNMENTS:
            named = (each if isinstance(each, str) else each["competency"] for each in value)
            return comma().join(named) or gettext("none")
        case Kind.POSITION:
            return gettext("Place %(number)s", number=value + 1)
        case Kind.TRANSLATION:
            return str(value["translation"]["title"]) or str(value["translation"]["language"])
        case _:
            return str(value["title"]) or gettext("(nothing)")


# ---- what to look at again ----


def advice_at(draft_id: UUID, places: Iterable[str]) -> dict[str, tuple[Advice, ...]]:
    """By place, what to look at again in what these places belong to."""
    found: dict[str, tuple[Advice, ...]] = {}
    for key in {key_in(place) for place in places}:
        part = drafts.part(current.db(), current.visitor().organization_id, draft_id, key)
        found |= advice_by_place(part, wording.rules(current.db(), current.visitor().organization_id))
    return found


def key_in(place: str) -> str | None:
    """The criterion that a place belongs to."""
    return place_of(place).criterion


def advice_for(rubric: Rubric, *criteria: str) -> dict[str, tuple[Advice, ...]]:
    """By place, what to look at again in the head and these criteria, and in their translations."""
    part = replace(rubric, criteria=tuple(each for each in rubric.criteria if each.key in criteria))
    return advice_by_place(part, wording.rules(current.db(), current.visitor().organization_id))


def advice_by_place(rubric: Rubric, rules: tuple[Rule, ...]) -> dict[str, tuple[Advice, ...]]:
    """By place, what to look at again in all of it."""
    found: dict[str, tuple[Advice, ...]] = {}
    for finding in lint(rubric, rules):
        place = by_keys(rubric, finding.place)
        found[place] = (*found.get(place, ()), _advice(finding))
    return found


def _advice(finding: Finding) -> Advice:
    sentence = gettext(finding.sentence) % finding.values
    if finding.instead:
        others = comma().join(map(quoted, finding.instead))
        sentence += " " + gettext("For example: %(example)s", example=others)
    return Advice(sentence, finding.blocks)
