"""Texts for people in their own language. The one place that knows Flask-Babel's untyped functions."""

from typing import Any

from flask import request
from flask_babel import get_locale, get_translations

from grading.telling.counted import Counted
from lti_tool.web import current


def _N(text: str) -> str:  # noqa: N802  # the customary name for "collect this text, translate it later"
    return text


def gettext(text: str, **values: object) -> str:
    """The text in the reader's language, its %(name)s places filled in."""
    translated = plain(text)
    return translated % values if values else translated


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The text for `num` things; %(num)s is known in both."""
    return plain_many(one, many, num) % {"num": num, **values}


def comma() -> str:
    """What stands between the parts of a list, with its space: Arabic has a comma of its own."""
    return plain("%(before)s, %(next)s") % {"before": "", "next": ""}


def semicolon() -> str:
    """What stands between the parts of a list that have commas themselves, with its space."""
    return plain("%(before)s; %(next)s") % {"before": "", "next": ""}


def quoted(words: str) -> str:
    """The words in the quotation marks of the reader's language."""
    return gettext("“%(words)s”", words=words)


def language() -> str:
    """The language that the reader sees, such as "es"."""
    return str(get_locale() or "en")


def readers_languages() -> tuple[str, ...]:
    """The languages that the reader would like, best first, as a page's `lang` writes them; never empty."""
    visitor = current.visitor_so_far()
    launched = (visitor.locale,) if visitor and visitor.locale else ()
    wanted = (*launched, *(language for language, _weight in request.accept_languages), language())
    return tuple(dict.fromkeys(one.replace("_", "-") for one in wanted if one != "*"))


def plain(text: str) -> str:
    """The text in the reader's language, its places still open: templates fill them with escaped values.

    A text that comes with no catalog, such as one that a person wrote, stays as it is.
    """
    if isinstance(text, Counted):
        return plain_many(text.one, text.several, text.number)
    return str(_catalog().ugettext(text)) if text else ""


def plain_many(one: str, many: str, num: int) -> str:
    """The same for `num` things."""
    return str(_catalog().ungettext(one, many, num))


def _catalog() -> Any:
    """Looked up once a request: a page has dozens of texts."""
    mine = current.turn()
    if mine.catalog is None:
        mine.catalog = get_translations()
    return mine.catalog
