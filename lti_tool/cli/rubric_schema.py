"""attune rubrics schema: the form of Attune's own document, for machines."""

import click

from lti_tool.documents.schema import document_schema


@click.command()
def schema() -> None:
    """Print the JSON Schema (2020-12) of Attune's own document, which holds rubrics and frameworks.

    Needs no database and no settings.
    """
    click.echo(document_schema(), nl=False)
