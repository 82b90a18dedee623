"""Which competencies somebody showed, where, and how often: what was seen, never how much of a person."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from grading.competency import Competency
from grading.coverage import Columns, Line, OfFramework
from rubrics.rubric import Principle


@dataclass(frozen=True, slots=True)
class Seen:
    """One rating of one criterion."""

    column: int
    """Which criterion, as `grading.coverage` counts them."""
    occasion: str
    """The observation. Several ratings of one occasion show something once."""
    on: date
    setting: str
    """Empty where nobody noted it."""
    level: int | None
    """None: there was no occasion for it."""


@dataclass(frozen=True, slots=True)
class Latest:
    """What was seen the last time: where observers or criteria differ, all of it."""

    on: date
    levels: tuple[tuple[int, int], ...]
    """Criterion and level."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A competency that was seen at least once."""

    competency: Competency
    times: int
    """On how many occasions."""
    by_setting: Mapping[str, int]
    latest: Latest


@dataclass(frozen=True, slots=True)
class Profile:
    """One framework: what was seen so far, what not yet, and what is shown by reflection or talk."""

    of: OfFramework
    shown: tuple[Shown, ...]
    not_yet: tuple[Line, ...]
    """Could be seen; those that some criterion looks at come first."""
    apart: tuple[Line, ...]


def profile(of: OfFramework, seen: Sequence[Seen]) -> Profile:
    """What these ratings show of the framework. The order of the ratings means nothing."""
    by_column: dict[int, list[Seen]] = {}
    for each in seen:
        if each.level is not None:
            by_column.setdefault(each.column, []).append(each)
    lines = [line for area in of.areas for line in area.lines]
    apart = [line for area in of.areas for line in area.apart]
    found = [(line, _of(line.shown_by, by_column)) for line in (*lines, *apart)]
    not_yet = [line for line in lines if not _of(line.shown_by, by_column)]
    return Profile(
        of,
        tuple(_shown(line.competency, there) for line, there in found if there),
        tuple(sorted(not_yet, key=lambda line: not line.shown_by)),
        tuple(line for line in apart if not _of(line.shown_by, by_column)),
    )


def occasions(of: Mapping[Principle, Columns], seen: Sequence[Seen]) -> Mapping[Principle, int]:
    """On how many occasions a criterion that stands for each principle was seen; 0 where none was yet."""
    return {
        principle: len({each.occasion for each in seen if each.level is not None and each.column in columns})
        for principle, columns in of.items()
    }


def settings_of(profiles: Collection[Profile]) -> tuple[str, ...]:
    """Every setting in which something was seen; the one that nobody noted comes last."""
    there = {setting for each in profiles for shown in each.shown for setting in shown.by_setting}
    return tuple(sorted(there, key=lambda setting: (not setting, setting)))


def _of(columns: Columns, by_column: Mapping[int, Sequence[Seen]]) -> list[Seen]:
    return [each for column in columns for each in by_column.get(column, ())]


def _shown(competency: Competency, there: Sequence[Seen]) -> Shown:
    occasions = {each.occasion: each.setting for each in there}
    last = max(there, key=lambda each: (each.on, each.occasion))
    levels = {(each.column, each.level) for each in there if each.occasion == last.occasion and each.level is not None}
    return Shown(competency, len(occasions), Counter(occasions.values()), Latest(last.on, tuple(sorted(levels))))
