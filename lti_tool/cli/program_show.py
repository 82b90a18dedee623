"""attune programs show: what a program asks, in sentences."""

from collections.abc import Iterator

import click

from grading.program import Program, Requirement
from grading.telling.needs import asked, lines
from grading.telling.programs import CONFIDENCES, lifecycle_told, stage_told, transition_told
from grading.telling.said import told
from lti_tool.cli.program_reading import or_said, program_named
from lti_tool.documents.canonical import canonical


@click.command()
@click.argument("program", metavar="PROGRAM")
@click.option("--edition", default=None, help="Else the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print it in one form, however it was written.")
def show(program: str, edition: str | None, as_json: bool) -> None:
    """Show what PROGRAM asks, stage by stage: an id of `attune programs list`, or a file.

    Ends with 2 where it cannot be read.
    """
    with or_said():
        found = program_named(program, edition)
    click.echo(canonical(found) if as_json else "\n".join(_in_words(found)), nl=not as_json)


def marks(program: Program) -> str:
    """What is to be known before one relies on it."""
    found = (
        "illustrative: no recognition is claimed" if program.illustrative else "",
        "for comparison only: nobody can be certified under it" if program.comparison_only else "",
    )
    return "; ".join(filter(None, found))


def heading(program: Program) -> Iterator[str]:
    """Its name, edition, and what is to be known before one relies on it."""
    yield f"{program.name}, {program.body}, edition {program.edition}"
    if marks(program):
        yield f"({marks(program)})"


def _in_words(program: Program) -> Iterator[str]:
    yield from heading(program)
    if program.summary:
        yield program.summary
    since, until = program.effective_from, program.effective_until
    if since or until:
        yield f"People enter it {f'from {since} ' if since else ''}{f'until {until}' if until else ''}".rstrip()
    yield f"Days are read in the time zone {program.time_zone}."
    for stage in program.stages:
        yield ""
        yield f"Stage “{stage.title}” ({stage.key})"
        yield from (f"  {told(each)}" for each in stage_told(stage))
        for requirement in program.of_stage(stage.key):
            yield from _requirement(requirement)
    yield from _section("Time, decisions and money", [told(each) for each in lifecycle_told(program.lifecycle)])
    moves = [told(line) for each in program.transitions for line in transition_told(each)]
    yield from _section("Earlier editions", moves)
    yield from _section("Notes", list(program.notes))
    yield from _section("Sources", [f"{number}. {each}" for number, each in enumerate(program.sources, 1)])
    if program.read_on:
        yield f"  read in {program.read_on}"


def _requirement(requirement: Requirement) -> Iterator[str]:
    yield f"  - {requirement.title} ({requirement.key})"
    if requirement.shown_only:
        yield "      shown only: it stands in nobody's way"
    for deep, said in lines(asked(requirement.need)):
        yield f"      {'  ' * deep}{told(said)}"
    sources = ", ".join(map(str, requirement.sources))
    where = f"; source{'s' if len(requirement.sources) > 1 else ''} {sources}" if sources else ""
    yield f"      {CONFIDENCES[requirement.confidence].capitalize()}{where}"
    if requirement.note:
        yield f"      Note: {requirement.note}"


def _section(title: str, found: list[str]) -> Iterator[str]:
    if found:
        yield ""
        yield title
        yield from (f"  {each}" for each in found)
