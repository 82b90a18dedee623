"""What the practice LMS remembers over a restart: one JSON file, replaced as a whole."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from lti_tool.practice.keys import PlatformKey
from lti_tool.practice.people import COURSE, PEOPLE, Person, Role
from lti_tool.practice.records import Activity, Course, LineItem, Membership, NoticeHandler, Score, Tool

Row = TypeVar("Row")


class StateProblem(Exception):
    """The state file cannot be read or belongs to another profile; the message says what to do."""


@dataclass(slots=True)
class State:
    """All of it. `keys` are oldest first: the last one signs."""

    issuer: str
    keys: list[PlatformKey]
    guid: str
    profile: str = "strict"
    last_number: int = 0
    tools: dict[str, Tool] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=lambda: {COURSE.id: COURSE})
    people: dict[str, Person] = field(default_factory=lambda: {person.id: person for person in PEOPLE})
    crowd: int = 0
    """How many more trainees there are, each made up when somebody asks."""
    memberships: dict[tuple[str, str], Membership] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    line_items: dict[str, LineItem] = field(default_factory=dict)
    scores: dict[tuple[str, str], Score] = field(default_factory=dict)
    handlers: dict[tuple[str, str], NoticeHandler] = field(default_factory=dict)

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
    lists: dict[str, Mapping[Any, Any]] = {
        "tools": state.tools,
        "courses": state.courses,
        "people": state.people,
        "memberships": state.memberships,
        "activities": state.activities,
        "line_items": state.line_items,
        "scores": state.scores,
        "handlers": state.handlers,
    }
    return {
        "issuer": state.issuer,
        "keys": [key.pem() for key in state.keys],
        "guid": state.guid,
        "profile": state.profile,
        "last_number": state.last_number,
        "crowd": state.crowd,
        **{name: [asdict(row) for row in rows.values()] for name, rows in lists.items()},
    }


def _state(saved: dict[str, Any]) -> State:
    state = State(
        issuer=saved["issuer"],
        keys=[PlatformKey.from_pem(pem) for pem in saved["keys"]],
        guid=saved["guid"],
        profile=saved.get("profile", "strict"),
        last_number=saved["last_number"],
        crowd=saved.get("crowd", 0),
    )
    state.tools = {row["client_id"]: _row(Tool, row) for row in saved["tools"]}
    state.activities = {row["id"]: _row(Activity, row) for row in saved["activities"]}
    state.line_items = {row["id"]: _row(LineItem, row) for row in saved["line_items"]}
    state.scores = {(row["line_item_id"], row["person_id"]): _row(Score, row) for row in saved["scores"]}
    state.memberships = {
        (row["course_id"], row["person_id"]): _row(Membership, row) for row in saved.get("memberships", [])
    }
    state.handlers = {
        (row["deployment_id"], row["notice_type"]): _row(NoticeHandler, row) for row in saved.get("handlers", [])
    }
    state.courses |= {row["id"]: _row(Course, row) for row in saved.get("courses", [])}
    state.people |= {row["id"]: _person(row) for row in saved.get("people", [])}
    return state


def _row(kind: type[Row], row: dict[str, Any]) -> Row:
    """A record from its row: JSON has no tuples and no times."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    if "received_at" in values:
        values["received_at"] = datetime.fromisoformat(values["received_at"])
    return kind(**values)


def _person(row: dict[str, Any]) -> Person:
    return _row(Person, {**row, "role": Role(row["role"]), "also": [Role(role) for role in row["also"]]})
