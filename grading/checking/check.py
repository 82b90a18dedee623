"""Everything to look at again in a program, in all its editions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from grading.checking.between import between
from grading.checking.days import days
from grading.checking.findings import Finding, Severity
from grading.checking.lifecycles import lifecycles
from grading.checking.names import unknown_names
from grading.checking.numbers import numbers
from grading.checking.pots import pots
from grading.checking.readings import readings
from grading.checking.references import references
from grading.checking.totals import totals
from grading.program import Program

CHECKS: Sequence[Callable[[Program], Iterator[Finding]]] = (
    references, unknown_names, numbers, totals, days, pots, lifecycles, readings,
)  # fmt: skip
"""What is looked at in each edition by itself."""
_ORDER = (Severity.MEND, Severity.CHOOSE, Severity.LOOK)


def check(editions: Iterable[Program]) -> tuple[Finding, ...]:
    """What is found in the editions of one program: what must be mended first, then in the order of the document.

    What is so in several editions is found once, and names them. Nothing is raised for any program that can be read.
    """
    programs = tuple(editions)
    found: dict[tuple[object, ...], Finding] = {}
    for program in programs:
        for look in CHECKS:
            for finding in look(program):
                _take(found, replace(finding, editions=(program.edition,)))
    for finding in between(programs):
        _take(found, finding)
    places = {key: number for number, key in enumerate(_keys(programs))}
    last = len(places)
    return tuple(
        sorted(
            found.values(),
            key=lambda each: (_ORDER.index(each.severity), places.get(each.requirement, last), each.place),
        )
    )


def _take(found: dict[tuple[object, ...], Finding], finding: Finding) -> None:
    key = (finding.requirement, finding.place, finding.code, finding.in_english())
    before = found.get(key)
    editions = dict.fromkeys((*(before.editions if before else ()), *finding.editions))
    found[key] = replace(finding, editions=tuple(editions))


def _keys(programs: Sequence[Program]) -> Iterator[str]:
    yield from dict.fromkeys(each.key for program in programs for each in program.requirements)
