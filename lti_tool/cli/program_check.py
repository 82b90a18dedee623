"""attune programs check: what in a program's rules cannot be, is not known, or can be read in two ways."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from grading.checking.findings import Severity
from lti_tool.documents.program_check import CheckedProgram, Found, check_files

TO_MEND, UNREADABLE = 1, 2
SAID = {Severity.MEND: "to mend", Severity.CHOOSE: "to choose", Severity.LOOK: "worth a look"}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--strict", is_flag=True, help="End with 1 for what is only worth a look too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(files: Sequence[Path], strict: bool, as_json: bool) -> None:
    """Look at programs in files: what cannot be met, what nothing knows, what can be read in two ways.

    Files with the same id are looked at together, as editions of one program. Ends with 0 where nothing is to mend or
    to choose, 1 where something is, 2 where a file cannot be read. Needs no database and no settings.
    """
    checked = check_files(files)
    if as_json:
        click.echo(json.dumps(_as_json(checked), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(line for each in checked for line in _in_words(each)))
    if any(each.unreadable for each in checked):
        sys.exit(UNREADABLE)
    severities = {found.finding.severity for each in checked for found in each.found}
    if severities & {Severity.MEND, Severity.CHOOSE} or (strict and severities):
        sys.exit(TO_MEND)


def _in_words(checked: CheckedProgram) -> Iterator[str]:
    if checked.unreadable:
        yield f"{checked.files[0]}: cannot be read"
        yield from (f"  {each.place}: {each.sentence}" for each in checked.unreadable)
        return
    named = ", ".join(checked.files)
    counts = Counter(found.finding.severity for found in checked.found)
    said = "; ".join(f"{counts[severity]} {words}" for severity, words in SAID.items() if counts[severity])
    yield f"{named}: {said or 'nothing to mend'}"
    for found in checked.found:
        yield from _finding_in_words(found, several=len(checked.files) > 1)


def _finding_in_words(found: Found, *, several: bool) -> Iterator[str]:
    finding = found.finding
    where = [found.file] if several else []
    where += [f"line {found.line}"] if found.line else []
    where += [f"{finding.requirement}: {finding.place}" if finding.requirement else finding.place]
    yield f"  {SAID[finding.severity]}: {', '.join(where)}"
    yield f"    {finding.in_english()}"


def _as_json(checked: Sequence[CheckedProgram]) -> dict[str, object]:
    counts = Counter(found.finding.severity for each in checked for found in each.found)
    return {
        "programs": [_program(each) for each in checked],
        **{severity.value: counts[severity] for severity in Severity},
    }


def _program(checked: CheckedProgram) -> dict[str, object]:
    return {
        "files": list(checked.files),
        "program": checked.program,
        "findings": [_finding(each) for each in checked.found],
        "unreadable": [{"place": each.place, "sentence": str(each.sentence)} for each in checked.unreadable],
    }


def _finding(found: Found) -> dict[str, object]:
    finding = found.finding
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "requirement": finding.requirement,
        "place": finding.place,
        "file": found.file,
        "line": found.line,
        "sentence": finding.in_english(),
        "also": list(finding.also),
        "editions": list(finding.editions),
    }
