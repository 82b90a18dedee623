"""A rubric in the language of whoever reads it, and what a translation still lacks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rubrics.rubric import Criterion, Level, Rubric
from rubrics.translation import CriterionWords, LevelWords, Translation


def languages(rubric: Rubric) -> tuple[str, ...]:
    """The languages that the rubric can be read in, its own first."""
    return (rubric.language, *(translation.language for translation in rubric.translations))


def in_language(rubric: Rubric, wanted: str) -> Rubric:
    """The rubric in the wanted language, or the nearest of the same tongue (es for es-MX); else unchanged.

    The answer's `language` says which it is. Words that a translation lacks stay as they are in the rubric's own
    language, which cannot happen in a published one.
    """
    own, asked = rubric.language.casefold(), wanted.casefold()
    found = next((each for each in rubric.translations if each.language.casefold() == asked), None)
    if own == asked or (found is None and _tongue(own) == _tongue(asked)):
        return rubric
    found = found or next((each for each in rubric.translations if _tongue(each.language) == _tongue(asked)), None)
    return rubric if found is None else _spoken(rubric, found)


def for_reader(rubric: Rubric, wanted: Sequence[str]) -> Rubric:
    """The rubric in the first of these languages that it can be read in; unchanged where it has none of them.

    In what a rating refers to (keys and numbers), every language is the same.
    """
    for language in wanted:
        spoken = in_language(rubric, language)
        if _tongue(spoken.language) == _tongue(language):
            return spoken
    return rubric


def still_to_translate(rubric: Rubric, translation: Translation) -> tuple[str, ...]:
    """The places that this translation lacks, as `criteria[3].levels[2].anchor`; empty when it is complete."""
    return tuple(_lacking(rubric, translation))


def _tongue(language: str) -> str:
    return language.partition("-")[0].casefold()


def _spoken(rubric: Rubric, words: Translation) -> Rubric:
    by_key = {each.key: each for each in words.criteria}
    return replace(
        rubric,
        language=words.language,
        title=words.title or rubric.title,
        summary=words.summary or rubric.summary,
        provenance=words.provenance or rubric.provenance,
        criteria=tuple(_criterion(each, by_key[each.key]) if each.key in by_key else each for each in rubric.criteria),
    )


def _criterion(criterion: Criterion, words: CriterionWords) -> Criterion:
    by_number = {each.number: each for each in words.levels}
    complete = len(words.watch_for) == len(criterion.watch_for) and all(words.watch_for)
    return replace(
        criterion,
        statement=words.statement or criterion.statement,
        guide=words.guide or criterion.guide,
        example=words.example or criterion.example,
        watch_for=words.watch_for if complete else criterion.watch_for,
        levels=tuple(
            _level(each, by_number[each.number]) if each.number in by_number else each for each in criterion.levels
        ),
    )


def _level(level: Level, words: LevelWords) -> Level:
    return Level(level.number, words.label or level.label, words.anchor or level.anchor, words.example or level.example)


def _lacking(rubric: Rubric, words: Translation) -> Iterator[str]:
    if not words.title.strip():
        yield "title"
    if not words.summary.strip():
        yield "summary"
    by_key = {each.key: each for each in words.criteria}
    for position, criterion in enumerate(rubric.criteria, start=1):
        yield from _of_criterion(criterion, by_key.get(criterion.key, CriterionWords(key="")), f"criteria[{position}]")


def _of_criterion(criterion: Criterion, words: CriterionWords, place: str) -> Iterator[str]:
    for name in ("statement", "guide", "example"):
        if getattr(criterion, name).strip() and not getattr(words, name).strip():
            yield f"{place}.{name}"
    for position, _text in enumerate(criterion.watch_for, start=1):
        if not "".join(words.watch_for[position - 1 : position]).strip():
            yield f"{place}.watch_for[{position}]"
    by_number = {each.number: each for each in words.levels}
    for position, level in enumerate(criterion.levels, start=1):
        spoken = by_number.get(level.number, LevelWords(level.number))
        for name in ("label", "anchor", "example"):
            if getattr(level, name).strip() and not getattr(spoken, name).strip():
                yield f"{place}.levels[{position}].{name}"
