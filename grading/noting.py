"""What a program asks that a person can note of somebody, or say of themselves: chosen from its rules, never free."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.evidence import Kind
from grading.program import Program
from grading.requirements.needs import Covers, Need
from grading.requirements.selection import Named, Selection, Where
from grading.requirements.walking import days, selections, walk

APPLICATION, BIRTHDAY = "application", "birthday"
KNOWN_OF_THE_ACT = frozenset({"seen_by", "signed_by", "edition", "amount"})
"""Names that are known of whoever notes it, or of its amount."""
NOT_NOTED = frozenset({Kind.PRACTICE, Kind.SUPERVISION, Kind.OBSERVATION, Kind.RATING, Kind.STATEMENT})
"""Kinds that have a place of their own."""


@dataclass(frozen=True, slots=True)
class AskedField:
    """One name that rules ask about such a thing."""

    name: str
    words: tuple[str, ...] = ()
    """What can be said for it; empty where a number is asked for."""
    at_least: Decimal | None = None

    @property
    def is_number(self) -> bool:
        """Whether a number answers it."""
        return not self.words


@dataclass(frozen=True, slots=True)
class AskedThing:
    """Something that a rule looks at."""

    key: str
    """Names it within its edition."""
    title: str
    """Of the requirement; empty for an event that several ask about."""
    kind: Kind
    fields: tuple[AskedField, ...]
    unit: str = ""
    amount_from: Decimal | None = None
    """From which amount on it is asked, where the rule says so."""
    by_somebody: str = ""
    """The name under which stands who saw it, where the rule asks that somebody did."""

    @property
    def has_amount(self) -> bool:
        """Whether it matters how much it was."""
        return bool(self.unit) or self.amount_from is not None


def asked_things(program: Program) -> tuple[AskedThing, ...]:
    """What a person of the program can note, in the order in which it is asked; at the end the events."""
    return (*_things(program, frozenset(Kind) - NOT_NOTED - {Kind.EVENT}), *_events(program))


def asked_statements(program: Program) -> tuple[AskedThing, ...]:
    """What somebody can say of themselves: each of these is one tick, so each field has one word."""
    return tuple(
        single for thing in _things(program, frozenset({Kind.STATEMENT})) for single in _ticks(thing) if single.fields
    )


def _things(program: Program, kinds: Collection[Kind]) -> Iterator[AskedThing]:
    for requirement in program.requirements:
        seen = set()
        for number, (need, selection) in enumerate(_looked_at(requirement.need)):
            for kind in sorted(selection.kinds & frozenset(kinds)):
                thing = AskedThing(
                    key=f"{requirement.key}:{number}:{kind}",
                    title=requirement.title,
                    kind=kind,
                    fields=tuple(_fields(program, need, selection)),
                    unit=selection.unit,
                    amount_from=next((each.at_least for each in selection.where if each.name == "amount"), None),
                    by_somebody=next((each.name for each in selection.where if each.name == "seen_by"), ""),
                )
                same = (kind, thing.fields, thing.unit)
                if same not in seen:
                    seen.add(same)
                    yield thing


def _looked_at(need: Need) -> Iterator[tuple[Need, Selection]]:
    for part in walk(need):
        for selection in selections(part):
            yield part, selection


def _fields(program: Program, need: Need, selection: Selection) -> Iterator[AskedField]:
    found: dict[str, AskedField] = {}
    for where in selection.where:
        field = _field(program, where)
        if field is not None:
            found[where.name] = field
    if isinstance(need, Covers) and need.by not in found:
        found[need.by] = AskedField(need.by, need.values)
    yield from found.values()


def _field(program: Program, where: Where) -> AskedField | None:
    if where.name in KNOWN_OF_THE_ACT:
        return None
    if where.at_least is not None or where.at_most is not None:
        return AskedField(where.name, at_least=where.at_least)
    if where.any_of:
        return AskedField(where.name, tuple(sorted(where.any_of)))
    words = tuple(word for word in program.names.get(where.name, ()) if word not in where.none_of)
    return AskedField(where.name, words) if words and where.said else None


def _events(program: Program) -> Iterator[AskedThing]:
    named = [
        anchor.name
        for requirement in program.requirements
        for need in walk(requirement.need)
        for anchor in days(need)
        if anchor.named is Named.EVENT
    ]
    asked = (
        word
        for thing in _things(program, frozenset({Kind.EVENT}))
        for field in thing.fields
        if field.name == "name"
        for word in field.words
    )
    words = dict.fromkeys((APPLICATION, *named, *asked, *program.names.get("event", ())))
    words.pop(BIRTHDAY, None)  # it says how old somebody is, which nobody else has to know
    yield AskedThing("event", "", Kind.EVENT, (AskedField("name", tuple(words)),))


def _ticks(thing: AskedThing) -> Iterator[AskedThing]:
    """One for each word of the first name that has several; a number is said as the least that is asked."""
    several = next((field for field in thing.fields if len(field.words) > 1), None)
    if several is None:
        yield thing
        return
    for number, word in enumerate(several.words):
        fields = tuple(AskedField(each.name, (word,)) if each is several else each for each in thing.fields)
        one = AskedThing(
            f"{thing.key}:{number}", thing.title, thing.kind, fields, thing.unit, thing.amount_from, thing.by_somebody
        )
        yield from _ticks(one)
