"""Rubrics as Canvas takes and gives them: one row a criterion, and three columns for each of its ratings.

What Canvas calls a rating is a level here. Its points order the levels and are written as their numbers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.cells import decimal, language_of, needed, yes_or_no
from lti_tool.documents.columns import Record, fits, plain, positions, records, single
from lti_tool.documents.rows import Checking, Row
from lti_tool.documents.table_out import literal_csv
from lti_tool.documents.tables import read_table
from rubrics.keys import key_for
from rubrics.refusal import _N
from rubrics.rubric import Criterion, Level, Rubric

COLUMNS = (
    single("rubric", "Rubric Name", required=True),
    single("criterion", "Criteria Name", required=True),
    single("description", "Criteria Description"),
    single("range", "Criteria Enable Range"),
)
RATING = (
    single("name", "Rating Name", required=True),
    single("description", "Rating Description"),
    single("points", "Rating Points", required=True),
)
LEAVES_OUT = (
    _N("keys, language, license, origin, contributors and translations"),
    _N("principles, what to watch for, alignments and examples"),
    _N("which criteria are relational, must be met or may be not observed, and the level at which one is met"),
    _N("gaps between the numbers of levels"),
)
"""What a file of this format cannot hold."""

_NUMBERED = re.compile(r"\s*\d+\s*$")
_RATING_NAMES = {plain(each.header("")): each.name for each in RATING}


@dataclass(frozen=True, slots=True)
class _Rating:
    name: str
    description: str
    points: Decimal


def recognizes(header: Sequence[str]) -> float:
    """How well a header line fits, from 0 to 1; columns of ratings may be numbered."""
    return fits([_NUMBERED.sub("", each) for each in header], (*COLUMNS, *RATING))


def read(content: bytes, *, source: str, options: Options) -> Brought:
    """The rubrics of a file. Raises `DocumentProblems`, which names everything that is to be mended."""
    checking = Checking(source)
    table = read_table(content, checking=checking, options=options, fit=recognizes)
    mine = tuple("" if _rating_column(each) else each for each in table.header.cells)
    found = positions(Row(table.header.line, mine), COLUMNS, checking)
    triples = _triples(table.header, checking)
    checking.finish()
    wide = Row(table.header.line, table.header.cells + ("",) * _most_beyond(table.header, table.rows))
    by_title = dict[str, list[tuple[Record, Row]]]()
    for record, row in zip(records(wide, table.rows, found, checking), table.rows, strict=True):
        by_title.setdefault(needed(record, "rubric", checking), []).append((record, row))
    language, rubrics = language_of(options, checking), dict[str, Rubric]()
    for title, rows in by_title.items():
        key = key_for(title, rubrics, otherwise="rubric")
        criteria = tuple(_criteria(rows, triples, checking))
        rubrics[key] = Rubric(
            key=key, title=title, summary="", language=language, license="", provenance="", criteria=criteria
        )
    checking.finish()
    return Brought(rubrics=tuple(rubrics.values()), notes=checking.notes())


def write(brought: Brought) -> bytes:
    """The rubrics for Canvas; `LEAVES_OUT` says what stays behind."""
    most = max((len(each.levels) for rubric in brought.rubrics for each in rubric.criteria), default=1)
    header = [each.header("") for each in COLUMNS] + [each.header("") for each in RATING] * max(1, most)
    titles, rows = set[str](), list[list[str]]()
    for rubric in brought.rubrics:
        # Rows of one name are one rubric there.
        title = rubric.title if rubric.title not in titles else f"{rubric.title} ({rubric.key})"
        titles.add(title)
        rows.extend(_row(title, criterion) for criterion in rubric.criteria)
    return literal_csv([header, *rows])


def _row(title: str, criterion: Criterion) -> list[str]:
    row = [title, criterion.statement, criterion.guide, "false"]
    for level in sorted(criterion.levels, key=lambda level: level.number, reverse=True):
        row += [level.label, level.anchor, str(level.number)]
    return row


def _rating_column(header: str) -> str | None:
    return _RATING_NAMES.get(plain(_NUMBERED.sub("", header)))


def _triples(header: Row, checking: Checking) -> list[dict[str, int]]:
    """Where each rating stands: the first name belongs to the first points, and so on."""
    places: dict[str, list[int]] = {"name": [], "description": [], "points": []}
    for position, written in enumerate(header.cells):
        name = _rating_column(written)
        if name:
            places[name].append(position)
    if not places["name"] or len(places["name"]) != len(places["points"]):
        checking.say(
            f"line {header.line}",
            _N("Found %(names)s columns “Rating Name” and %(points)s “Rating Points”; please give each rating both."),
            names=len(places["name"]),
            points=len(places["points"]),
        )
        return []
    if len(places["description"]) not in (0, len(places["name"])):
        checking.say(
            f"line {header.line}", _N("Please give each rating a column “Rating Description”, or none of them.")
        )
        return []
    return [{name: at[number] for name, at in places.items() if at} for number in range(len(places["name"]))]


def _most_beyond(header: Row, rows: Sequence[Row]) -> int:
    """Canvas itself writes further ratings beyond the header line, where one criterion has more than the first."""
    return max((len(row.cells) - len(header.cells) for row in rows), default=0)


def _criteria(
    rows: Sequence[tuple[Record, Row]], triples: Sequence[dict[str, int]], checking: Checking
) -> Iterator[Criterion]:
    taken = set[str]()
    for record, row in rows:
        statement = needed(record, "criterion", checking)
        if yes_or_no(record, "range", checking, otherwise=False):
            checking.note(record.place("range"), _N("Ranges of points are not kept: a level is one step."))
        # From the highest down, as Canvas writes them; of equal points the first is the higher.
        ratings = sorted(_ratings(row, triples, checking), key=lambda rating: rating.points, reverse=True)[::-1]
        _say_ranks(record, ratings, checking)
        levels = tuple(Level(rank, each.name, each.description) for rank, each in enumerate(ratings, start=1))
        key = key_for(statement, taken, otherwise="c")
        taken.add(key)
        yield Criterion(
            key=key,
            statement=statement,
            levels=levels,
            met_at=max(1, len(levels)),
            principles=frozenset(),
            guide=record["description"],
        )


def _ratings(row: Row, triples: Sequence[dict[str, int]], checking: Checking) -> Iterator[_Rating]:
    end = max(position for triple in triples for position in triple.values()) + 1
    beyond = [{"name": start, "description": start + 1, "points": start + 2} for start in range(end, len(row.cells), 3)]
    for number, triple in enumerate((*triples, *beyond), start=1):
        cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in triple.items()}
        if not any(cells.values()):
            continue
        points = decimal(cells["points"])
        if not cells["points"]:
            checking.say(f"line {row.line}, column Rating Points ({number})", _N("This rating needs its points."))
        elif points is None:
            checking.say(
                f"line {row.line}, column Rating Points ({number})",
                _N("Found “%(found)s”; please write one number, such as 3 or 1.75. A range is not one number."),
                found=cells["points"],
            )
        if not cells["name"]:
            checking.say(f"line {row.line}, column Rating Name ({number})", _N("This rating needs a name."))
        yield _Rating(cells["name"], cells.get("description", ""), points or Decimal(0))


def _say_ranks(record: Record, ratings: Sequence[_Rating], checking: Checking) -> None:
    if not ratings:
        checking.say(f"line {record.line}", _N("This criterion has no ratings. Please give it at least two."))
    elif [each.points for each in ratings] != list(range(1, len(ratings) + 1)):
        checking.note(
            f"line {record.line}",
            _N("The points %(points)s became the levels 1 to %(count)s, in this order."),
            points=", ".join(f"{each.points:f}" for each in ratings),
            count=len(ratings),
        )
