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
        identifier=an_identifier(0xF_0000_0000),
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


# What a person can have typed: no NUL, no half of a pair, and no space around it.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20).map(str.strip)
some_text = texts.filter(bool)
addresses = st.sampled_from(["", "https://example.org/1", "urn:example:2"])
typed_words = st.lists(st.builds(Words, language=texts, statement=texts, short=texts, notes=texts), max_size=2).map(
    tuple
)


@st.composite
def usable_frameworks(draw: st.DrawFn) -> Framework:
    """Frameworks of which nothing is to be mended: any texts, trees and circles, links inside and to elsewhere."""
    grown = draw(grown_frameworks())
    ends = st.sampled_from([each.identifier for each in grown.competencies] or [an_identifier(1)])
    link = st.builds(
        Link,
        identifier=identifiers,
        origin=ends,
        relation=st.sampled_from(Relation),
        destination=identifiers,
        destination_title=texts,
        destination_uri=addresses,
        note=texts,
        uri=addresses,
        changed_at=moments,
    )
    inside = st.builds(
        Link, identifier=identifiers, origin=ends, relation=st.sampled_from(Relation), destination=ends, note=texts
    )
    some_links = st.lists(
        link | inside, max_size=4, unique_by=lambda each: (each.origin, each.relation, each.destination)
    )
    return Framework(
        identifier=draw(identifiers),
        key=draw(st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)),
        title=draw(some_text),
        language=draw(some_text),
        reviewed_by_your_people=draw(st.none() | some_text),
        changed_at=draw(moments),
        uri=draw(addresses),
        competencies=tuple(draw(_filled_in(each)) for each in grown.competencies),
        links=tuple(draw(some_links)),
        translations=draw(typed_words),
        **{name: draw(texts) for name in _TEXTS_OF_A_FRAMEWORK},
    )


_TEXTS_OF_A_FRAMEWORK = (
    "version", "creator", "publisher", "description", "license", "notice", "source", "adoption_status",
)  # fmt: skip


@st.composite
def _filled_in(draw: st.DrawFn, competency: Competency) -> Competency:
    return replace(
        competency,
        code=draw(texts),
        statement=draw(some_text),
        short=draw(texts),
        kind=draw(st.none() | st.sampled_from(Kind)),
        type_name=draw(texts),
        observable=draw(st.booleans()),
        notes=draw(texts),
        uri=draw(addresses),
        changed_at=draw(moments),
        deprecated_on=draw(st.none() | st.dates()),
        translations=draw(typed_words),
    )
