"""Evidence in a file, TOML or JSON: what a board or another engine needs to check what Attune says."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Any

from pydantic import ValidationError

from grading.evidence import Decision, Evidence, Item, Kind, Value
from grading.periods import Pause
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.brought import Options
from lti_tool.documents.evidence_entries import (
    ENTRIES,
    EXAMPLES,
    LISTS,
    SIGNED,
    Day,
    EvidenceEntries,
    ItemEntries,
    ObservationEntries,
    Said,
    SignerEntries,
)
from lti_tool.documents.json_in import read_json
from lti_tool.documents.problems import problems_in
from lti_tool.documents.program_selections import value_text
from lti_tool.documents.program_texts import amount_of, check_year
from lti_tool.documents.reading import Reading
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.toml import read_toml, trimmed
from rubrics.refusal import _N


def read_evidence(text: str, *, zone: tzinfo, source: str) -> tuple[Evidence, date]:
    """The evidence, and the day on which it was written. Moments become days of the program's time zone.

    Raises `DocumentProblems` where it makes no sense: a negative amount, a day that had not come when it was written,
    an end before its beginning, an id that is there twice, somebody who could not sign.
    """
    tables = _tables(text, source)
    try:
        entries = EvidenceEntries.model_validate(tables)
    except ValidationError as error:
        raise problems_in(error, source=source, entries=ENTRIES, examples=EXAMPLES) from error
    reading = _Evidence(source, zone, entries)
    evidence = reading.evidence()
    reading.done()
    return evidence, reading.as_of


def _tables(text: str, source: str) -> dict[str, Any]:
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        _check_names(text, source)
        tables: dict[str, Any] = _dated(trimmed(read_json(text.encode(), source=source, options=Options())[0]))
        return tables
    try:
        return read_toml(text, source=source)
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem


def _check_names(text: str, source: str) -> None:
    """JSON would let the second of two with one name take the place of the first. Other trouble is told elsewhere."""
    twice: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _value in pairs]
        twice.extend(name for name in names if names.count(name) > 1)

    with suppress(ValueError, RecursionError):
        json.loads(text.removeprefix("\ufeff"), object_pairs_hook=look)
    if twice:
        sentence = Sentence(_N("“%(found)s” is written twice in one place. Please keep one of them."), found=twice[0])
        raise DocumentProblems(DocumentProblem(source, "the whole file", sentence))


_DAYS = frozenset({"on", "as_of", "entered", "until", "since", "recorded", "signed", "withdrawn", "reversed"})
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?")


def _dated(value: Any) -> Any:
    """JSON has no days: texts become days where days are meant, and stay as they are where they cannot."""
    if isinstance(value, list):
        return [_dated(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _day(each) if name in _DAYS else each if name == "is" else _dated(each) for name, each in value.items()
    }


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        return value
    try:
        return date.fromisoformat(value) if len(value) == len("2026-03-01") else datetime.fromisoformat(value)
    except ValueError:
        return value


class _Evidence(Reading):
    """Reads the entries of one document."""

    def __init__(self, source: str, zone: tzinfo, entries: EvidenceEntries) -> None:
        super().__init__(source)
        self.zone, self.entries = zone, entries
        self.as_of = self._in_zone(entries.as_of, "as_of")
        self.signers = [self._signer(each, f"signers[{number}]") for number, each in enumerate(entries.signers, 1)]
        self.ids: set[str] = set()

    def evidence(self) -> Evidence:
        items = [*self._items(), *self._events()]
        return Evidence(
            person=self.entries.person,
            items=tuple(items),
            decisions=tuple(self._decisions()),
            pauses=tuple(self._pauses()),
            entered_on=self._day(self.entries.entered, "entered"),
            edition=self.entries.edition,
        )

    def _items(self) -> Iterator[Item]:
        for name, kind in LISTS.items():
            for number, each in enumerate(getattr(self.entries, name), 1):
                place = f"{name}[{number}]"
                item = self._item(each, kind, place)
                yield item
                if isinstance(each, ObservationEntries):
                    yield from self._ratings(each, item, place)

    def _item(self, each: ItemEntries, kind: Kind, place: str) -> Item:
        self._once(each.id, f"{place}.id")
        amount, unit = self._amount(each.amount, f"{place}.amount")
        on = self._happened(each.on, f"{place}.on")
        signed = self._later(each.signed, on, f"{place}.signed")
        self._check_signer(each, signed, place)
        until = self._day(each.until, f"{place}.until", may_come=True)
        if until is not None and until < on:
            self.problem(f"{place}.until", Sentence(_N("It ends before it begins. Please check both days.")))
        return Item(
            id=each.id,
            kind=kind,
            on=on,
            amount=amount,
            unit=unit,
            has=self._has(each.is_, f"{place}.is") | _own(each),
            until=until,
            recorded_on=self._later(each.recorded, on, f"{place}.recorded"),
            stands_from=signed if signed or kind in SIGNED else on,
            withdrawn_on=self._later(each.withdrawn, signed or on, f"{place}.withdrawn"),
            waits_for=each.waits_for,
            reversed_on=self._later(each.reversed, on, f"{place}.reversed"),
        )

    def _ratings(self, each: ObservationEntries, item: Item, place: str) -> Iterator[Item]:
        for number, rating in enumerate(each.ratings, 1):
            here = f"{place}.ratings[{number}]"
            level, _unit = self._amount(rating.level, f"{here}.level")
            id_ = rating.id or f"{each.id}/{rating.criterion}"
            self._once(id_, f"{here}.id" if rating.id else f"{here}.criterion")
            own = {"criterion": frozenset({rating.criterion}), "observation": frozenset({each.id})}
            yield Item(
                id=id_,
                kind=Kind.RATING,
                on=item.on,
                amount=level,
                unit="points",
                has={**item.has, **self._has(rating.is_, f"{here}.is"), **own},
                recorded_on=item.recorded_on,
                stands_from=item.stands_from,
                withdrawn_on=item.withdrawn_on,
                waits_for=item.waits_for,
                reversed_on=item.reversed_on,
            )

    def _events(self) -> Iterator[Item]:
        for number, each in enumerate(self.entries.events, 1):
            place = f"events[{number}]"
            on = self._happened(each.on, f"{place}.on")
            # By what it is, so that another file can have events without an id of their own too.
            id_ = each.id or f"event {each.name} of {on}"
            self._once(id_, f"{place}.id")
            recorded = self._later(each.recorded, on, f"{place}.recorded")
            has: Mapping[str, Value] = {"name": frozenset({each.name})}
            yield Item(id_, Kind.EVENT, on, has=has, recorded_on=recorded, stands_from=on)

    def _decisions(self) -> Iterator[Decision]:
        for number, each in enumerate(self.entries.decisions, 1):
            place = f"decisions[{number}]"
            on = self._happened(each.on, f"{place}.on")
            recorded = self._later(each.recorded, on, f"{place}.recorded")
            until = self._day(each.until, f"{place}.until", may_come=True)
            if until is not None and until < on:
                self.problem(f"{place}.until", Sentence(_N("It ends before it begins. Please check both days.")))
            id_ = each.id or f"decision {number:04}"
            self._once(id_, f"{place}.id")
            yield Decision(id_, each.outcome, on, each.stage, recorded, until)

    def _pauses(self) -> Iterator[Pause]:
        for number, each in enumerate(self.entries.pauses, 1):
            since = self._happened(each.since, f"pauses[{number}].since")
            until = self._day(each.until, f"pauses[{number}].until", may_come=True)
            if until is not None and until < since:
                place = f"pauses[{number}].until"
                self.problem(place, Sentence(_N("It ends before it begins. Please check both days.")))
            yield Pause(since, until)

    def _has(self, said: Mapping[str, Said], place: str) -> dict[str, Value]:
        for name, each in said.items():
            if isinstance(each, float) and not isfinite(each):
                sentence = _N("Found “%(found)s”. Please write an amount, such as 40 hours, 3 or 50 %%.")
                self.problem(f"{place}.{name}", Sentence(sentence, found=each))
        return {name: _value(each) for name, each in said.items()}

    def _amount(self, written: int | float | str | None, place: str) -> tuple[Decimal | None, str]:
        if written is None:
            return None, ""
        amount, unit = amount_of(written, self, place)
        if amount < 0:
            sentence = _N("An amount cannot be less than zero. To take something back, say when it was reversed.")
            self.problem(place, Sentence(sentence))
        return amount, unit

    def _happened(self, written: Day, place: str) -> date:
        day = self._in_zone(written, place)
        if day > self.as_of:
            self._not_come(day, place)
        return day

    def _day(self, written: Day | None, place: str, *, may_come: bool = False) -> date | None:
        if written is None:
            return None
        day = self._in_zone(written, place)
        if day > self.as_of and not may_come:
            self._not_come(day, place)
        return day

    def _later(self, written: Day | None, than: date, place: str) -> date | None:
        """A day on which something was done about a thing that had happened."""
        day = self._day(written, place)
        if day is not None and day < than:
            sentence = _N("%(day)s is before %(than)s, on which it happened. Please check both days.")
            self.problem(place, Sentence(sentence, day=day, than=than))
        return day

    def _not_come(self, day: date, place: str) -> None:
        sentence = _N("%(day)s had not come on %(as_of)s, when this was written. Please check the day.")
        self.problem(place, Sentence(sentence, day=day, as_of=self.as_of))

    def _in_zone(self, written: Day, place: str) -> date:
        check_year(written, self, place)
        if not isinstance(written, datetime):
            return written
        if written.tzinfo is None:
            sentence = _N("A time needs its offset, such as 2026-02-14T18:30:00-06:00. A day alone is enough.")
            self.problem(place, Sentence(sentence))
            return written.date()
        try:
            return written.astimezone(self.zone).date()
        except OverflowError:
            return written.date()  # its year was told

    def _once(self, id_: str, place: str) -> None:
        if id_ in self.ids:
            sentence = _N("“%(id)s” is there twice. Each thing needs an id of its own.")
            self.problem(place, Sentence(sentence, id=id_))
        self.ids.add(id_)

    def _check_signer(self, each: ItemEntries, signed: date | None, place: str) -> None:
        if each.signed_by and each.signed_by == self.entries.person:
            self.problem(f"{place}.signed_by", Sentence(_N("People do not sign for themselves.")))
        if signed is None or not self.signers:
            return
        spans = ((since, until) for who, since, until in self.signers if who == each.signed_by)
        if not any((since or signed) <= signed <= (until or signed) for since, until in spans):
            sentence = _N("“%(who)s” could not sign on %(day)s: the signers do not name them for that day.")
            self.problem(f"{place}.signed_by", Sentence(sentence, who=each.signed_by, day=signed))

    def _signer(self, each: SignerEntries, place: str) -> tuple[str, date | None, date | None]:
        """Who may sign, from when, until when; somebody may be there for several times."""
        since = self._day(each.since, f"{place}.since", may_come=True)
        until = self._day(each.until, f"{place}.until", may_come=True)
        if since and until and until < since:
            self.problem(f"{place}.until", Sentence(_N("It ends before it begins. Please check both days.")))
        return each.id, since, until


def _own(each: ItemEntries) -> dict[str, Value]:
    """What the document says of a thing in other places: who signed it, and which observation it is."""
    own: dict[str, Value] = {}
    if each.signed_by:
        own["signed_by"] = frozenset({each.signed_by})
    if isinstance(each, ObservationEntries):
        own["observation"] = frozenset({each.id})
    return own


def _value(said: Said) -> Value:
    """Numbers that are not whole words stay numbers; everything else is a set of words."""
    if isinstance(said, bool | str):
        return frozenset({value_text(said)})
    if isinstance(said, Sequence):
        return frozenset(said)
    return Decimal(str(said))
