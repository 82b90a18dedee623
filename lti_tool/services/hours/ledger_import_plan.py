"""What the rows of a spreadsheet would do in somebody's ledger: each with what is to be looked at first."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.evidence import Kind
from grading.hours import FINEST, read_hours
from grading.ledger import EntryKind, EntryState
from grading.ledger_names import asked_names
from lti_tool.documents.columns import plain
from lti_tool.documents.ledger_rows import DayOrder, EntryRow, day_of, has_two_ways, kind_of, model_of, setting_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours.ledger_choices import Choices, Signer, choices_of
from lti_tool.services.hours.ledger_writing import AHEAD, LONGEST_LINE, LONGEST_NOTE, WITH_TITLE, Written
from lti_tool.store.ledger import LedgerEntryRow
from rubrics.refusal import Refused


class Fate(StrEnum):
    """What a row would do."""

    NEW = "new"
    THERE = "there"
    """The same entry is there already."""
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be looked at in one cell, and what helps."""

    column: str
    refused: Refused


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What one row would do, or what is to be looked at first."""

    row: EntryRow
    fate: Fate
    written: Written | None
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do now."""

    lines: tuple[PlanLine, ...]
    order: DayOrder | None
    """In which order its days are read."""
    asks_order: bool
    """Some days can be read in two ways, and the file itself does not say how."""
    signers: tuple[Signer, ...]
    digest: str
    """Of all that would be written: another one means that something is not as it was shown any more."""

    def count(self, fate: Fate) -> int:
        """How many rows would do this."""
        return sum(line.fate == fate for line in self.lines)


def plan_of(
    session: Session, visitor: Visitor, rows: Sequence[EntryRow], order: DayOrder | None, now: datetime
) -> Plan:
    """What these rows would do in the ledger of the visitor now; nothing is written."""
    choices = choices_of(session, visitor, now.date())
    there = _there(session, visitor)
    lines = []
    for row in rows:
        line = _line(row, order, choices, now)
        key = _key(line.written) if line.written else None
        if key is not None and there[key] > 0:
            there[key] -= 1
            line = replace(line, fate=Fate.THERE)
        lines.append(line)
    told = [[line.fate.value, line.row.line, str(line.written)] for line in lines]
    return Plan(
        lines=tuple(lines),
        order=order,
        asks_order=order is None and any(has_two_ways(row.cells.get("day", "")) for row in rows),
        signers=choices.signers,
        digest=sha256(json.dumps(told).encode()).hexdigest(),
    )


def _line(row: EntryRow, order: DayOrder | None, choices: Choices, now: datetime) -> PlanLine:
    reading = _Reading(row, order, choices, now)
    values: dict[str, Any] = {
        name: reading.look(name) for name in ("kind", "day", "amount", "site_id", "model", "setting")
    }
    texts: dict[str, Any] = {name: reading.text(name, most) for name, most in _TEXTS}
    said = reading.said(values["kind"])
    if values["kind"] in WITH_TITLE and not texts["title"]:
        reading.say("title", "Please say what it was called, so that whoever signs knows which one it was.")
    if reading.looks:
        return PlanLine(row, Fate.UNCLEAR, None, tuple(reading.looks))
    return PlanLine(row, Fate.NEW, Written(**values, **texts, said=said))


_BETWEEN = re.compile(r"[;؛]")
_TEXTS = (("title", LONGEST_LINE), ("provider", LONGEST_LINE), ("note", LONGEST_NOTE))


class _Reading:
    """One row on its way to an entry; collects what is to be looked at."""

    def __init__(self, row: EntryRow, order: DayOrder | None, choices: Choices, now: datetime) -> None:
        self.row, self.order, self.choices, self.now = row, order, choices, now
        self.looks: list[Look] = []

    def say(self, column: str, sentence: str, **values: Any) -> None:
        self.looks.append(Look(column, Refused("row", sentence, **values)))

    def look(self, name: str) -> Any:
        return getattr(self, f"_{name}")(self.row.cells.get(name.removesuffix("_id"), "").strip())

    def text(self, name: str, most: int) -> str:
        words = self.row.cells.get(name, "").strip()
        if len(words) > most:
            self.say(name, "Please shorten this to %(limit)s characters.", limit=most)
        return words

    def said(self, kind: EntryKind | None) -> dict[str, Any]:
        """Categories in the words of the programs that the person is enrolled in."""
        written = [each.strip() for each in _BETWEEN.split(self.row.cells.get("category", "")) if each.strip()]
        if not written or kind is None:
            return {}
        asked = {one.name: one.words for one in asked_names(self.choices.programs, Kind(kind.value))}
        known = {plain(word): (name, word) for name, words in asked.items() for word in words}
        found: dict[str, list[str]] = {}
        for each in written:
            if plain(each) not in known:
                words = ", ".join(sorted(word.replace("_", " ") for _, word in known.values())) or "-"
                sentence = "“%(found)s” is not among the words of your programs: %(known)s. It can stay empty too."
                self.say("category", sentence, found=each, known=words)
                continue
            name, word = known[plain(each)]
            found.setdefault(name, []).append(word)
        return found

    def _kind(self, text: str) -> EntryKind | None:
        kind = kind_of(text)
        if kind is None:
            self.say("kind", "Please write practice, training, supervision or continuing education.")
        return kind

    def _day(self, text: str) -> Any:
        day = day_of(text, self.order)
        if day is None and self.order is None and has_two_ways(text):
            self.say("day", "“%(found)s” can be read in two ways. Please say above which comes first.", found=text)
        elif day is None:
            self.say("day", "Please write the day such as 2026-03-14.")
        elif day > (self.now + AHEAD).date():
            self.say("day", "This day has not come yet. Please write it down once it was.")
        return day

    def _amount(self, text: str) -> Decimal | None:
        try:
            return read_hours(_as_typed(text))
        except Refused as refused:
            self.looks.append(Look("amount", refused))
            return None

    def _site_id(self, text: str) -> UUID | None:
        if not text:
            return None
        named = [site.id for site in self.choices.sites if site.name.casefold().strip() == text.casefold()]
        if len(named) != 1:
            self.say("site", "This is none of the sites where you are placed. It can stay empty.")
            return None
        return named[0]

    def _model(self, text: str) -> Any:
        model = model_of(text) if text else None
        if text and model is None:
            self.say("model", "Please choose one of the words of the template, or leave it empty.")
        return model

    def _setting(self, text: str) -> Any:
        setting = setting_of(text) if text else None
        if text and setting is None:
            self.say("setting", "Please choose one of the words of the template, or leave it empty.")
        return setting


def _as_typed(text: str) -> str:
    """As somebody would type it: spreadsheets show times with their seconds, and a third with all its digits."""
    if text.count(":") == 2 and text.endswith(":00"):
        return text[:-3]
    whole, point, part = text.partition(".")
    if point and whole.isdecimal() and part.isdecimal() and len(part) > 3:
        return str(Decimal(text).quantize(FINEST, ROUND_HALF_UP))
    return text


def _there(session: Session, visitor: Visitor) -> Counter[tuple[object, ...]]:
    """What the ledger has already, by what makes two rows the same."""
    rows = session.scalars(
        select(LedgerEntryRow).where(
            LedgerEntryRow.person_id == visitor.person_id, LedgerEntryRow.state != EntryState.REVERSED
        )
    )
    return Counter(_same(row.kind, row.on_day, row.amount, row.title or "") for row in rows)


def _key(written: Written) -> tuple[object, ...]:
    return _same(written.kind, written.day, written.amount, written.title)


def _same(kind: EntryKind, day: object, amount: Decimal, title: str) -> tuple[object, ...]:
    return kind, day, amount.normalize(), " ".join(title.casefold().split())
