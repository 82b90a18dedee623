"""What a new requirement begins with, and a new condition of one: sentences to fill in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.documents.program_texts import amount_typed
from rubrics.refusal import _N, Refused
from rubrics.typed import several, whole_number

Begun = tuple[dict[str, Any], dict[str, str]]
"""A need, and words that it brings with it, by the name whose values they are."""


@dataclass(frozen=True, slots=True)
class Start:
    """A common sort of requirement."""

    said: str
    need: Callable[[str], Begun]
    """From the word that names the thing."""
    part: bool = True
    """Whether it can be a part of another."""


def _amount(amount: str | int, kind: str) -> Callable[[str], Begun]:
    return lambda _word: ({"at_least": amount, "of": {"kind": kind}}, {})


def _named(kind: str) -> Callable[[str], Begun]:
    return lambda word: ({"at_least": 1, "of": {"kind": kind, "where": {"name": word}}}, {"name": word})


def _exam(word: str) -> Begun:
    return {"at_least": 1, "of": {"kind": "exam", "where": {"name": word, "passed": True}}}, {"name": word}


REQUIREMENT_STARTS: Mapping[str, Start] = {
    "training": Start(_N("hours of training"), _amount("40 hours", "training")),
    "practice": Start(_N("hours of practice"), _amount("200 hours", "practice")),
    "supervision": Start(_N("hours of supervision"), _amount("25 hours", "supervision")),
    "education": Start(_N("hours of continuing education"), _amount("20 hours", "education")),
    "observation": Start(_N("observed practice, so many times"), _amount(3, "observation")),
    "exam": Start(_N("an exam"), _exam),
    "document": Start(_N("a document that somebody sees"), _named("document")),
    "signature": Start(_N("something to sign"), _named("signature")),
    "statement": Start(_N("something that the person says, by a tick"), _named("statement")),
    "attestation": Start(_N("something that somebody else confirms"), _named("attestation")),
    "reference": Start(_N("references, each by another person"), lambda _word: (
        {"at_least": 2, "distinct": "referee", "of": {"kind": "reference"}}, {})),
    "credential": Start(_N("another credential"), _named("credential")),
    "areas": Start(_N("so much in each of several areas"), lambda _word: (
        {"covers": ["one", "two"], "by": "category", "each_at_least": "10 hours", "of": {"kind": "training"}},
        {"category": "one"})),
    "share": Start(_N("a share of a whole"), lambda _word: (
        {"share_at_least": "50 %", "of": {"kind": "training", "unit": "hours", "where": {"format": "in_person"}},
         "out_of": {"kind": "training", "unit": "hours"}}, {"format": "in_person"})),
    "all_of": Start(_N("several things, all of them"), lambda word: (
        {"all_of": [_amount("40 hours", "training")(word)[0], _named("signature")(word)[0]]}, {"name": word}),
        part=False),
    "any_of": Start(_N("several ways, one of them"), lambda word: (
        {"any_of": [_named("document")(word)[0], {"held_for": "2 years", "of": {"kind": "employment"}}]},
        {"name": word}), part=False),
}  # fmt: skip
"""By the word that a form sends."""
CONDITIONS: Mapping[str, str] = {
    "where": _N("only where a name is one of these words"),
    "where_at_least": _N("only where a number is at least so much"),
    "since": _N("only since a day"),
    "until": _N("only until a day"),
    "last": _N("only of the last so long"),
    "within": _N("all within one stretch of so long"),
    "cap": _N("of a sort, at most so much"),
    "not_counting": _N("never counted where a name is one of these words"),
}
_TIMES = ("since", "until", "last", "within")


def condition(typed: Mapping[str, str]) -> tuple[tuple[str, ...], Any]:
    """Where in a selection it goes, and its value. Raises `Refused` where something is still needed."""
    what, name, value = (typed.get(each, "").strip() for each in ("what", "name", "value"))
    amount = amount_typed(typed.get("amount", "").strip())
    words = ["_".join(each.split()) for each in several(value)]
    if not words or (what not in _TIMES and not name) or (what == "cap" and not amount):
        raise Refused("still_needed", "Please fill in what this condition needs: it is named beside each field.")
    if what in _TIMES:
        return (what,), value
    name = "_".join(name.split())
    if what == "where_at_least":
        number = whole_number(value, digits=9)
        if number is None:
            raise Refused("not_a_number", "Please write a whole number, such as 2.")
        return ("where", name), {"at_least": number}
    wanted: Any = words if len(words) > 1 else _plain(words[0])
    if what == "where":
        return ("where", name), wanted
    if what == "cap":
        number = whole_number(amount, digits=9)
        return ("caps",), {"where": {name: wanted}, "at_most": amount if number is None else number}
    return ("not_counting",), {name: wanted}


def _plain(word: str) -> Any:
    return {"yes": True, "no": False}.get(word, word)
