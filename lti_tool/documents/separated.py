"""Text with separators (CSV) as rows."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from io import StringIO

from lti_tool.documents.rows import Row, problem, tidy
from rubrics.refusal import _N

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}

_TOLD = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # how spreadsheet programs are told, in the first line

Fit = Callable[[Sequence[str]], float]
"""How well a header line fits the columns that are looked for; more is better."""


def separated_rows(text: str, *, source: str, separator: str | None, fit: Fit) -> Iterator[Row]:
    """The rows, each with the line that it begins on. Without a `separator`, the one whose header fits best is used.

    Raises `DocumentProblems`, which names the line.
    """
    told = _TOLD.match(text)
    chosen = _chosen(separator, source) if separator else told[1] if told else _recognized(text, source, fit)
    return _rows(text[told.end() :] if told else text, chosen, source, begin=2 if told else 1)


def _chosen(separator: str, source: str) -> str:
    found = SEPARATORS.get(separator.strip().lower(), separator)
    if found not in SEPARATORS.values():
        raise problem(
            source,
            "the whole file",
            _N("Cells cannot be separated by “%(found)s”. Please choose one of %(known)s."),
            found=separator,
            known=", ".join(SEPARATORS),
        )
    return found


def _recognized(text: str, source: str, fit: Fit) -> str:
    """Python's own sniffer looks at letters and is often wrong; the header line is known."""

    def fits(separator: str) -> tuple[float, int]:
        header = next((row for row in _rows(text, separator, source, begin=1, lenient=True) if row), Row(1, ()))
        return fit(header.cells), len(header.cells)

    return max(SEPARATORS.values(), key=fits)


def _rows(text: str, separator: str, source: str, *, begin: int, lenient: bool = False) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=not lenient)
    while True:
        line = begin + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if lenient:
                return
            raise _unreadable(str(error), source, line, begin + reader.line_num - 1) from error
        yield Row(line, tuple(map(tidy, cells)))


def _unreadable(reason: str, source: str, line: int, last: int) -> Exception:
    if "field larger" in reason:
        return problem(
            source,
            f"line {line}",
            _N("One cell is longer than %(most)s characters. Is a quotation mark open here?"),
            most=csv.field_size_limit(),
        )
    if "end of data" in reason:
        return problem(
            source,
            f"line {line}",
            _N("A quotation mark opens here and nothing closes it. Please close it, or write two for a mark itself."),
        )
    return problem(
        source,
        f"line {last}",
        _N('A cell in quotation marks ends before the separator. Please write a mark inside a cell twice: "".'),
    )
