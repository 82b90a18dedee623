"""Lines and cells of a cohort in words: an answer is a word with a shape and, where there are any, its numbers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from grading.lifecycle.status import Status
from grading.program import Who
from grading.proof import Answer
from grading.telling.proofs import ANSWERS
from grading.telling.said import number_text
from grading.telling.statuses import DATES
from lti_tool.services.cohorts.cohort_matrix import ORDER_OF_ANSWERS, Cell, Column, Line, Order
from lti_tool.web.moments import day
from lti_tool.web.programs.proof_words import STATUS_ICONS, status_word
from lti_tool.web.texts import _N, comma, gettext

SHAPES: Mapping[Answer, str] = {
    Answer.MET: "met",
    Answer.NOT_YET: "open",
    Answer.WAITING: "waiting",
    Answer.NOT_APPLICABLE: "none",
    Answer.UNKNOWN: "unknown",
}
WHO: Mapping[Who, str] = {
    Who.PROGRAM: _N("a person of the program"),
    Who.SUPERVISOR: _N("a supervisor"),
    Who.OBSERVER: _N("an observer"),
    Who.TRAINEE: _N("the trainee"),
    Who.REFEREE: _N("a referee"),
    Who.PERSON_SUPPORTED: _N("a person who is supported"),
}
ORDERS: Mapping[Order, str] = {
    Order.NAME: _N("by name"),
    Order.ENTERED: _N("by the day on which they entered, the earliest first"),
    Order.DATE: _N("by their next date, the nearest first"),
    Order.ANSWER: _N("by the answer for one requirement"),
}


@dataclass(frozen=True, slots=True)
class CellWords:
    """One cell. `shape` is the name of its picture; "": nothing is known of it."""

    address: str
    shape: str
    word: str
    numbers: str
    """Such as "212 of 250"."""


@dataclass(frozen=True, slots=True)
class LineWords:
    """One person."""

    line: Line
    address: str
    status: str
    icon: str
    next: str
    cells: tuple[CellWords, ...]

    @property
    def needs_person(self) -> bool:
        """Whether the word is one for which somebody of the program is needed."""
        return self.line.status is Status.READY_FOR_DECISION


def line_words(
    lines: Iterable[Line], columns: Sequence[Column], address_of: Callable[[Line], str] | None = None
) -> Iterator[LineWords]:
    """Each person, with a cell for each of the columns; `address_of`: the page of a person, where it is another one."""
    words = {answer: gettext(text) for answer, text in ANSWERS.items()}
    of = gettext("%(part)s of %(whole)s")
    nothing = CellWords("", "", gettext("not asked"), "")
    for line in lines:
        path = address_of(line) if address_of else f"/people-of/{line.enrollment_id}"
        cells = []
        for column in columns:
            cell = line.cells.get(column.key)
            if cell is None:
                cells.append(nothing)
                continue
            address = f"{path}/requirements/{column.key}"
            cells.append(CellWords(address, SHAPES[cell.answer], words[cell.answer], _numbers(cell, of)))
        yield LineWords(line, path, status_word(line.status), STATUS_ICONS[line.status], date_said(line), tuple(cells))


def order_said(order: Order, title: str) -> str:
    """The order in words: what it is, and that it is no rank."""
    if order is Order.ANSWER:
        first = comma().join(gettext(ANSWERS[each]) for each in ORDER_OF_ANSWERS)
        return gettext("By the answer for “%(title)s”: %(answers)s.", title=title, answers=first)
    said = gettext(ORDERS[order])
    return f"{said[:1].upper()}{said[1:]}."


def known_by(id_: UUID | None, named: Iterable[tuple[str, str]]) -> str:
    """What somebody chose is called; "" where nothing was chosen, or it is not among them."""
    return next((name for one, name in named if one == str(id_)), "")


def _numbers(cell: Cell, of: str) -> str:
    if cell.asked_for is None or cell.sure is None:
        return ""
    return of % {"part": number_text(cell.sure), "whole": number_text(cell.asked_for)}


def date_said(line: Line) -> str:
    """The next date and what it is; "" where there is none."""
    if line.due_on is None or line.due is None:
        return ""
    return gettext("%(what)s: %(day)s", what=gettext(DATES[line.due]), day=day(line.due_on))
