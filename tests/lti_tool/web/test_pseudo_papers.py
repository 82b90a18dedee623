"""What people take along, in the language that nobody speaks: papers, tables, calendars, archives and mail.

What stands there in plain letters, and nobody wrote it, was never marked for translation.
"""

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import product
from pathlib import Path, PurePath
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from lti_tool.services import languages
from lti_tool.services.exchange.exporting import TABLES
from lti_tool.services.exchange.exporting_tables import Of
from lti_tool.services.notifying import mail_words
from tests.lti_tool.web.matrix import Matrix
from tests.lti_tool.web.test_pseudo_language import (
    ADDRESSED,
    CODES,
    IN_READERS_LANGUAGE,
    NAMES,
    PLAIN_WORDS,
    READS,
    URL,
    Written,
    pseudo_app,
)
from tests.lti_tool.web.whole_house import WholeHouse, signed_in, whole_house
from tests.pseudo import BEGINS, pseudo

__all__ = ["pseudo_app"]

SUFFIXES = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "text/calendar": ".ics",
    "text/csv": ".csv",
}
A_PDF = {"as": "pdf", "named": "yes"}
PLACES: dict[str, dict[str, str]] = {
    "paper.form_of_observation": A_PDF, "paper.of_rubric": A_PDF, "decisions.as_letter": {},
    "transcript.as_pdf": {}, "transcript.as_zip": {}, "packages.own_board": {}, "assignment_file.as_it_stands": {},
    "files.problems": {}, "times.calendar_file": {},
}  # fmt: skip
"""Where each is made, with what its address asks for. Words of certificates are data, in the holder's language."""
TEMPLATES = (
    *(f"/files/template/{kind}-{form}" for kind, form in product(("rubrics", "framework"), ("xlsx", "csv"))),
    *(f"/ledger/import/template/{form}" for form in ("xlsx", "csv")),
)
NOT_OF_CATALOGS = {*TEMPLATES, "assignment_file.as_it_stands"}
"""Spreadsheets to fill in have words of their own, in `config/tables` and beside their readers."""
EXPORTS = {
    Of.MINE: "exports.own_file", Of.ORGANIZATION: "exports.own_file", Of.PROGRAM: "exports.program_file",
    Of.COURSE: "exports.course_file",
}  # fmt: skip
A_FEW = 2
"""So few words are found in what somebody wrote by chance: they have to be all of it."""
OURS = {"Attune", "attune", "audit verify", "SHA", "QR", "Alt", "Enter", "PDF", "Apache"} | NAMES
WITHOUT_WORDS = re.compile(rf"{ADDRESSED.pattern}|{CODES.pattern}|[A-Z0-9]{{4}}-[A-Z0-9]{{4}}|[\w.]+/\S+")
"""Addresses that go on in the next line, and codes beside letters of another direction."""


def texts_in(name: str, content: bytes) -> Iterable[str]:
    """What is there for people to read, line by line; of tables the headings and what says how to fill them in."""
    reads = READS_A.get(PurePath(name).suffix)
    return reads(content) if reads else ()


def _pdf(content: bytes) -> Iterator[str]:
    for page in PdfReader(io.BytesIO(content)).pages:
        yield from page.extract_text().splitlines()


def _csv(content: bytes) -> Iterable[str]:
    return next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _xlsx(content: bytes) -> Iterator[str]:
    first, *behind = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    yield from (first.title, *(str(cell.value) for cell in first[1]))
    for sheet in behind:
        yield from (sheet.title, *(str(cell.value) for row in sheet.iter_rows() for cell in row))


def _zip(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for inside in archive.namelist():
            yield from texts_in(inside, archive.read(inside))


def _ics(content: bytes) -> Iterator[str]:
    for line in content.decode().replace("\r\n ", "").splitlines():
        if line.startswith(("SUMMARY", "DESCRIPTION")):
            yield line.partition(":")[2]


def _txt(content: bytes) -> Iterable[str]:
    return content.decode().splitlines()


READS_A: Mapping[str, Callable[[bytes], Iterable[str]]] = {
    ".pdf": _pdf, ".csv": _csv, ".xlsx": _xlsx, ".zip": _zip, ".ics": _ics, ".txt": _txt,
}  # fmt: skip


def unmarked(line: str, written: Written) -> list[str]:
    """The words of a line that nobody wrote and that are in plain letters all the same."""
    if line in written.texts:
        return []
    found = PLAIN_WORDS.findall(WITHOUT_WORDS.sub(" ", line))
    return [words for words in found if len(words) > 1 and not _is_known(words, written)]


def _is_known(words: str, written: Written) -> bool:
    if words in OURS or words in written.parts:
        return True
    return len(words.split()) > A_FEW and words.casefold() in written.within


def files(house: WholeHouse) -> Iterator[tuple[str, str, bytes]]:
    """Where it is from, what it is called, and what is in it: one of each kind, as somebody gets it who may."""
    rules = {rule.endpoint: rule for rule in house.rules()}
    people = {who: signed_in(house.app, house.url, token) for who, token in house.tokens.items()}
    with closing(sqlite3.connect(":memory:")) as nothing:
        matrix = Matrix(house.app, house.house, {}, people, {}, nothing)

        def of(endpoint: str) -> list[str]:
            return [address for address, _foreign in matrix.addresses(rules[endpoint], None)]

        asked = [(endpoint, of(endpoint), query) for endpoint, query in PLACES.items()]
        asked += [(address, [address], {}) for address in TEMPLATES]
        for (name, table), form in product(TABLES.items(), ("csv", "xlsx")):
            query = {"what": name, "of": table.of.value, "form": form}
            asked.append((f"{name} as {form}", of(EXPORTS[table.of]), query))
        for place, addresses, query in asked:
            for address, browser in product(addresses, people.values()):
                answer = browser.get(address, base_url=URL, query_string=query, **IN_READERS_LANGUAGE)
                if answer.status_code == 200 and answer.mimetype in SUFFIXES:
                    yield place, f"it{SUFFIXES[answer.mimetype]}", answer.data
                    break
            else:
                yield place, "it.txt", b"Nobody gets it."


def mails() -> Iterator[tuple[str, str, bytes]]:
    """Each kind of mail, with and without names."""
    for kind, named in product(mail_words.TEXTS, (True, False)):
        filling = mail_words.Filling("", "", named, f"{URL}/m", "12345678", f"{URL}/stop")
        mail = mail_words.written(kind, filling, READS)
        yield f"{kind} by mail", "it.txt", f"{mail.subject}\n{mail.text}".encode()


@pytest.fixture
def everywhere(pseudo_app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The application with the pseudo catalogs also where there is no page."""
    [folder] = pseudo_app.extensions["babel"].translation_directories
    monkeypatch.setattr(languages, "TRANSLATIONS", Path(folder))
    languages._catalog.cache_clear()
    yield pseudo_app
    languages._catalog.cache_clear()


def test_ux_e2_no_paper_table_or_mail_has_a_text_that_is_not_marked_for_translation(
    everywhere: Any, sessions: Any, clock: Any
) -> None:
    with sessions() as session:
        house = whole_house(URL, everywhere, session, clock())
        found = problems_in([*files(house), *mails()], session)
    assert not found, "\n".join(found)


def problems_in(made: list[tuple[str, str, bytes]], session: Session) -> list[str]:
    """What was never marked, each once."""
    written = Written(session)
    found: dict[str, str] = {}
    for place, name, content in made:
        texts = [" ".join(text.split()) for text in texts_in(name, content)]
        for text in texts:
            for words in unmarked(text, written):
                found.setdefault(words, f"{words!r} in {place}: {text[:160]}")
        if place not in NOT_OF_CATALOGS and not any(BEGINS in text for text in texts):
            found[place] = f"nothing in {place} is in the language: {texts[:3]}"
    return list(found.values())


def test_an_unmarked_heading_and_line_are_noticed(sessions: Any) -> None:
    made = [("a table", "it.csv", f"{pseudo('Day')},Hours".encode()), ("a mail", "it.txt", b"Your code")]
    with sessions() as session:
        told = " ".join(problems_in(made, session))
    assert all(words in told for words in ("'Hours' in a table", "'Your code' in a mail", "nothing in a mail"))
