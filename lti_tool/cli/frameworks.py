"""attune frameworks: import, export and list competency frameworks."""

import json
from pathlib import Path

import click

from lti_tool.cli.file_export import exporting, organization_kept, put_out
from lti_tool.cli.file_import import bring_in, importing
from lti_tool.cli.opening import DEFAULT_ORGANIZATION, session_on, settings_now
from lti_tool.documents.brought import Options
from lti_tool.services.competencies import frameworks as service
from lti_tool.services.exchange import taking_along


@click.group()
def frameworks() -> None:
    """Import, export and list competency frameworks."""


@frameworks.command(name="import")
@importing
def import_(file: Path, encoding: str | None, separator: str | None, language: str | None, **chosen: object) -> None:
    """Bring a framework in, after saying what would change.

    What else the file holds comes in too. Competencies that are not in the file any more are kept, with the day.
    Ends with 0 where it is done or there is nothing to do, 1 where the file cannot be taken in as it is, 2 where it
    cannot be read.
    """
    bring_in(file, options=Options(encoding, separator, language), **chosen)  # type: ignore[arg-type]  # from click


@frameworks.command()
@exporting
def export(key: str, kind: str | None, output: Path | None, organization: str) -> None:
    """Write a framework, by its key or identifier, to a file."""
    put_out(key, kind, output, organization, taking_along.framework_named)


@frameworks.command(name="list")
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(organization: str, as_json: bool) -> None:
    """Show the frameworks: key, title, how many competencies they have, license."""
    with session_on(settings_now()) as session:
        found = service.frameworks(session, organization_kept(session, organization))
    if as_json:
        click.echo(json.dumps({"frameworks": [_as_json(each) for each in found]}, ensure_ascii=False))
        return
    for each in found:
        rights = each.framework.license or "no license named"
        click.echo(f"{each.framework.key}  {each.framework.title}  {each.competencies} competencies, {rights}")
    if not found:
        click.echo("There are no frameworks yet. Begin with: attune frameworks import FILE")


def _as_json(each: service.Known) -> dict[str, object]:
    return {
        "key": each.framework.key,
        "identifier": each.framework.identifier,
        "title": each.framework.title,
        "competencies": each.competencies,
        "license": each.framework.license,
        "bundled": each.bundled,
    }
