"""The plain spreadsheet for rubrics: what people fill in comes in, and what is exported comes back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.plain_rubric import read, recognizes, write, write_xlsx
from lti_tool.documents.plain_tables import TEMPLATE_LEVELS, plain_table
from rubrics.rubric import Alignment, Criterion, Level, Principle, Rubric
from tests.lti_tool.documents.tables import a_workbook, problems_of, said, texts
from tests.rubrics.making import a_criterion, a_rubric

Write = Callable[[Brought], bytes]
keys = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
one_line = said.map(lambda text: " ".join(text.split())).filter(bool)
codes = st.from_regex(r"[a-z]{1,6}:[A-Z][0-9](, [0-9])?", fullmatch=True)
reasons = texts.map(lambda text: " ".join(text.replace("|", "").split()))
alignments = st.builds(
    Alignment, competency=codes, identifier=st.none() | st.uuids().map(str), reason=reasons, citation=reasons
)
levels = st.dictionaries(st.integers(1, 7), st.tuples(said, texts, texts), min_size=1, max_size=4).map(
    lambda found: tuple(Level(number, *found[number]) for number in sorted(found))
)


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    steps = draw(levels)
    return Criterion(
        key=draw(keys),
        statement=draw(said),
        levels=steps,
        met_at=draw(st.sampled_from(steps)).number,
        may_be_not_observed=draw(st.booleans()),
        must_be_met=draw(st.booleans()),
        relational=draw(st.booleans()),
        principles=draw(st.frozensets(st.sampled_from(Principle))),
        alignments=tuple(draw(st.lists(alignments, max_size=2))),
        watch_for=tuple(draw(st.lists(one_line, max_size=2))),
        guide=draw(texts),
        example=draw(texts),
    )


rubrics = st.builds(
    Rubric,
    key=keys,
    title=said,
    summary=texts,
    language=st.sampled_from(["en-US", "es", "es-MX", "fr"]),
    license=texts,
    provenance=texts,
    contributors=st.lists(one_line, max_size=2).map(tuple),
    pilot=st.booleans(),
    criteria=st.lists(criteria(), min_size=1, max_size=3, unique_by=lambda each: each.key).map(tuple),
)
several = st.lists(rubrics, min_size=1, max_size=2, unique_by=lambda each: each.key).map(tuple)


def brought(content: bytes | str, **options: str) -> Brought:
    whole = content if isinstance(content, bytes) else content.encode()
    return read(whole, source="my.csv", options=Options(**{"language": "en-US"} | options))


@given(several)
def test_cap_e5_rubrics_written_as_csv_are_read_again(found: tuple[Rubric, ...]) -> None:
    assert brought(write(Brought(rubrics=found))) == Brought(rubrics=found)


@settings(max_examples=30)
@given(several)
def test_cap_e5_rubrics_written_as_a_spreadsheet_are_read_again(found: tuple[Rubric, ...]) -> None:
    assert brought(write_xlsx(Brought(rubrics=found))) == Brought(rubrics=found)


@pytest.mark.parametrize("written", [write, write_xlsx])
def test_what_the_table_cannot_hold_stays_behind(written: Write) -> None:
    aligned = a_criterion(alignments=(Alignment("starter:A1", None, "a | reason\nof two lines", "a citation"),))
    rubric = a_rubric(aligned, a_criterion("bare", levels=(Level(1, "Alone", ""), Level(3, "", ""))))
    [found] = brought(written(Brought(rubrics=(replace(rubric, reviewed_by_lived_experience="Ana"),)))).rubrics
    first, second = found.criteria
    assert first.alignments == (Alignment("starter:A1", None, "a / reason of two lines", "a citation"),)
    assert (second.levels, second.met_at) == ((Level(1, "Alone", ""),), 1)
    assert found.reviewed_by_lived_experience is None


def test_two_columns_are_enough() -> None:
    found = brought("Rubric,Criterion\nTalk,Listens\n,Waits\nOther,Listens\nTalk,Asks\n")
    assert [(each.key, [one.key for one in each.criteria]) for each in found.rubrics] == [
        ("talk", ["listens", "waits", "asks"]),
        ("other", ["listens"]),
    ]
    first = found.rubrics[0].criteria[0]
    assert (first.levels, first.met_at, first.may_be_not_observed, first.relational) == ((), 1, True, False)


def test_spanish_headers_and_words_are_understood_in_any_order() -> None:
    [rubric] = brought(
        "criterio;RÚBRICA;Nivel 2;Nivel 1;Descripcion del nivel 1;relacional;Imprescindible;principios;Alcanzado en\r\n"
        "Escucha;Una conversación;Sola;Con señal;Tras una señal;Sí;no;Confianza, respuesta cultural;2\r\n",
        language="es",
    ).rubrics
    [criterion] = rubric.criteria
    assert criterion.levels == (Level(1, "Con señal", "Tras una señal"), Level(2, "Sola", ""))
    assert (criterion.relational, criterion.must_be_met, criterion.met_at) == (True, False, 2)
    assert criterion.principles == {Principle.TRUST, Principle.CULTURAL_RESPONSIVENESS}
    assert rubric.language == "es"


def test_a_spreadsheet_typed_by_people_is_read() -> None:
    [rubric] = brought(
        a_workbook(
            ["Rubric", "Criterion", "Level 1", "Level 2", "Met at", "Relational", "Watch for"],
            ["Talk", "Listens", "With a sign", "Alone", 2.0, True, "Interrupts\n\nGives advice"],
            [None, "Waits", "With a sign", "Alone", None, False, None],
        )
    ).rubrics
    first, second = rubric.criteria
    assert (first.met_at, first.relational, first.watch_for) == (2, True, ("Interrupts", "Gives advice"))
    assert (second.met_at, second.relational, second.watch_for) == (2, False, ())


def test_what_is_written_once_holds_for_the_whole_rubric() -> None:
    [rubric] = brought(
        "Rubric,Criterion,License,Language,Rubric key\nTalk,Listens,,es,\n,Waits,CC0-1.0,,\nTalk,Asks,,,\n"
    ).rubrics
    assert (rubric.license, rubric.language, len(rubric.criteria)) == ("CC0-1.0", "es", 3)


def test_a_file_without_a_language_is_taken_for_english_and_it_is_said_once() -> None:
    found = read(b"Rubric,Criterion\nTalk,Listens\nOther,Waits\n", source="my.csv", options=Options())
    assert [each.language for each in found.rubrics] == ["en-US", "en-US"]
    [note] = found.notes
    assert "en-US" in note.sentence


def test_everything_to_mend_is_named_by_line_column_value_and_what_was_expected() -> None:
    text = (
        "Rubric,Criterion,Level 1,Level 4,Met at,Relational,Principles,License,Criterion key,Rubric key\n"
        ",Listens,A,B,high,perhaps,trust; hope,CC0-1.0,Listens!,\n"
        "Talk,,A,B,3,,,,b,\n"
        "Talk,Waits,A,B,4,,,CC-BY-4.0,b,No key\n"
    )
    key = "expected small letters, digits and hyphens, such as peer-support, or nothing."
    assert problems_of(read, text) == [
        ("line 2, column Rubric", "Nothing stands here. Please fill it in; this one is needed."),
        ("line 2, column Criterion key", f"Found “Listens!”; {key}"),
        ("line 2, column Met at", "Found “high”; expected the number of a level of this row, such as 4."),
        ("line 2, column Relational", "Found “perhaps”; please write yes or no."),
        (
            "line 2, column Principles",
            "Found “hope”; expected one or more of safety, choice, collaboration, trust, empowerment, "
            "cultural responsiveness.",
        ),
        ("line 3, column Criterion", "Nothing stands here. Please fill it in; this one is needed."),
        ("line 3, column Met at", "Found “3”; expected the number of a level of this row, such as 4."),
        ("line 4, column Rubric key", f"Found “No key”; {key}"),
    ]


def test_what_two_rows_say_differently_of_the_whole_is_told() -> None:
    [(place, sentence)] = problems_of(read, "Rubric,Criterion,License\nTalk,Listens,CC0-1.0\n,Waits,CC-BY-4.0\n")
    assert place == "line 3, column License"
    assert sentence == "Found “CC-BY-4.0”, and in line 2 “CC0-1.0”. Please write it once for the whole."


def test_competencies_may_have_reasons() -> None:
    content = a_workbook(
        ["Rubric", "Criterion", "Competencies"],
        ["Talk", "Listens", "starter:A1, starter:A2\nstarter:B1 | It is the same.\nstarter:C1 | So | Page 4"],
    )
    assert brought(content).rubrics[0].criteria[0].alignments == (
        Alignment("starter:A1"),
        Alignment("starter:A2"),
        Alignment("starter:B1", reason="It is the same."),
        Alignment("starter:C1", reason="So", citation="Page 4"),
    )
    [(place, sentence)] = problems_of(read, "Rubric,Criterion,Competencies\nTalk,Listens,a | b | c | d | e\n")
    assert (place, "code | reason | citation" in sentence) == ("line 2, column Competencies", True)


def test_cells_beyond_the_header_line_are_named() -> None:
    assert problems_of(read, "Rubric,Criterion\nTalk,Listens, or so\n") == [
        ("line 2", "“or so” stands beyond the last column. Please look at the separators and quotation marks.")
    ]


def test_a_column_that_is_here_twice_is_named() -> None:
    [(place, sentence)] = problems_of(read, "Rubric,Criterion,Statement\nTalk,a,b\n")
    assert (place, "“Statement”" in sentence) == ("line 1, column 3", True)


def test_no_cell_of_a_file_for_people_begins_a_formula() -> None:
    rubric = a_rubric(a_criterion(statement='=HYPERLINK("http://x.example";"Listen")', guide="-1+1", example="-5"))
    text = write(Brought(rubrics=(rubric,))).decode("utf-8-sig")
    assert "\"'=HYPERLINK" in text
    assert '"\'-1+1"' in text
    assert '"-5"' in text
    assert brought(write(Brought(rubrics=(rubric,)))).rubrics == (rubric,)


def test_names_of_columns_are_never_ambiguous() -> None:
    for language in ("en", "es"):
        header = [each.header(language) for each in plain_table("rubric").with_levels(TEMPLATE_LEVELS)]
        assert recognizes(header) == 1
        assert len({name.casefold() for name in header}) == len(header)
