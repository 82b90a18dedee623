"""The plain spreadsheet for frameworks: what people fill in comes in, and what is exported comes back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.competency import Framework, Kind, Words
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.framework_names import identifier_of
from lti_tool.documents.plain_framework import read, recognizes, write, write_xlsx
from lti_tool.documents.plain_tables import plain_table
from tests.lti_tool.documents.frameworks import a_competency, a_framework, kinds, trees
from tests.lti_tool.documents.tables import a_workbook, problems_of, texts

FOREIGN = "a7e1c9f0-5b3d-4e62-9d14-3c0f6a1b7e28"
Write = Callable[[Brought], bytes]


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    tree = draw(trees().filter(lambda found: found.competencies))
    texts_of = ("description", "version", "creator", "publisher", "license", "notice", "source")
    return replace(
        tree,
        language=draw(st.sampled_from(["en-US", "es", "fr"])),
        competencies=tuple(
            replace(each, kind=draw(kinds), observable=draw(st.booleans()), short=draw(texts), notes=draw(texts))
            for each in tree.competencies
        ),
        **{name: draw(texts) for name in texts_of},
    )


def brought(content: bytes | str, source: str = "my.csv") -> Brought:
    whole = content if isinstance(content, bytes) else content.encode()
    return read(whole, source=source, options=Options(language="en-US"))


@given(frameworks())
def test_cap_e5_a_framework_written_as_csv_is_read_again(found: Framework) -> None:
    assert brought(write(Brought(frameworks=(found,)))) == Brought(frameworks=(found,))


@settings(max_examples=30)
@given(frameworks())
def test_cap_e5_a_framework_written_as_a_spreadsheet_is_read_again(found: Framework) -> None:
    assert brought(write_xlsx(Brought(frameworks=(found,)))) == Brought(frameworks=(found,))


@pytest.mark.parametrize("written", [write, write_xlsx])
def test_identifiers_from_elsewhere_come_back_also_where_codes_are_doubled_or_absent(written: Write) -> None:
    top = a_competency("A", identifier=FOREIGN)
    others = (
        replace(a_competency("A", statement="Also A"), parent=FOREIGN),
        replace(a_competency("", statement="No code", identifier=identifier_of("ours", "No code")), parent=FOREIGN),
    )
    found = a_framework(top, *others, identifier=FOREIGN.replace("a7", "b7"))
    assert brought(written(Brought(frameworks=(found,)))).frameworks == (found,)


def test_several_frameworks_in_one_file_stay_apart() -> None:
    pair = (
        a_framework(),
        a_framework(a_competency("Z", identifier=FOREIGN), key="theirs", identifier=identifier_of("theirs")),
    )
    assert brought(write(Brought(frameworks=pair))).frameworks == pair


def test_what_the_table_cannot_hold_stays_behind() -> None:
    plain = a_framework(a_competency("A"))
    rich = replace(
        plain,
        uri="https://x.example/f",
        adoption_status="Draft",
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        reviewed_by_your_people="Ana",
        translations=(Words("es", "Nuestro marco"),),
        competencies=(
            replace(
                plain.competencies[0],
                type_name="Skill",
                uri="https://x.example/a",
                changed_at=datetime(2026, 1, 1, tzinfo=UTC),
                deprecated_on=date(2026, 1, 1),
                translations=(Words("es", "Hace"),),
            ),
        ),
    )
    assert brought(write(Brought(frameworks=(rich,)))).frameworks == (plain,)


def test_one_column_is_enough_and_the_framework_is_called_like_the_file() -> None:
    [found] = brought("Statement\nListens\nWaits\n", source="/tmp/Peer skills.csv").frameworks
    assert (found.key, found.title) == ("peer-skills", "Peer skills")
    assert [each.identifier for each in found.competencies] == [
        identifier_of("peer-skills", "Listens"),
        identifier_of("peer-skills", "Waits"),
    ]


def test_spanish_headers_and_words_are_understood() -> None:
    [found] = brought(
        "Código;Parte de;Enunciado;Tipo;Se puede observar;Marco\r\n"
        "A;;Escucha;Habilidad;sí;Nuestro marco\r\nA1;A;Valora;valor;No;\r\n"
    ).frameworks
    first, second = found.competencies
    assert found.title == "Nuestro marco"
    assert (first.kind, first.observable, second.kind, second.observable) == (Kind.SKILL, True, Kind.VALUE, False)
    assert second.parent == first.identifier


def test_codes_that_a_spreadsheet_takes_for_numbers_are_the_same_codes() -> None:
    content = a_workbook(["Code", "Part of", "Statement"], [1, None, "One"], [1.10, 1, "One ten"], A3="0.00")
    assert [each.code for each in brought(content).frameworks[0].competencies] == ["1", "1.10"]


def test_everything_to_mend_is_named_by_line_column_value_and_what_was_expected() -> None:
    text = (
        "Code,Part of,Statement,Kind,Can be observed,Framework key,Identifier\n"
        "A,Z,Listens,talent,perhaps,No key,123\n"
        "A,A,,,,,\n"
        ",,Waits,,,,\n"
        ",,Waits,,,,\n"
    )
    own = "Please give each its own."
    parent = "expected the code of another row, or nothing at the top of the tree."
    assert problems_of(read, text) == [
        (
            "line 2, column Framework key",
            "Found “No key”; expected small letters, digits and hyphens, such as peer-support, or nothing.",
        ),
        ("line 2, column Identifier", "Found “123”; expected an identifier (a UUID) as it was exported, or nothing."),
        ("line 2, column Part of", f"Found “Z”; {parent}"),
        ("line 2, column Kind", "Found “talent”; expected one of value, knowledge, skill, attitude."),
        ("line 2, column Can be observed", "Found “perhaps”; please write yes or no."),
        ("line 3, column Statement", "Nothing stands here. Please fill it in; this one is needed."),
        ("line 3, column Part of", f"Found “A”; {parent}"),
        ("line 5, column Statement", f"“Waits” stands in line 4 already. {own}"),
    ]
    assert problems_of(read, "Code,Statement\nA,Listens\nA,Waits\n") == [
        ("line 3, column Code", f"“A” stands in line 2 already. {own}")
    ]


@pytest.mark.parametrize("written", [write, write_xlsx])
def test_ten_thousand_rows_are_read_whole(written: Write) -> None:
    many = a_framework(*(a_competency(str(number), "1" if number > 1 else "") for number in range(1, 10_001)))
    assert brought(written(Brought(frameworks=(many,)))).frameworks == (many,)


def test_names_of_columns_are_never_ambiguous() -> None:
    for language in ("en", "es"):
        header = [each.header(language) for each in plain_table("framework").columns]
        assert recognizes(header) == 1
        assert len({name.casefold() for name in header}) == len(header)
