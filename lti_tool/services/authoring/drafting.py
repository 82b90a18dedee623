"""One change of a draft as a step: a field that someone typed in, as it stood when they opened it.

Two authors at once lose nothing: what was changed by another since is never written over, it is told.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.documents.rubric_editing import value_at, with_value
from lti_tool.documents.rubric_places import FIELDS, Kind, NoSuchPlace, Place, place_of
from lti_tool.documents.rubric_values import as_text, from_text
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.store.drafts import DraftRow, DraftStepRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import _N, Refused

SAME_STEP = timedelta(minutes=5)
"""Saves of one field by one person that follow one another so soon are one step of the history."""
LONGEST_TEXT = 2_000
LONGEST = {"title": 200, "label": 80, "license": 200, "language": 35}
MOST_LINES = 30
ON_ONE_LINE = frozenset({"title", "label", "license", "language", "citation"})
WHOLE = frozenset({Kind.ALL, Kind.CRITERION, Kind.POSITION})
"""Changes of which criteria there are, and in which order."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Typed:
    """A field as it is in a form: what stood there when it was opened, and what is to stand there."""

    place: str
    was: str
    value: str


class ChangedMeanwhile(Refused):
    """Someone changed the place since it was opened. Nothing was written; `stands` is what is there now."""

    def __init__(self, place: str, stands: Any, by: "ChangedBy") -> None:
        super().__init__("changed_meanwhile", _sentence(by), who=by.name)
        self.place = place
        self.stands = stands
        self.by = by


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """Who changed a place last, and when; `name` is None where it is not known."""

    name: str | None
    at: datetime | None
    oneself: bool


def set_field(session: Session, by: Author, draft_id: UUID, typed: Typed, now: datetime) -> str:
    """Keep what was typed, and answer what stands there now. Raises `ChangedMeanwhile`, `Refused` and `NotHere`.

    A field that says what it said when it was opened changes nothing, whatever stands there now.
    """
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    place = field_place(typed.place)
    document = drafts.part_of(session, row, place.criterion)
    stands = read(document, place)
    value = from_form(place, typed.value)
    there, wanted = as_text(place.kind, stands), as_text(place.kind, value)
    opened = as_text(place.kind, from_form(place, typed.was))
    if wanted in (there, opened):
        return there
    if opened != there:
        raise ChangedMeanwhile(typed.place, stands, changed_by(session, row, by, typed.place))
    check(document, place, value)
    change = {"what": "set", "before": stands, "after": value}
    drafts.write_part(session, row, document, with_value(document, place, value))
    if not _goes_on(session, row, by, typed.place, change, now):
        drafts.take_step(session, row, by, place=typed.place, change=change, now=now)
    return wanted


def put(session: Session, row: DraftRow, by: Author, place: str, value: Any, *, what: str, now: datetime) -> None:
    """Have this value there as a step of its own; `row` is held against other writers. Raises `Refused`."""
    parsed = place_of(place)
    document = documents_for(session, row, parsed)
    before = read(document, parsed)
    keep(session, row, document, parsed, value)
    change = {"what": what, "before": before, "after": value}
    drafts.take_step(session, row, by, place=place, change=change, now=now)


def keep(session: Session, row: DraftRow, document: dict[str, Any], place: Place, value: Any) -> None:
    """Write the value to its rows, without a step. `document` is what `documents_for` gave."""
    after = with_value(document, place, value)
    if place.kind in WHOLE:
        drafts.write_whole(session, row, after)
    else:
        drafts.write_part(session, row, document, after)


def documents_for(session: Session, row: DraftRow, place: Place) -> dict[str, Any]:
    """As much of the draft as a change of this place needs."""
    if place.kind in WHOLE:
        return drafts.document_of(session, row)
    return drafts.part_of(session, row, place.criterion)


def any_place(written: str) -> Place:
    """The place that is written so. Raises `Refused` where nothing is called so."""
    try:
        return place_of(written)
    except NoSuchPlace:
        raise taken_out() from None


def field_place(written: str) -> Place:
    """The place of a field. Raises `Refused` where no field is called so."""
    place = any_place(written)
    if place.kind not in FIELDS:
        raise taken_out()
    return place


def read(document: dict[str, Any], place: Place) -> Any:
    """What stands at the place. Raises `Refused` where what it belongs to was taken out."""
    try:
        return value_at(document, place)
    except NoSuchPlace:
        raise taken_out() from None


def from_form(place: Place, text: str) -> Any:
    """The value of a form's text. Raises `Refused` for a text that is none."""
    if place.name in ON_ONE_LINE:
        text = " ".join(text.split())
    try:
        return from_text(place.kind, text)
    except ValueError:
        raise Refused("not_a_choice", "Please choose one of those shown.") from None


def check(document: dict[str, Any], place: Place, value: Any) -> None:
    """Whether this may stand there. Raises `Refused` with a sentence that says what would."""
    longest = LONGEST.get(place.name, LONGEST_TEXT)
    if place.kind is Kind.TEXT and len(value) > longest:
        raise _too_long(longest)
    if place.kind is Kind.LINES:
        if len(value) > MOST_LINES:
            raise Refused(
                "too_many_lines", "These are more than %(most)s lines. Please leave some out.", most=MOST_LINES
            )
        if len("\n".join(value)) > LONGEST_TEXT:
            raise _too_long(LONGEST_TEXT)
    if place.kind is Kind.NUMBER and value not in {each["number"] for each in document["criteria"][0]["levels"]}:
        raise Refused("no_such_level", "There is no such level any more. Please choose one of those shown.")
    if place.name == "language" and place.kind is Kind.TEXT:
        check_language(document, value)


def check_language(document: dict[str, Any], code: str) -> None:
    """Whether a rubric can be in this language beside those that it is in. Raises `Refused`."""
    if len(code) > LONGEST["language"] or not _LANGUAGE.fullmatch(code):
        raise Refused("language_code", "Please name the language by its code, such as en-US.")
    if code.casefold() in {each["language"].casefold() for each in document.get("translations", [])}:
        raise Refused("language_there", "The rubric has this language already.")


def changed_by(session: Session, row: DraftRow, by: Author, place: str) -> ChangedBy:
    """Who changed this place last, or all of what it is part of."""
    parts = place.split(".")
    around = [".".join(parts[:length]) for length in range(len(parts) + 1)]
    found = session.execute(
        select(PersonRow.name, DraftStepRow.at, DraftStepRow.by)
        .outerjoin(PersonRow, PersonRow.id == DraftStepRow.by)
        .where(
            DraftStepRow.draft_id == row.id,
            or_(DraftStepRow.place.in_(around), DraftStepRow.place.startswith(f"{place}.", autoescape=True)),
        )
        .order_by(DraftStepRow.number.desc())
        .limit(1)
    ).first()
    if found is None:
        return ChangedBy(None, None, oneself=False)
    name, at, person_id = found
    return ChangedBy(name, at, oneself=person_id is not None and person_id == by.person_id)


def taken_out() -> Refused:
    """What someone writes at was taken out meanwhile."""
    return Refused(
        "taken_out",
        "This part was taken out of the draft. Your words are still here, and you can copy them; "
        "the history of the draft can bring the part back.",
    )


def _goes_on(session: Session, row: DraftRow, by: Author, place: str, change: dict[str, Any], now: datetime) -> bool:
    """Whether this was the last step going on: then that step tells of both, under a new number."""
    last = session.scalars(
        select(DraftStepRow).where(DraftStepRow.draft_id == row.id, DraftStepRow.number == row.steps)
    ).one_or_none()
    same = last is not None and (last.place, last.by, last.change["what"]) == (place, by.person_id, "set")
    if last is None or not same or last.undone_at or now - last.at > SAME_STEP:
        return False
    if last.change["before"] == change["after"]:
        return False
    row.steps += 1
    row.changed_by, row.changed_at = by.person_id, now
    last.number, last.at = row.steps, now
    last.change = {**change, "before": last.change["before"]}
    session.flush()
    return True


def _sentence(by: ChangedBy) -> str:
    if by.oneself:
        return _N("You changed this in another window since you opened it here.")
    if by.name:
        return _N("Changed by %(who)s since you opened it.")
    return _N("Changed by someone else since you opened it.")


def _too_long(longest: int) -> Refused:
    return Refused(
        "too_long",
        "This text is longer than %(limit)s characters. Please shorten it; what was saved before is kept.",
        limit=longest,
    )
