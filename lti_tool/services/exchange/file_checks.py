"""Whether what a file holds can be told apart, and named: before anything is compared."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.competency import Framework
from grading.competency import problems as problems_of
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.brought import Brought, Note
from lti_tool.documents.sentences import Sentence, shortened
from lti_tool.documents.wording import is_language
from lti_tool.services.authoring.draft_structure import MOST_CRITERIA
from lti_tool.services.competencies import frameworks
from lti_tool.store.frameworks import FrameworkRow
from rubrics.keys import is_key
from rubrics.refusal import _N
from rubrics.rubric import Rubric

_A_KEY = _N("Found “%(found)s”; expected a key of small letters, digits and hyphens, such as listens.")


def ready(session: Session, organization_id: UUID, brought: Brought, *, source: str) -> Brought:
    """The same with keys that name one thing each. Raises `DocumentProblems` for what cannot be told apart."""
    found = [*_rubric_problems(brought.rubrics, source), *_framework_problems(brought.frameworks, source)]
    if found:
        raise DocumentProblems(*found)
    notes, with_keys = list(brought.notes), []
    taken = dict(
        session.execute(
            select(FrameworkRow.key, FrameworkRow.identifier).where(FrameworkRow.organization_id == organization_id)
        ).all()
    )
    for framework in brought.frameworks:
        notes.extend(_still_to_tell(framework, notes))
        key = _key_for(framework, taken)
        if key != framework.key:
            sentence = _N("Here the framework has the key %(key)s, and not %(found)s: rubrics name it so.")
            notes.append(Note("key", Sentence(sentence, key=key, found=framework.key)))
        taken[key] = framework.identifier
        with_keys.append(frameworks.without_repeats(replace(framework, key=key)))
    return replace(brought, frameworks=tuple(with_keys), notes=tuple(notes))


def _rubric_problems(rubrics: Sequence[Rubric], source: str) -> Iterator[DocumentProblem]:
    seen = set[str]()
    for each in rubrics:
        where = f"{each.key}: " if len(rubrics) > 1 else ""
        if not is_key(each.key):
            yield _problem(source, f"{where}key", _A_KEY, found=each.key)
        if each.key in seen:
            sentence = _N("Two rubrics of the file have the key %(key)s. Please give each its own.")
            yield _problem(source, f"{where}key", sentence, key=each.key)
        if len(each.criteria) > MOST_CRITERIA:
            sentence = _N("There are %(found)s criteria; a rubric has at most %(most)s.")
            yield _problem(source, f"{where}criteria", sentence, found=len(each.criteria), most=MOST_CRITERIA)
        seen.add(each.key)
        yield from _language_problems(each, where, source)
        yield from _criterion_problems(each, where, source)


def _language_problems(rubric: Rubric, where: str, source: str) -> Iterator[DocumentProblem]:
    """Its own language can be mended on the draft's page; one that it was translated into is found by its code."""
    before = set[str]()
    for position, translation in enumerate(rubric.translations, start=1):
        place, code = f"{where}translations[{position}].language", translation.language.casefold()
        if not is_language(translation.language):
            yield _problem(source, place, _N("Please name the language by its code, such as en-US."))
        elif code in before:
            yield _problem(source, place, _N("The rubric has this language already. Please keep one of them."))
        before.add(code)


def _criterion_problems(rubric: Rubric, where: str, source: str) -> Iterator[DocumentProblem]:
    keys = set[str]()
    for position, criterion in enumerate(rubric.criteria, start=1):
        place = f"{where}criteria[{position}].key"
        if not is_key(criterion.key):
            yield _problem(source, place, _A_KEY, found=criterion.key)
        if criterion.key in keys:
            sentence = _N("Another criterion has the key %(key)s. Please give each its own.")
            yield _problem(source, place, sentence, key=criterion.key)
        keys.add(criterion.key)
        for number, alignment in enumerate(criterion.alignments, start=1):
            if not alignment.competency.strip():
                sentence = _N("Please name a competency by its framework and code, such as starter:A1.")
                yield _problem(source, f"{where}criteria[{position}].alignments[{number}].competency", sentence)


def _framework_problems(given: Sequence[Framework], source: str) -> Iterator[DocumentProblem]:
    seen = set[str]()
    for framework in given:
        if framework.identifier in seen:
            sentence = _N("Two frameworks of the file have the identifier %(identifier)s. Please give each its own.")
            yield _problem(source, "identifier", sentence, identifier=framework.identifier)
        seen.add(framework.identifier)
        for each in problems_of(framework):
            if not each.tolerated:
                yield _problem(source, each.place, each.sentence, found=shortened(each.found))


def _still_to_tell(framework: Framework, told: Iterable[Note]) -> list[Note]:
    """What is to be known about it, where its format has not told it already with places of the file."""
    before = {str(note.sentence) for note in told}
    said = [
        Note(each.place, Sentence(each.sentence, found=shortened(each.found)))
        for each in problems_of(framework)
        if each.tolerated
    ]
    return [note for note in said if note.sentence not in before]


def _problem(source: str, place: str, sentence: str, **values: object) -> DocumentProblem:
    return DocumentProblem(source, place, Sentence(sentence, **values))


def _key_for(framework: Framework, taken: dict[str, str]) -> str:
    """The key that it has here already, or one that nothing else has."""
    for key, identifier in taken.items():
        if identifier == framework.identifier:
            return key
    key, number = framework.key, 1
    while key in taken:
        number += 1
        key = f"{framework.key}-{number}"
    return key
