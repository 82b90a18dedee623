"""The benchmark of standing: people against a program of 60 requirements, beside fetching the same rows."""

import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    Numeric,
    Row,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
)

from grading.evidence import Evidence, Item, Kind
from grading.program import Program
from grading.proof import Answer
from grading.standing import standing
from lti_tool.cli.bench_standing_program import CATEGORIES, KINDS, REQUIREMENTS, bench_program

TODAY = date(2026, 3, 1)
ITEMS_EACH = 100
MANY_ITEMS = 2_000
AT_ONCE = 2_000
"""So many rows are held in memory at a time."""

ROWS = Table(
    "bench_evidence",
    MetaData(),
    Column("person", Integer, nullable=False, index=True),
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("amount", Numeric(8, 2), nullable=True),
    Column("category", String, nullable=True),
    Column("client", String, nullable=True),
    Column("signed_on", Date, nullable=True),
)


Kept = Row[int, str, str, date, Decimal | None, str | None, str | None, date | None]


def measure(*, people: Sequence[int], runs: int) -> dict[str, Any]:
    """Measure on a new SQLite database for each number of people."""
    program = bench_program()
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as directory:
        cases = [_case(Path(directory), program, count, runs) for count in people]
        one = _one_person(program, runs)
        after = _after_one_event(Path(directory), program, people[0])
    return {
        "name": "standing",
        "ours": cases[-1]["ours"],
        "floor": cases[-1]["floor"],
        "ratio": max(case["ratio"] for case in cases),
        "unit": "people per second; floor: fetching the same rows by SQLAlchemy Core as typed tuples; the ratio says "
        "how many times as long it takes to fetch them and to say where each person stands",
        "runs": runs,
        "requirements": REQUIREMENTS,
        "items_each": ITEMS_EACH,
        "cases": cases,
        "one_person": one,
        "after_one_event": after,
    }


def _case(directory: Path, program: Program, people: int, runs: int) -> dict[str, Any]:
    engine = _filled(directory / f"{people}.db", people)
    floors, ours = [], []
    before = _memory()
    with engine.connect() as connection:
        for _ in range(runs):
            floors.append(_timed(lambda: _fetch(connection)))
            ours.append(_timed(lambda: _stand(connection, program)))
    engine.dispose()
    # Of pairs in turn, so that a busy moment of the machine meets both.
    ratios = [ours[run] / floors[run] for run in range(runs)]
    return {
        "people": people,
        "rows": people * ITEMS_EACH,
        "ours": round(people / statistics.median(ours), 1),
        "floor": round(people / statistics.median(floors), 1),
        "ratio": round(statistics.median(ratios), 2),
        "memory_grew_mb": round((_memory() - before) / 1_000_000, 1),
    }


def _fetch(connection: Connection) -> int:
    return sum(1 for rows in _by_person(connection) for _ in rows)


def _stand(connection: Connection, program: Program) -> int:
    """How many are ready: everything is looked at, nothing is kept."""
    return sum(
        standing(program, _evidence(rows), TODAY).stages[0].answer is Answer.MET for rows in _by_person(connection)
    )


def _by_person(connection: Connection) -> Iterator[list[Kept]]:
    """Each person's rows; no more than a few thousand rows are in memory."""
    rows = connection.execution_options(yield_per=AT_ONCE).execute(select(ROWS).order_by(ROWS.c.person))
    for _person, of_person in groupby(rows, key=itemgetter(0)):
        yield list(of_person)


def _evidence(rows: Sequence[Kept]) -> Evidence:
    return Evidence(str(rows[0][0]), tuple(map(_item, rows)), entered_on=date(2024, 1, 1))


def _item(row: Kept) -> Item:
    _person, id_, kind, happened_on, amount, category, client, signed_on = row
    has = {} if category is None else {"category": frozenset({category})}
    if client is not None:
        has["client"] = frozenset({client})
    return Item(id_, Kind(kind), happened_on, amount, "hours", has, stands_from=signed_on)


def _one_person(program: Program, runs: int) -> dict[str, Any]:
    """One person with very much evidence, already in memory."""
    evidence = Evidence("one", tuple(_made_up(0, MANY_ITEMS)), entered_on=date(2024, 1, 1))
    took = [_timed(lambda: standing(program, evidence, TODAY)) for _ in range(max(5, runs))]
    return {"items": MANY_ITEMS, "milliseconds": round(1000 * statistics.median(took), 1)}


def _after_one_event(directory: Path, program: Program, people: int) -> dict[str, Any]:
    """What is asked of the database when one entry is added: the rows of the person it concerns."""
    engine = create_engine(f"sqlite:///{directory / str(people)}.db")
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    before = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(insert(ROWS), [_row(0, _new(0))])
        rows = connection.execute(select(ROWS).where(ROWS.c.person == 0)).all()
        standing(program, _evidence(rows), TODAY)
    took = time.perf_counter() - before
    engine.dispose()
    return {
        "people": people,
        "people_evaluated": len({row[0] for row in rows}),
        "rows_read": len(rows),
        "statements": len(statements),
        "milliseconds": round(1000 * took, 1),
    }


# ---- what is made up ----


def _filled(path: Path, people: int) -> Engine:
    engine = create_engine(f"sqlite:///{path}")
    ROWS.metadata.create_all(engine)
    with engine.begin() as connection:
        for first in range(0, people, 500):
            several = range(first, min(first + 500, people))
            rows = [_row(person, item) for person in several for item in _made_up(person, ITEMS_EACH)]
            connection.execute(insert(ROWS), rows)
    return engine


def _made_up(person: int, count: int) -> Iterator[Item]:
    """The same evidence every time: of every kind, some of it waiting, some of it without a category."""
    for number in range(count):
        on = date(2024, 1, 5) + timedelta(days=(number * 37 + person) % 760)
        turn = number + person
        has = {} if turn % 17 == 0 else {"category": frozenset({CATEGORIES[turn % len(CATEGORIES)]})}
        has["client"] = frozenset({f"c{turn % 9}"})
        signed = None if turn % 13 == 0 else on + timedelta(days=turn % 5)
        kind = KINDS[number % len(KINDS)]
        yield Item(f"{person}-{number}", kind, on, Decimal(turn % 8 + 1) / 2, "hours", has, stands_from=signed)


def _new(person: int) -> Item:
    return Item(f"{person}-new", Kind.PRACTICE, TODAY, Decimal(3), "hours", {}, stands_from=TODAY)


def _row(person: int, item: Item) -> dict[str, object]:
    category, client = (next(iter(item.has.get(name, ())), None) for name in ("category", "client"))  # type: ignore[arg-type]  # words only
    return {
        "person": person,
        "id": item.id,
        "kind": item.kind.value,
        "happened_on": item.on,
        "amount": item.amount,
        "category": category,
        "client": client,
        "signed_on": item.stands_from,
    }


def _timed(act: Callable[[], object]) -> float:
    """Seconds of computing: what else runs on the machine is not counted."""
    before = time.process_time()
    act()
    return time.process_time() - before


def _memory() -> float:
    """The most that this process had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
