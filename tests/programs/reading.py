"""Programs of `config/programs`, and evidence that tests write as a document."""

from datetime import UTC, date
from functools import cache

from grading.evidence import Evidence
from grading.program import Program
from grading.proof import Answer
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


def answers(found: Standing, stage: str) -> dict[str, Answer]:
    """The answer to each requirement that stands in the way of a stage."""
    asked = next(each for each in found.stages if each.stage.key == stage).requirements
    return {each.requirement.key: each.proof.answer for each in asked if not each.requirement.shown_only}


def open_in(found: Standing, stage: str) -> dict[str, Answer]:
    """The same, without what is met or not asked: empty where the stage is ready for a decision."""
    settled = (Answer.MET, Answer.NOT_APPLICABLE)
    return {key: answer for key, answer in answers(found, stage).items() if answer not in settled}
