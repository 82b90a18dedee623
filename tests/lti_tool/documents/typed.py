"""What is left of a value's texts where a file takes away what nobody means."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with each of its texts changed so."""
    if type(value) is str:
        return change(value)
    if isinstance(value, tuple):
        return tuple(with_texts(each, change) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{field.name: with_texts(getattr(value, field.name), change) for field in fields(value)})
    return value


def without_nul(value: Any) -> Any:
    return with_texts(value, lambda text: text.replace("\0", ""))


def trimmed(value: Any) -> Any:
    return with_texts(value, str.strip)
