"""attune programs: what certifications ask, and where somebody stands.

Only `enable` and `enroll` need a database and settings.
"""

import json
import sys
from collections.abc import Callable

import click

from lti_tool.cli.program_check import check
from lti_tool.cli.program_diff import diff
from lti_tool.cli.program_show import marks, show
from lti_tool.cli.program_standing import standing
from lti_tool.cli.program_use import enable, enroll
from lti_tool.documents.evidence_schema import evidence_schema
from lti_tool.documents.program_schema import program_schema
from lti_tool.documents.shipped_programs import ProgramFile, shipped
from lti_tool.documents.standing_json import standing_schema

UNREADABLE = 1
SCHEMAS: dict[str, Callable[[], str]] = {
    "program": program_schema,
    "evidence": evidence_schema,
    "standing": standing_schema,
}


@click.group()
def programs() -> None:
    """Show, check and compare certification programs, ask where somebody stands in one, take one into use."""


for command in (check, show, diff, standing, enable, enroll):
    programs.add_command(command)


@programs.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(as_json: bool) -> None:
    """Show the programs that come with Attune. None of them is in use by itself.

    Ends with 1 where one of them cannot be read; the others are shown all the same.
    """
    found = shipped()
    if as_json:
        click.echo(json.dumps({"programs": [_as_json(each) for each in found]}, ensure_ascii=False, indent=2))
    else:
        for each in found:
            click.echo("\n".join(_in_words(each)))
    sys.exit(UNREADABLE if any(each.problems for each in found) else 0)


@programs.command()
@click.argument("which", type=click.Choice(sorted(SCHEMAS)), default="program")
def schema(which: str) -> None:
    """Print the JSON Schema (2020-12) of a program, of evidence, or of a standing."""
    click.echo(SCHEMAS[which](), nl=False)


def _in_words(found: ProgramFile) -> list[str]:
    if not found.editions:
        reasons = (f"  {each.place}: {each.sentence}" for each in found.problems)
        return [f"{found.path.name}: cannot be read", *reasons]
    newest = found.editions[-1]
    editions = ", ".join(each.edition for each in found.editions)
    lines = [f"{newest.id}  {newest.name}, {newest.body}", f"  editions: {editions}"]
    return [*lines, f"  {marks(newest)}"] if marks(newest) else lines


def _as_json(found: ProgramFile) -> dict[str, object]:
    if not found.editions:
        return {"file": found.path.name, "unreadable": [f"{each.place}: {each.sentence}" for each in found.problems]}
    newest = found.editions[-1]
    return {
        "file": found.path.name,
        "id": newest.id,
        "name": newest.name,
        "body": newest.body,
        "country": newest.country,
        "editions": [each.edition for each in found.editions],
        "illustrative": newest.illustrative,
        "comparison_only": newest.comparison_only,
    }
