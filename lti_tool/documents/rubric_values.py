"""What stands at the places of a rubric's document: as people type it, and whether two values say the same."""

from typing import Any

from lti_tool.documents.rubric_places import Kind
from rubrics.rubric import Principle


def as_text(kind: Kind, value: Any) -> str:
    """A field's value as a form holds it: lines one below the other, `yes` for what is ticked."""
    match kind:
        case Kind.LINES:
            return "\n".join(value)
        case Kind.PRINCIPLES:
            return "\n".join(each.value for each in Principle if each.value in value)
        case Kind.FLAG:
            return "yes" if value else ""
        case Kind.TEXT:
            return plain(str(value))
        case _:
            return str(value)


def from_text(kind: Kind, text: str) -> Any:
    """The value that a form holds so. Raises `ValueError` for what no form of ours sends."""
    text = plain(text)
    match kind:
        case Kind.LINES:
            return [line.strip() for line in text.split("\n") if line.strip()]
        case Kind.PRINCIPLES:
            chosen = {Principle(name) for name in text.split()}
            return [each.value for each in Principle if each in chosen]
        case Kind.FLAG:
            return text == "yes"
        case Kind.NUMBER:
            return int(text)
        case _:
            return text


def plain(text: str) -> str:
    """The text without what cannot be seen at its ends, its lines ended in one way."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def comparable(value: Any) -> Any:
    """What two values have in common when they say the same: positions, order of words and what is empty aside."""
    if isinstance(value, dict):
        found = {name: comparable(each) for name, each in value.items() if name != "position"}
        return {name: each for name, each in found.items() if each not in ("", [], {}, None, False)}
    if isinstance(value, list):
        items = [comparable(each) for each in value]
        of_words = all(isinstance(each, dict) and not ({"met_at", "competency"} & set(each)) for each in items)
        if of_words and items and all("key" in each or "number" in each for each in items):
            said = [each for each in items if set(each) - {"key", "number"}]
            return sorted(said, key=lambda each: (str(each.get("key", "")), each.get("number", 0)))
        return items
    return value
