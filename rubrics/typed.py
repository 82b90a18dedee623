"""What people type into one field: numbers in the digits of any script, and several things with a sign between them."""

import re
import unicodedata
from decimal import Decimal

_SIGNS = str.maketrans("٫،٪", ".,%", "\N{RIGHT-TO-LEFT MARK}\N{LEFT-TO-RIGHT MARK}\N{ARABIC LETTER MARK}")
_DECIMAL = re.compile(r"\d*(?:\.(\d+))?(?<=\d)", re.ASCII)
_SEVERAL = re.compile(r"[\r\n,،、;؛]")


def in_digits(text: str) -> str:
    """The text with the digits from 0 to 9 for those of any script, and with . , % for what Arabic writes there.

    Marks of direction go: programs put them between the numbers of a day in Arabic, and nobody sees them.
    """
    return "".join(str(unicodedata.decimal(each, each)) for each in text.translate(_SIGNS))


def whole_number(text: str, digits: int = 3) -> int | None:
    """A whole number of at most so many digits, without a sign; None for anything else."""
    plain = in_digits(text).strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= digits else None


def decimal_number(text: str, places: int = 2) -> Decimal | None:
    """A number without a sign, with at most so many places after a point or comma; None for anything else.

    With two places nobody's 1,250 is taken for one and a quarter.
    """
    plain = in_digits(text).strip().replace(",", ".")
    found = _DECIMAL.fullmatch(plain)
    return Decimal(plain) if found and len(found[1] or "") <= places else None


def several(text: str) -> list[str]:
    """What is listed in one text, one a line or between commas or semicolons of any script; none of it is empty."""
    return [each.strip() for each in _SEVERAL.split(text) if each.strip()]
