"""Whose evidence is read, and what is known of those who observed, supervised or signed for them."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.evidence import Item, Value
from lti_tool.store.assignments import QualificationRow
from lti_tool.store.people import PersonRow

YES = frozenset({"yes"})
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Qualified:
    """What somebody is qualified in, as a word of programs, and from when until when."""

    word: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read a row as the engine does: where its days lie, and who is qualified in what."""

    zone: ZoneInfo
    qualified: Mapping[UUID, tuple[Qualified, ...]]

    def day(self, moment: datetime) -> date:
        """The day that it was then in the time zone of the program."""
        return moment.astimezone(self.zone).date()

    def day_if(self, moment: datetime | None) -> date | None:
        """The same, where there is a moment."""
        return None if moment is None else self.day(moment)

    def names(self, part: str, people: Iterable[UUID], day: date) -> dict[str, Value]:
        """What is known on a day of people in a part, such as `supervisor_certified` and `supervisor_years`.

        A qualification with the name of the part says since when somebody is in it; of several people the longest
        time counts. What nobody recorded is not among the names: it is not known.
        """
        found: dict[str, Value] = {}
        if not self.qualified:
            return found
        good = [one for each in people for one in self.qualified.get(each, ()) if _good_on(one, day)]
        for one in good:
            if one.word.startswith(f"{part}_"):
                found[one.word] = YES
        years = [_years(one.since, day) for one in good if one.word == part]
        if years:
            found[f"{part}_years"] = Decimal(max(years))
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a row says of a person."""

    person_id: UUID
    signers: frozenset[UUID]
    """Of whom what they are qualified in is asked."""
    item: Callable[[Reading], Item]


def all_ids(session: Session, person_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Every id that these people have had, each with the one by which they are known now."""
    merged = session.execute(select(PersonRow.id, PersonRow.merged_into).where(PersonRow.merged_into.in_(person_ids)))
    return {each: each for each in person_ids} | {was: now for was, now in merged if now is not None}


def qualified_in(session: Session, person_ids: Collection[UUID]) -> dict[UUID, tuple[Qualified, ...]]:
    """What was recorded of each of them and not taken back."""
    rows = session.execute(
        select(
            QualificationRow.person_id,
            QualificationRow.kind,
            QualificationRow.valid_from,
            QualificationRow.valid_until,
        ).where(QualificationRow.person_id.in_(person_ids), QualificationRow.ended_at.is_(None))
    )
    found: dict[UUID, tuple[Qualified, ...]] = {}
    for person_id, kind, since, until in rows:
        found[person_id] = (*found.get(person_id, ()), Qualified(word(kind), since, until))
    return found


def word(written: str) -> str:
    """A name as programs write it: small letters, digits and underscores."""
    return _BETWEEN_WORDS.sub("_", written.casefold()).strip("_")


def words_of(ids: Iterable[UUID]) -> frozenset[str]:
    """Ids as values of a name."""
    return frozenset(str(each) for each in ids)


def _good_on(one: Qualified, day: date) -> bool:
    return one.since <= day and (one.until is None or day <= one.until)


def _years(since: date, day: date) -> int:
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))
