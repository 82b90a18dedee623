"""The JSON-LD contexts of credentials: the two that we name, kept with us, and no other.

They are data of others, in config/credentials with their origin, license and digest.
"""

import json
import tomllib
from functools import cache
from typing import Any

from lti_tool.paths import CONFIG

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FOLDER = CONFIG / "credentials"


class UnknownContext(Exception):
    """A document names a context that we do not keep; the message is its address."""


@cache
def known() -> dict[str, dict[str, Any]]:
    """Every context that we keep, by its address."""
    listed = tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))["contexts"]
    return {each["url"]: json.loads((FOLDER / each["file"]).read_text(encoding="utf-8")) for each in listed}


def load(url: str, _options: object = None) -> dict[str, Any]:
    """The document loader for PyLD: it never asks the network. Raises `UnknownContext`."""
    document = known().get(url)
    if document is None:
        raise UnknownContext(url)
    return {"contextUrl": None, "documentUrl": url, "document": document, "contentType": "application/ld+json"}
