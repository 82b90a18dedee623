"""Words of a framework in the language of whoever reads them."""

from collections.abc import Sequence
from dataclasses import replace

from grading.competency import Competency, Framework, Words


def competency_in(competency: Competency, own: str, wanted: Sequence[str]) -> Words:
    """Its words in the first of the wanted languages that there is; in its framework's own, where there is none."""
    return _in(Words(own, competency.statement, competency.short, competency.notes), competency.translations, wanted)


def framework_in(framework: Framework, wanted: Sequence[str]) -> Words:
    """The same for a framework: `statement` is its title, `notes` its description."""
    return _in(Words(framework.language, framework.title, "", framework.description), framework.translations, wanted)


def _in(own: Words, translations: Sequence[Words], wanted: Sequence[str]) -> Words:
    for language in wanted:
        for words in (own, *translations):
            if _tongue(words.language) == _tongue(language) and words.statement.strip():
                # A code of the source is the same in each language.
                return words if words.short else replace(words, short=own.short)
    return own


def _tongue(language: str) -> str:
    return language.partition("-")[0].casefold()
