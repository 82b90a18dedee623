"""attune programs standing: where somebody stands, from files, with the reasons."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from grading.evidence import Evidence
from grading.program import Program
from grading.proof import Answer
from grading.standing import StageStanding, Standing, Weighed
from grading.standing import standing as stands
from grading.telling.proofs import Group, Told, tell
from grading.telling.said import number_text, told
from lti_tool.cli.program_reading import UNREADABLE, Day, or_said
from lti_tool.cli.program_show import heading
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.shipped_programs import edition_of, editions_of, text_in
from lti_tool.documents.standing_json import requirement_json, standing_json
from rubrics.refusal import _N

MOST_NAMED = 6
"""Of things that were left out for one reason, so many are named; `--json` names all."""
MOST_PARTS = 12
"""Of weeks and the like that are met, no more are written out."""


@click.command()
@click.argument("program", metavar="PROGRAM")
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option("--on", type=Day(), default=None, help="The day that is asked about. Else the day of the evidence.")
@click.option("--edition", default=None, help="Else as the evidence says, or by the day of entering, or the newest.")
@click.option("--what-if", "more", type=click.Path(path_type=Path), default=None, help="More evidence, imagined.")
@click.option("--requirement", "key", default=None, help="Only the requirement of this key.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (see `schema standing`).")
def standing(
    program: str,
    evidence: Path,
    *,
    on: date | None,
    edition: str | None,
    more: Path | None,
    key: str | None,
    as_json: bool,
) -> None:
    """Say where the person of EVIDENCE (TOML or JSON) stands in PROGRAM (an id, `id@edition` or a file), and why.

    Nothing is decided and nothing is kept. Ends with 2 where a file cannot be read.
    """
    with or_said():
        chosen, known, written_on = _read(program, edition, evidence)
        if more is not None:
            known = _with(known, _evidence(more, chosen)[0], more)
    found = stands(chosen, known, on or written_on)
    if key is not None and not any(each.requirement.key == key for each in _weighed(found)):
        asked = ", ".join(each.requirement.key for each in _weighed(found))
        click.echo(f"There is no requirement “{key}”. The requirements are: {asked}.", err=True)
        sys.exit(UNREADABLE)
    if as_json:
        click.echo(requirement_json(found, chosen, key) if key else standing_json(found, chosen), nl=False)
        return
    click.echo("\n".join(_in_words(found, chosen, key)))


def _read(program: str, edition: str | None, path: Path) -> tuple[Program, Evidence, date]:
    if edition is None and "@" in program and not Path(program).exists():
        program, _, edition = program.rpartition("@")
    editions = editions_of(program)
    known, written_on = _evidence(path, editions[-1])
    return _edition(editions, edition or known.edition, known.entered_on), known, written_on


def _evidence(path: Path, program: Program) -> tuple[Evidence, date]:
    return read_evidence(text_in(path), zone=ZoneInfo(program.time_zone), source=path.name)


def _edition(editions: Sequence[Program], named: str | None, entered: date | None) -> Program:
    if named is not None:
        return edition_of(editions, named)
    if entered is None:
        return editions[-1]
    there = [
        each for each in editions if (each.effective_from or entered) <= entered <= (each.effective_until or entered)
    ]
    return there[-1] if there else editions[-1]


def _with(known: Evidence, imagined: Evidence, path: Path) -> Evidence:
    """The evidence with more. Raises `DocumentProblems` where that is of somebody else, or there already."""
    if imagined.person != known.person:
        sentence = _N("This is evidence of “%(found)s”. Please bring more of “%(person)s”.")
        said = Sentence(sentence, found=imagined.person, person=known.person)
        raise DocumentProblems(DocumentProblem(path.name, "person", said))
    ids = {each.id for each in known.items}
    twice = [each.id for each in imagined.items if each.id in ids]
    if twice:
        sentence = _N("“%(id)s” is there twice. Each thing needs an id of its own.")
        raise DocumentProblems(*(DocumentProblem(path.name, "id", Sentence(sentence, id=each)) for each in twice))
    return replace(
        known.with_items(imagined.items),
        decisions=(*known.decisions, *imagined.decisions),
        pauses=(*known.pauses, *imagined.pauses),
    )


# ---- in words ----


def _weighed(found: Standing) -> list[Weighed]:
    return [each for stage in found.stages for each in stage.requirements]


def _in_words(found: Standing, program: Program, key: str | None) -> Iterator[str]:
    yield from heading(program)
    yield f"{found.person} on {found.on}, in the time zone {program.time_zone}"
    if found.changes_on:
        yield f"Time alone may change an answer next on {found.changes_on}."
    for stage in found.stages:
        asked = [each for each in stage.requirements if key in (None, each.requirement.key)]
        if asked:
            yield ""
            yield _stage(stage)
        for each in asked:
            yield from _requirement(each)


def _stage(stage: StageStanding) -> str:
    said = "everything is met: ready for a person's decision" if stage.answer is Answer.MET else _word(stage.answer)
    return f"{stage.stage.title}: {stage.met} of {stage.asked} met; {said}"


def _word(answer: Answer) -> str:
    return told(Told(answer).word)


def _requirement(weighed: Weighed) -> Iterator[str]:
    requirement = weighed.requirement
    found = tell(weighed.proof, requirement.need, requirement.who)
    shown = " (shown only)" if requirement.shown_only else ""
    yield f"  [{told(found.word)}] {requirement.title} ({requirement.key}){shown}"
    yield from _answer(found, 3)


def _answer(found: Told, deep: int) -> Iterator[str]:
    space = "  " * deep
    if found.there:
        yield f"{space}{told(found.there)}"
    if found.answer is not Answer.MET:
        yield from (f"{space}What would change it: {told(each)}" for each in found.changes)
    yield from (f"{space}Left out: {_group(group)}" for group in found.left_out)
    settled = [each for each in found.parts if each.answer in (Answer.MET, Answer.NOT_APPLICABLE)]
    hidden = len(settled) if len(found.parts) > MOST_PARTS else 0
    for part in found.parts:
        if hidden and part in settled:
            continue
        named = f" {told(part.of)}" if part.of else ""
        yield f"{space}[{told(part.word)}]{named}"
        yield from _answer(part, deep + 1)
    if hidden:
        yield f"{space}and {hidden} more that are met or do not apply"


def _group(group: Group) -> str:
    named = [
        f"{each.item.id} of {each.item.on}{_amount(each.amount or each.item.amount, each.item.unit)}"
        for each in group.left_out[:MOST_NAMED]
    ]
    more = len(group.left_out) - len(named)
    return f"{told(group.why)}: {', '.join(named)}{f' and {more} more' if more else ''}"


def _amount(amount: Decimal | None, unit: str) -> str:
    return f" ({number_text(amount)} {unit})" if amount is not None and unit else ""
