"""Every text of a rubric, with its place, its use and its language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rubrics.rubric import Criterion, Level, Rubric
from rubrics.translation import CriterionWords, LevelWords, Translation


class Use(StrEnum):
    """What a text is there for."""

    TITLE = "title"
    SUMMARY = "summary"
    STATEMENT = "statement"
    LABEL = "label"
    ANCHOR = "anchor"
    GUIDE = "guide"
    WATCH_FOR = "watch_for"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a rubric."""

    place: str
    """Counted from 1, as in `rubrics.publication`; in a translation, criteria and levels count as in the rubric."""
    use: Use
    language: str
    words: str


def texts(rubric: Rubric) -> Iterator[Text]:
    """The texts of the rubric in its order, blank ones too, then those that its translations have."""
    own = [(criterion, criterion) for criterion in rubric.criteria]
    for place, use, words in _of_rubric(rubric, own):
        yield Text(place, use, rubric.language, words)
    for position, translation in enumerate(rubric.translations, start=1):
        by_key = {each.key: each for each in translation.criteria}
        spoken = [(criterion, by_key.get(criterion.key)) for criterion in rubric.criteria]
        for place, use, words in _of_rubric(translation, spoken):
            if words.strip():
                yield Text(f"translations[{position}].{place}", use, translation.language, words)


def _of_rubric(
    spoken: Rubric | Translation, criteria: Sequence[tuple[Criterion, Criterion | CriterionWords | None]]
) -> Iterator[tuple[str, Use, str]]:
    yield "title", Use.TITLE, spoken.title
    yield "summary", Use.SUMMARY, spoken.summary
    for position, (criterion, words) in enumerate(criteria, start=1):
        if words is not None:
            yield from _of_criterion(criterion, words, f"criteria[{position}]")


def _of_criterion(
    criterion: Criterion, words: Criterion | CriterionWords, place: str
) -> Iterator[tuple[str, Use, str]]:
    yield f"{place}.statement", Use.STATEMENT, words.statement
    yield f"{place}.guide", Use.GUIDE, words.guide
    yield f"{place}.example", Use.EXAMPLE, words.example
    for position, text in enumerate(words.watch_for, start=1):
        yield f"{place}.watch_for[{position}]", Use.WATCH_FOR, text
    for position, level in _levels(criterion, words):
        here = f"{place}.levels[{position}]"
        yield f"{here}.label", Use.LABEL, level.label
        yield f"{here}.anchor", Use.ANCHOR, level.anchor
        yield f"{here}.example", Use.EXAMPLE, level.example


def _levels(criterion: Criterion, words: Criterion | CriterionWords) -> Iterator[tuple[int, Level | LevelWords]]:
    if isinstance(words, Criterion):
        yield from enumerate(words.levels, start=1)
        return
    by_number = {each.number: each for each in words.levels}
    for position, level in enumerate(criterion.levels, start=1):
        if level.number in by_number:
            yield position, by_number[level.number]
