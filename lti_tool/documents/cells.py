"""What stands in single cells: numbers, yes or no, and the language of what does not say it."""

import re
from decimal import Decimal

from lti_tool.documents.brought import Options
from lti_tool.documents.columns import Record
from lti_tool.documents.rows import Checking
from rubrics.refusal import _N
from rubrics.typed import in_digits

_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII)
_YES = frozenset({"yes", "y", "true", "1", "x", "sí", "si", "s", "verdadero", "نعم"})
_NO = frozenset({"no", "n", "false", "0", "falso", "لا"})
_LANGUAGE = "en-US"


def decimal(text: str) -> Decimal | None:
    """The number, with a point or a comma; None where it is none, as in a range."""
    plain = in_digits(text).replace(",", ".")
    return Decimal(plain) if _DECIMAL.fullmatch(plain) else None


def whole(text: str) -> int | None:
    """The whole number, also where a spreadsheet shows it as 4.0; None where it is none."""
    number = decimal(text)
    return int(number) if number is not None and number == int(number) else None


def yes_or_no(record: Record, name: str, checking: Checking, *, otherwise: bool) -> bool:
    """The answer in a language of the tables, or `otherwise` where the cell is empty. What is neither is told."""
    found = record[name].casefold()
    if found and found not in _YES | _NO:
        checking.say(record.place(name), _N("Found “%(found)s”; please write yes or no."), found=record[name])
    return found in _YES if found else otherwise


def needed(record: Record, name: str, checking: Checking) -> str:
    """The text; that it is empty is told."""
    if not record[name]:
        checking.say(record.place(name), _N("Nothing stands here. Please fill it in; this one is needed."))
    return record[name]


def language_of(options: Options, checking: Checking) -> str:
    """The language that a person named; else English, which is noted."""
    if options.language:
        return options.language
    checking.note(
        "the whole file",
        _N("The file does not say its language and is taken for %(language)s. You can name another when you bring it."),
        language=_LANGUAGE,
    )
    return _LANGUAGE
