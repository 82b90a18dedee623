"""Examples that come in with a file, and that are taken along in one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.example import read_examples, write_examples
from lti_tool.documents.sentences import Sentence
from lti_tool.services.authoring import examples, library
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.exchange.taking_along import File
from rubrics.example import Example, not_agreed
from rubrics.refusal import _N
from rubrics.rubric import Rubric


def bring(session: Session, by: Author, version_id: UUID, text: str, now: datetime) -> int:
    """Keep the examples of a TOML document that this edition does not have yet; how many these are.

    That others agreed on them elsewhere does not come along. Raises `NotHere`, and `DocumentProblems`.
    """
    version = library.version(session, by.organization_id, version_id)
    key, brought = read_examples(text, source="TOML")
    found = tuple(_problems(key, brought, version.rubric))
    if found:
        raise DocumentProblems(*found)
    had = {_content(each) for each in examples.of_version(session, by.organization_id, version.id)}
    new = [each for each in brought if _content(each) not in had]
    for example in new:
        examples.write(session, by, version.id, example, now)
    return len(new)


def take_along(session: Session, organization_id: UUID, version_id: UUID) -> File:
    """The examples of this edition as TOML. Raises `NotHere`."""
    version = library.version(session, organization_id, version_id)
    found = examples.of_version(session, organization_id, version.id)
    name = f"{version.rubric.key}-edition-{version.number}-examples.toml"
    return File(name, "application/toml", write_examples(version.rubric.key, found).encode())


def _content(example: Example) -> Example:
    return replace(not_agreed(example), key="")


def _problems(key: str, brought: tuple[Example, ...], rubric: Rubric) -> Iterator[DocumentProblem]:
    if key != rubric.key:
        said = Sentence(
            _N("Found “%(found)s”. This is the page of “%(key)s”: please open the page of the other rubric."),
            found=key,
            key=rubric.key,
        )
        yield DocumentProblem("TOML", "rubric", said)
        return
    known = ", ".join(criterion.key for criterion in rubric.criteria)
    for position, example in enumerate(brought, start=1):
        for number, rating in enumerate(example.ratings, start=1):
            if rubric.criterion(rating.criterion) is None:
                said = Sentence(
                    _N("Found “%(found)s”. The criteria of this edition are: %(known)s."),
                    found=rating.criterion,
                    known=known,
                )
                yield DocumentProblem("TOML", f"examples[{position}].ratings[{number}].criterion", said)
