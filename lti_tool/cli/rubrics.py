"""attune rubrics: check, import, export and list rubrics."""

import click


@click.group()
def rubrics() -> None:
    """Check, import, export and list rubrics."""
