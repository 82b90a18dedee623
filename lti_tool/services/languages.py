"""The languages that Attune speaks, also where there is no page: mail is written by the worker."""

import gettext
from collections.abc import Sequence
from functools import cache

from grading.telling.counted import Counted
from lti_tool.paths import CONFIG, TRANSLATIONS

SOURCE_LANGUAGE = "en"


@cache
def languages() -> tuple[str, ...]:
    """The source language, and every language with a compiled catalog."""
    compiled = sorted(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo"))
    return (SOURCE_LANGUAGE, *compiled)


def nearest(wanted: Sequence[str | None]) -> str:
    """Of the languages that somebody would like, best first, the first that we have or have something near to."""
    for language in filter(None, wanted):
        found = _nearest(language)
        if found:
            return found
    return SOURCE_LANGUAGE


def said_in(language: str, text: str) -> str:
    """The text in one of `languages()`, its %(name)s places still open; as it is where no translation is known."""
    if language == SOURCE_LANGUAGE:
        return text
    if isinstance(text, Counted):
        return _catalog(language).ngettext(text.one, text.several, text.number)
    return _catalog(language).gettext(text)


def first_words(folder: str, language: str) -> str:
    """A text that comes with Attune, for an organization to begin with, in one of `languages()` or else in English."""
    own = CONFIG / folder / f"{language}.txt"
    found = own if own.is_file() else CONFIG / folder / f"{SOURCE_LANGUAGE}.txt"
    return found.read_text(encoding="utf-8").strip()


def _nearest(wanted: str) -> str | None:
    parts = wanted.replace("-", "_").split("_")
    for length in range(len(parts), 0, -1):
        candidate = "_".join(parts[:length]).lower()
        for language in languages():
            if language.lower() == candidate:
                return language
    return next((language for language in languages() if language.lower().split("_")[0] == parts[0].lower()), None)


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", TRANSLATIONS, [language], fallback=True)
