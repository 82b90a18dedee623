"""attune frameworks: import, export and list competency frameworks."""

import click


@click.group()
def frameworks() -> None:
    """Import, export and list competency frameworks."""
