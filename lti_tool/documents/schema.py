"""The JSON Schema (2020-12) of Attune's own document, made from what reads it, so that both say the same."""

import json
import re
from typing import Any

from lti_tool.documents.own_json import SCHEMA, DocumentEntries

_NAME = re.compile(r'"(?:#/\$defs/)?(?:_\w+|\w+Entries)"')


def document_schema() -> str:
    """The schema as it is published in `docs/schema/`, with a line end."""
    found = _without_titles(DocumentEntries.model_json_schema())
    found = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "Attune document, version 1",
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
