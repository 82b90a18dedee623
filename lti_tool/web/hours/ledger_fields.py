"""The form of an entry: what was typed, read as an entry, and what the form offers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import abort, render_template
from werkzeug.datastructures import MultiDict

from grading.evidence import Kind
from grading.hours import hours_and_minutes, read_hours
from grading.ledger import EntryKind
from grading.ledger_names import AskedName, asked_names
from grading.what_counts import told as sentences_of
from lti_tool.services.hours import ledger_choices, ledger_counting, ledger_repeating
from lti_tool.services.hours.ledger import LedgerEntry, readers_to_be
from lti_tool.services.hours.ledger_choices import Choices, Signer, Usual
from lti_tool.services.hours.ledger_repeating import There
from lti_tool.services.hours.ledger_writing import Written
from lti_tool.web import current
from lti_tool.web.amounts import amount
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.practicum.practice_fields import options
from lti_tool.web.programs.proof_words import to_you
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import comma, ngettext
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import Refused
from rubrics.typed import decimal_number

HOURS = "hours"
SAID = "said-"
FIELDS = frozenset({"amount", "day", "title", "provider", "note", "site", "evidence", "signer", "until", "days", "why"})
PLACED = frozenset({EntryKind.PRACTICE, EntryKind.SUPERVISION})
"""Kinds of which it matters where and with whom they took place."""
MOST_NUMBER = Decimal(100_000)

Typed = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class InWords:
    """What an entry counts for, as sentences: first how its length was read, then each program's."""

    read: str
    programs: tuple[tuple[str, tuple[str, ...]], ...]
    like: tuple[There, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Why the form is shown, and with what."""

    entry: LedgerEntry | None = None
    """The entry that is changed or corrected."""
    corrects: bool = False
    refused: Refused | None = None
    counts: InWords | None = None
    like: tuple[There, ...] = ()
    """Entries that look like it: said once, before it is kept."""
    choices: Choices | None = None
    """What the form offers, where it is known already."""


def typed_kind(typed: Mapping[str, str]) -> EntryKind:
    """The kind that a form or address names. Ends the request for what no form of ours sends."""
    try:
        return EntryKind(typed.get("kind", ""))
    except ValueError:
        abort(400)


def read_entry(typed: Typed) -> Written:
    """What was typed, as an entry. Raises `Refused` with the name of the field."""
    kind = typed_kind(typed)
    return Written(
        kind=kind,
        day=day_typed(typed, "day"),
        amount=read_hours(typed.get("amount", "")),
        title=_line(typed, "title"),
        provider=_line(typed, "provider"),
        note=typed.get("note", "").replace("\x00", "").replace("\r\n", "\n"),
        said=_said(typed, names_of(kind)),
        site_id=_id(typed, "site"),
        model=_one_of(PracticeModel, typed, "model"),
        setting=_one_of(Setting, typed, "setting"),
        evidence_id=_id(typed, "evidence"),
        signer=typed.get("signer", ""),
    )


def day_typed(typed: Typed, name: str) -> date:
    """A day of the form. Raises `Refused`."""
    try:
        return date.fromisoformat(typed.get(name, "").strip())
    except ValueError:
        raise Refused(name, "Please write the day as year, month and day: 2026-03-31.") from None


def own_choices() -> Choices:
    """What the visitor can choose from."""
    return ledger_choices.choices_of(current.db(), current.visitor(), current.now().date())


def names_of(kind: EntryKind) -> tuple[AskedName, ...]:
    """What the programs of the visitor ask about such things."""
    return asked_names(ledger_choices.programs_of(current.db(), current.visitor()), Kind(kind.value))


def fields_of(entry: LedgerEntry) -> Typed:
    """The form as it would have been typed for this entry."""
    pairs = [("kind", entry.kind.value), ("day", entry.day.isoformat()), ("amount", f"{entry.amount.normalize():f}")]
    texts = {"title": entry.title, "provider": entry.provider, "note": entry.note}
    pairs += [(name, text) for name, text in texts.items() if text]
    chosen = {"site": entry.site_id, "model": entry.model, "setting": entry.setting, "evidence": entry.evidence_id}
    pairs += [(name, str(value)) for name, value in chosen.items() if value]
    pairs += [("signer", f"{entry.course_id}:{entry.asked_id}")] if entry.asked_id else []
    for name, value in entry.said.items():
        pairs += [(SAID + name, each) for each in ([value] if isinstance(value, str) else value)]
    return MultiDict(pairs)


def first_fields(kind: EntryKind, usual: Usual, today: date) -> Typed:
    """The form of a new entry, with everything that is likely known already."""
    pairs = [("kind", kind.value), ("day", today.isoformat())]
    chosen = {"model": usual.model, "setting": usual.setting, "site": usual.site_id} if kind in PLACED else {}
    pairs += [(name, str(value)) for name, value in {**chosen, "signer": usual.signer}.items() if value]
    return MultiDict(pairs)


def form_page(typed: Typed, asking: Asking) -> str:
    """The page with the form."""
    kind = typed_kind(typed)
    choices = asking.choices or own_choices()
    names = asked_names(choices.programs, Kind(kind.value))
    refused = asking.refused
    at_field = {refused.code: in_words(refused)} if refused and _is_field(refused.code) else {}
    return render_template(
        "ledger/write.html",
        kind=kind,
        typed=typed,
        asking=asking,
        entry=asking.entry,
        placed=kind in PLACED,
        choices=choices,
        signers=_signer_choices(choices.signers),
        sites=_site_choices(choices),
        models=options(PracticeModel, _("not said")),
        settings=options(Setting, _("not said")),
        evidence=[("", _("none")), *((str(id_), title) for id_, title in choices.evidence)],
        names=names,
        problems=at_field,
        problem=in_words(refused) if refused and not at_field else None,
        readers=readers_to_be(current.visitor(), _chosen_names(choices.signers, typed.get("signer", ""))),
    )


def series_page(typed: Typed, written: Written, until: date, refused: Refused | None = None) -> str:
    """The days of a repeating entry, to choose from."""
    session, visitor = current.db(), current.visitor()
    days = ledger_repeating.days_of_series(session, visitor, written, until, current.now())
    kept = [
        (name, value) for name, value in typed.items(multi=True) if name not in ("csrf_token", "act", "days", "then")
    ]
    signers = ledger_choices.signers_of(session, visitor)
    chosen = typed.getlist("days") if "days" in typed else [str(one.day) for one in days if one.there is None]
    return render_template(
        "ledger/series.html",
        written=written,
        until=until,
        days=days,
        chosen=chosen,
        kept=kept,
        signer=next(iter(_chosen_names(signers, written.signer)), None),
        problem=in_words(refused) if refused else None,
    )


def counts_in_words(written: Written, but: UUID | None = None) -> InWords:
    """What the entry counts for, in sentences."""
    session, visitor = current.db(), current.visitor()
    found = ledger_counting.what_counts(session, visitor, written, current.now(), but=but)
    return InWords(
        read=hours_in_words(written.amount),
        programs=tuple((one.program, _of_program(one)) for one in found),
        like=ledger_repeating.looks_like(session, visitor, written, [written.day], but=but),
    )


def hours_in_words(hours: Decimal) -> str:
    """How a length was read: 2.5 hours, which is 2 hours and 30 minutes."""
    whole, minutes = hours_and_minutes(hours)
    if not minutes:
        return amount(hours, HOURS)
    in_minutes = ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if not whole:
        return _("%(hours)s (%(minutes)s)", hours=amount(hours, HOURS), minutes=in_minutes)
    in_hours = ngettext("%(num)d hour", "%(num)d hours", whole)
    return _("%(all)s (%(hours)s and %(minutes)s)", all=amount(hours, HOURS), hours=in_hours, minutes=in_minutes)


def _of_program(one: ledger_counting.InProgram) -> tuple[str, ...]:
    if not one.has_come:
        return (_("What it counts for can be said from that day on."),)
    if not one.counts:
        return (_("Nothing that this program asks now looks at this kind of hours."),)
    return tuple(to_you(said) for counts in one.counts for said in sentences_of(counts))


def _is_field(code: str) -> bool:
    return code in FIELDS or code.startswith(SAID)


def _line(typed: Typed, name: str) -> str:
    return " ".join(typed.get(name, "").replace("\x00", "").split())


def _id(typed: Typed, name: str) -> UUID | None:
    text = typed.get(name, "")
    found = uuid_if_any(text)
    return abort(400) if text and found is None else found


def _one_of(kind: Callable[[str], Any], typed: Typed, name: str) -> Any:
    text = typed.get(name, "")
    try:
        return kind(text) if text else None
    except ValueError:
        abort(400)


def _said(typed: Typed, names: Iterable[AskedName]) -> dict[str, Any]:
    """Only what programs ask about, in their words; anything else that a form holds is left."""
    found: dict[str, Any] = {}
    for asked in names:
        if asked.is_number:
            number = _number(typed.get(SAID + asked.name, ""), asked.name)
            if number is not None:
                found[asked.name] = f"{number:f}"
        else:
            found[asked.name] = [word for word in typed.getlist(SAID + asked.name) if word in asked.words]
    return {name: value for name, value in found.items() if value}


def _number(text: str, name: str) -> Decimal | None:
    if not text.strip():
        return None
    number = decimal_number(text)
    if number is None:
        raise Refused(
            SAID + name, "Please write this as a number, such as 8 or 7.5, with at most two digits after the point."
        )
    if number > MOST_NUMBER:
        raise Refused(SAID + name, "Please check this number: it can be at most %(most)s.", most=MOST_NUMBER)
    return number


def _signer_choices(signers: Sequence[Signer]) -> list[tuple[str, str]]:
    several = len({one.course_id for one in signers}) > 1
    found = []
    for one in signers:
        lanes = comma().join(word(lane) for lane in sorted(one.lanes))
        where = f", {one.course_title}" if several else ""
        found.append((one.key, f"{one.name}, {lanes}{where}"))
    return [("", _("nobody yet")), *found]


def _site_choices(choices: Choices) -> list[tuple[str, str]]:
    sites = [
        (str(one.id), _("%(site)s, where you were before", site=one.name) if one.is_over else one.name)
        for one in choices.sites
    ]
    return [("", _("not said")), *sites]


def _chosen_names(signers: Sequence[Signer], key: str) -> tuple[str, ...]:
    return tuple(one.name for one in signers if one.key == key)
