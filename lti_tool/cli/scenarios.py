"""attune scenarios: check, import and export scenarios."""

import sys
from pathlib import Path

import click

from lti_tool.cli.file_export import organization_kept
from lti_tool.cli.opening import DEFAULT_ORGANIZATION, now, session_on, settings_now
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.scenario import MOST_BYTES, read_scenarios
from lti_tool.documents.wording import bundled_rules
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.exchange import scenario_files
from lti_tool.services.organizations import organization_named
from rubrics.scenario import Scenario, problems, texts
from rubrics.wording import lint_text

BLOCKED, UNREADABLE = 1, 2


@click.group()
def scenarios() -> None:
    """Check, import and export scenarios."""


@scenarios.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def check(files: tuple[Path, ...]) -> None:
    """Look at scenarios in files: what is still to come before they can be offered, and which words to find others for.

    Ends with 0 where only a review is still to come, 1 where something else is, 2 where a file cannot be read.
    Needs no database and no settings.
    """
    found = [(path, scenario) for path in files for scenario in _read(path)]
    blocked = False
    for path, scenario in found:
        to_mend = _to_mend(scenario)
        blocked = blocked or bool(to_mend)
        click.echo(f"{path}, {scenario.title}: {f'{len(to_mend)} to mend' if to_mend else 'nothing to mend'}")
        for place, sentence in to_mend:
            click.echo(f"  {place}: {sentence}")
    sys.exit(BLOCKED if blocked else 0)


@scenarios.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
def import_(file: Path, organization: str) -> None:
    """Bring scenarios in as drafts, to be reviewed before they are offered. The same file twice changes nothing."""
    text = _content(file)
    _read(file)
    with session_on(settings_now()) as session:
        by = Author(organization_named(session, organization, now()), None)
        count = scenario_files.bring(session, by, text, now())
    click.echo(f"{count} brought in as drafts." if count else "All of them were there already.")


@scenarios.command()
@click.option("--output", default=None, type=click.Path(dir_okay=False, path_type=Path), help="Else it is printed.")
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
def export(output: Path | None, organization: str) -> None:
    """Write the scenarios that are offered or being written to a file, as TOML."""
    with session_on(settings_now()) as session:
        file = scenario_files.take_along(session, organization_kept(session, organization))
    if output is None:
        click.echo(file.content, nl=False)
    else:
        output.write_bytes(file.content)
        click.echo(f"{output}: {len(file.content)} bytes.")


def _to_mend(scenario: Scenario) -> list[tuple[str, str]]:
    found = [(problem.place, problem.sentence) for problem in problems(scenario)]
    for text in texts(scenario):
        wounding = (finding for finding in lint_text(text, bundled_rules()) if finding.blocks)
        found += [(finding.place, finding.in_english()) for finding in wounding]
    return found


def _read(path: Path) -> tuple[Scenario, ...]:
    """What the file holds. Ends the command where it cannot be read."""
    try:
        return read_scenarios(_content(path), source=str(path))
    except DocumentProblems as unreadable:
        click.echo(str(unreadable), err=True)
        sys.exit(UNREADABLE)


def _content(path: Path) -> str:
    try:
        content = path.read_bytes()
        if len(content) > MOST_BYTES:
            raise DocumentProblems(DocumentProblem(str(path), "the whole file", "It is larger than 1 MB."))
        return content.decode("utf-8-sig")
    except (DocumentProblems, OSError, UnicodeDecodeError) as problem:
        click.echo(f"{path} cannot be read: {problem}", err=True)
        sys.exit(UNREADABLE)
