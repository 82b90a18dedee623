"""Which things a requirement looks at, as it is written."""

from grading.requirements.selection import Anchor, Cap, Selection, Where, Window
from lti_tool.documents.program_entries import CapEntries, OfEntries, WhereEntries, Wheres, WhereValue
from lti_tool.documents.program_texts import amount_of, anchor_of, period_of, unit_of
from lti_tool.documents.reading import Reading
from lti_tool.documents.sentences import Sentence
from rubrics.refusal import _N


def selection_of(of: OfEntries, reading: Reading, place: str) -> Selection:
    """Which things are looked at."""
    kinds = of.kind if isinstance(of.kind, list) else [of.kind]
    if not kinds:
        reading.problem(f"{place}.kind", Sentence(_N("This is still needed.")))
    units = {unit_of(unit): amount_of(times, reading, f"{place}.units.{unit}")[0] for unit, times in of.units.items()}
    return Selection(
        kinds=frozenset(kinds),
        where=wheres_of(of.where, reading, f"{place}.where"),
        not_counting=tuple(
            wheres_of(each, reading, f"{place}.not_counting[{number}]")
            for number, each in enumerate(of.not_counting, 1)
        ),
        windows=tuple(_windows(of, reading, place)),
        unit=unit_of(of.unit or ""),
        units=units,
        once_per=of.once_per,
        keep=of.keep,
        caps=tuple(_cap(cap, reading, f"{place}.caps[{number}]") for number, cap in enumerate(of.caps, 1)),
        within=period_of(of.within, reading, f"{place}.within"),
        shared=of.pot,
    )


def wheres_of(wheres: Wheres, reading: Reading, place: str) -> tuple[Where, ...]:
    """What a thing must be like, in the order of the document."""
    return tuple(_where(name, value, reading, f"{place}.{name}") for name, value in wheres.items())


def value_text(value: str | bool | int) -> str:
    """A value as rules and evidence compare it: true is "yes"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _where(name: str, value: WhereValue, reading: Reading, place: str) -> Where:
    if isinstance(value, WhereEntries):
        least, most = (
            None if written is None else amount_of(written, reading, f"{place}.{entry}")[0]
            for entry, written in (("at_least", value.at_least), ("at_most", value.at_most))
        )
        return Where(name, frozenset(value.any_of), frozenset(value.none_of), least, most, value.said)
    values = value if isinstance(value, list) else [value_text(value)]
    return Where(name, frozenset(values))


def _windows(of: OfEntries, reading: Reading, place: str) -> list[Window]:
    def day(name: str) -> Anchor | None:
        written = getattr(of, name)
        return None if written is None else anchor_of(written, reading, f"{place}.{name}")

    last = period_of(of.last, reading, f"{place}.last")
    windows = []
    if last or of.since or of.until:
        windows.append(Window(day("since"), day("until"), last))
    if of.in_force:
        windows.append(Window(in_force=day("in_force")))
    return windows


def _cap(cap: CapEntries, reading: Reading, place: str) -> Cap:
    number, unit = amount_of(cap.at_most, reading, f"{place}.at_most")
    where = wheres_of(cap.where, reading, f"{place}.where")
    return Cap(where, share=number / 100) if unit == "%" else Cap(where, number)
