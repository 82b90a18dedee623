"""What came of the mutants: record.json, as `make mutation` wrote it, and the reasons in survivors.toml."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECORD, REASONS, SETS = HERE / "record.json", HERE / "survivors.toml", HERE / "sets.toml"


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test noticed."""

    id: str
    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of the mutants of one module."""

    killed: int
    timeout: int
    at_first: int
    """How many survived when all of them were tried, before tests were added for them."""
    survived: tuple[Survivor, ...]
    text: str = ""
    """The beginning of the SHA-256 of the module when all of them were tried. "": nobody kept it."""

    @property
    def mutants(self) -> int:
        """How many there were."""
        return self.killed + self.timeout + len(self.survived)


@dataclass(frozen=True, slots=True)
class Run:
    """One run over a set of rules."""

    day: str
    commit: str
    python: str
    one_of: int
    """1: every mutant was tried; n: each nth of a module, in the order of its lines."""
    modules: Mapping[str, Tried]

    @property
    def survivors(self) -> dict[str, Survivor]:
        """By their id."""
        return {each.id: each for tried in self.modules.values() for each in tried.survived}


def read() -> dict[str, Run]:
    """Every set's last run, by the name of the set; a set that was never run is not among them."""
    if not RECORD.exists():
        return {}
    kept: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return {name: _run(kept[name]) for name in kept}


def _run(kept: dict[str, Any]) -> Run:
    modules = {
        path: Tried(
            one["killed"],
            one["timeout"],
            one.get("at_first", len(one["survived"])),
            tuple(Survivor(**each) for each in one["survived"]),
            one.get("text", ""),
        )
        for path, one in kept["modules"].items()
    }
    return Run(**{**kept, "modules": modules})


def write(runs: Mapping[str, Run]) -> None:
    """Keep them, in the order of the sets."""
    kept = {one["name"]: asdict(runs[one["name"]]) for one in sets() if one["name"] in runs}
    RECORD.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@cache
def sets() -> list[dict[str, Any]]:
    """The sets of rules, as sets.toml has them."""
    found: list[dict[str, Any]] = tomllib.loads(SETS.read_text(encoding="utf-8"))["sets"]
    return found


def reasons() -> list[tuple[str, tuple[str, ...]]]:
    """Why survivors may stay: each reason with the ids that it is about."""
    kept = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return [(each["reason"], tuple(each["ids"])) for each in kept.get("reasons", ())]
