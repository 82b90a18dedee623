"""A program as JSON in one form, however its document was written: equal programs give the same text."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from grading.periods import Period
from grading.program import Program
from grading.telling.said import number_text, told
from grading.telling.words import period


def canonical(program: Program) -> str:
    """One edition, with a line end: names sorted, numbers as text, nothing that is empty; needs name their form."""
    return json.dumps(_plain(program), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _plain(value: object) -> object:
    match value:
        case Period():
            return told(period(value))
        case StrEnum():
            return value.value
        case Decimal():
            return number_text(value)
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(str(_plain(each)) for each in value)
        case tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case _ if is_dataclass(value):
            return _table(value)
        case _:
            return value


def _table(value: object) -> dict[str, object]:
    named = [each.name for each in fields(value) if each.compare]  # type: ignore[arg-type]  # the caller asked
    found = {name: _plain(getattr(value, name)) for name in named}
    kept = {name: each for name, each in found.items() if each not in (None, "", [], {}, False)}
    return {"form": type(value).__name__} | kept if type(value).__module__.endswith(".needs") else kept
