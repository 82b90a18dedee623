"""Programs that are being written: beginning a draft, reading it, putting it away and taking it up again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.program_editing import tables, with_table, with_value, without
from lti_tool.services import audit
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs.program_versions import found_program
from lti_tool.store.base import new_id
from lti_tool.store.drafts import DraftEnd
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import ProgramDraftRow, ProgramDraftStepRow, ProgramRow, ProgramVersionRow
from lti_tool.store.writing import insert_once
from rubrics.keys import key_for
from rubrics.refusal import Refused

LONGEST_NAME = 200
NOTHING = """\
id = "new"
name = "New"
body = "New"
time_zone = "UTC"

# The words that rules and evidence meet by, each with its values. Write [] where they cannot be listed.
[names]
name = []
category = []

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "training"
stage = "initial"
title = "Training"
at_least = "40 hours"
of = { kind = "training" }
"""
"""What a program begins with that begins from nothing: the least that can be read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands."""

    id: UUID
    program_id: UUID
    text: str
    step: int
    steps: int
    based_on_id: UUID | None
    made_up: str | None
    changed_by: UUID | None
    changed_by_name: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class NewProgram:
    """What a program is to be called. `text` is what it begins from."""

    name: str
    body: str
    time_zone: str
    text: str = NOTHING


def begin_new(session: Session, by: Author, new: NewProgram, now: datetime) -> UUID:
    """A program of its own with a draft; the answer is the program's id. Raises `Refused`."""
    for words in (new.name, new.body, new.time_zone):
        if not words:
            raise Refused("still_needed", "Please write how it is called, who runs it and its time zone.")
        if len(words) > LONGEST_NAME:
            raise Refused("too_long", "Please keep it to %(longest)d characters.", longest=LONGEST_NAME)
    mine = select(ProgramRow.key).where(ProgramRow.organization_id == by.organization_id)
    key = key_for(new.name, set(session.scalars(mine)), otherwise="program-")
    text = without(new.text, ("illustrative",))
    for name, value in {"id": key, "name": new.name, "body": new.body, "time_zone": new.time_zone}.items():
        text = with_value(text, (name,), value)
    program_id = new_id()
    made = insert_once(
        session, ProgramRow, id=program_id, organization_id=by.organization_id, key=key, name=new.name,
        made_by=by.person_id, made_at=now,
    )  # fmt: skip
    if not made:
        raise Refused("program_there", "Somebody began a program of this name just now. Please look at the programs.")
    _begin(session, by, program_id, text, None, now)
    return program_id


def begin_next(
    session: Session, by: Author, program_id: UUID, *, edition: str, since: date | None, now: datetime
) -> None:
    """A draft of the next edition, from the text of the newest one. Raises `Refused` and `NotHere`.

    The text holds the new edition only: what is published stays as it is.
    """
    found_program(session, by.organization_id, program_id, locked=True)
    if open_draft_of(session, program_id) is not None:
        raise Refused("draft_open", "This program is being written already. Please go on in its draft.")
    rows = session.scalars(
        select(ProgramVersionRow)
        .where(ProgramVersionRow.program_id == program_id)
        .order_by(ProgramVersionRow.number.desc())
    ).all()
    if not rows:
        raise NotHere
    if not edition:
        raise Refused("still_needed", "Please name the edition, such as 2027.")
    if edition in {each.edition for each in rows}:
        raise Refused("edition_taken", "There is an edition of this name. Please choose another, such as 2027.")
    text = next_edition(rows[0].text, rows[0].edition, edition, since)
    _begin(session, by, program_id, text, rows[0].id, now)


def next_edition(text: str, before: str, edition: str, since: date | None) -> str:
    """The text with one edition only, the new one, which asks what `before` asks. Its layout stays."""
    said = tables(text)
    for name in ("requirements", "lifecycle"):
        for number, each in reversed(list(enumerate(said.get(name, [])))):
            if each.get("editions"):
                path = (name, number) if before not in each["editions"] else (name, number, "editions")
                text = without(text, path)
    entries: dict[str, Any] = {"key": edition} | ({"from": since} if since else {})
    numbers = [number for number, each in enumerate(said.get("editions", [])) if each.get("key") == before]
    if not numbers:
        return with_table(text, "editions", entries)
    for name in ("until", "from", "earlier", "earlier_by", "again"):
        text = without(text, ("editions", numbers[0], name))
    for name, value in entries.items():
        text = with_value(text, ("editions", numbers[0], name), value)
    for number in reversed(range(len(said["editions"]))):
        if number != numbers[0]:
            text = without(text, ("editions", number))
    return text


def _begin(session: Session, by: Author, program_id: UUID, text: str, based_on_id: UUID | None, now: datetime) -> None:
    row = ProgramDraftRow(
        id=new_id(), organization_id=by.organization_id, program_id=program_id, text=text, step=0, steps=0,
        based_on_id=based_on_id, created_by=by.person_id, created_at=now, changed_by=by.person_id, changed_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(
        ProgramDraftStepRow(
            id=new_id(), organization_id=by.organization_id, draft_id=row.id, number=0, place="", text=text,
            by=by.person_id, at=now,
        )
    )  # fmt: skip
    session.flush()
    note(session, by, "program_draft.begin", row.id, now)


def open_draft_of(session: Session, program_id: UUID) -> UUID | None:
    """The program's open draft; None while nobody writes it."""
    return session.scalars(
        select(ProgramDraftRow.id).where(ProgramDraftRow.program_id == program_id, ProgramDraftRow.ended_at.is_(None))
    ).one_or_none()


def draft(session: Session, organization_id: UUID, program_id: UUID) -> Draft:
    """The open draft of a program. Raises `NotHere`."""
    return _as_draft(session, open_row(session, organization_id, program_id))


def draft_away(session: Session, organization_id: UUID, program_id: UUID) -> Draft | None:
    """The draft that was put away last, if no other has been begun since and it was not published."""
    found_program(session, organization_id, program_id)
    row = session.scalars(
        select(ProgramDraftRow)
        .where(ProgramDraftRow.program_id == program_id)
        .order_by(ProgramDraftRow.created_at.desc(), ProgramDraftRow.id.desc())
        .limit(1)
    ).one_or_none()
    return _as_draft(session, row) if row is not None and row.ended_as is DraftEnd.PUT_AWAY else None


def open_row(session: Session, organization_id: UUID, program_id: UUID, *, to_change: bool = False) -> ProgramDraftRow:
    """The row of the open draft, held against other writers if it is to be changed. Raises `NotHere`."""
    asked = select(ProgramDraftRow).where(
        ProgramDraftRow.program_id == program_id,
        ProgramDraftRow.organization_id == organization_id,
        ProgramDraftRow.ended_at.is_(None),
    )
    if to_change:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise NotHere
    return row


def require_open(session: Session, organization_id: UUID, program_id: UUID) -> None:
    """Raises `Refused` where nobody writes the program any more, `NotHere` where there is no such program."""
    found_program(session, organization_id, program_id)
    if open_draft_of(session, program_id) is None:
        raise Refused(
            "draft_ended", "This draft was published or put away meanwhile, so your last words are not in it."
        )


def put_away(session: Session, by: Author, program_id: UUID, now: datetime) -> None:
    """Write it no more, for anyone. Nothing of it is lost. Raises `NotHere`."""
    row = open_row(session, by.organization_id, program_id, to_change=True)
    row.ended_at, row.ended_as = now, DraftEnd.PUT_AWAY
    row.changed_at, row.changed_by = now, by.person_id
    session.flush()
    note(session, by, "program_draft.put_away", row.id, now)


def take_up(session: Session, by: Author, program_id: UUID, now: datetime) -> None:
    """Write again what was put away last; twice the same changes nothing. Raises `NotHere`."""
    found_program(session, by.organization_id, program_id, locked=True)
    if open_draft_of(session, program_id) is not None:
        return
    found = draft_away(session, by.organization_id, program_id)
    row = session.get(ProgramDraftRow, found.id) if found else None
    if row is None:
        raise NotHere
    row.ended_at = row.ended_as = None
    row.changed_at, row.changed_by = now, by.person_id
    session.flush()
    note(session, by, "program_draft.take_up", row.id, now)


def note(session: Session, by: Author, act: str, draft_id: UUID, now: datetime, **values: int) -> None:
    """An entry of the audit about a draft."""
    audit.write(
        session, organization_id=by.organization_id, person_id=by.person_id, act=act,
        subject=f"program_draft:{draft_id}", now=now, **values,
    )  # fmt: skip


def _as_draft(session: Session, row: ProgramDraftRow) -> Draft:
    name = session.scalars(select(PersonRow.name).where(PersonRow.id == row.changed_by)).one_or_none()
    return Draft(
        row.id, row.program_id, row.text, row.step, row.steps, row.based_on_id, row.made_up, row.changed_by, name,
        row.changed_at,
    )  # fmt: skip
