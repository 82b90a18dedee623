"""The JSON Schema of an evidence document, for editors and machines."""

from lti_tool.documents.evidence_entries import EvidenceEntries
from lti_tool.documents.schema import schema_text

SCHEMA = "evidence-1.json"


def evidence_schema() -> str:
    """The schema as it is published in `docs/schema/`, with a line end."""
    return schema_text(EvidenceEntries, identifier=SCHEMA, title="Attune evidence, version 1")
