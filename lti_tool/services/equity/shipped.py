"""Questions that come with Attune; an organization chooses which of them it asks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lti_tool.paths import CONFIG

FOLDER = CONFIG / "fairness"


@dataclass(frozen=True, slots=True)
class OfferedQuestion:
    """What people may be asked about themselves."""

    key: str
    words: str
    why: str
    choices: tuple[Mapping[str, str], ...]
    several: bool


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that are answered from 1 to 5."""

    key: str
    title: str
    questions: tuple[Mapping[str, str], ...]


@cache
def descriptions() -> tuple[OfferedQuestion, ...]:
    """What people may be asked about themselves."""
    return tuple(
        OfferedQuestion(one["key"], one["words"], one["why"], tuple(one["choices"]), bool(one.get("several")))
        for one in _read("descriptions")["questions"]
    )


@cache
def surveys() -> Mapping[str, QuestionSet]:
    """The sets of a survey, by key."""
    return _sets("surveys")


def _sets(name: str) -> Mapping[str, QuestionSet]:
    sets = _read(name)["sets"]
    return {one["key"]: QuestionSet(one["key"], one["title"], tuple(one["questions"])) for one in sets}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
