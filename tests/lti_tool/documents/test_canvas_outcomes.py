"""Outcomes of Canvas: groups and outcomes become a framework and go back by the same names."""

import csv
from dataclasses import replace
from datetime import date
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from grading.competency import Framework, Relation, tree
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.canvas_outcomes import read, recognizes, write
from lti_tool.documents.framework_names import identifier_of
from lti_tool.documents.framework_rows import key_of, link, own_short, shortened_title
from tests.lti_tool.documents.frameworks import a_competency, a_framework, trees
from tests.lti_tool.documents.tables import problems_of, said

ENGLISH = Options(language="en-US")
HEADER = (
    "vendor_guid,object_type,title,description,display_name,calculation_method,calculation_int,"
    "workflow_state,parent_guids,ratings,,,,,,,\n"
)
A = "a,group,Parent group,parent group description,G-1,,,active,,,,,,,,,\n"
B = "b,group,Child group,child group description,G-1.1,,,active,a,,,,,,,,\n"
C = "c,outcome,Learning Standard,outcome description,LS-100,decaying_average,40,active,a b,"
C += "3,Excellent,2,Better,1,Good,,\n"
plain_words = said.map(lambda text: " ".join(text.split())).filter(bool)


def brought(text: str, source: str = "my.csv") -> Brought:
    return read(text.encode(), source=source, options=ENGLISH)


def again(framework: Framework) -> Framework:
    [found] = read(write(Brought(frameworks=(framework,))), source="my.csv", options=ENGLISH).frameworks
    return found


def carried(framework: Framework) -> Framework:
    """What the format holds of it."""
    groups = {each.parent for each in framework.competencies}
    groups |= {each.destination for each in framework.links}
    ordered = sorted((node.competency for node in tree(framework)), key=lambda each: each.identifier not in groups)
    return replace(
        framework,
        key=key_of(title := shortened_title(framework.title, 250)),
        title=title,
        competencies=tuple(
            replace(each, short=own_short(shortened_title(each.short, 250), each.statement, 250) if each.short else "")
            for each in ordered
        ),
    )


@given(trees(words=plain_words), plain_words)
def test_cap_e5_a_framework_written_for_canvas_is_read_again(framework: Framework, notes: str) -> None:
    noted = replace(
        framework, competencies=tuple(replace(each, notes=notes, short="Short") for each in framework.competencies[:2])
    )
    assert again(framework) == carried(framework)
    assert again(noted) == carried(noted)


@given(st.text(max_size=30).map(lambda text: "".join(text.split())).filter(bool))
def test_what_canvas_calls_an_outcome_is_kept_for_the_way_back(guid: str) -> None:
    cells = [[guid, "outcome", "Listens"], ["canvas_outcome_group:7", "group", "All"]]
    rows = [["vendor_guid", "object_type", "title"], *cells]
    file = StringIO()
    csv.writer(file).writerows(rows)
    if not guid.isprintable() or guid == cells[1][0]:
        return
    [framework] = brought(file.getvalue()).frameworks
    written = list(csv.reader(StringIO(write(Brought(frameworks=(framework,))).decode(), newline="")))
    assert guid in [row[0] for row in written]
    assert "canvas_outcome_group:7" in [row[0] for row in written]


def test_what_canvas_exports_is_read() -> None:
    found = brought(HEADER + A + B + C)
    [framework] = found.frameworks
    assert (framework.key, framework.title, framework.description) == (
        "parent-group",
        "Parent group",
        "parent group description",
    )
    child, standard = framework.competencies
    assert (child.code, child.short, child.statement, child.parent) == (
        "G-1.1",
        "Child group",
        "child group description",
        None,
    )
    assert (standard.code, standard.short, standard.statement) == ("LS-100", "Learning Standard", "outcome description")
    assert standard.parent == child.identifier == identifier_of(framework.identifier, "b")
    assert framework.links == ()
    [note] = found.notes
    assert note.sentence == "Ratings, and how Canvas calculates with them, are not kept."
    rows = list(csv.reader(StringIO(write(Brought(frameworks=(framework,))).decode())))
    assert [row[0] for row in rows] == ["vendor_guid", "a", "b", "c"]


def test_a_further_parent_becomes_a_link_and_comes_back() -> None:
    second = "b2,group,Second group,,,,,active,a,,,,,,,,\n"
    [framework] = brought(HEADER + A + B + second + C.replace(",a b,", ",b b2 b,")).frameworks
    _, other, standard = framework.competencies
    assert [(each.origin, each.relation, each.destination) for each in framework.links] == [
        (standard.identifier, Relation.CHILD, other.identifier)
    ]
    assert again(framework) == framework


def test_links_of_other_kinds_stay_behind() -> None:
    framework = a_framework()
    first, second, _ = framework.competencies
    linked = replace(framework, links=(link(first.identifier, Relation.RELATED, second.identifier),))
    assert again(linked).links == ()


def test_several_groups_at_the_top_belong_to_a_framework_that_is_called_like_the_file() -> None:
    [framework] = brought(HEADER + A + B.replace(",a,", ",,"), source="State standards.csv").frameworks
    assert (framework.key, framework.title) == ("state-standards", "State standards")
    assert [each.short for each in framework.competencies] == ["Parent group", "Child group"]
    assert again(framework).competencies == framework.competencies


def test_what_is_deleted_is_left_out_and_said() -> None:
    found = brought(HEADER + A + B.replace("active", "deleted") + C.replace(",a b,", ",b,"))
    [framework] = found.frameworks
    assert [each.code for each in framework.competencies] == ["G-1", "LS-100"]
    assert [each.place for each in found.notes] == [
        "the whole file",
        "line 4, column parent_guids",
        "the whole file",
    ]
    old = a_framework(a_competency("A", deprecated_on=date(2026, 1, 1)))
    assert b"deleted" in write(Brought(frameworks=(old,)))
    assert again(old).competencies == ()


def test_descriptions_are_html_there_and_text_here() -> None:
    framework = a_framework(a_competency("A", statement="One < two & three\nfour", short="Counts"))
    assert b"<p>One &lt; two &amp; three<br>four</p>" in write(Brought(frameworks=(framework,)))
    assert again(framework) == carried(framework)


def test_everything_to_mend_is_named_at_once() -> None:
    text = (
        HEADER
        + A
        + ("a b,group,x,,,,,active,,,,,,,,,\na,outcome,,,,,,gone,x,,,,,,,,\nc,rubric,x,,,,,active,a b,,,,,,,,\n")
    )
    assert problems_of(read, text) == [
        ("line 3, column vendor_guid", "Found “a b”; please write it without spaces."),
        ("line 4, column title", "Nothing stands here. Please fill it in; this one is needed."),
        ("line 4, column vendor_guid", "“a” stands in line 2 already. Please give each its own."),
        ("line 4, column workflow_state", "Found “gone”; expected active / deleted."),
        ("line 4, column parent_guids", "Found “x”; expected the vendor_guid of a group."),
        ("line 5, column object_type", "Found “rubric”; expected group / outcome."),
        ("line 5, column parent_guids", "Found “b”; expected the vendor_guid of a group."),
    ]


def test_an_unknown_column_is_named_with_the_one_that_is_meant() -> None:
    [(place, sentence)] = problems_of(read, "vendor_guid,object_type,title,parent_guid\n")
    assert place == "line 1, column 4"
    assert "Is it meant to be “parent_guids”?" in sentence
    assert recognizes(next(csv.reader([HEADER]))) == 1
