"""attune rubrics: check, import, export and list rubrics."""

import click

from lti_tool.cli.rubric_check import check
from lti_tool.cli.rubric_schema import schema


@click.group()
def rubrics() -> None:
    """Check, import, export and list rubrics."""


rubrics.add_command(check)
rubrics.add_command(schema)
