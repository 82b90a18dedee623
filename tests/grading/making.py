"""Frameworks for tests: a small good one to change, and any that Hypothesis can think of."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import strategies as st

from grading.competency import Competency, Framework, Kind, Link, Relation, Words


def an_identifier(number: int) -> str:
    """A UUID that is easily told from others."""
    return str(UUID(int=number))


def a_competency(number: int, parent: int | None = None, **changes: object) -> Competency:
    """The competency with the code C and its number."""
    competency = Competency(
        identifier=an_identifier(number),
        code=f"C{number}",
        statement=f"Does what {number} says",
        parent=None if parent is None else an_identifier(parent),
    )
    return replace(competency, **changes)


def a_framework(*competencies: Competency, **changes: object) -> Framework:
    framework = Framework(
        identifier=an_identifier(0xF),
        key="starter",
        title="What peer supporters do",
        language="en-US",
        license="CC0-1.0",
        competencies=competencies or (a_competency(1), a_competency(2, parent=1), a_competency(3, parent=1)),
    )
    return replace(framework, **changes)


identifiers = st.uuids().map(str)
moments = st.none() | st.integers(1, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
words = st.builds(Words, language=st.text(), statement=st.text(), short=st.text(), notes=st.text())
some_words = st.lists(words, max_size=2).map(tuple)
competencies = st.builds(
    Competency,
    identifier=identifiers,
    code=st.text(),
    statement=st.text(),
    short=st.text(),
    parent=st.none() | identifiers,
    kind=st.none() | st.sampled_from(Kind),
    type_name=st.text(),
    observable=st.booleans(),
    notes=st.text(),
    uri=st.text(),
    changed_at=moments,
    deprecated_on=st.none() | st.dates(),
    translations=some_words,
)
links = st.builds(
    Link,
    identifier=identifiers,
    origin=identifiers,
    relation=st.sampled_from(Relation),
    destination=st.text(),
    destination_title=st.text(),
    destination_uri=st.text(),
    note=st.text(),
    uri=st.text(),
    changed_at=moments,
)
frameworks = st.builds(
    Framework,
    identifier=identifiers,
    key=st.text(),
    title=st.text(),
    language=st.text(),
    version=st.text(),
    creator=st.text(),
    publisher=st.text(),
    description=st.text(),
    license=st.text(),
    notice=st.text(),
    source=st.text(),
    adoption_status=st.text(),
    reviewed_by_your_people=st.none() | st.text(),
    uri=st.text(),
    changed_at=moments,
    competencies=st.lists(competencies, max_size=4).map(tuple),
    links=st.lists(links, max_size=3).map(tuple),
    translations=some_words,
)


@st.composite
def grown_frameworks(draw: st.DrawFn) -> Framework:
    """Frameworks whose competencies belong to each other: trees, circles, and some whose parent is elsewhere."""
    numbers = draw(st.lists(st.integers(1, 30), unique=True, max_size=12))
    parents = st.none() | st.sampled_from([*numbers, 99])
    return a_framework(
        *(a_competency(number, draw(parents.filter(lambda parent, own=number: parent != own))) for number in numbers)
    )
