"""What the LMS shows, beside what it should show: nothing less, nothing twice, everything in order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.store.deliveries import DeliveryRow
from tests.torture.plan import Trainee

MOST = 20
"""Problems that are told one by one."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked at."""

    problems: tuple[str, ...]
    accepted: int
    """Scores that the LMS kept, all in all."""
    stand: Counter[str]
    """How many rows stand how: a state, and for those that wait for a person the answer."""


def standing(session: Session) -> Counter[str]:
    """How many rows stand how."""
    rows = session.execute(
        select(DeliveryRow.state, DeliveryRow.answer, func.count()).group_by(DeliveryRow.state, DeliveryRow.answer)
    )
    stand: Counter[str] = Counter()
    for state, answer, number in rows:
        stand[state if state in (DeliveryState.WAITING, DeliveryState.ACCEPTED) else f"{state} {answer}"] += number
    return stand


def look(session: Session, trainees: Sequence[Trainee], shown: Sequence[dict[str, Any]]) -> Found:
    """Compare all rows. Those that wait for a person are counted, and not compared with the LMS."""
    rows = {row.person_id: row for row in session.scalars(select(DeliveryRow))}
    cells = {cell["user_id"]: cell for cell in shown}
    problems: list[str] = []
    for trainee in trainees:
        problems += _about(trainee, rows.get(UUID(trainee.person_id)), cells.get(trainee.sub))
    expected = {trainee.sub for trainee in trainees}
    problems += [f"a cell of nobody in the plan: {sub}" for sub in cells if sub not in expected]
    accepted = sum(len(cell["accepted"]) for cell in shown)
    return Found(tuple(problems), accepted, standing(session))


def _about(trainee: Trainee, row: DeliveryRow | None, cell: dict[str, Any] | None) -> list[str]:
    name = f"trainee {trainee.number}"
    if row is None:
        return [f"{name}: no row, though {trainee.expected} should be shown"]
    accepted = cell["accepted"] if cell else []
    found = [f"{name}: {sentence}" for sentence in _order(accepted, trainee.shown_again)]
    if row.desired_score * 100 / row.desired_maximum != trainee.expected:
        found.append(f"{name}: desired {row.desired_score} of {row.desired_maximum}, expected {trainee.expected}")
    if row.state is DeliveryState.ACCEPTED and _shows(cell) != trainee.expected:
        found.append(f"{name}: the LMS shows {_shows(cell)}, and {trainee.expected} is said to be accepted")
    return found


def _shows(cell: dict[str, Any] | None) -> Decimal | None:
    if cell is None or cell["given"] is None:
        return None
    return Decimal(str(cell["given"])) * 100 / Decimal(str(cell["maximum"]))


def _order(accepted: Sequence[tuple[float, float, str, bool]], again: frozenset[Decimal]) -> list[str]:
    """Of what the LMS kept for one person: each later than the one before, and other than it.

    What is shown, then not, and then again (`again`) may come twice in a row: what was sent between the two got no
    answer, might still have arrived, and is kept out by a later timestamp.
    """
    found = []
    for (given, maximum, at, _), (then, of, later, _) in pairwise(accepted):
        if _second(later) <= _second(at):
            found.append(f"{later} came after {at}")
        if (given, maximum) == (then, of) and Decimal(str(given)) * 100 / Decimal(str(maximum)) not in again:
            found.append(f"{given} of {maximum} was sent twice, at {at} and {later}")
    return found


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
