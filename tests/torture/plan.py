"""What happens to each trainee in a run, which follows from the seed: sign-offs, and some that count no more."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path

REQUIRED = 4
"""Observations that make the column full: each that counts is a quarter of it."""
SIGN, SUPERSEDE = "sign", "supersede"
WAYS: tuple[tuple[float, tuple[tuple[str, int], ...]], ...] = (
    (0.65, ((SIGN, 0),)),
    (0.85, ((SIGN, 0), (SIGN, 1))),
    (0.95, ((SIGN, 0), (SIGN, 1), (SUPERSEDE, 1))),  # there, and back to what it was before
    (1.00, ((SIGN, 0), (SIGN, 1), (SUPERSEDE, 0), (SIGN, 2))),
)
"""How things go for people, each up to this share of them; the numbers are of their observations."""


@dataclass(frozen=True, slots=True)
class Act:
    """One transaction that changes what a cell should show."""

    kind: str
    observation: int


@dataclass(frozen=True, slots=True)
class Trainee:
    """One row of the gradebook, and what leads to it."""

    number: int
    acts: tuple[Act, ...]
    person_id: str = ""
    sub: str = ""
    observations: tuple[str, ...] = ()
    """Their ids; the acts name them by their place here."""

    @property
    def signed(self) -> int:
        """How many observations are signed."""
        return sum(act.kind == SIGN for act in self.acts)

    @property
    def expected(self) -> Decimal:
        """What the cell shows in the end, of 100: worked out here, not by Attune."""
        counted = self.signed - sum(act.kind == SUPERSEDE for act in self.acts)
        return Decimal(100) * counted / REQUIRED

    @property
    def shown_again(self) -> frozenset[Decimal]:
        """What the cell should show once, then something else, and then once more."""
        counted, shown = 0, list[Decimal]()
        for act in self.acts:
            counted += 1 if act.kind == SIGN else -1
            shown.append(Decimal(100) * counted / REQUIRED)
        return frozenset(value for value in shown if shown.count(value) > 1)


def planned(seed: int, rows: int) -> tuple[Trainee, ...]:
    """So many trainees, and what happens to each."""
    return tuple(Trainee(number, _acts(random.Random(f"{seed} acts {number}"))) for number in range(rows))


def _acts(chance: random.Random) -> tuple[Act, ...]:
    drawn = chance.random()
    way = next(acts for share, acts in WAYS if drawn < share)
    return tuple(Act(kind, observation) for kind, observation in way)


def in_turn(trainees: Sequence[Trainee], seed: int) -> Iterator[tuple[Trainee, Act]]:
    """The acts in the order of a run: those of one trainee after each other, with many of others between."""
    for turn in range(max(len(trainee.acts) for trainee in trainees)):
        those = [trainee for trainee in trainees if len(trainee.acts) > turn]
        random.Random(f"{seed} turn {turn}").shuffle(those)
        yield from ((trainee, trainee.acts[turn]) for trainee in those)


def write(path: Path, trainees: Sequence[Trainee]) -> None:
    """Keep a plan in a file, for other processes."""
    path.write_text(json.dumps([asdict(trainee) for trainee in trainees]), encoding="utf-8")


def read(path: Path) -> tuple[Trainee, ...]:
    """A plan from such a file."""
    rows = [Trainee(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
    return tuple(
        replace(row, acts=tuple(Act(**act) for act in row.acts), observations=tuple(row.observations))  # type: ignore[arg-type]  # JSON
        for row in rows
    )
