"""What a rubric needs before it can be published. Which words keep it from that, `rubrics.wording` finds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.language import still_to_translate
from rubrics.refusal import _N
from rubrics.rubric import Criterion, Rubric

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a rubric from being published: where it is, and what would help.

    Places count from 1, as people do: `criteria[3].levels[2].anchor`.
    """

    place: str
    sentence: str


def problems(rubric: Rubric) -> tuple[Problem, ...]:
    """What is still to be done before the rubric can be published; empty when it is ready."""
    return tuple(_problems(rubric))


def _problems(rubric: Rubric) -> Iterator[Problem]:
    yield from _of_the_whole(rubric)
    for position, criterion in enumerate(rubric.criteria, start=1):
        place = f"criteria[{position}]"
        if criterion.key in {earlier.key for earlier in rubric.criteria[: position - 1]}:
            yield Problem(f"{place}.key", _N("Another criterion has this key. Please give each its own."))
        yield from _of_criterion(criterion, place)
        yield from _of_levels(criterion, place)


def _of_the_whole(rubric: Rubric) -> Iterator[Problem]:
    if not _KEY.fullmatch(rubric.key):
        yield Problem("key", _N("Please give a key of small letters, digits and hyphens, such as peer-support."))
    if not _LANGUAGE.fullmatch(rubric.language):
        yield Problem("language", _N("Please name the language by its code, such as en-US."))
    for place, text, sentence in (
        ("title", rubric.title, _N("Please give the rubric a title.")),
        ("summary", rubric.summary, _N("Please say in a sentence or two what the rubric is for.")),
        ("license", rubric.license, _N("Please say under which license these words may be used.")),
        ("provenance", rubric.provenance, _N("Please say where these words come from.")),
    ):
        if _blank(text):
            yield Problem(place, sentence)
    if rubric.reviewed_by_lived_experience is not None and _blank(rubric.reviewed_by_lived_experience):
        yield Problem(
            "reviewed_by_lived_experience",
            _N("Please say who with lived experience reviewed it and when, or leave this out until someone has."),
        )
    if not rubric.criteria:
        yield Problem("criteria", _N("Please add at least one criterion."))
    elif not any(criterion.relational for criterion in rubric.criteria):
        yield Problem(
            "criteria",
            _N("Please mark at least one criterion as relational: how people are with each other is part of support."),
        )
    yield from _of_translations(rubric)


def _of_translations(rubric: Rubric) -> Iterator[Problem]:
    before = {rubric.language.casefold()}
    for position, translation in enumerate(rubric.translations, start=1):
        place = f"translations[{position}]"
        if not _LANGUAGE.fullmatch(translation.language):
            yield Problem(f"{place}.language", _N("Please name the language by its code, such as en-US."))
        elif translation.language.casefold() in before:
            yield Problem(f"{place}.language", _N("The rubric has this language already. Please keep one of them."))
        before.add(translation.language.casefold())
        for lacking in still_to_translate(rubric, translation):
            yield Problem(
                f"{place}.{lacking}",
                _N("This is still to be translated. A rubric claims only the languages that it is complete in."),
            )


def _of_criterion(criterion: Criterion, place: str) -> Iterator[Problem]:
    if not _KEY.fullmatch(criterion.key):
        yield Problem(f"{place}.key", _N("Please give a key of small letters, digits and hyphens, such as listens."))
    if _blank(criterion.statement):
        yield Problem(f"{place}.statement", _N("Please say what can be seen or heard."))
    if not criterion.principles:
        yield Problem(f"{place}.principles", _N("Please name at least one principle that this stands for."))
    if criterion.level(criterion.met_at) is None:
        yield Problem(f"{place}.met_at", _N("Please name the number of the level at which this is met."))


def _of_levels(criterion: Criterion, place: str) -> Iterator[Problem]:
    if len(criterion.levels) < 2:
        yield Problem(f"{place}.levels", _N("Please describe at least two levels."))
    before, labels = 0, set[str]()
    for position, level in enumerate(criterion.levels, start=1):
        here = f"{place}.levels[{position}]"
        if level.number <= before:
            yield Problem(f"{here}.number", _N("Please number the levels upward, from 1 on."))
        if _blank(level.label):
            yield Problem(f"{here}.label", _N("Please give this level a short name."))
        elif level.label.strip().casefold() in labels:
            yield Problem(f"{here}.label", _N("Another level has this name. Please give each its own."))
        if _blank(level.anchor):
            yield Problem(f"{here}.anchor", _N("Please say what is seen at this level, and which help was needed."))
        before = level.number
        labels.add(level.label.strip().casefold())


def _blank(text: str) -> bool:
    return not text.strip()
