"""attune rubrics: check, import, export and list rubrics."""

import json
from pathlib import Path

import click

from lti_tool.cli.file_export import exporting, organization_kept, put_out
from lti_tool.cli.file_import import bring_in, importing
from lti_tool.cli.opening import DEFAULT_ORGANIZATION, session_on, settings_now
from lti_tool.cli.rubric_check import check
from lti_tool.cli.rubric_schema import schema
from lti_tool.documents.brought import Options
from lti_tool.services.exchange import taking_along
from lti_tool.services.exchange.taking_along import KeptRubric


@click.group()
def rubrics() -> None:
    """Check, import, export and list rubrics."""


rubrics.add_command(check)
rubrics.add_command(schema)


@rubrics.command(name="import")
@importing
def import_(file: Path, encoding: str | None, separator: str | None, language: str | None, **chosen: object) -> None:
    """Bring rubrics in as drafts, after saying what would change.

    What else the file holds comes in too. Ends with 0 where it is done or there is nothing to do, 1 where the file
    cannot be taken in as it is, 2 where it cannot be read.
    """
    bring_in(file, options=Options(encoding, separator, language), **chosen)  # type: ignore[arg-type]  # from click


@rubrics.command()
@exporting
def export(key: str, kind: str | None, output: Path | None, organization: str) -> None:
    """Write the newest edition of a rubric to a file; its draft while none is published."""
    put_out(key, kind, output, organization, taking_along.rubric_named)


@rubrics.command(name="list")
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(organization: str, as_json: bool) -> None:
    """Show the rubrics: key, title, edition, and whether someone writes the next one."""
    with session_on(settings_now()) as session:
        found = taking_along.kept_rubrics(session, organization_kept(session, organization))
    if as_json:
        click.echo(json.dumps({"rubrics": [_as_json(each) for each in found]}, ensure_ascii=False))
        return
    for each in found:
        click.echo(f"{each.key}  {each.title}  {_state(each)}")
    if not found:
        click.echo("There are no rubrics yet. Begin with: attune rubrics import FILE")


def _as_json(each: KeptRubric) -> dict[str, object]:
    return {
        "key": each.key,
        "title": each.title,
        "edition": each.edition,
        "draft": each.writing,
        "retired": each.retired,
    }


def _state(each: KeptRubric) -> str:
    states = (
        f"edition {each.edition}" if each.edition else "",
        "draft" if each.writing else "",
        "retired" if each.retired else "",
    )
    return ", ".join(filter(None, states))
