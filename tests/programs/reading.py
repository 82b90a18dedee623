"""Programs of `config/programs`, and evidence that tests write as a document."""

from datetime import UTC, date
from functools import cache

from grading.evidence import Evidence
from grading.program import Program
from grading.standing import Standing, standing
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.program import read_program
from lti_tool.paths import CONFIG

DAY = date(2026, 3, 1)
"""The day of the tests, where they name no other."""


@cache
def program(id_: str, edition: str | None = None) -> Program:
    """An edition of a shipped program; the newest where none is named."""
    path = CONFIG / "programs" / f"{id_}.toml"
    editions = read_program(path.read_text(encoding="utf-8"), source=path.name)
    return next((each for each in editions if each.edition == edition), editions[-1])


def evidence(text: str, *, as_of: date = DAY) -> Evidence:
    """Evidence of somebody, from the lists of a document."""
    head = f'person = "somebody"\nas_of = {as_of.isoformat()}\n'
    return read_evidence(head + text, zone=UTC, source="evidence")[0]


def stands(id_: str, text: str, *, on: date = DAY, edition: str | None = None) -> Standing:
    """Where somebody with this evidence stands in a shipped program."""
    return standing(program(id_, edition), evidence(text, as_of=on), on)
