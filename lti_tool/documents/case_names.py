"""How Attune says in CASE what CASE has no member for, and finds it again.

What is ours stands in `extensions`, below one name; addresses of our own are URNs; what nobody dated has a date that
nobody means.
"""

from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID, uuid5

from grading.competency import Kind

OWN = "attune"
"""The name below which everything of ours stands in `extensions`."""
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""CASE wants a date of the last change everywhere; this one says that nobody knows."""

_NAMES = UUID("5d0f7b0a-8f0e-4a55-9a41-6a2f2f7c9b3e")


def uuid_for(*names: str) -> str:
    """A UUID that is the same for the same names everywhere."""
    return str(uuid5(_NAMES, "\n".join(names)))


def is_uuid(text: str) -> bool:
    """Whether it is a UUID in small letters."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def urn(identifier: str) -> str:
    """The address of what has none on the web."""
    return f"urn:uuid:{identifier}" if is_uuid(identifier) else f"urn:x-attune:{quote(identifier, safe='')}"


def address(uri: str, identifier: str) -> str:
    """Where the source keeps it, word for word; empty where the address only says the identifier again."""
    return "" if uri == urn(identifier) else uri


def moment(changed_at: datetime | None) -> str:
    """As CASE writes it."""
    return (changed_at or UNDATED).isoformat().replace("+00:00", "Z")


def dated(found: datetime | None) -> datetime | None:
    """What `moment` wrote."""
    return None if found == UNDATED else found


def word_for(kind: Kind | None, type_name: str) -> str:
    """The word that the source uses, or ours; empty where there is neither."""
    return type_name or (kind.value.capitalize() if kind else "")


def kind_of(word: str) -> tuple[Kind | None, str]:
    """The kind that a source means, and its own word for it where that is not ours."""
    kind = next((each for each in Kind if each.value == word.casefold()), None)
    return kind, "" if kind and word == word_for(kind, "") else word
