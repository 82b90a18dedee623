"""Codes on printed forms: eight letters and digits that are hard to mix up, the last one made from the others.

The letters are Crockford's: no I, L, O and U. One wrong letter, or two that stand next to each other the wrong way
round, never make another good code.
"""

from rubrics.typed import in_digits

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_READ_AS = str.maketrans("OIL", "011")
_POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1, primitive: doubling in this field gives each place a weight of its own."""


def complete(first: str) -> str:
    """The code that begins with these letters, one short of a whole one. Raises `ValueError` for others."""
    if len(first) != LENGTH - 1 or not set(first) <= set(LETTERS):
        raise ValueError(f"{first!r} does not begin a code")
    return first + LETTERS[_check(first)]


def read(typed: str) -> str | None:
    """The code that someone typed, in the digits of any script; None for a mistyped one.

    Spaces, hyphens, small letters and O, I and L are forgiven.
    """
    code = "".join(in_digits(typed).replace("-", " ").split()).upper().translate(_READ_AS)
    whole = len(code) == LENGTH and set(code) <= set(LETTERS)
    return code if whole and complete(code[:-1]) == code else None


def shown(code: str) -> str:
    """The code as people read it: AB12-CD34."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def _check(letters: str) -> int:
    found = 0
    for letter in letters:
        found = _doubled(found ^ LETTERS.index(letter))
    return found


def _doubled(number: int) -> int:
    doubled = number << 1
    return doubled ^ _POLYNOMIAL if doubled & 0b100000 else doubled
