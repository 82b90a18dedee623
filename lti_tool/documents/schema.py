"""JSON Schemas (2020-12) of what Attune reads and writes, made from the same models, so that both say the same."""

import json
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from lti_tool.documents.own_json import SCHEMA, DocumentEntries

_NAME = re.compile(r'"(?:#/\$defs/)?(?:_\w+|\w+Entries)"')


def document_schema() -> str:
    """The schema as it is published in `docs/schema/`, with a line end."""
    return schema_text(DocumentEntries, identifier=SCHEMA, title="Attune document, version 1")


def schema_text(model: type[BaseModel], *, identifier: str, title: str, mode: JsonSchemaMode = "validation") -> str:
    """The schema of what a model reads, or with `serialization` of what it writes, under this title."""
    found = _without_titles(model.model_json_schema(mode=mode))
    found = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifier,
        "title": title,
    } | found
    text = json.dumps(found, indent=2, ensure_ascii=False, sort_keys=False)
    return _NAME.sub(lambda name: name[0].replace("/_", "/").replace('"_', '"').replace("Entries", ""), text) + "\n"


def _without_titles(found: Any) -> Any:
    """Without the titles that only repeat a name; an entry that is called `title` stays."""
    if isinstance(found, list):
        return [_without_titles(each) for each in found]
    if not isinstance(found, dict):
        return found
    return {name: _without_titles(each) for name, each in found.items() if name != "title" or not isinstance(each, str)}
