"""Texts for people in their own language. The one place that knows Flask-Babel's untyped functions."""

from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext


def _N(text: str) -> str:  # noqa: N802  # the customary name for "collect this text, translate it later"
    return text


def gettext(text: str, **values: object) -> str:
    """The text in the reader's language, its %(name)s places filled in."""
    return str(_gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The text for `num` things; %(num)s is known in both."""
    return str(_ngettext(one, many, num, **values))
