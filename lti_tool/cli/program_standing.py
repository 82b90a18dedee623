"""attune programs standing: where somebody stands, from files, with the reasons."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from grading.checking.references import references
from grading.editions import Enrolled, enrolled
from grading.evidence import Decision, Evidence, Outcome
from grading.lifecycle.dates import Name
from grading.program import Program
from grading.proof import Answer
from grading.standing import StageStanding, Standing, Weighed
from grading.standing import standing as stands
from grading.telling.proofs import Group, Told, tell
from grading.telling.said import told
from grading.telling.statuses import STATUSES, date_told, facts_told
from grading.telling.words import amount as amount_told
from lti_tool.cli.program_reading import UNREADABLE, Day, or_said
from lti_tool.cli.program_show import heading
from lti_tool.cli.program_words import words_not_known
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.shipped_programs import edition_of, editions_of, text_in
from lti_tool.documents.standing_json import requirement_json, standing_json
from rubrics.refusal import _N

UNANSWERABLE = frozenset({"circle", "unknown_requirement"})
"""What the checker of programs finds, and no evidence can answer."""
MOST_NAMED = 6
"""Of things that were left out for one reason, so many are named; `--json` names all."""
MOST_PARTS = 12
"""Of weeks and the like that are met, no more are written out; of those that are open, then, the latest few."""
SETTLED = (Answer.MET, Answer.NOT_APPLICABLE)


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
        editions, edition = _editions(program, edition)
        known, written_on = _evidence(evidence, editions)
        if more is not None:
            known = _with(known, _evidence(more, editions)[0], more)
        day = on or written_on
        here = _enrolled(editions, edition, known, day)
        _check_names(here.program, program)
    found = stands(here.program, here.evidence, day)
    if key is not None and not any(each.requirement.key == key for each in _weighed(found)):
        asked = ", ".join(each.requirement.key for each in _weighed(found))
        click.echo(f"There is no requirement “{key}”. The requirements are: {asked}.", err=True)
        sys.exit(UNREADABLE)
    if as_json:
        click.echo(requirement_json(found, key) if key else standing_json(found, here.program), nl=False)
        return
    click.echo("\n".join(_in_words(found, here, key)))


def _editions(program: str, edition: str | None) -> tuple[Sequence[Program], str | None]:
    if edition is None and "@" in program and not Path(program).exists():
        program, _, edition = program.rpartition("@")
    return editions_of(program), edition


def _evidence(path: Path, editions: Sequence[Program]) -> tuple[Evidence, date]:
    return read_evidence(text_in(path), zone=ZoneInfo(editions[-1].time_zone), source=path.name)


def _enrolled(editions: Sequence[Program], named: str | None, known: Evidence, day: date) -> Enrolled:
    """The edition that was asked for, or else the one that the person is on."""
    if named is not None:
        return Enrolled(edition_of(editions, named), known, known.entered_on)
    return enrolled(editions, known, day)


def _check_names(program: Program, named: str) -> None:
    """Raises `DocumentProblems` where requirements wait for each other, or for one that is not there."""
    found = (each for each in references(program) if each.requirement and each.code in UNANSWERABLE)
    problems = [
        DocumentProblem(named, f"{each.requirement}: {each.place}", Sentence(each.sentence, **each.values))
        for each in found
    ]
    if problems:
        raise DocumentProblems(*problems)


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


def _in_words(found: Standing, here: Enrolled, key: str | None) -> Iterator[str]:
    yield from heading(here.program)
    yield f"{found.person} on {found.on}, in the time zone {here.program.time_zone}"
    if here.came_by:
        yield f"On this edition since {here.since}; before, on edition {here.came_by.edition}."
    if here.must_move_on:
        yield f"From {here.must_move_on} on, the next edition is the one to go on with."
    if key is None:
        yield from _status(found)
        yield from words_not_known(here.program, here.evidence)
        if here.evidence.pauses and not here.program.pausable:
            yield "A pause is recorded; this program names nothing that stands still in one."
    if found.changes_on:
        yield f"Time alone may change an answer or a number next on {found.changes_on}."
    titles = {each.stage.key: each.stage.title for each in found.stages}
    certified = _certified(found, here.evidence)
    for stage in found.stages:
        asked = [each for each in stage.requirements if key in (None, each.requirement.key)]
        if asked:
            yield ""
            yield _stage(stage, titles, certified.get(stage.stage.key))
        for each in asked:
            yield from _requirement(each, found.on)


def _status(found: Standing) -> Iterator[str]:
    titles = {each.stage.key: each.stage.title for each in found.stages}
    stage = titles.get(found.stage, "")
    yield f"Status: {STATUSES[found.status]}{f' (stage “{stage}”)' if stage else ''}"
    yield from (f"  {told(each)}" for each in facts_told(found.facts, titles))
    dates = [each for each in found.dates if each.name is not Name.REMINDER or each.on >= found.on]
    yield from (f"  {told(date_told(each, found.on))}" for each in dates)


def _day(decision: Decision) -> date:
    return max(decision.on, decision.recorded_on or decision.on)


def _certified(found: Standing, evidence: Evidence) -> Mapping[str, date]:
    """The stages in which a person decided already, each with the first day."""
    decided = [each for each in evidence.decisions if each.outcome is Outcome.CERTIFIED and _day(each) <= found.on]
    ordered = sorted(decided, key=lambda each: each.on, reverse=True)
    return {each.stage: each.on for each in ordered if each not in found.facts.set_aside}


def _stage(stage: StageStanding, titles: Mapping[str, str], certified: date | None) -> str:
    if certified:
        return (
            f"{stage.stage.title}: certified on {certified}; what is recorded here shows {stage.met} of {stage.asked}"
        )
    after = f" (comes after “{titles[stage.stage.after]}”)" if stage.stage.after in titles else ""
    said = "everything is met: ready for a person's decision" if stage.answer is Answer.MET else _word(stage.answer)
    return f"{stage.stage.title}{after}: {stage.met} of {stage.asked} met; {said}"


def _word(answer: Answer) -> str:
    return told(Told(answer).word)


def _requirement(weighed: Weighed, day: date) -> Iterator[str]:
    requirement = weighed.requirement
    found = tell(weighed.proof, requirement.need, requirement.who, day)
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
    if len(found.parts) == 1 and found.parts[0].of is None:
        yield from _of_another(found.parts[0], deep)
        return
    written = _written(found.parts)
    for part in written:
        named = f" {told(part.of)}" if part.of else ""
        yield f"{space}[{told(part.word)}]{named}"
        yield from _answer(part, deep + 1)
    hidden = [each for each in found.parts if not any(each is part for part in written)]
    settled = sum(each.answer in SETTLED for each in hidden)
    if settled:
        yield f"{space}and {settled} more that are met or do not apply"
    if len(hidden) > settled:
        yield f"{space}and {len(hidden) - settled} earlier that are still open; --json names all"


def _of_another(found: Told, deep: int) -> Iterator[str]:
    """The answer of another requirement that has been named; its parts have their names only where it stands itself."""
    nameless = len(found.parts) > 1 and any(each.of is None for each in found.parts)
    yield from _answer(replace(found, parts=()) if nameless else found, deep)
    if nameless:
        yield f"{'  ' * deep}its parts stand there"


def _written(parts: Sequence[Told]) -> Sequence[Told]:
    """Those that are written out: all of a few; of many those that are open, and of many open weeks the latest."""
    if len(parts) <= MOST_PARTS:
        return parts
    open_ = [each for each in parts if each.answer not in SETTLED]
    weeks = all(each.of is not None and each.of.values.keys() == {"first", "last"} for each in open_)
    return open_[-MOST_NAMED:] if weeks and len(open_) > MOST_PARTS else open_


def _group(group: Group) -> str:
    named = [
        f"{each.item.id} of {each.item.on}{_amount(each.amount or each.item.amount, each.item.unit)}"
        for each in group.left_out[:MOST_NAMED]
    ]
    more = len(group.left_out) - len(named)
    return f"{told(group.why)}: {', '.join(named)}{f' and {more} more' if more else ''}"


def _amount(amount: Decimal | None, unit: str) -> str:
    return f" ({told(amount_told(amount, unit))})" if amount is not None and unit else ""
