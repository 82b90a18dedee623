"""What a person reads of a decision: always the same things, kept word for word as canonical JSON."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import rfc8785

from grading.evidence import Evidence, Kind, Outcome
from grading.program import Who
from grading.proof import Answer, Proof
from grading.standing import Standing, Weighed
from grading.telling.proofs import Told, tell
from grading.telling.said import Said, one_of_them, say
from rubrics.sign_off import digest_of

FORM = 1
"""Of the JSON: what is kept stays readable."""
MEASURED = frozenset({Kind.PRACTICE, Kind.TRAINING, Kind.SUPERVISION, Kind.EDUCATION})
"""Kinds whose amounts add up."""
OPEN = (Answer.NOT_YET, Answer.WAITING, Answer.UNKNOWN)
WAYS = frozenset({"any_of", "some_of"})
"""Rules of several ways of which not all are needed."""
MOST_PARTS = 6
"""Of what would show one rule, so many are named."""
_TEXTS = (
    "stage", "program", "body", "edition", "person", "decided_by", "reasons", "what_next", "all_the_same",
    "why_replaced",
)  # fmt: skip
_DAYS = ("decided_on", "on", "until", "review_on", "appeal_until", "replaces_of")


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement, with its answer on the day of the decision."""

    title: str
    """As the program writes it."""
    answer: Answer
    there: Said | None = None
    changes: tuple[Said, ...] = ()
    """What would show it, and who can do that."""
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """How much of one kind was looked at."""

    kind: Kind
    number: int
    amounts: tuple[tuple[Decimal, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody to turn to."""

    name: str
    what_for: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Everything that a person reads of one decision."""

    outcome: Outcome
    stage: str
    """As the program calls it; "" where it is about the certificate as a whole."""
    program: str
    body: str
    edition: str
    person: str
    decided_by: str
    decided_on: date
    on: date
    until: date | None = None
    review_on: date | None = None
    reasons: str
    what_next: str
    rules: tuple[Rule, ...] = ()
    named: tuple[str, ...] = ()
    """Titles of requirements that are not met, where it was decided all the same."""
    all_the_same: str = ""
    looked_at: tuple[Looked, ...] = ()
    appeal_until: date | None = None
    help: tuple[Help, ...] = field(default_factory=tuple)
    replaces_of: date | None = None
    """The day of the decision whose place it takes."""
    why_replaced: str = ""


def rules_of(standing: Standing, stage: str) -> tuple[Rule, ...]:
    """The requirements of one stage, with what would show those that are not met."""
    found = next((each for each in standing.stages if each.stage.key == stage), None)
    return tuple(_rule(each, standing.on) for each in found.requirements) if found else ()


def _rule(weighed: Weighed, day: date) -> Rule:
    requirement = weighed.requirement
    told = tell(weighed.proof, requirement.need, requirement.who, day)
    return Rule(requirement.title, told.answer, told.there, _would_show(told, weighed.proof), requirement.who)


def _would_show(told: Told, proof: Proof) -> tuple[Said, ...]:
    """What would show it; of a rule of several parts, what would show each that is open."""
    if told.answer not in OPEN:
        return ()
    if told.changes:
        return told.changes
    found = [
        say("%(name)s: %(what)s", name=part.of, what=each) if part.of else each
        for part, of_part in zip(told.parts, proof.parts, strict=True)
        for each in _would_show(part, of_part)
    ]
    ways = found and proof.form in WAYS
    return (one_of_them(found),) if ways else tuple(found[:MOST_PARTS])


def looked_at(evidence: Evidence, day: date) -> tuple[Looked, ...]:
    """What was there on a day, by its kind: how many, and how much. Nothing of what it was about."""
    numbers: dict[Kind, int] = defaultdict(int)
    amounts: dict[Kind, dict[str, Decimal]] = defaultdict(dict)
    for item in evidence.items:
        if not item.is_known(day):
            continue
        numbers[item.kind] += 1
        if item.kind in MEASURED and item.amount is not None:
            so_far = amounts[item.kind].get(item.unit, Decimal())
            amounts[item.kind][item.unit] = so_far + item.amount
    return tuple(
        Looked(kind, numbers[kind], tuple((much, unit) for unit, much in sorted(amounts[kind].items())))
        for kind in Kind
        if kind in numbers
    )


def written(notice: Notice) -> tuple[str, str]:
    """The notice as canonical JSON (RFC 8785), and its digest."""
    document = rfc8785.dumps({"form": FORM, **_plain(_mapping(notice))})
    return document.decode(), digest_of(document)


def _mapping(notice: Notice) -> dict[str, Any]:
    """Its sentences are still values: they are written with the numbers and days in them."""
    found = asdict(notice)
    found["rules"] = [
        {"title": each.title, "answer": each.answer, "there": each.there, "changes": each.changes, "who": each.who}
        for each in notice.rules
    ]
    return found


def read(text: str) -> Notice:
    """A notice as it was kept."""
    kept: Mapping[str, Any] = json.loads(text)
    plain: dict[str, Any] = {name: kept[name] for name in _TEXTS}
    days: dict[str, Any] = {name: _day(kept[name]) for name in _DAYS}
    return Notice(
        outcome=Outcome(kept["outcome"]),
        rules=tuple(_read_rule(each) for each in kept["rules"]),
        looked_at=tuple(_read_looked(each) for each in kept["looked_at"]),
        help=tuple(Help(**each) for each in kept["help"]),
        named=tuple(kept["named"]),
        **plain,
        **days,
    )


def _read_rule(kept: Mapping[str, Any]) -> Rule:
    return Rule(
        title=kept["title"],
        answer=Answer(kept["answer"]),
        there=_said(kept["there"]) if kept["there"] else None,
        changes=tuple(_said(each) for each in kept["changes"]),
        who=Who(kept["who"]) if kept["who"] else None,
    )


def _read_looked(kept: Mapping[str, Any]) -> Looked:
    amounts = tuple((Decimal(much), unit) for much, unit in kept["amounts"])
    return Looked(Kind(kept["kind"]), int(kept["number"]), amounts)


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _plain(value: Any) -> Any:
    match value:
        case Said():
            return {"say": value.template, "with": {name: _said_value(each) for name, each in value.values.items()}}
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case str() | int() | None:
            return value
        case Iterable():
            return [_plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} is no part of a notice")


def _said_value(value: object) -> Any:
    """Numbers and days of a sentence stay what they are."""
    if isinstance(value, Decimal):
        return {"number": f"{value:f}"}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return _plain(value)


def _said(kept: Mapping[str, Any]) -> Said:
    return Said(kept["say"], {name: _value(each) for name, each in kept["with"].items()})


def _value(kept: Any) -> object:
    if not isinstance(kept, dict):
        return kept
    if "number" in kept:
        return Decimal(kept["number"])
    return date.fromisoformat(kept["day"]) if "day" in kept else _said(kept)
