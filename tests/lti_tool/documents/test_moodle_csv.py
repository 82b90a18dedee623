"""Moodle's competency frameworks: in and out again, and what is to be mended in a file."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.competency import Framework, Kind, Relation
from lti_tool.documents import DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.framework_names import identifier_of
from lti_tool.documents.framework_rows import link, own_short, shortened_title
from lti_tool.documents.html_text import html_of_text, text_of_html
from lti_tool.documents.moodle_csv import COLUMNS, read, recognizes, write
from tests.lti_tool.documents.frameworks import a_competency, a_framework, trees
from tests.lti_tool.documents.tables import problems_of, said

ENGLISH = Options(language="en-US")
HEADER = (
    '"Parent id number","Id number",Shortname,Description,"Description format","Scale values","Scale configuration",'
    '"Rule type (optional)","Rule outcome (optional)","Rule config (optional)",'
    '"Cross referenced competency id numbers","Exported id (optional)","Is framework",Taxonomy\n'
)
HEAD = ',COL-1,"The college","<p>What we do</p>",1,"Not yet competent,Competent",[],,,,,,1,"domain,skill,value,level"\n'
plain_words = said.map(lambda text: " ".join(text.split())).filter(bool)


def brought(text: str, **options: str) -> Brought:
    return read(text.encode(), source="my.csv", options=Options(**{"language": "en-US"} | options))


def again(framework: Framework) -> Framework:
    [found] = read(write(Brought(frameworks=(framework,))), source="my.csv", options=ENGLISH).frameworks
    return found


def carried(framework: Framework) -> Framework:
    """What the format holds of it."""
    return replace(
        framework,
        title=shortened_title(framework.title, 100),
        competencies=tuple(
            replace(each, short=own_short(shortened_title(each.short, 100), each.statement, 100) if each.short else "")
            for each in framework.competencies
        ),
    )


@given(trees(words=plain_words), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4))
def test_cap_e5_a_framework_written_for_moodle_is_read_again(
    framework: Framework, pairs: list[tuple[int, int]]
) -> None:
    found = {
        frozenset(pair): link(
            framework.competencies[a].identifier, Relation.RELATED, framework.competencies[b].identifier
        )
        for a, b in sorted(pairs)
        if a != b and max(pair := (a, b)) < len(framework.competencies)
    }
    linked = replace(framework, links=tuple(sorted(found.values(), key=lambda each: order(framework, each.origin))))
    assert again(linked) == carried(linked)


def order(framework: Framework, identifier: str) -> int:
    return [each.identifier for each in framework.competencies].index(identifier)


@given(said)
def test_text_becomes_html_and_comes_back(text: str) -> None:
    lines = text_of_html(html_of_text(text))
    assert text_of_html(html_of_text(lines)) == lines
    assert lines.split() == text.replace("\xa0", " ").split()
    assert "<" not in html_of_text(text).replace("<p>", "").replace("</p>", "").replace("<br>", "")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Keeps\nan eye</p><p>on <b>time</b> &amp; place</p>", "Keeps an eye\n\non time & place"),
        ("<ul><li>one</li><li>two<br/>three</li></ul>", "one\ntwo\nthree"),
        ("<script>alert(1)</script><p onclick=x>a<style>b{}</style></p>", "a"),
        ("no markup: a < b", "no markup: a < b"),
        ("<img src=x onerror=alert(1)>&lt;b&gt;", "<b>"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_person_would_read(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_what_moodle_exports_is_read() -> None:
    found = brought(
        HEADER
        + HEAD
        + 'S,S-1,"Listens to","<p>Listens to the end<br></p>",1,,,,0,null,"S-2,a%2Cb,gone",2,,\n'
        + ",S,Speaking,,1,,,,0,null,,1,,\n"
        + 'S,"a,b",Waits,<p>Waits</p>,1,,,core_competency\\competency_rule_all,2,null,S-1,3,,\n'
        + 'S,S-2,Answers,plain <b>,2,"No,Yes",[],,0,null,S-1,4,,\n'
    )
    [framework] = found.frameworks
    assert (framework.key, framework.title, framework.description) == ("col-1", "The college", "What we do")
    assert framework.identifier == identifier_of("col-1")
    first, top, third, fourth = framework.competencies
    assert (first.code, first.statement, first.short) == ("S-1", "Listens to the end", "Listens to")
    assert first.parent == top.identifier == identifier_of("col-1", "S")
    assert (top.statement, top.short, top.parent, top.type_name) == ("Speaking", "", None, "domain")
    assert (third.code, third.kind) == ("a,b", Kind.SKILL)
    assert fourth.statement == "plain <b>"
    assert [(each.origin, each.destination) for each in framework.links] == [
        (first.identifier, fourth.identifier),
        (first.identifier, third.identifier),
    ]
    assert [(note.place, note.sentence) for note in found.notes] == [
        ("line 3, column Cross referenced competency id numbers", "“gone” is not in this file; that link is left out."),
        ("line 2, column Scale values", "Moodle's scale “No,Yes” is not kept."),
        ("the whole file", "Moodle's rules for when something is complete (1) are not kept."),
    ]


def test_moodle_finds_its_fourteen_columns_and_one_framework() -> None:
    rows = list(csv.reader(StringIO(write(Brought(frameworks=(a_framework(),))).decode(), newline="")))
    assert [len(row) for row in rows] == [14] * 5 == [len(COLUMNS)] * 5
    assert rows[1] == [
        "", "ours", "Our framework", "", "1", "Not yet competent,Competent",
        '[{"scaleid":"2"},{"id":2,"scaledefault":1,"proficient":1}]',
        "", "", "", "", "", "1", "competency,competency,competency,competency",
    ]  # fmt: skip
    assert rows[3][:5] == ["A", "A1", "Does what A1 says", "<p>Does what A1 says</p>", "1"]


def test_a_title_of_more_than_a_hundred_letters_is_cut_and_its_words_return() -> None:
    long = a_framework(a_competency("A", statement="word " * 40 + "end"))
    content = write(Brought(frameworks=(long,))).decode()
    assert max(len(row[2]) for row in csv.reader(StringIO(content))) <= 100
    assert again(long) == long


def test_one_word_for_each_depth_of_the_tree_comes_back() -> None:
    named = a_framework(
        a_competency("A", type_name="domain"),
        a_competency("A1", "A", kind=Kind.SKILL),
        a_competency("A1a", "A1", kind=Kind.VALUE),
    )
    assert again(named) == named


def test_a_competency_without_a_code_of_its_own_goes_by_its_identifier() -> None:
    twin = a_competency("A", identifier="a7e1c9f0-5b3d-4e62-9d14-3c0f6a1b7e28", statement="Also A")
    found = again(a_framework(a_competency("A"), twin))
    assert [each.identifier for each in found.competencies] == [identifier_of("ours", "A"), twin.identifier]
    assert [each.code for each in found.competencies] == ["", ""]


def test_a_header_line_in_another_language_is_taken_in_order() -> None:
    header = ",".join(f"columna {number}" for number in range(14)) + "\n"
    found = brought(header + HEAD.replace("<p>", "<p>"))
    assert found.frameworks[0].title == "The college"
    assert found.notes[0].place == "line 1"


def test_everything_to_mend_is_named_at_once() -> None:
    text = (
        HEADER
        + HEAD.replace("skill,value", "skils,value")
        + ("gone,A,a,,1,,,,,,,,,\n,,b,,1,,,,,,,,,\n,A,,,1,,,,,,,,,\nB,B,b,,1,,,,,,,,maybe,\n")
    )
    expected = "expected the ID number of another row, or nothing at the top of the tree."
    found = problems_of(read, text)
    assert [place for place, _ in found] == [
        "line 2, column Taxonomy",
        "line 3, column Parent id number",
        "line 4, column Id number",
        "line 5, column Id number",
        "line 5, column Shortname",
        "line 6, column Is framework",
        "line 6, column Parent id number",
    ]
    assert found[1][1] == f"Found “gone”; {expected}"
    assert found[3][1] == "“A” stands in line 3 already. Please give each its own."


@pytest.mark.parametrize(("rows", "count"), [("", 0), (HEAD + HEAD, 2)])
def test_a_file_has_exactly_one_framework(rows: str, count: int) -> None:
    [(_, sentence)] = problems_of(read, HEADER + rows + ",A,a,,1,,,,,,,,,\n")
    assert sentence.startswith(f"Found {count} rows with 1 in the column “Is framework”")


def test_moodle_takes_one_framework_a_file() -> None:
    with pytest.raises(DocumentProblems) as found:
        write(Brought(frameworks=(a_framework(), a_framework())))
    assert "not 2" in str(found.value)


def test_a_header_line_of_something_else_is_named() -> None:
    assert any("“ID number”" in sentence for _, sentence in problems_of(read, "a,b\n1,2\n"))
    assert recognizes(next(csv.reader([HEADER]))) == 1
    assert recognizes(["vendor_guid", "object_type"]) == 0
