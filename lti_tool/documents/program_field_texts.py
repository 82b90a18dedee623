"""The values of a program's document as texts of a form, and back."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lti_tool.documents.program_editing import Path, value_at
from lti_tool.documents.program_fields import AMOUNTS, NEEDED, Form, own_name
from lti_tool.documents.program_texts import amount_of, amount_typed, anchor_of, month_and_day, period_of
from lti_tool.documents.sentences import Sentence
from rubrics.refusal import _N, Refused
from rubrics.typed import in_digits, several, whole_number

LONGEST = 4_000
_CARRYING = frozenset({
    "kind", "covers", "by", "distinct", "some_of", "spread_over", "held_for", "held_less_than", "each", "how", "met",
})  # fmt: skip
_AMOUNT = re.compile(r"(?P<number>-?\d[\d.]*)(?P<space> ?)(?P<unit>.*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def as_text(form: Form, path: Path, said: Any) -> str:
    """What a field holds."""
    if form in (Form.NUMBER, Form.UNIT):
        found = _AMOUNT.fullmatch(str(_plain(said, path[:-1])))
        return found["number" if form is Form.NUMBER else "unit"] if found else ""
    value = _plain(said, path)
    if form is Form.FLAG:
        return "yes" if value is True else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ("\n" if form is Form.LINES else ", ").join(map(str, value))
    return "" if value is None else str(value)


def from_text(form: Form, path: Path, said: Any, text: str) -> Any:
    """The value that is meant; None where the entry is to go. Raises `Refused` with what would help."""
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > LONGEST:
        raise Refused("too_long", "Please keep it to %(longest)d characters.", longest=LONGEST)
    if form not in (Form.LONG, Form.LINES):
        text = " ".join(text.split())
    if form in (Form.PERIOD, Form.DAY, Form.DATE, Form.MONTH_DAY):
        text = in_digits(text)
    if form in (Form.NUMBER, Form.UNIT):
        return _amount(form, path, said, text)
    if not text:
        if own_name(path) in NEEDED or _carries(path):
            raise Refused("still_needed", "This is still needed.")
        return None
    return _FROM[form](text, value_at(said, _where(path)))


def real_path(path: Path) -> Path:
    """The path in the document: without the halves of an amount, and without the name of the document itself."""
    if path[-1] in ("number", "unit") and path[-2] in AMOUNTS:
        path = path[:-1]
    return _where(path)


def _where(path: Path) -> Path:
    return path[1:] if path[0] == "program" else path


def _plain(said: Any, path: Path) -> Any:
    return value_at(said, _where(path))


def _carries(path: Path) -> bool:
    """Whether a need would say nothing without it."""
    return path[0] == "requirements" and path[-1] in _CARRYING and path[-2] != "where"


def _amount(form: Form, path: Path, said: Any, text: str) -> Any:
    before = value_at(said, path[:-1])
    found = _AMOUNT.fullmatch(str(before))
    number, space, unit = (found["number"], found["space"], found["unit"]) if found else ("", " ", "")
    number, unit = (amount_typed(text), unit) if form is Form.NUMBER else (number, text)
    if not _NUMBER.fullmatch(number):
        raise Refused("not_a_number", "Please write a number, such as 40.")
    if not unit:
        return float(number) if "." in number else int(number)
    written = f"{number}{space or ' '}{unit}" if found and found["unit"] else f"{number} {unit}"
    _checked(lambda problems: amount_of(written, problems, ""))
    return written


class _Problems:
    def __init__(self) -> None:
        self.first: Sentence | None = None

    def problem(self, _place: str, sentence: Sentence) -> None:
        """Keep the first."""
        self.first = self.first or sentence


def _checked(read: Callable[[_Problems], object]) -> None:
    problems = _Problems()
    read(problems)
    if problems.first is not None:
        raise Refused("please_check", problems.first.template, **problems.first.values)


def _words(text: str, before: Any) -> Any:
    if isinstance(before, bool) and text in ("yes", "no"):
        return text == "yes"
    number = whole_number(text, digits=9)
    if isinstance(before, int) and not isinstance(before, bool) and number is not None:
        return number
    words = _split(text)
    return words if isinstance(before, list) or len(words) > 1 else words[0]


def _split(text: str) -> list[str]:
    words = several(text)
    if not words:
        raise Refused("still_needed", "This is still needed.")
    return list(dict.fromkeys(words))


def _count(text: str, _before: Any) -> int:
    number = whole_number(text, digits=6)
    if number is None:
        raise Refused("not_a_number", "Please write a whole number, such as 2.")
    return number


def _period(text: str, _before: Any) -> str:
    _checked(lambda problems: period_of(text, problems, ""))
    return text


def _day(text: str, _before: Any) -> Any:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _date(text, None)
    _checked(lambda problems: anchor_of(text, problems, ""))
    return text


def _date(text: str, _before: Any) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("please_check", _N("Please write a day, such as 2026-05-01.")) from None


def _month_day(text: str, _before: Any) -> str:
    _checked(lambda problems: month_and_day(text, problems, ""))
    return text


def _text(text: str, before: Any) -> Any:
    if not isinstance(before, int | float) or isinstance(before, bool):
        return text
    number = amount_typed(text)
    if not _NUMBER.fullmatch(number):
        return text
    return float(number) if "." in number else int(number)


_FROM: Mapping[Form, Callable[[str, Any], Any]] = {
    Form.TEXT: _text,
    Form.LONG: lambda text, _before: text,
    Form.LINES: lambda text, _before: [each.strip() for each in text.split("\n") if each.strip()],
    Form.WORDS: _words,
    Form.LIST: lambda text, _before: _split(text),
    Form.WORD: lambda text, _before: text,
    Form.COUNT: _count,
    Form.PERIOD: _period,
    Form.DAY: _day,
    Form.DATE: _date,
    Form.MONTH_DAY: _month_day,
    Form.FLAG: lambda text, _before: text == "yes",
}
