"""The JSON Schema of a program's document, for editors and machines."""

from lti_tool.documents.program_entries import ProgramEntries
from lti_tool.documents.schema import schema_text

SCHEMA = "program-1.json"


def program_schema() -> str:
    """The schema as it is published in `docs/schema/`, with a line end."""
    return schema_text(ProgramEntries, identifier=SCHEMA, title="Attune program, version 1")
