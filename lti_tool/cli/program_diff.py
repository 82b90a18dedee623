"""attune programs diff: two editions, or two programs, side by side."""

import sys
from collections.abc import Iterator, Mapping

import click

from grading.telling.differences import Became, Difference, differences
from grading.telling.said import told
from lti_tool.cli.program_reading import or_said, program_named

DIFFERENT = 1
_BECAME: Mapping[Became, str] = {
    Became.ADDED: "added",
    Became.TAKEN_AWAY: "taken away",
    Became.CHANGED: "changed",
}
_WHAT = {"program": "The program", "stages": "Stage", "requirements": "Requirement", "lifecycle": "Time and decisions"}


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
def diff(before: str, after: str) -> None:
    """Say what B adds to A, takes away and changes. Each is an id, `id@edition`, or a file.

    Ends with 0 where both ask and promise the same, 1 where something differs, 2 where one cannot be read.
    """
    with or_said():
        first, second = program_named(before), program_named(after)
    found = differences(first, second)
    click.echo(f"From {first.id}, edition {first.edition}, to {second.id}, edition {second.edition}")
    if not found:
        click.echo("Both ask and promise the same.")
        return
    for each in found:
        click.echo("\n".join(_in_words(each)))
    sys.exit(DIFFERENT)


def _in_words(found: Difference) -> Iterator[str]:
    named = f" {found.key}" if found.key else ""
    yield f"{_WHAT[found.what]}{named}: {_BECAME[found.kind]}"
    yield from (f"  - {told(each)}" for each in found.before)
    yield from (f"  + {told(each)}" for each in found.after)
