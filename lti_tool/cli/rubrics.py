"""attune rubrics: check, import, export and list rubrics."""

import click

from lti_tool.cli.rubric_check import check


@click.group()
def rubrics() -> None:
    """Check, import, export and list rubrics."""


rubrics.add_command(check)
