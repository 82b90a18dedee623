"""CASE packages (1EdTech Competencies and Academic Standards Exchange, 1.1, and 1.0 to read), in and out.

What a package carries: a framework with its tree and its links, and rubrics. What CASE has no member for stands in
`extensions`, below `attune`, so that nothing of a framework or rubric is lost on the way there and back.
"""

import json
from collections import Counter
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from grading.competency import Framework
from lti_tool.documents import case_models as case
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.case_framework import framework_of
from lti_tool.documents.case_framework_out import association_members, document_members, filled, item_members
from lti_tool.documents.case_names import uuid_for
from lti_tool.documents.case_reading import Reading
from lti_tool.documents.case_rubrics import rubric_members, rubrics_of
from lti_tool.documents.json_in import read_json
from lti_tool.documents.problems import place_of
from lti_tool.documents.rows import Checking, problem
from rubrics.refusal import _N
from rubrics.rubric import Rubric

_LANGUAGE = "en-US"
_EXPECTED = (
    ("missing", _N("This is still needed here.")),
    ("datetime", _N("Found “%(found)s”. Please write a day and time, such as 2026-05-01T12:00:00Z.")),
    ("date", _N("Found “%(found)s”. Please write a day, such as 2026-05-01.")),
    ("string_pattern", _N("Found “%(found)s”. Please write a UUID, such as 6f2c1f5e-0c35-4c8e-9d3a-1f2b3c4d5e6f.")),
    ("string", _N("Please write this as text in quotes.")),
    ("float", _N("Found “%(found)s”. Please write a number, without quotes.")),
    ("list", _N("Please write a list in square brackets.")),
    ("model", _N("Please write this as an object in braces.")),
)


def read(content: bytes, *, source: str, options: Options) -> Brought:
    """The framework and the rubrics of the package. Raises `DocumentProblems`.

    Orphans, circles, second parents and whatever else was odd is taken in as it is and named in the notes.
    """
    document, notes = read_json(content, source=source, options=options)
    package = _package(document, source)
    checking = Checking(source)
    checking.keep(notes)
    reading = Reading(package, _language(package, options, checking), checking)
    framework = None
    if package.cf_document.extensions.attune.holds_framework and (package.cf_items or not package.cf_rubrics):
        framework = framework_of(reading)
    rubrics = rubrics_of(reading, framework)
    return Brought(rubrics, (framework,) if framework else (), checking.notes())


def write(brought: Brought) -> bytes:
    """The package of at most one framework and any number of rubrics; `read` gives back equal ones.

    Raises `DocumentProblems` where there are more frameworks, or nothing at all.
    """
    if len(brought.frameworks) > 1 or not (brought.frameworks or brought.rubrics):
        sentence = _N("A CASE package holds one framework, and here are %(found)s. Please choose one.")
        raise problem("CASE", "the whole document", sentence, found=len(brought.frameworks))
    framework = brought.frameworks[0] if brought.frameworks else _around(brought.rubrics[0])
    package = {
        "CFDocument": document_members(framework, holds_framework=bool(brought.frameworks)),
        "CFItems": [item_members(each) for each in framework.competencies],
        "CFAssociations": list(association_members(framework)),
        "CFRubrics": [rubric_members(each, brought.frameworks) for each in brought.rubrics],
    }
    return (json.dumps(filled(package), ensure_ascii=False, indent=2) + "\n").encode()


def _around(rubric: Rubric) -> Framework:
    """A document for rubrics alone, for CASE has no package without one."""
    return Framework(
        identifier=uuid_for("document", rubric.key),
        key=rubric.key,
        title=rubric.title or rubric.key or "-",  # CASE wants one, and a draft may have none
        language=rubric.language,
        license=rubric.license,
    )


def _package(document: dict[str, Any], source: str) -> case.Package:
    found = document.get("CFPackage", document)
    if isinstance(found, dict) and "CFDocument" not in found:
        listed = _N(
            "This is a list of CASE, and no package. Please bring the package itself: .../CFPackages/ and its UUID."
        )
        other = _N("There is no CFDocument here, so this is no CASE package.")
        raise problem(source, "the whole file", listed if any(name.startswith("CF") for name in found) else other)
    try:
        return case.Package.model_validate(found)
    except ValidationError as error:
        checking = Checking(source)
        for each in error.errors(include_url=False):
            _say(checking, each)
        checking.finish()
        raise  # there is always something to say


def _say(checking: Checking, found: ErrorDetails) -> None:
    sentence = next((said for kind, said in _EXPECTED if found["type"].startswith(kind)), _N("Please check this."))
    checking.say(place_of(found["loc"]), sentence, found=str(found["input"]))


def _language(package: case.Package, options: Options, checking: Checking) -> str:
    """Of the document; else what most items say, or the person who brings it."""
    if package.cf_document.language:
        return package.cf_document.language
    of_items = Counter(each.language for each in package.cf_items if each.language)
    if of_items:
        return of_items.most_common(1)[0][0]
    if options.language:
        return options.language
    sentence = _N(
        "The file does not say its language and is taken for %(language)s. You can name another when you bring it."
    )
    checking.note("CFDocument.language", sentence, language=_LANGUAGE)
    return _LANGUAGE
