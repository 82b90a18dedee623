"""Rubrics as TOML for authors, and as the JSON form that is kept and digested."""

from dataclasses import asdict
from typing import Annotated, Any

import rfc8785
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lti_tool.documents.problems import problem_in
from lti_tool.documents.toml import read_toml
from rubrics.rubric import Alignment, Criterion, Level, Principle, Rubric
from rubrics.sign_off import digest_of
from rubrics.translation import CriterionWords, LevelWords, Translation

_Number = Annotated[int, Field(ge=1, le=100)]


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Level(_Entries):
    number: _Number
    label: str
    anchor: str
    example: str = ""


class _Alignment(_Entries):
    competency: str
    identifier: str | None = None
    reason: str = ""
    citation: str = ""


def _named_only(written: Any) -> Any:
    """`"starter:A1"` says the same as `{ competency = "starter:A1" }`."""
    return {"competency": written} if isinstance(written, str) else written


class _Criterion(_Entries):
    key: str
    statement: str
    principles: list[Annotated[Principle, Field(strict=False)]]  # written by name
    relational: bool = False
    may_be_not_observed: bool = True
    must_be_met: bool = False
    met_at: _Number
    alignments: list[Annotated[_Alignment, BeforeValidator(_named_only, json_schema_input_type=str | _Alignment)]] = []
    watch_for: list[str] = []
    guide: str = ""
    example: str = ""
    levels: list[_Level]


class _LevelWords(_Entries):
    number: _Number
    label: str = ""
    anchor: str = ""
    example: str = ""


class _CriterionWords(_Entries):
    key: str
    statement: str = ""
    guide: str = ""
    example: str = ""
    watch_for: list[str] = []
    levels: list[_LevelWords] = []


class _Translation(_Entries):
    language: str
    title: str = ""
    summary: str = ""
    provenance: str = ""
    criteria: list[_CriterionWords] = []


class RubricEntries(_Entries):
    """What a rubric's document may hold."""

    key: str
    title: str
    summary: str
    language: str
    license: str
    provenance: str
    reviewed_by_lived_experience: str | None = None
    contributors: list[str] = []
    pilot: bool = False
    criteria: list[_Criterion]
    translations: list[_Translation] = []


ENTRIES: dict[tuple[str, ...], frozenset[str]] = {
    names: frozenset(model.model_fields)
    for names, model in (
        ((), RubricEntries),
        (("criteria",), _Criterion),
        (("criteria", "levels"), _Level),
        (("criteria", "alignments"), _Alignment),
        (("translations",), _Translation),
        (("translations", "criteria"), _CriterionWords),
        (("translations", "criteria", "levels"), _LevelWords),
    )
}
EXAMPLES = {
    "key": 'key = "listens"',
    "title": 'title = "Peer support, one conversation"',
    "summary": 'summary = "For one observed conversation."',
    "language": 'language = "en-US"',
    "license": 'license = "CC-BY-4.0"',
    "provenance": 'provenance = "Written by our peer team in 2026."',
    "reviewed_by_lived_experience": 'reviewed_by_lived_experience = "Our peer council, May 2026"',
    "contributors": 'contributors = ["Ana M.", "The peer council"]',
    "pilot": "pilot = true",
    "translations": "a line [[translations]], followed by the words in one other language",
    "competency": 'competency = "starter:A2"',
    "criteria": "a line [[criteria]], followed by the entries of the first criterion",
    "statement": 'statement = "Listens more than they speak"',
    "principles": 'principles = ["choice", "trust"]',
    "relational": "relational = true",
    "may_be_not_observed": "may_be_not_observed = true",
    "must_be_met": "must_be_met = true",
    "met_at": "met_at = 4",
    "alignments": 'alignments = ["starter:A2"]',
    "watch_for": 'watch_for = ["Interrupts", "Gives advice that was not asked for"]',
    "guide": 'guide = "What to look for"',
    "example": 'example = "What it can sound like"',
    "levels": 'levels = [{ number = 1, label = "...", anchor = "..." }, ...]',
    "number": "number = 1",
    "label": 'label = "With a prompt"',
    "anchor": 'anchor = "Let the person finish after the observer had asked for it"',
}


def read_rubric(text: str, *, source: str) -> Rubric:
    """The rubric that an author wrote as TOML. Raises `DocumentProblem`, which names `source`.

    Whether it is ready to be published is another question: see `rubrics.rubric.problems`.
    """
    return _rubric(read_toml(text, source=source), source)


def to_document(rubric: Rubric) -> dict[str, Any]:
    """The rubric in JSON form; `from_document` gives back an equal one.

    What came to rubrics after the first were published is left out where it is empty, so that their digests stay.
    """
    document = asdict(rubric) | {
        "contributors": list(rubric.contributors),
        "criteria": [_criterion_document(criterion) for criterion in rubric.criteria],
        "translations": [_translation_document(translation) for translation in rubric.translations],
    }
    return _without_empty(document, "contributors", "pilot", "translations")


def from_document(document: dict[str, Any]) -> Rubric:
    """The rubric that `to_document` wrote. Raises `DocumentProblem` where it is not one."""
    return _rubric(document, "rubric document")


def digest(rubric: Rubric) -> str:
    """SHA-256 of the canonical JSON form (RFC 8785), in hexadecimal: equal rubrics, equal digests."""
    return digest_of(rfc8785.dumps(to_document(rubric)))


def _criterion_document(criterion: Criterion) -> dict[str, Any]:
    return asdict(criterion) | {
        # A set has no order of its own; the enum's order makes the digest stable.
        "principles": [principle.value for principle in Principle if principle in criterion.principles],
        "levels": [_without_empty(asdict(level), "example") for level in criterion.levels],
        "alignments": [_alignment_document(alignment) for alignment in criterion.alignments],
        "watch_for": list(criterion.watch_for),
    }


def _alignment_document(alignment: Alignment) -> str | dict[str, Any]:
    found = _without_empty(asdict(alignment), "reason", "citation")
    if found["identifier"] is None:
        del found["identifier"]
    return alignment.competency if len(found) == 1 else found


def _translation_document(translation: Translation) -> dict[str, Any]:
    return asdict(translation) | {
        "criteria": [
            asdict(words) | {"watch_for": list(words.watch_for), "levels": [asdict(level) for level in words.levels]}
            for words in translation.criteria
        ]
    }


def _without_empty(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names or value}


def _rubric(entries: dict[str, Any], source: str) -> Rubric:
    try:
        return rubric_in(RubricEntries.model_validate(entries))
    except ValidationError as error:
        raise problem_in(error, source=source, entries=ENTRIES, examples=EXAMPLES) from error


def rubric_in(found: RubricEntries) -> Rubric:
    """The rubric that these entries are."""
    return Rubric(
        **dict(found)
        | {
            "contributors": tuple(found.contributors),
            "criteria": tuple(_criterion(each) for each in found.criteria),
            "translations": tuple(_translation(each) for each in found.translations),
        }
    )


def _criterion(found: _Criterion) -> Criterion:
    return Criterion(
        **dict(found)
        | {
            "principles": frozenset(found.principles),
            "levels": tuple(Level(**dict(level)) for level in found.levels),
            "alignments": tuple(Alignment(**dict(alignment)) for alignment in found.alignments),
            "watch_for": tuple(found.watch_for),
        }
    )


def _translation(found: _Translation) -> Translation:
    return Translation(**dict(found) | {"criteria": tuple(_criterion_words(each) for each in found.criteria)})


def _criterion_words(found: _CriterionWords) -> CriterionWords:
    return CriterionWords(
        **dict(found)
        | {
            "watch_for": tuple(found.watch_for),
            "levels": tuple(LevelWords(**dict(level)) for level in found.levels),
        }
    )
