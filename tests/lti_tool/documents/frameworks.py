"""Frameworks for tests of tables: trees with codes, and what a table holds of them."""

from hypothesis import strategies as st

from grading.competency import Competency, Framework, Kind
from lti_tool.documents.framework_names import identifier_of
from tests.lti_tool.documents.tables import said


def a_competency(code: str, parent: str = "", **changes: object) -> Competency:
    values = {
        "identifier": identifier_of("ours", code),
        "code": code,
        "statement": f"Does what {code} says",
        "parent": identifier_of("ours", parent) if parent else None,
    }
    return Competency(**values | changes)


def a_framework(*competencies: Competency, **changes: object) -> Framework:
    values = {
        "identifier": identifier_of("ours"),
        "key": "ours",
        "title": "Our framework",
        "language": "en-US",
        "competencies": competencies or (a_competency("A"), a_competency("A1", "A"), a_competency("B")),
    }
    return Framework(**values | changes)


@st.composite
def trees(draw: st.DrawFn, *, words: st.SearchStrategy[str] = said, most: int = 6) -> Framework:
    """A framework whose codes are numbers; each belongs to an earlier one or to none."""
    competencies = []
    for number in range(draw(st.integers(0, most))):
        parent = draw(st.none() | st.integers(0, number - 1)) if number else None
        competencies.append(
            a_competency(str(number + 1), str(parent + 1) if parent is not None else "", statement=draw(words))
        )
    return a_framework(*competencies, competencies=tuple(competencies), title=draw(words))


kinds = st.none() | st.sampled_from(Kind)
