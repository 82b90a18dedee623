"""The fields of a program's draft on a page: what stands there, what was typed, and what is to be said beside it.

A field is called as its place (documents/program_blanks.py). Beside each stands `was.PLACE`, what it held when the page
was made: so two writers at once are noticed, each on their own field.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from grading.checking.findings import Severity
from grading.program import Program
from grading.telling.words import THINGS
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.program import read_program
from lti_tool.documents.program_blanks import Blank, Line, outline, path_of, place_of
from lti_tool.documents.program_check import Found, check_text
from lti_tool.documents.program_field_texts import as_text
from lti_tool.documents.program_fields import NoField, fields_of, form_of
from lti_tool.documents.sentences import Sentence
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafting import ChangedMeanwhile, Typed
from lti_tool.services.programs import program_draft_steps
from lti_tool.services.programs.program_draft_steps import WHOLE
from lti_tool.services.programs.program_drafts import Draft
from lti_tool.web import current
from lti_tool.web.authoring.draft_fields import Advice, Meanwhile, Outcome
from lti_tool.web.moments import day_and_time
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext, plain
from rubrics.refusal import Refused

MOST_FIELDS = 400
SEVERITIES: Mapping[Severity, str] = {
    Severity.MEND: _N("To mend: %(what)s"),
    Severity.CHOOSE: _N("To choose: %(what)s"),
    Severity.LOOK: _N("Worth a look: %(what)s"),
}
CHOICE_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {kind.value: said for kind, said in THINGS.items()},
    "how": {"each": _N("each by itself"), "average": _N("on average")},
    "measure": {
        "total": _N("the total"),
        "count": _N("how many there are"),
        "highest": _N("the highest"),
        "lowest": _N("the lowest"),
        "mean": _N("the mean"),
        "latest": _N("the latest"),
    },
    "each": {
        "week": _N("week"),
        "month": _N("month"),
        "quarter": _N("quarter of a year"),
        "half_year": _N("half of a year"),
        "year": _N("calendar year"),
        "term": _N("term"),
    },
}
"""What a choice of a blank is called, by the last name of its place."""
_PARTS = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_LINE = re.compile(r"line (\d+)")
_BLANK = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Message:
    """Something to look at again: what it says, and the place that it speaks of."""

    sentence: str
    blocks: bool
    place: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Looked:
    """A text as it can be read: `said` is None where it is no TOML, `programs` empty where it is no program yet."""

    said: Any
    programs: tuple[Program, ...]
    problems: tuple[DocumentProblem, ...]
    found: tuple[Found, ...]

    @property
    def program(self) -> Program | None:
        """Its newest edition."""
        return self.programs[-1] if self.programs else None


@lru_cache(maxsize=64)
def looked_at(text: str) -> Looked:
    """The same for the same text."""
    try:
        said = outline(text)
    except (ValueError, RecursionError):
        said = None
    try:
        programs = read_program(text, source="program.toml")
    except DocumentProblems as unreadable:
        return Looked(said, (), unreadable.problems, ())
    checked = check_text(text, source="program.toml")
    return Looked(said, programs, checked.unreadable, checked.found)


def messages(looked: Looked) -> Iterator[Message]:
    """Everything to look at again, what is to mend first."""
    for problem in looked.problems:
        line = _LINE.match(problem.place)
        sentence = gettext("To mend: %(what)s", what=_problem(problem.sentence))
        where = "" if line else _place(problem.place, looked.said)
        yield Message(sentence, True, where, int(line[1]) if line else None)
    for each in looked.found:
        finding = each.finding
        values = {name: _value(value) for name, value in finding.values.items()}
        said = plain(finding.sentence)
        sentence = gettext(SEVERITIES[finding.severity], what=said % values if values else said)
        inside = _place(finding.place, looked.said)
        place = f"requirements/{finding.requirement}/{inside}".rstrip("/") if finding.requirement else inside
        yield Message(sentence, finding.severity is Severity.MEND, place, each.line)


def _problem(sentence: str) -> str:
    if not isinstance(sentence, Sentence):
        return sentence
    said = plain(sentence.template)
    return said % sentence.values if sentence.values else said


def _value(value: object) -> object:
    return plain(value) if isinstance(value, str) and value and len(value) < 200 else value


def _place(place: str, said: Any) -> str:
    """A place as the documents say it, counted from 1, as pages say it."""
    parts = [name if name else int(number) - 1 for name, number in _PARTS.findall(place)]
    if len(parts) > 1 and isinstance(said, dict) and parts[0] in said:
        try:
            return place_of(said, tuple(parts))
        except (IndexError, TypeError, AttributeError, KeyError):
            return str(parts[0])
    own = len(parts) == 1 and parts[0] in fields_of("program")
    return f"program/{parts[0]}" if own else "/".join(map(str, parts))


class Fields:
    """What a page shows in each of its fields."""

    def __init__(self, text: str, typed: Iterable[Typed] = (), outcomes: Mapping[str, Outcome] | None = None) -> None:
        self.text = text
        self.looked = looked_at(text)
        self._outcomes = outcomes or {}
        self._typed = {each.place: each.value for each in typed if not self.outcome(each.place).kept}
        self._messages = list(messages(self.looked))
        self._said = set[int]()

    def was(self, place: str) -> str:
        """What stands there."""
        if place == WHOLE:
            return self.text
        path = path_of(self.looked.said, place)
        try:
            return "" if path is None else as_text(form_of(path), path, self.looked.said)
        except NoField:
            return ""

    def value(self, place: str) -> str:
        """What the field holds: what was typed, where it could not be kept."""
        return self._typed.get(place, self.was(place))

    def outcome(self, place: str) -> Outcome:
        """What became of the field when it was sent."""
        return self._outcomes.get(place, Outcome())

    def advice(self, place: str) -> tuple[Advice, ...]:
        """What to look at again there; what speaks of more than this field is said beside the first of its fields."""
        found = []
        for number, each in enumerate(self._messages):
            if number not in self._said and _speaks_of(each.place, place):
                self._said.add(number)
                found.append(Advice(each.sentence, each.blocks))
        return tuple(found)

    def rest(self, within: str = "") -> tuple[Message, ...]:
        """What no field of the page has said so far, within a place. Templates ask for it last."""
        left = [each for number, each in enumerate(self._messages) if number not in self._said]
        return tuple(each for each in left if each.place.startswith(within))

    def rest_of_the_whole(self) -> tuple[Message, ...]:
        """The same of what is said of no requirement and no stage."""
        return tuple(each for each in self.rest() if not each.place.startswith(("requirements/", "stages/")))

    def count(self, place: str) -> int:
        """How many things there are to look at in a stage or a requirement."""
        return sum(each.place == place or each.place.startswith(f"{place}/") for each in self._messages)


def _speaks_of(found: str, place: str) -> bool:
    if not found or not place:
        return False
    if found == place or place.startswith(f"{found}/"):
        return found.count("/") > 1 or found == place
    return found.startswith(f"{place}/")


def fragments(line: Line) -> list[str | Blank]:
    """A line in the reader's language, its blanks among its words."""
    template = plain(line.template)
    pieces = _BLANK.split(template)
    found: list[str | Blank] = []
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            found.append(piece)
        else:
            found.append(line.blanks.get(piece) or line.values.get(piece, ""))
    return [each for each in found if each != ""]


def choice_word(place: str, value: str) -> str:
    """What a choice is called."""
    said = CHOICE_WORDS.get(place.rpartition("/")[2], {}).get(value)
    return plain(said) if said else value.replace("_", " ")


# ---- keeping ----


def keep(program_id: UUID, typed: Iterable[Typed]) -> dict[str, Outcome]:
    """Keep each field that can be kept, and say what became of each that was changed."""
    return {each.place: _keep(program_id, each) for each in typed if _lines(each.value) != _lines(each.was)}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _keep(program_id: UUID, typed: Typed) -> Outcome:
    by = drafts.author(current.visitor())
    try:
        return Outcome(stands=program_draft_steps.set_field(current.db(), by, program_id, typed, current.now()))
    except ChangedMeanwhile as changed:
        sentence = in_words(changed)
        if changed.by.at is not None:
            sentence += " " + gettext("That was on %(when)s.", when=day_and_time(changed.by.at))
        stands = str(changed.stands)
        return Outcome(meanwhile=Meanwhile(sentence, stands, stands or gettext("(nothing)")))
    except Refused as refused:
        return Outcome(problem=in_words(refused))


def told(draft: Draft, outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """What autosave answers about each field."""
    fields = Fields(draft.text)
    found: dict[str, Any] = {}
    for place, outcome in outcomes.items():
        if outcome.problem is not None:
            found[place] = {"problem": outcome.problem}
        elif outcome.meanwhile is not None:
            changed = outcome.meanwhile
            found[place] = {"changed": {"sentence": changed.sentence, "stands": changed.stands, "shown": changed.shown}}
        else:
            advice = [{"sentence": each.sentence, "blocks": each.blocks} for each in fields.advice(place)]
            found[place] = {"stands": outcome.stands, "advice": advice}
    return found
