"""The record that somebody takes along: its files with their digests, one JSON of it, an archive, and a PDF."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lti_tool.documents import typeset
from lti_tool.documents.paper import Size

PROGRAM, EVIDENCE, STANDING = "program.toml", "evidence.json", "standing.json"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of each file in the archive: the same record gives the same archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One requirement: its title, the word for its answer, how much there is, and what counts."""

    title: str
    word: str
    icon: str
    there: str
    things: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stage of the program."""

    title: str
    about: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What the PDF says, in the reader's language."""

    language: str
    title: str
    name: str
    program: str
    about: Sequence[str]
    sections: Sequence[Section]
    check_heading: str
    check: Sequence[str]
    digests: Sequence[tuple[str, str]]
    page: str


def command(edition: str | None = None) -> str:
    """What anybody can run beside the files."""
    named = f" --edition {json.dumps(edition)}" if edition else ""
    return f"attune programs standing {PROGRAM} {EVIDENCE}{named} --json"


def digest(text: str) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def digests(files: Mapping[str, str]) -> dict[str, str]:
    """Of each file, by its name."""
    return {name: digest(text) for name, text in sorted(files.items())}


def transcript_json(name: str, files: Mapping[str, str], how: str, made_at: datetime) -> str:
    """All in one, with a line end: `files` are the very texts, `evidence` and `standing` the same to read."""
    found: dict[str, Any] = {
        "format": "attune-transcript",
        "version": 1,
        "name": name,
        "made_at": made_at.isoformat(timespec="seconds"),
        "evidence": json.loads(files[EVIDENCE]),
        "standing": json.loads(files[STANDING]),
        "program": files[PROGRAM],
        "sha256": digests(files),
        "check_with": how,
    }
    return json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """The files as a ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in sorted(files.items()):
            into.writestr(zipfile.ZipInfo(name, _EARLIEST), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def pdf(printed: Printed, size: Size = Size.A4) -> bytes:
    """The record on paper, which screen readers can read too (PDF/UA). Raises `CannotPrint`."""
    return typeset.pdf("transcript.typ", "record", asdict(printed) | {"paper": size.value})
