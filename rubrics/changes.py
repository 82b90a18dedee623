"""What changed from one version of a rubric to another: by the keys of its criteria, every differing place once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeVar

from rubrics.rubric import Alignment, Criterion, Level, Principle, Rubric
from rubrics.translation import CriterionWords, LevelWords, Translation

Part = TypeVar("Part")
AnyLevel = TypeVar("AnyLevel", Level, LevelWords)


class Kind(StrEnum):
    """How something changed."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    """Before and after are its numbers in the list, counted from 1."""
    TEXT = "text"
    RULE = "rule"
    """Before and after are `yes` or `no`, a number, or the names of principles."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; its place names criteria by key, levels by number: `criteria.pauses.levels.2.anchor`.

    Of what was added or removed there is one change for the whole of it; its words tell which it is. None stands
    where nothing stood.
    """

    place: str
    kind: Kind
    before: str | None
    after: str | None


def changes(before: Rubric, after: Rubric) -> tuple[Change, ...]:
    """The differences in the order of the rubric as it is after; empty exactly where both are the same."""
    return tuple(_of_rubrics(before, after))


def _of_rubrics(before: Rubric, after: Rubric) -> Iterator[Change]:
    for name in ("key", "title", "summary", "language", "license", "provenance", "reviewed_by_lived_experience"):
        yield from _text(name, getattr(before, name), getattr(after, name))
    yield from _lines("contributors", before.contributors, after.contributors)
    yield from _rule("pilot", _yes_or_no(before.pilot), _yes_or_no(after.pilot))
    yield from _parts("criteria", _keyed(before.criteria, _key), _keyed(after.criteria, _key), _CRITERION)
    yield from _parts(
        "translations",
        _keyed(before.translations, lambda each: each.language),
        _keyed(after.translations, lambda each: each.language),
        _TRANSLATION,
    )


def _of_criteria(place: str, before: Criterion, after: Criterion) -> Iterator[Change]:
    yield from _text(f"{place}.statement", before.statement, after.statement)
    for name in ("may_be_not_observed", "must_be_met", "relational"):
        yield from _rule(f"{place}.{name}", _yes_or_no(getattr(before, name)), _yes_or_no(getattr(after, name)))
    yield from _rule(f"{place}.met_at", str(before.met_at), str(after.met_at))
    yield from _rule(f"{place}.principles", _names(before.principles), _names(after.principles))
    yield from _parts(f"{place}.levels", _numbered(before.levels), _numbered(after.levels), _LEVEL)
    yield from _lines(f"{place}.watch_for", before.watch_for, after.watch_for)
    for name in ("guide", "example"):
        yield from _text(f"{place}.{name}", getattr(before, name), getattr(after, name))
    yield from _parts(
        f"{place}.alignments",
        _keyed(before.alignments, lambda each: each.competency),
        _keyed(after.alignments, lambda each: each.competency),
        _ALIGNMENT,
    )


def _of_levels(place: str, before: Level | LevelWords, after: Level | LevelWords) -> Iterator[Change]:
    for name in ("label", "anchor", "example"):
        yield from _text(f"{place}.{name}", getattr(before, name), getattr(after, name))


def _of_alignments(place: str, before: Alignment, after: Alignment) -> Iterator[Change]:
    for name in ("identifier", "reason", "citation"):
        yield from _text(f"{place}.{name}", getattr(before, name), getattr(after, name))


def _of_translations(place: str, before: Translation, after: Translation) -> Iterator[Change]:
    for name in ("title", "summary", "provenance"):
        yield from _text(f"{place}.{name}", getattr(before, name), getattr(after, name))
    yield from _parts(
        f"{place}.criteria", _keyed(before.criteria, _key), _keyed(after.criteria, _key), _TRANSLATED_CRITERION
    )


def _of_words(place: str, before: CriterionWords, after: CriterionWords) -> Iterator[Change]:
    for name in ("statement", "guide", "example"):
        yield from _text(f"{place}.{name}", getattr(before, name), getattr(after, name))
    yield from _lines(f"{place}.watch_for", before.watch_for, after.watch_for)
    yield from _parts(f"{place}.levels", _numbered(before.levels), _numbered(after.levels), _TRANSLATED_LEVEL)


# ---- one text, one rule, a list of lines, a list of parts ----


def _text(place: str, before: str | None, after: str | None) -> Iterator[Change]:
    if before != after:
        yield Change(place, Kind.TEXT, before, after)


def _rule(place: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(place, Kind.RULE, before, after)


def _lines(place: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Lines have no name: one in another's stead is a change of its text, others were added or removed."""
    for what, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        gone, come = before[first:last], after[start:end]
        both = min(len(gone), len(come))
        for number, (old, new) in enumerate(zip(gone, come, strict=False), start=start + 1):
            yield Change(f"{place}.{number}", Kind.TEXT, old, new)
        for number, text in enumerate(gone[both:], start=first + both + 1):
            yield Change(f"{place}.{number}", Kind.REMOVED, text, None)
        for number, text in enumerate(come[both:], start=start + both + 1):
            yield Change(f"{place}.{number}", Kind.ADDED, None, text)


def _parts(
    place: str,
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    kind: tuple[Callable[[Part], str], Callable[[str, Part, Part], Iterator[Change]]],
) -> Iterator[Change]:
    called, compared = kind
    for key, part in before.items():
        if key not in after:
            yield Change(f"{place}.{key}", Kind.REMOVED, called(part), None)
    moved = _moved([key for key in before if key in after], [key for key in after if key in before])
    old, new = list(before), list(after)
    for key, part in after.items():
        if key not in before:
            yield Change(f"{place}.{key}", Kind.ADDED, None, called(part))
            continue
        if key in moved:
            yield Change(f"{place}.{key}", Kind.MOVED, str(old.index(key) + 1), str(new.index(key) + 1))
        yield from compared(f"{place}.{key}", before[key], part)


def _moved(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """Those that have to be moved to come from one order to the other; the rest keep theirs."""
    if before == after:
        return frozenset()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    stay = {key for block in matcher.get_matching_blocks() for key in before[block.a : block.a + block.size]}
    return frozenset(before) - stay


# ---- what parts are called ----


def _keyed(parts: Sequence[Part], key: Callable[[Part], str]) -> dict[str, Part]:
    """By key; in a draft that came from a file two may have the same, and the second is called so."""
    found: dict[str, Part] = {}
    for part in parts:
        name, times = key(part), 1
        while name in found:
            times += 1
            name = f"{key(part)}#{times}"
        found[name] = part
    return found


def _numbered(levels: Sequence[AnyLevel]) -> dict[str, AnyLevel]:
    return _keyed(levels, lambda level: str(level.number))


def _key(criterion: Criterion | CriterionWords) -> str:
    return criterion.key


def _yes_or_no(rule: bool) -> str:
    return "yes" if rule else "no"


def _names(principles: frozenset[Principle]) -> str:
    return ", ".join(principle.value for principle in Principle if principle in principles)


_CRITERION = (lambda each: each.statement, _of_criteria)
_LEVEL = (lambda each: f"{each.label}: {each.anchor}", _of_levels)
_ALIGNMENT = (lambda each: each.competency, _of_alignments)
_TRANSLATION = (lambda each: each.title, _of_translations)
_TRANSLATED_CRITERION = (lambda each: each.statement, _of_words)
_TRANSLATED_LEVEL = (lambda each: f"{each.label}: {each.anchor}", _of_levels)
