"""The steps of a program's draft: one field, one act, or the whole text; taking back, doing again, going back.

Each step keeps the text after it. Where something was taken back and something else is changed then, a step that only
says where it goes on from stands between: so nothing that was written is ever lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.documents.program_blanks import outline, path_of
from lti_tool.documents.program_editing import Path, Unreachable, tables, value_at, with_value, without
from lti_tool.documents.program_field_texts import as_text, from_text, real_path
from lti_tool.documents.program_fields import Form, NoField, form_of
from lti_tool.services.authoring.drafting import ChangedBy, ChangedMeanwhile, Typed
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs import program_drafts
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import ProgramDraftRow, ProgramDraftStepRow
from rubrics.refusal import Refused

SAME_STEP = timedelta(minutes=5)
"""Saves of one field by one person that follow one another so soon are one step of the history."""
WHOLE = "text"
"""The place of the text as a whole, as a field."""
LONGEST_TEXT = 400_000
GOES_ON_FROM = "="
"""A step with such a place, and a number behind, has the text of that step."""
WENT_BACK = "back:"


@dataclass(frozen=True, slots=True)
class Step:
    """One step, as the history tells it."""

    number: int
    place: str
    by_name: str | None
    at: datetime
    stands: bool
    """Whether the draft stands there now."""
    text: str


def tables_of(text: str) -> dict[str, Any]:
    """What a draft's text says. Raises `Refused` where it cannot be read."""
    try:
        return outline(text)
    except (ValueError, RecursionError):
        raise Refused(
            "toml_first", "The TOML of this draft cannot be read just now. Please mend it there first; it says where."
        ) from None


def set_field(session: Session, by: Author, program_id: UUID, typed: Typed, now: datetime) -> str:
    """Keep what was typed, and answer what stands there now. Raises `ChangedMeanwhile`, `Refused` and `NotHere`."""
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    if typed.place == WHOLE:
        return _set_whole(session, row, by, typed, now)
    said = tables_of(row.text)
    path, form = _field(said, typed.place)
    there = as_text(form, path, said)
    wanted, opened = (each.replace("\r\n", "\n").strip() for each in (typed.value, typed.was))
    if wanted in (there, opened):
        return there
    if opened != there:
        raise ChangedMeanwhile(typed.place, there, _changed_by(session, row, by))
    value = from_text(form, path, said, wanted)
    text = _with(row.text, real_path(path), value)
    take_step(session, row, by, place=typed.place, text=text, now=now)
    said = tables(text)
    found = path_of(said, typed.place)
    return as_text(form, found, said) if found else wanted


def change(
    session: Session, by: Author, program_id: UUID, place: str, how: Callable[[str, Any], str], now: datetime
) -> None:
    """Change the text as one step; `how` gets it, and what it says. `place` begins with what is done, and a colon.

    Raises `Refused` and `NotHere`.
    """
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    try:
        text = how(row.text, tables_of(row.text))
    except Unreachable:
        raise _in_toml() from None
    take_step(session, row, by, place=place, text=text, now=now)


def take_step(session: Session, row: ProgramDraftRow, by: Author, *, place: str, text: str, now: datetime) -> None:
    """Have this text, as a step. What changes nothing is none."""
    if text == row.text:
        return
    if len(text) > LONGEST_TEXT:
        raise Refused("too_long", "This is longer than any program. Please leave something out.")
    last = _step(session, row, row.step)
    if _goes_on(row, last, by, place, now):
        last.text, last.at = text, now  # type: ignore[union-attr]  # _goes_on looked
    else:
        if row.step < row.steps:
            _add(session, row, by, place=f"{GOES_ON_FROM}{row.step}", text=row.text, now=now)
        _add(session, row, by, place=place, text=text, now=now)
    row.text = text
    row.changed_by, row.changed_at = by.person_id, now
    session.flush()


def undo(session: Session, by: Author, program_id: UUID, seen: int, now: datetime) -> None:
    """Take the last step back. `seen` is the step that the person saw as the last one. Raises `Refused`, `NotHere`."""
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    _check_seen(session, row, by, seen)
    last = _step(session, row, row.step)
    at = row.step
    if last is not None and last.place.startswith(GOES_ON_FROM):
        at = int(last.place.removeprefix(GOES_ON_FROM))
    before = _step(session, row, at - 1)
    if before is None:
        raise Refused("nothing_to_undo", "There is nothing before this that could be gone back to.")
    _stand_at(session, row, by, before, now)


def redo(session: Session, by: Author, program_id: UUID, seen: int, now: datetime) -> None:
    """Do again what was taken back. Raises as `undo` does."""
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    _check_seen(session, row, by, seen)
    after = _step(session, row, row.step + 1)
    if after is None:
        raise Refused("nothing_to_redo", "There is nothing that was taken back and could be done again.")
    _stand_at(session, row, by, after, now)


def go_back_to(session: Session, by: Author, program_id: UUID, number: int, now: datetime) -> None:
    """Have the text of a step again, as a step of its own. Raises `NotHere`."""
    row = program_drafts.open_row(session, by.organization_id, program_id, to_change=True)
    step = _step(session, row, number)
    if step is None:
        raise NotHere
    take_step(session, row, by, place=f"{WENT_BACK}{number}", text=step.text, now=now)


def how_many(session: Session, draft_id: UUID) -> int:
    """How many steps the history of a draft has."""
    count: int = session.scalars(_of(draft_id).with_only_columns(func.count())).one()
    return count


def history(session: Session, draft: program_drafts.Draft, *, first: int, most: int) -> tuple[Step, ...]:
    """So many steps of a draft, the newest first."""
    found = session.execute(
        _of(draft.id)
        .with_only_columns(ProgramDraftStepRow, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == ProgramDraftStepRow.by)
        .order_by(ProgramDraftStepRow.number.desc())
        .offset(first)
        .limit(most)
    ).all()
    return tuple(Step(row.number, row.place, name, row.at, row.number == draft.step, row.text) for row, name in found)


def _of(draft_id: UUID) -> Any:
    return select(ProgramDraftStepRow).where(
        ProgramDraftStepRow.draft_id == draft_id, ~ProgramDraftStepRow.place.startswith(GOES_ON_FROM)
    )


def _set_whole(session: Session, row: ProgramDraftRow, by: Author, typed: Typed, now: datetime) -> str:
    """The text as it was typed, also where it cannot be read."""
    wanted, opened = (_as_lines(each) for each in (typed.value, typed.was))
    if wanted in (row.text, opened):
        return row.text
    if opened != row.text:
        raise ChangedMeanwhile(typed.place, row.text, _changed_by(session, row, by))
    take_step(session, row, by, place="", text=wanted, now=now)
    return wanted


def _as_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").rstrip("\n") + "\n"


def _field(said: Any, place: str) -> tuple[Path, Form]:
    path = path_of(said, place)
    if path is None:
        raise Refused("taken_out", "What this belongs to was taken out meanwhile. The history has it.")
    try:
        return path, form_of(path)
    except NoField:
        raise _in_toml() from None


def _with(text: str, path: Path, value: Any) -> str:
    try:
        if value is None or (value is False and value_at(tables(text), path) is not True):
            return without(text, path)
        return with_value(text, path, value)
    except Unreachable:
        raise _in_toml() from None


def _in_toml() -> Refused:
    return Refused("in_toml", "This is written in a way that only the TOML reaches. Please change it there.")


def _goes_on(row: ProgramDraftRow, last: ProgramDraftStepRow | None, by: Author, place: str, now: datetime) -> bool:
    if last is None or row.step != row.steps or not row.step or last.place != place or last.by != by.person_id:
        return False
    return ":" not in place and now - last.at < SAME_STEP


def _add(session: Session, row: ProgramDraftRow, by: Author, *, place: str, text: str, now: datetime) -> None:
    row.steps += 1
    row.step = row.steps
    session.add(
        ProgramDraftStepRow(
            id=new_id(), organization_id=row.organization_id, draft_id=row.id, number=row.steps, place=place,
            text=text, by=by.person_id, at=now,
        )
    )  # fmt: skip
    session.flush()


def _stand_at(session: Session, row: ProgramDraftRow, by: Author, step: ProgramDraftStepRow, now: datetime) -> None:
    row.step, row.text = step.number, step.text
    row.changed_by, row.changed_at = by.person_id, now
    session.flush()


def _step(session: Session, row: ProgramDraftRow, number: int) -> ProgramDraftStepRow | None:
    asked = select(ProgramDraftStepRow).where(
        ProgramDraftStepRow.draft_id == row.id, ProgramDraftStepRow.number == number
    )
    return session.scalars(asked).one_or_none()


def _check_seen(session: Session, row: ProgramDraftRow, by: Author, seen: int) -> None:
    """Somebody else's words are not taken back by who has not seen them."""
    if row.step == seen:
        return
    others = select(ProgramDraftStepRow.id).where(
        ProgramDraftStepRow.draft_id == row.id,
        ProgramDraftStepRow.number > min(seen, row.step),
        ProgramDraftStepRow.number <= max(seen, row.step),
        ProgramDraftStepRow.by.is_distinct_from(by.person_id),
    )
    if row.changed_by != by.person_id or session.scalars(others.limit(1)).first() is not None:
        raise Refused(
            "changed_meanwhile",
            "Somebody else changed this draft since you opened the page, so nothing was taken back. Please look again.",
        )


def _changed_by(session: Session, row: ProgramDraftRow, by: Author) -> ChangedBy:
    name = session.scalars(select(PersonRow.name).where(PersonRow.id == row.changed_by)).one_or_none()
    return ChangedBy(name, row.changed_at, row.changed_by == by.person_id)
