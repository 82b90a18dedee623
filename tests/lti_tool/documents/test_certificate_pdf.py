"""Certificates as PDFs: readable by everybody's software, the same every time, whatever somebody is called."""

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from lti_tool.documents import certificate_pdf
from lti_tool.documents.certificate_pdf import LOOKS, SHIPPED, Certificate
from lti_tool.documents.paper import Size
from lti_tool.documents.typeset import CannotPrint
from lti_tool.store.credentials import CertificateLook

ADDRESS = "https://attune.school.example/c/abc"
ONE = Certificate(
    title="Certificate", name="Ñandú Núñez", words="has shown everything that is asked for", stage="Peer specialist",
    program="Peer support", program_language="en-US", issuer="Our program", issued_on=date(2026, 3, 2),
    valid_until=date(2028, 3, 1), signed_by="Ana Ruiz\nDirector", look="plain", language="en", address=ADDRESS,
    has_page=True,
)  # fmt: skip
HOSTILE = 'a #let x = 1 $y$ *z* \\ "q" #read("/etc/passwd") <label> @ref // /* ] ['


def read(certificate: Certificate, size: Size = Size.A4) -> PdfReader:
    return PdfReader(io.BytesIO(certificate_pdf.pdf(certificate, size)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags(node: object) -> list[str]:
    """The kinds of structure in a PDF, as a screen reader walks through them."""
    if isinstance(node, list):
        return [tag for each in node for tag in tags(each.get_object())]
    if not isinstance(node, DictionaryObject):
        return []
    return [str(node["/S"]), *tags(node.get("/K"))] if "/S" in node else tags(node.get("/K"))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", Size)
def test_cap_d7_a_certificate_is_one_page_that_a_screen_reader_reads_in_order(look: str, size: Size) -> None:
    reader = read(replace(ONE, look=look), size)
    said = text_of(reader)
    assert len(reader.pages) == 1
    wide = reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    assert wide == (look == "wide")
    parts = (
        "Our program",
        "Certificate",
        "Ñandú Núñez",
        ONE.words,
        "Peer specialist",
        "March 2, 2026",
        "March 1, 2028",
    )
    places = [said.index(part) for part in (*parts, "Ana Ruiz", ADDRESS)]
    assert places == sorted(places)


def test_cap_d7_a_certificate_says_its_language_its_title_and_what_its_picture_is() -> None:
    reader = read(replace(ONE, language="es", title="Certificado"))
    root = reader.trailer["/Root"].get_object()
    assert root["/Lang"] == "es"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificado: Ñandú Núñez"
    found = tags(root["/StructTreeRoot"].get_object())
    assert "/H1" in found
    assert "/Figure" in found
    assert "/Link" in found
    assert b"pdfuaid" in certificate_pdf.pdf(ONE, Size.A4)
    assert "Vigente hasta el 1 de marzo de 2028" in text_of(reader)


def test_the_same_certificate_is_the_same_bytes() -> None:
    assert certificate_pdf.pdf(ONE, Size.A4) == certificate_pdf.pdf(ONE, Size.A4)


def test_a_certificate_without_an_end_says_so_and_needs_no_signature() -> None:
    said = text_of(read(replace(ONE, valid_until=None, signed_by="")))
    assert "Valid without an end" in said
    assert "Valid until" not in said


def test_rules_that_restate_a_body_claim_no_recognition_by_it() -> None:
    assert "No recognition by it is claimed" in text_of(read(replace(ONE, restates="A board of a state")))
    assert "recognition" not in text_of(read(ONE))


def test_it_says_whether_its_address_is_of_a_page_or_of_the_way_to_check_it() -> None:
    assert "still valid can be seen at this address" in text_of(read(ONE))
    assert "How it can be checked" in text_of(read(replace(ONE, has_page=False)))


def test_text_that_looks_like_a_program_is_only_text() -> None:
    made = replace(ONE, name=HOSTILE, title=HOSTILE, words=HOSTILE, signed_by=HOSTILE, stage=HOSTILE, issuer=HOSTILE)
    assert text_of(read(made)).replace(" ", "").count('#read("/etc/passwd")') == 6


@pytest.mark.parametrize("name", ["نور السيد", "נור כהן", "Иван Ильич", "Nguyễn Thị Mỹ Hạnh", "Ελένη", "Noor (נור)"])
def test_names_in_other_scripts_and_directions_are_printed(name: str) -> None:
    assert len(read(replace(ONE, name=name)).pages) == 1


def test_a_very_long_name_is_set_smaller_and_stays_on_the_page() -> None:
    name = "María del Carmen Fernández de la Vega Sánchez-Ramírez y Ortiz de Montellano y Villanueva de la Serena"
    reader = read(replace(ONE, name=name))
    assert len(reader.pages) == 1
    assert name in text_of(reader)


def test_letters_that_no_font_at_hand_has_are_told_instead_of_boxes() -> None:
    with pytest.raises(CannotPrint):
        certificate_pdf.pdf(replace(ONE, name="Noor \U00012000"), Size.A4)


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(max_codepoint=0x17F), min_size=1))
def test_whatever_is_written_in_latin_letters_is_printed(text: str) -> None:
    made = replace(ONE, name=f"N {text}", title=f"T {text}", words=text, signed_by=text)
    assert certificate_pdf.pdf(made, Size.LETTER).startswith(b"%PDF-")


def test_every_language_has_all_that_a_certificate_says() -> None:
    assert {path.stem for path in SHIPPED.glob("*.toml")} == {"ar", "en", "es"}
    english = certificate_pdf.wording("en")
    for language in certificate_pdf.wordings():
        found = certificate_pdf.wording(language)
        assert found.title
        assert found.words
        assert found.labels.keys() == english.labels.keys()
        assert all(found.labels.values())


def test_the_nearest_language_is_taken() -> None:
    assert certificate_pdf.wording("es-MX").language == "es"
    assert certificate_pdf.wording("fr").language == "en"


def test_looks_are_those_that_a_program_can_choose() -> None:
    assert tuple(CertificateLook) == LOOKS
