"""What the practice LMS remembers over a restart: one JSON file, replaced as a whole."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lti_tool.practice.keys import PlatformKey


class StateProblem(Exception):
    """The state file cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One registration of a tool, with its one deployment."""

    client_id: str
    deployment_id: str
    name: str
    login_address: str
    redirect_addresses: tuple[str, ...]
    key_set_address: str
    target: str
    targets: Mapping[str, str]
    """Where a kind of message goes, if not to `target`."""
    scopes: tuple[str, ...]
    custom: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Activity:
    """A link to the tool in the course."""

    id: str
    client_id: str
    title: str
    text: str
    url: str
    custom: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LineItem:
    """A column of the gradebook. `activity_id` is empty for a column that stands alone."""

    id: str
    client_id: str
    activity_id: str
    label: str
    maximum: float
    resource_id: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """The last score a tool sent for one person in one column; `given` is None where it shows nothing."""

    line_item_id: str
    person_id: str
    given: float | None
    maximum: float | None
    timestamp: str
    received_at: datetime
    activity_progress: str
    grading_progress: str
    comment: str = ""

    @property
    def second(self) -> int:
        """The tool's timestamp in whole seconds, which is what order is judged by."""
        return int(datetime.fromisoformat(self.timestamp).timestamp())


@dataclass(slots=True)
class State:
    """All of it. `keys` are oldest first: the last one signs."""

    issuer: str
    keys: list[PlatformKey]
    guid: str
    last_number: int = 0
    tools: dict[str, Tool] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    line_items: dict[str, LineItem] = field(default_factory=dict)
    scores: dict[tuple[str, str], Score] = field(default_factory=dict)

    def number(self) -> str:
        """The next id, as text: one series for everything, so that ids of two kinds never meet."""
        self.last_number += 1
        return str(self.last_number)


class StateFile:
    """The file in which a State lies between two runs."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "practice-lms.json"

    def load(self) -> State | None:
        """The saved state, or None where there is none yet. Raises `StateProblem`."""
        try:
            return _state(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as problem:
            raise StateProblem(f"{self.path} cannot be read. Start with --fresh to begin anew.") from problem

    def save(self, state: State) -> None:
        """Write all of it; a reader sees the former state or this one, never half of it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it holds a private key
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(_saved(state), file, indent=1, default=str)
        os.replace(new, self.path)

    def wipe(self) -> None:
        """Forget everything that was saved."""
        self.path.unlink(missing_ok=True)


def _saved(state: State) -> dict[str, Any]:
    return {
        "issuer": state.issuer,
        "keys": [key.pem() for key in state.keys],
        "guid": state.guid,
        "last_number": state.last_number,
        "tools": [asdict(tool) for tool in state.tools.values()],
        "activities": [asdict(activity) for activity in state.activities.values()],
        "line_items": [asdict(item) for item in state.line_items.values()],
        "scores": [asdict(score) for score in state.scores.values()],
    }


def _state(saved: dict[str, Any]) -> State:
    scores = [Score(**{**row, "received_at": datetime.fromisoformat(row["received_at"])}) for row in saved["scores"]]
    return State(
        issuer=saved["issuer"],
        keys=[PlatformKey.from_pem(pem) for pem in saved["keys"]],
        guid=saved["guid"],
        last_number=saved["last_number"],
        tools={row["client_id"]: _tool(row) for row in saved["tools"]},
        activities={row["id"]: Activity(**row) for row in saved["activities"]},
        line_items={row["id"]: LineItem(**row) for row in saved["line_items"]},
        scores={(score.line_item_id, score.person_id): score for score in scores},
    )


def _tool(row: dict[str, Any]) -> Tool:
    lists = {name: tuple(row[name]) for name in ("redirect_addresses", "scopes")}
    return Tool(**{**row, **lists})
