"""Bytes as rows: encodings, separators, quotation marks, spreadsheets, and files that are made to do harm."""

import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lti_tool.documents import DocumentProblems
from lti_tool.documents.brought import Options
from lti_tool.documents.columns import fits, single
from lti_tool.documents.rows import MOST_PROBLEMS, MOST_ROWS, Checking
from lti_tool.documents.table_out import Guide, defused, literal_csv, people_csv, undefused, xlsx
from lti_tool.documents.tables import Table, read_table
from tests.lti_tool.documents.tables import LETTERS, a_workbook, texts

COLUMNS = (single("code", "Code", required=True), single("words", "Words"))
WRITTEN = "Code;Words\r\nA1;“Señal” — niño\r\n"


def read(content: bytes, **options: str) -> Table:
    return told(content, **options)[0]


def told(content: bytes, **options: str) -> tuple[Table, list[str]]:
    """The table, and what is to be known about its file."""
    checking = Checking("my.csv")
    table = read_table(content, checking=checking, options=Options(**options), fit=lambda header: fits(header, COLUMNS))
    return table, [note.sentence for note in checking.notes()]


def cells(content: bytes, **options: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read(content, **options).rows]


def refusal(content: bytes, **options: str) -> tuple[str, str]:
    with pytest.raises(DocumentProblems) as found:
        read(content, **options)
    [only] = found.value.problems
    return only.place, only.sentence


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252"]
)
def test_letters_are_read_in_every_usual_encoding(encoding: str) -> None:
    assert cells(WRITTEN.encode(encoding)) == [("A1", "“Señal” — niño")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_the_file_says_itself_is_not_remarked_on(encoding: str) -> None:
    assert told(WRITTEN.encode(encoding))[1] == []


@pytest.mark.parametrize(("encoding", "called"), [("windows-1252", "Windows-1252"), ("utf-16-le", "UTF-16")])
def test_a_guessed_encoding_is_told(encoding: str, called: str) -> None:
    [sentence] = told(WRITTEN.encode(encoding))[1]
    assert called in sentence


def test_a_chosen_encoding_is_used() -> None:
    content = "Code,Words\nA1,niño\n".encode("mac-roman")
    assert cells(content, encoding="mac-roman") == [("A1", "niño")]
    assert cells(content, encoding="Mac_Roman") == [("A1", "niño")]
    assert cells(WRITTEN.encode("utf-16-be"), encoding="utf-16") == [("A1", "“Señal” — niño")]


def test_a_byte_that_is_not_of_the_chosen_encoding_is_named_with_its_line() -> None:
    place, sentence = refusal("Code,Words\r\nA1,niño\r\n".encode("windows-1252"), encoding="utf-8")
    assert place == "line 2"
    assert "0xF1" in sentence


def test_an_unknown_encoding_is_named() -> None:
    assert "“rot13”" in refusal(b"Code\nA1\n", encoding="rot13")[1]


def test_bytes_that_are_no_text_are_named() -> None:
    assert "0x81" in refusal(b"Code\nA\x81\n")[1]
    assert refusal(b"Code,Words\nA1,\0x\n") == (
        "line 2",
        "There is a NUL character, which no text has. Please save the file as text or as .xlsx again.",
    )
    assert refusal(b"")[1] == refusal(b"\n  \n")[1] == "This file is empty."


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_recognized_by_the_header_line(separator: str) -> None:
    content = (
        f"Code{separator}Words\nA1{separator}a, b; c | d, e; f | g\n"
        if separator == "\t"
        else (f'Code{separator}Words\nA1{separator}"a, b; c | d, e; f | g"\n')
    )
    assert cells(content.encode()) == [("A1", "a, b; c | d, e; f | g")]


def test_a_separator_that_the_file_or_a_person_names_is_used() -> None:
    assert cells(b"sep=;\r\nCode;Words\r\nA1;x\r\n") == [("A1", "x")]
    assert read(b"sep=;\r\nCode;Words\r\nA1;x\r\n").rows[0].line == 3
    assert cells(b"Code;Words\nA1;x\n", separator="semicolon") == [("A1", "x")]
    assert cells(b"Code;Words\nA1;x\n", separator=";") == [("A1", "x")]
    assert "“:”" in refusal(b"Code:Words\n", separator=":")[1]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(end: str) -> None:
    content = end.join(["", "Code,Words", "", 'A1,"one', "", 'three"', "A2,x", ""])
    rows = read(content.encode()).rows
    assert [(row.line, row.cells) for row in rows] == [(4, ("A1", "one\n\nthree")), (7, ("A2", "x"))]


def test_an_open_quotation_mark_is_named_where_it_opens() -> None:
    place, sentence = refusal(b'Code,Words\nA1,x\nA2,"y\nA3,z\n')
    assert place == "line 3"
    assert "nothing closes it" in sentence
    assert refusal(b'Code,Words\nA1,"x" y\n')[0] == "line 2"


def test_too_many_rows_or_columns_are_named() -> None:
    assert refusal(b"Code\n" + b"A\n" * MOST_ROWS)[0] == f"line {MOST_ROWS + 1}"
    assert "2000 columns" in refusal(b"Code\n" + b"A," * 1999 + b"A\n")[1]
    assert "longer than" in refusal(b'Code\n"' + b"A" * 200_000 + b'"\n')[1]


def test_cells_of_a_spreadsheet_are_read_as_people_see_them() -> None:
    content = a_workbook(
        ["Code", "Words"],
        [1.10, 4.0],
        [True, date(2026, 5, 4)],
        [datetime(2026, 5, 4, 13, 30), time(9, 5)],  # noqa: DTZ001
        [0.1 + 0.2, 0.25],
        ["  spaced\r\nout ", 12345678901],
        [timedelta(hours=2, minutes=30), "x"],
        A2="0.00",
        B5="0%",
    )
    assert cells(content) == [
        ("1.10", "4"),
        ("TRUE", "2026-05-04"),
        ("2026-05-04 13:30", "09:05:00"),
        ("0.3", "25%"),
        ("spaced\nout", "12345678901"),
        ("2:30:00", "x"),
    ]


def test_no_more_digits_are_shown_than_a_number_has() -> None:
    assert cells(a_workbook(["Code"], [1.5], A2="0." + "0" * 5_000)) == [("1.500000000000000",)]


def test_letters_that_are_none_are_left_out() -> None:
    assert cells(a_workbook(["Code", "Words"], ["A1", "a_x0000_b_xD800_c_x0041_"])) == [("A1", "abcA")]
    assert cells(b"Code,Words\nA1,a\x07b\x7f\n") == [("A1", "ab")]


def test_a_formula_that_nobody_calculated_is_named_with_its_cell() -> None:
    place, sentence = refusal(a_workbook(["Code", "Words"], ["A1", '=CONCAT("a", "b")']))
    assert place == "cell B2"
    assert '“=CONCAT("a", "b")”' in sentence


def test_of_a_formula_its_last_value_is_taken() -> None:
    content = a_workbook(["Code", "Words"], ["A1", "=1+1"])
    assert cells(with_part(content, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>2</v>", b"<v />", b"<v>2</v>")) == [
        ("A1", "2")
    ]


def test_a_cell_that_shows_that_its_formula_cannot_be_calculated_is_named() -> None:
    place, sentence = refusal(a_workbook(["Code", "Words"], ["A1", "#REF!"]))
    assert place == "cell B2"
    assert "“#REF!”" in sentence


def test_the_sheet_whose_header_line_fits_is_read() -> None:
    content = xlsx("Codes", COLUMNS, [["A1", "x"]], "", Guide("About", [("Read me", "first")]))
    assert cells(content) == [("A1", "x")]


def test_looks_that_are_not_known_do_not_matter() -> None:
    with_styles = a_workbook(["Code", "Words"], ["A1", "x"])
    assert cells(with_part(with_styles, "xl/styles.xml", b"cellStyles", b"someStyles")) == [("A1", "x")]
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    extended = with_part(with_styles, "xl/worksheets/sheet1.xml", b"</worksheet>", extension)
    assert cells(extended) == [("A1", "x")]


def test_another_sheet_that_fits_as_well_is_told() -> None:
    book = openpyxl.load_workbook(BytesIO(a_workbook(["Code", "Words"], ["A1", "x"])))
    book.active.title = "2026"
    book.create_sheet("Notes").append(["Something", "else"])
    book.create_sheet("2025").append(["Code", "Words"])
    file = BytesIO()
    book.save(file)
    table, [sentence] = told(file.getvalue())
    assert [row.cells for row in table.rows] == [("A1", "x")]
    assert sentence == "Only the sheet “2026” is read. Please bring the others on their own: 2025."


def test_of_very_many_notes_the_first_are_told_and_the_rest_counted() -> None:
    checking = Checking("my.csv")
    for number in range(MOST_PROBLEMS + 3):
        checking.note(f"line {number}", "Left out.")
    *first, last = checking.notes()
    assert (len(first), last.place, last.sentence.values) == (MOST_PROBLEMS, "further on", {"count": 3})


def test_a_file_that_unpacks_to_too_much_is_not_opened() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (30 * 1024 * 1024))
    assert "Unpacked, this file would be 30 MB" in refusal(bomb.getvalue())[1]
    many = BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(600):
            archive.writestr(f"xl/{number}.xml", b"")
    assert "600 parts" in refusal(many.getvalue())[1]


def test_what_a_spreadsheet_says_of_its_size_is_not_believed() -> None:
    honest = a_workbook(["Code", "Words"], ["A1", "x"])
    lie = with_part(honest, "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="A1:XFD9999999"')
    assert cells(lie) == [("A1", "x")]
    far = with_part(honest, "xl/worksheets/sheet1.xml", b'r="2"', b'r="9999999"', b'"A2"', b'"A9999999"')
    assert refusal(far)[0] == f"line {MOST_ROWS + 1}"


def test_entities_in_a_spreadsheet_are_refused() -> None:
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    content = with_part(a_workbook(["Code"], ["A1"]), "xl/worksheets/sheet1.xml", b"<worksheet", evil)
    assert "cannot be read" in refusal(content)[1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old .xls"),
        (b"PK\x03\x04 cut off", "cut off or damaged"),
    ],
)
def test_a_file_that_is_no_readable_spreadsheet_is_named_for_what_it_is(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content)[1]


def test_another_kind_of_archive_is_named() -> None:
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "no .xlsx" in refusal(other.getvalue())[1]


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    with suppress(DocumentProblems):
        read(content)


@example(4449, b"\x00@")  # asks for a version of the archive's format that the library does not know
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=20))
def test_a_damaged_spreadsheet_is_read_or_refused_in_words(at: int, junk: bytes) -> None:
    whole = a_workbook(["Code", "Words"], ["A1", "x"])
    at %= len(whole)
    with suppress(DocumentProblems):
        read(whole[:at] + junk + whole[at + len(junk) :])


@given(st.text(LETTERS) | texts)
def test_a_defused_text_begins_no_formula_and_comes_back(text: str) -> None:
    safe = defused(text)
    assert undefused(safe) == text
    assert not safe.startswith(("=", "@", "\t")) or safe == text == ""
    assert not safe.startswith(("+", "-")) or float(safe.replace(",", ".")) is not None


@given(st.lists(st.tuples(texts.filter(bool), texts), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    head = ["Code", "Words"]
    assert cells(literal_csv([head, *rows])) == rows
    assert [tuple(map(undefused, row)) for row in cells(people_csv([head, *rows]))] == rows
    sheet = cells(xlsx("Codes", COLUMNS, rows, "", Guide("About", [])))
    assert [tuple(undefused(cell) for cell in (*row, "")[:2]) for row in sheet] == rows


def test_no_cell_of_a_spreadsheet_for_people_is_a_formula() -> None:
    content = xlsx("Codes", COLUMNS, [["=1+1", '=HYPERLINK("http://x.example")']], "", Guide("About", []))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet.lower()


def with_part(content: bytes, name: str, *replaced: bytes) -> bytes:
    """The archive with something else in one of its parts."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            part = old.read(entry)
            if entry == name:
                for before, after in zip(replaced[::2], replaced[1::2], strict=True):
                    part = part.replace(before, after)
            new.writestr(entry, part)
    return changed.getvalue()
