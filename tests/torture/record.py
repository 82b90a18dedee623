"""The record of runs: docs/torture.md."""

import os
import platform
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tests.project import ROOT
from tests.torture.run import Outcome

DOCUMENT = ROOT / "docs" / "torture.md"
TEXT = """\
# Proof under fire

Sign-offs were released while everything around them went wrong: the LMS answered with faults at random, \
Attune's processes were ended with `kill -9`, its database was restarted without a goodbye, and the clocks on both \
sides were wrong. Then it was calm, and the gradebook was compared with what it should show: with what the plan of \
the run says, not with what Attune thinks. [The weather](../tests/torture/weather.py) says which faults there are, \
[the checks](../tests/torture/checking.py) say what was looked at:

- every trainee has a row, and none was lost;
- every cell shows what it should, or its row says that a person is needed, after a refusal out of the blue;
- no score was taken twice in a row by the LMS, but where it was to be shown, then another, and then it again, and what
  was sent in between got no answer: a later timestamp keeps that from arriving after all;
- the timestamps that the LMS took grew by whole seconds for each cell, whatever the clocks did;
- an instructor then sent again, by one press, what waited for a person, and every cell was as it should be.

`make torture` does this for a strict LMS, Moodle and Canvas, each with a PostgreSQL, one `attune serve` and two \
`attune worker`, and writes this file. `make torture SEED={seed} ROWS={rows} PROFILE={profile} DATABASE={database}` \
does the first of the runs below again: the same plan, the same weather for each call of a service, the same order of \
blows. What the processes do between them is never quite the same twice, so the numbers differ a little. A short form \
with some hundred sign-offs is part of `make test-all`.

Time passes by putting all clocks forward (`ATTUNE_LAB_CLOCK`): "nights" says how often. A row is a cell of the \
gradebook: one trainee in one column.

Day: {day}. Python {python}, a machine with {cores} cores that did other work too.

{runs}

## Faults

How many calls of the LMS's services met what.

{faults}

## How rows stood

After the storm and the nights, before anybody pressed anything; what waited for a person with the last answer.

{stands}
"""

LINES: dict[str, Callable[[Outcome], object]] = {
    "seed": lambda one: one.order.seed,
    "database": lambda one: one.order.database,
    "rows": lambda one: f"{one.order.rows:,}",
    "sign-offs": lambda one: f"{one.sign_offs:,}",
    "of these superseded": lambda one: f"{one.superseded:,}",
    "calls of services in the storm": lambda one: f"{_calls(one):,}",
    "faults": lambda one: f"{_faults(one).total():,}",
    "`kill -9` of `attune serve`": lambda one: one.kills["web"],
    "`kill -9` of `attune worker`": lambda one: _of(one.kills, "worker"),
    "`kill -9` of processes that release": lambda one: _of(one.kills, "releases"),
    "processes that ended by themselves and were started again": lambda one: one.ends.total(),
    "restarts of the database": lambda one: one.restarts,
    "clocks put wrong": lambda one: one.clocks,
    "nights": lambda one: one.nights,
    "scores that the LMS took": lambda one: f"{one.accepted:,}",
    "rows that waited for a person": lambda one: _needed_a_person(one),
    "rows as they should be in the end": lambda one: f"{one.in_the_end['accepted']:,}",
    "what was not as it should be": lambda one: len(one.problems),
    "minutes of storm": lambda one: f"{one.seconds['storm'] / 60:.1f}",
    "minutes until nothing waited": lambda one: f"{one.seconds['calm'] / 60:.1f}",
}


def write(outcomes: Sequence[Outcome]) -> None:
    """Write the record."""
    order = outcomes[0].order
    text = TEXT.format(
        seed=order.seed,
        rows=order.rows,
        profile=order.profile,
        database=order.database,
        day=datetime.now(UTC).date(),
        python=platform.python_version(),
        cores=os.cpu_count(),
        runs=_table(outcomes, LINES),
        faults=_counted(outcomes, [_faults(one) for one in outcomes]),
        stands=_counted(outcomes, [one.after_the_storm for one in outcomes]),
    )
    DOCUMENT.write_text(text, encoding="utf-8")


def _table(outcomes: Sequence[Outcome], lines: dict[str, Callable[[Outcome], object]]) -> str:
    head = ["", *(outcome.order.profile for outcome in outcomes)]
    rows = [head, ["---"] * len(head)]
    rows += [[name, *(str(value(outcome)) for outcome in outcomes)] for name, value in lines.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _counted(outcomes: Sequence[Outcome], counters: Sequence[Counter[str]]) -> str:
    names = sorted({name for counter in counters for name in counter})
    of = {id(outcome): counter for outcome, counter in zip(outcomes, counters, strict=True)}
    return _table(outcomes, {name: lambda one, name=name: f"{of[id(one)][name]:,}" for name in names})  # type: ignore[misc]


def _calls(one: Outcome) -> int:
    return sum(number for name, number in one.faults.items() if " " not in name)


def _faults(one: Outcome) -> Counter[str]:
    return Counter({name: number for name, number in one.faults.items() if " " in name})


def _of(counter: Counter[str], beginning: str) -> int:
    return sum(number for name, number in counter.items() if name.startswith(beginning))


def _needed_a_person(one: Outcome) -> int:
    return sum(number for name, number in one.after_the_storm.items() if name not in ("accepted", "waiting"))
