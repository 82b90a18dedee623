"""The record of runs: docs/soak.md."""

import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tests.project import ROOT
from tests.soak.run import Outcome
from tests.soak.watch import BARE

DOCUMENT = ROOT / "docs" / "soak.md"
FEWEST = 20
"""Of fewer requests no 95th percentile is told."""
TEXT = """\
# Under load and fault

Many people work at the same time: each comes in from the LMS; half of them ask to be observed and answer, the other \
half open the form, rate with an autosave for each field, share, and sign. Meanwhile things go wrong, one after the \
other. Whoever gets no answer tries again, with the same form, as people do. Then it is compared, word for word, \
whether all that people typed and were told is kept is there: [what is compared](../tests/soak/checking.py), [what \
people do](../tests/soak/people.py), [what goes wrong](../tests/soak/faults.py).

- With nothing wrong nobody meets an error. While something is wrong, people read a sentence (or what their browser \
says where nobody answers), and a page that tells of it shows again what they typed.
- Every field that was acknowledged is in the database, and in the document that was signed; nothing is there twice.
- While the LMS is down, nobody who is signed in notices. Afterwards each score is with the LMS, without anybody \
doing anything.
- The audit's chain is whole.

`make soak` does this on PostgreSQL (one `attune serve` with two web processes, two `attune worker`) and on SQLite \
(one `attune serve`), beside a practice LMS, all of it and all browsers on one machine, and writes this file. `make \
soak PEOPLE=40 MINUTES=2 DATABASE=sqlite` is a shorter one; a short form is part of `make test-all`. As root it \
mounts a small disk for the database, which can be full; without that right the processes that write are told that \
no file may grow.

Day: {day}. Python {python}, a machine with {cores} cores, on which LMS and browsers run, too.

{runs}

## How long answers took

The 95th percentile of each kind of request, as a multiple of that of a bare page of the same server in the same run \
(`/health`, which asks nothing of the database), as people met it while nothing was wrong; then over the whole run, \
with the faults in it. In brackets, how many requests there were in the whole run. Where a kind was asked for fewer \
than {fewest} times, nothing is said.

{times}

## What went wrong, and what people met

{faults}
"""
LINES: dict[str, Callable[[Outcome], object]] = {
    "people at once": lambda one: one.order.people,
    "minutes": lambda one: f"{one.order.minutes:g}",
    "seconds between two things that a person does, on average": lambda one: f"{one.order.think:.1f}",
    "requests": lambda one: f"{sum(map(len, one.watch.times(calm=False).values())):,}",
    "launches": lambda one: f"{one.launches:,}",
    "observations": lambda one: f"{one.observations:,}",
    "of these signed": lambda one: f"{one.signed:,}",
    "fields that were typed": lambda one: f"{one.fields:,}",
    "fields lost": lambda one: sum("should be" in problem for problem in one.problems),
    "errors with nothing wrong": lambda one: sum("nothing wrong" in problem for problem in one.problems),
    "people whose score the LMS shows": lambda one: f"{one.lms_shows:,}",
    "seconds until no score waited": lambda one: f"{one.until_nothing_waited:.0f}",
    "what was not as it should be": lambda one: len(one.problems),
}


def write(outcomes: Sequence[Outcome]) -> None:
    """Write the record."""
    text = TEXT.format(
        day=datetime.now(UTC).date(),
        python=platform.python_version(),
        cores=os.cpu_count(),
        fewest=FEWEST,
        runs=_table(_head(outcomes), [[name, *map(str, map(of, outcomes))] for name, of in LINES.items()]),
        times=_table(_head(outcomes), _times(outcomes)),
        faults="\n\n".join(_fault_table(outcome) for outcome in outcomes),
    )
    DOCUMENT.write_text(text, encoding="utf-8")


def _head(outcomes: Sequence[Outcome]) -> list[str]:
    return ["", *(outcome.order.database for outcome in outcomes)]


def _times(outcomes: Sequence[Outcome]) -> list[list[str]]:
    calm = [outcome.watch.times(calm=True) for outcome in outcomes]
    whole = [outcome.watch.times(calm=False) for outcome in outcomes]
    kinds = sorted({kind for times in whole for kind in times} - {BARE})
    return [[kind, *(_ratios(quiet, all_, kind) for quiet, all_ in zip(calm, whole, strict=True))] for kind in kinds]


def _ratios(calm: dict[str, list[float]], whole: dict[str, list[float]], kind: str) -> str:
    bare = p95(calm.get(BARE, ()))
    told = [_ratio(p95(times.get(kind, ())), bare) for times in (calm, whole)]
    return f"{told[0]}; {told[1]} ({len(whole.get(kind, ())):,})"


def _ratio(value: float | None, bare: float | None) -> str:
    return "–" if value is None or not bare else f"{value / bare:.1f}"


def p95(values: Sequence[float]) -> float | None:
    """The value that 95 of 100 do not exceed; None where there are too few."""
    return sorted(values)[int(len(values) * 0.95)] if len(values) >= FEWEST else None


def _fault_table(outcome: Outcome) -> str:
    rows = []
    for span, fault in zip(outcome.watch.spans, outcome.faults, strict=True):
        seen = outcome.watch.seen.get(span.name, {})
        rows.append(
            [
                f"{fault.name}: {fault.what}",
                f"{span.ended - span.began:.0f}",
                f"{max(0.0, span.well_again - span.ended):.0f}",
                f"{outcome.watch.taken[span.name]:,}",
                f"{sum(seen.values()):,}",
                "; ".join(f"{text} ({number:,})" for text, number in seen.items()) or "nothing of it",
            ]
        )
    head = [
        outcome.order.database, "seconds", "seconds until well again", "what people did that worked meanwhile",
        "tries that did not", "what people read",
    ]  # fmt: skip
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
