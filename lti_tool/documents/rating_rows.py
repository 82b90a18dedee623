"""Who rated what how, from a file: long (a row a rating) or wide (a row a unit, a column an observer)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grading.agreement.ratings import Level, Ratings, Value, ratings_of
from lti_tool.documents.brought import Options
from lti_tool.documents.cells import decimal
from lti_tool.documents.columns import plain
from lti_tool.documents.rows import Checking, Row, problem
from lti_tool.documents.separated import separated_rows
from lti_tool.documents.tables import Table, read_table
from lti_tool.documents.text_in import read_text
from rubrics.refusal import _N

UNIT = (
    "unit", "units", "subject", "observation", "session", "case", "id",
    "unidad", "observación", "sesión", "caso",
    "وحدة", "الوحدة", "ملاحظة", "الملاحظة", "جلسة", "الجلسة", "حالة", "الحالة",
)  # fmt: skip
RATER = (
    "rater", "observer", "coder", "judge", "evaluador", "evaluadora", "observador", "observadora", "quien observa",
    "ملاحظ", "الملاحظ", "مقيم", "المقيم",
)  # fmt: skip
RATING = (
    "rating", "level", "score", "value", "code", "valoración", "nivel", "puntuación", "valor",
    "تقييم", "التقييم", "مستوى", "المستوى", "درجة", "الدرجة",
)  # fmt: skip
CRITERION = ("criterion", "criteria", "criterio", "معيار", "المعيار")
NOTHING = frozenset({
    "", "na", "nan", "n/a", "n/o", "null", "none", "-", "–", "—", ".", "not observed", "not seen",
    "no observado", "hoy no se vio",
    "لم يُشاهَد", "لم يشاهد", "لم يُشاهَد اليوم", "لم يشاهد اليوم", "لم يُلاحَظ", "لم يلاحظ",
})  # fmt: skip
"""What stands in a cell where nobody rated. Written as here; capitals do not matter."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person said of the ratings; None is for Attune to see."""

    level: Level | None = None
    scale: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """The ratings of one criterion, or of the whole file where it names none."""

    criterion: str
    ratings: Ratings


@dataclass(frozen=True, slots=True)
class _Rating:
    place: str
    criterion: str
    unit: str
    rater: str
    written: str


def read(content: bytes, *, source: str, asked: Asked) -> tuple[Rated, ...]:
    """The ratings by criterion, in the order of the file. Raises `DocumentProblems`.

    Levels are numbers where each of them is one; these are ordinal unless `asked` says otherwise, words are nominal.
    """
    checking = Checking(source)
    table = read_table(content, checking=checking, options=Options(), fit=_fit)
    found = _once(_ratings(table, checking), checking)
    checking.finish()
    if not found:
        raise problem(source, "the whole file", _N("There is no rating in this file yet."))
    level, scale = _scale(found, asked, checking)
    checking.finish()
    raters = list(dict.fromkeys(each.rater for each in found))
    criteria = dict.fromkeys(each.criterion for each in found)
    values = {text: _value(text, scale) for text in {each.written for each in found}}
    return tuple(
        Rated(name, ratings_of(_rows([each for each in found if each.criterion == name], raters, values), level, scale))
        for name in criteria
    )


def read_weights(content: bytes, *, source: str) -> list[list[float]]:
    """Disagreement weights: a row and a column for each level, numbers only. Raises `DocumentProblems`."""
    checking = Checking(source)
    text, _notes = read_text(content, source=source)
    rows = [row for row in separated_rows(text, source=source, separator=None, fit=len) if row]
    for row in rows:
        for position, cell in enumerate(row.cells, start=1):
            if decimal(cell) is None:
                place = f"line {row.line}, column {position}"
                checking.say(place, _N("Found “%(found)s”. Please write a number of 0 or more."), found=cell)
    checking.finish()
    return [[float(decimal(cell) or 0) for cell in row.cells] for row in rows]


def _fit(header: Sequence[str]) -> float:
    return float(_column(header, UNIT) is not None or header[:1] == ("",)) + float(_column(header, RATING) is not None)


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    known = {plain(name) for name in names}
    return next((place for place, written in enumerate(header) if plain(written) in known), None)


def _ratings(table: Table, checking: Checking) -> Iterator[_Rating]:
    header = table.header.cells
    unit = _column(header, UNIT)
    if unit is None and header[:1] == ("",):
        unit = 0  # as programs write a table whose rows have names
    if unit is None:
        raise problem(
            checking.source,
            f"line {table.header.line}",
            _N(
                "No column is called unit; found: %(found)s. "
                "Please begin the file with “unit,rater,rating”, or with “unit” and then a column for each observer."
            ),
            found=", ".join(filter(None, header)) or "-",
        )
    criterion, rater, rating = (_column(header, names) for names in (CRITERION, RATER, RATING))
    if rater is not None and rating is not None:
        places = {"unit": unit, "rater": rater, "rating": rating}
        yield from _long(table, places, criterion, checking)
    else:
        yield from _wide(table, unit, criterion, checking)


def _long(table: Table, places: Mapping[str, int], criterion: int | None, checking: Checking) -> Iterator[_Rating]:
    for row in table.rows:
        unit, rater, written = (_cell(row, places[name]) for name in ("unit", "rater", "rating"))
        for name, cell in (("unit", unit), ("rater", rater)):
            if not cell:
                place = f"line {row.line}, column {table.header.cells[places[name]]}"
                checking.say(place, _N("Nothing stands here. Please say which one this rating is of."))
        if unit and rater and written.casefold() not in NOTHING:
            place = f"line {row.line}, column {table.header.cells[places['rating']]}"
            yield _Rating(place, _cell(row, criterion), unit, rater, written)


def _wide(table: Table, unit: int, criterion: int | None, checking: Checking) -> Iterator[_Rating]:
    header = table.header.cells
    raters = {place: name for place, name in enumerate(header) if place not in (unit, criterion)}
    for place, name in raters.items():
        if not name:
            where = f"line {table.header.line}, column {place + 1}"
            checking.say(where, _N("This column has no name. Please write whose ratings these are."))
        elif list(raters.values()).count(name) > 1:
            where = f"line {table.header.line}, column {place + 1}"
            checking.say(where, _N("Two columns are called “%(found)s”. Please name each observer once."), found=name)
    for row in table.rows:
        if len(row.cells) > len(header):
            checking.say(
                f"line {row.line}",
                _N("“%(found)s” stands beyond the last column. Please look at the separators and quotation marks."),
                found=row.cells[len(header)],
            )
        if not _cell(row, unit):
            checking.say(f"line {row.line}", _N("This row does not say which unit it is of. Please name it."))
        for place, name in raters.items():
            written = _cell(row, place)
            if written.casefold() not in NOTHING:
                yield _Rating(f"line {row.line}, column {name}", _cell(row, criterion), _cell(row, unit), name, written)


def _cell(row: Row, place: int | None) -> str:
    return row.cells[place] if place is not None and place < len(row.cells) else ""


def _once(found: Iterator[_Rating], checking: Checking) -> list[_Rating]:
    """Each rating; that one observer rated the same twice is told."""
    known = dict[tuple[str, str, str], _Rating]()
    for each in found:
        before = known.setdefault((each.criterion, each.unit, each.rater), each)
        if before is not each:
            checking.say(
                each.place,
                _N("%(rater)s rated %(unit)s already in %(before)s. Please keep one of the two."),
                rater=each.rater,
                unit=each.unit,
                before=before.place.partition(",")[0],
            )
    return list(known.values())


def _scale(found: Sequence[_Rating], asked: Asked, checking: Checking) -> tuple[Level, tuple[Value, ...]]:
    """The level and the scale: what was named, else what was used anywhere in the file."""
    written = list(dict.fromkeys(each.written for each in found))
    numeric = all(decimal(text) is not None for text in (*written, *(asked.scale or ())))
    level = asked.level or (Level.ORDINAL if numeric else Level.NOMINAL)
    if level in (Level.INTERVAL, Level.RATIO) and not numeric:
        for each in found:
            if decimal(each.written) is None:
                sentence = _N("Found “%(found)s”. The level %(level)s needs numbers; words can be ordinal or nominal.")
                checking.say(each.place, sentence, found=each.written, level=level.value)
        checking.finish()
    if asked.scale is None:
        if level is Level.ORDINAL and not numeric:
            sentence = _N("These levels are words, and their order is not known. Please name it: --scale first,second")
            raise problem(checking.source, "the whole file", sentence)
        return level, tuple(sorted({_number(text) for text in written})) if numeric else tuple(sorted(written))
    scale: tuple[Value, ...] = tuple(_number(text) for text in asked.scale) if numeric else asked.scale
    for each in found:
        if _value(each.written, scale) not in scale:
            checking.say(
                each.place,
                _N("Found “%(found)s”. The scale is %(scale)s; please look at the rating, or name the scale again."),
                found=each.written,
                scale=", ".join(asked.scale),
            )
    return level, scale


def _value(text: str, scale: Sequence[Value]) -> Value:
    return text if not scale or isinstance(scale[0], str) else _number(text)


def _number(text: str) -> Decimal:
    number = decimal(text)
    return Decimal(0) if number is None else number


def _rows(
    found: Sequence[_Rating], raters: Sequence[str], values: Mapping[str, Value]
) -> Iterator[tuple[Value | None, ...]]:
    units = dict[str, dict[str, Value]]()
    for each in found:
        units.setdefault(each.unit, {})[each.rater] = values[each.written]
    for cells in units.values():
        yield tuple(cells.get(rater) for rater in raters)
