"""Rubrics as TOML for authors, and as the JSON form that is kept and digested."""

from collections.abc import Mapping
from typing import Any

from rubrics.rubric import Rubric


def read_rubric(text: str, *, source: str) -> Rubric:
    """The rubric that an author wrote as TOML. Raises `DocumentProblem`, which names `source`."""
    raise NotImplementedError


def to_document(rubric: Rubric) -> dict[str, Any]:
    """The rubric in JSON form; `from_document` gives back an equal one."""
    raise NotImplementedError


def from_document(document: Mapping[str, Any]) -> Rubric:
    """The rubric that `to_document` wrote. Raises `DocumentProblem` where it is not one."""
    raise NotImplementedError


def digest(rubric: Rubric) -> str:
    """SHA-256 of the canonical JSON form (RFC 8785), in hexadecimal: equal content, equal digest."""
    raise NotImplementedError
