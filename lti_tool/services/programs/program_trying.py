"""Trying a program that is being written with a person who does not exist. Nothing of it is about anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from grading.checking.references import references
from grading.evidence import Evidence
from grading.program import Program
from grading.standing import Standing, Weighed, standing
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.evidence_entries import LISTS
from lti_tool.documents.program_editing import Unreachable, tables, with_table, with_value, without
from lti_tool.documents.program_texts import amount_typed
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.programs import program_drafts
from lti_tool.services.programs.program_drafts import Draft
from rubrics.refusal import Refused
from rubrics.typed import several, whole_number

UNANSWERABLE = frozenset({"circle", "unknown_requirement"})
"""What the checker finds, and no evidence can answer."""
LONGEST, MOST = 100_000, 300
EVENTS, DECISIONS = "events", "decisions"
PERSON = "made-up"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the made-up person, as a form says it."""

    kind: str
    """A list of an evidence document, such as `training`; `events` or `decisions`."""
    on: date
    amount: str = ""
    said: tuple[tuple[str, str], ...] = ()
    """Names with their values: what it is like. Of events and decisions only the first value, which names them."""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class MadeUp:
    """The made-up person: their text, and what is to be said of it where it cannot be read."""

    text: str
    evidence: Evidence | None
    as_of: date
    things: tuple[tuple[str, int, Any], ...]
    """The list, the place in it counted from 0, and what is written."""
    problems: tuple[DocumentProblem, ...] = ()


def made_up(draft: Draft, zone: str, today: date) -> MadeUp:
    """The person as they were made up so far; somebody with nothing yet, where nobody made them up."""
    text = draft.made_up or _begin(today)
    try:
        said = tables(text)
    except (ValueError, RecursionError):
        said = {}
    things = tuple(
        (name, number, each)
        for name in (*LISTS, EVENTS, DECISIONS)
        for number, each in enumerate(_list(said, name))
        if isinstance(each, dict) and isinstance(each.get("is", {}), dict)
    )
    try:
        evidence, as_of = read_evidence(text, zone=ZoneInfo(zone), source="made-up.toml")
    except DocumentProblems as unreadable:
        return MadeUp(text, None, today, things, unreadable.problems)
    return MadeUp(text, evidence, as_of, things)


def stands(program: Program, person: MadeUp) -> Standing | None:
    """Where they stand; None where the person or the rules cannot be read so far that they can be answered."""
    if person.evidence is None or any(each.code in UNANSWERABLE for each in references(program)):
        return None
    return standing(program, person.evidence, person.as_of)


def answer(draft: Draft, programs: Sequence[Program], key: str) -> Weighed | None:
    """What one requirement says of the person; None where nobody was made up, or nothing can be said."""
    asking = [each for each in programs if any(one.key == key for one in each.requirements)]
    if draft.made_up is None or not asking:
        return None
    found = stands(asking[-1], made_up(draft, asking[-1].time_zone, draft.changed_at.date()))
    weighed = [each for stage in found.stages for each in stage.requirements] if found else []
    return next((each for each in weighed if each.requirement.key == key), None)


def add(session: Session, by: Author, program_id: UUID, thing: Thing, now: datetime) -> None:
    """One more thing of the person. Raises `Refused` and `NotHere`."""
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    text = row.made_up or _begin(now.date())
    try:
        said = tables(text)
        if thing.kind not in (*LISTS, EVENTS, DECISIONS):
            raise Refused("not_a_choice", "Please choose one of those shown.")
        if len(_list(said, thing.kind)) >= MOST:
            raise Refused("too_many", "There are very many of these. Please leave some out first.")
        if type(said.get("as_of")) is date and said["as_of"] < thing.on:
            text = with_value(text, ("as_of",), thing.on)
        row.made_up = with_table(text, thing.kind, _written(thing, _ids(said)))
    except (Unreachable, ValueError):
        raise _in_toml() from None
    session.flush()


def take_out(session: Session, by: Author, program_id: UUID, kind: str, number: int) -> None:
    """One thing less. Raises `Refused` and `NotHere`."""
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    try:
        every = _list(tables(row.made_up or ""), kind)
        if kind in (*LISTS, EVENTS, DECISIONS) and number < len(every):
            row.made_up = without(row.made_up or "", (kind, number))
    except (Unreachable, ValueError):
        raise _in_toml() from None
    session.flush()


def on_day(session: Session, by: Author, program_id: UUID, day: date, now: datetime) -> None:
    """Ask about this day. Raises `Refused` and `NotHere`."""
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    try:
        row.made_up = with_value(row.made_up or _begin(now.date()), ("as_of",), day)
    except (Unreachable, ValueError):
        raise _in_toml() from None
    session.flush()


def write(session: Session, by: Author, program_id: UUID, was: str, text: str) -> None:
    """The whole text, also where it cannot be read. Raises `Refused` where somebody else changed it, and `NotHere`."""
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    text, was = (each.replace("\r\n", "\n").replace("\0", "").strip() for each in (text, was))
    if len(text) > LONGEST:
        raise Refused("too_long", "Please keep it to %(longest)d characters.", longest=LONGEST)
    if row.made_up is not None and row.made_up.strip() not in (was, text):
        raise Refused(
            "changed_meanwhile",
            "Somebody else changed the made-up person meanwhile. What you wrote is in the field, and not saved yet.",
        )
    row.made_up = f"{text}\n" if text else None
    session.flush()


def _begin(today: date) -> str:
    return f'person = "{PERSON}"\nas_of = {today.isoformat()}\n'


def _ids(said: Any) -> set[str]:
    return {str(each.get("id")) for name in LISTS for each in _list(said, name) if isinstance(each, dict)}


def _list(said: Any, name: str) -> list[Any]:
    """Nothing where something else than a list is written."""
    found = said.get(name)
    return found if isinstance(found, list) else []


def _written(thing: Thing, taken: set[str]) -> dict[str, Any]:
    named = [(name, value) for name, value in thing.said if value]
    if thing.kind in (EVENTS, DECISIONS):
        if not named:
            raise Refused("still_needed", "Please name it: the event, or the stage that was decided about.")
        what = named[0][1]
        return (
            {"name": what, "on": thing.on}
            if thing.kind == EVENTS
            else {"outcome": "certified", "stage": what, "on": thing.on}
        )
    number = 1
    while f"{thing.kind}-{number}" in taken:
        number += 1
    found: dict[str, Any] = {"id": f"{thing.kind}-{number}", "on": thing.on}
    if thing.amount:
        amount = amount_typed(thing.amount)
        found["amount"] = int(amount) if amount.isdecimal() else amount
    has = {name: _value(value) for name, value in named if name}
    if has:
        found["is"] = has
    if thing.signed:
        found["signed"] = thing.on
    return found


def _value(text: str) -> Any:
    if text.casefold() in ("yes", "no"):
        return text.casefold() == "yes"
    number = whole_number(text, digits=9)
    if number is not None:
        return number
    words = ["_".join(each.split()) for each in several(text)]
    return words[0] if len(words) == 1 else words


def _in_toml() -> Refused:
    return Refused("in_toml", "This is written in a way that only the TOML reaches. Please change it there.")
