"""Blank forms as PDFs: whatever a rubric says is shown as it is, and the code can be read from the picture."""

import io
from dataclasses import replace

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.documents import paper
from lti_tool.documents.typeset import CannotPrint
from rubrics.rubric import Level, Rubric
from tests.rubrics.making import a_criterion, a_rubric, in_spanish

WORDS = paper.Words(
    edition="Edition 1.", qr="QR code", how_to_find="Type it in.", date="Date", trainee="Trainee", mode="How",
    modes=("live", "role play"), agreed="Before", agreements=("Agreed.",), reminders=("No names.",),
    strength="A strength", not_seen="Not seen today", not_seen_hint="No occasion.", evidence="What did you see?",
    growth="To build next", next_step="Next step", afterwards="Destroy it.", page="Page",
)  # fmt: skip
FORMS = (
    paper.Form("AB12-CD34", "https://attune.example/paper/AB12CD34", "Ñandú Núñez"),
    paper.Form("EF56-GH78", "https://attune.example/paper/EF56GH78"),
)
HOSTILE = 'a #let x = 1 $y$ *z* \\ "q" #read("/etc/passwd") <label> @ref // /* ] ['


def blank(rubric: Rubric, *forms: paper.Form) -> paper.Blank:
    return paper.Blank(rubric=rubric, activity="Observed practice", forms=forms or FORMS, language="es", words=WORDS)


@pytest.mark.parametrize("size", paper.Size)
def test_a_pdf_says_its_language_and_is_tagged_for_screen_readers(size: paper.Size) -> None:
    made = paper.pdf(blank(in_spanish(a_rubric())), size)
    assert made.startswith(b"%PDF-")
    for mark in (b"/Lang(es)", b"/MarkInfo", b"/StructTreeRoot", b"pdfuaid"):
        assert mark in made


def test_text_that_looks_like_a_program_is_only_text() -> None:
    rubric = a_rubric(a_criterion(HOSTILE, statement=HOSTILE), title=HOSTILE)
    made = paper.pdf(
        replace(blank(rubric), activity=HOSTILE, words=replace(WORDS, reminders=(HOSTILE,))), paper.Size.A4
    )
    assert made.startswith(b"%PDF-")


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(max_codepoint=0x17F), min_size=1))
def test_whatever_is_written_in_latin_letters_is_printed(text: str) -> None:
    rubric = a_rubric(a_criterion(statement=text, levels=(Level(1, text, text),)), title=f"A title {text}")
    assert paper.pdf(blank(rubric, paper.Form(trainee=text)), paper.Size.LETTER).startswith(b"%PDF-")


def test_what_is_written_in_arabic_letters_is_printed_too() -> None:
    arabic = replace(blank(a_rubric(title="دعم الأقران: حديث واحد"), paper.Form(trainee="سمير")), language="ar")
    made = pypdf.PdfReader(io.BytesIO(paper.pdf(arabic, paper.Size.A4)))
    fonts = {font["/BaseFont"] for page in made.pages for font in page["/Resources"]["/Font"].values()}
    assert any("Amiri" in font for font in fonts)


@pytest.mark.parametrize("title", ["対話", "A talk 🙂"])
def test_letters_that_the_pdf_has_no_shapes_for_are_told_instead_of_boxes(title: str) -> None:
    with pytest.raises(CannotPrint):
        paper.pdf(blank(a_rubric(title=title)), paper.Size.A4)


def test_without_a_code_there_is_no_picture() -> None:
    with_code = paper.pdf(blank(a_rubric(), FORMS[1]), paper.Size.A4)
    without = paper.pdf(blank(a_rubric(), paper.Form()), paper.Size.A4)
    assert b"/Figure" in with_code
    assert b"/Figure" not in without


def test_a_picture_of_an_address_is_an_image_of_its_own() -> None:
    address = FORMS[0].address
    assert paper.qr_code(address).startswith("<svg")
    assert paper.qr_image(address).startswith("data:image/svg+xml")
    assert address not in paper.qr_image(address)
