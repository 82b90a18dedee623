"""What a framework's document may hold, entry by entry: in TOML for authors, in JSON for machines."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from grading.competency import Kind, Relation

# Written by name, or as text in JSON, where strict mode would want the value itself.
_Kind = Annotated[Kind, Field(strict=False)]
_Relation = Annotated[Relation, Field(strict=False)]
_Moment = Annotated[datetime, Field(strict=False)]
_Day = Annotated[date, Field(strict=False)]


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class WordsEntries(_Entries):
    """A competency in another language."""

    language: str
    statement: str
    short: str = ""
    notes: str = ""


class CompetencyEntries(_Entries):
    """One competency. Authors may leave the identifier out, and name the parent by its code."""

    identifier: str = ""
    code: str = ""
    statement: str
    short: str = ""
    parent: str | None = None
    kind: _Kind | None = None
    type_name: str = ""
    observable: bool = True
    notes: str = ""
    uri: str = ""
    changed_at: _Moment | None = None
    deprecated_on: _Day | None = None
    translations: list[WordsEntries] = []


class LinkEntries(_Entries):
    """One line of a crosswalk. Authors may leave the identifier out, and name both ends by their codes."""

    identifier: str = ""
    origin: str
    relation: _Relation
    destination: str
    destination_title: str = ""
    destination_uri: str = ""
    note: str = ""
    uri: str = ""
    changed_at: _Moment | None = None


class FrameworkTranslationEntries(_Entries):
    """The framework in another language. The tables hold, by code or identifier, the words of its competencies."""

    language: str
    title: str = ""
    short: str = ""
    description: str = ""
    statements: dict[str, str] = {}
    shorts: dict[str, str] = {}
    notes: dict[str, str] = {}


class FrameworkEntries(_Entries):
    """A whole framework."""

    identifier: str = ""
    key: str
    title: str
    language: str
    version: str = ""
    creator: str = ""
    publisher: str = ""
    description: str = ""
    license: str = ""
    notice: str = ""
    source: str = ""
    adoption_status: str = ""
    reviewed_by_your_people: str | None = None
    uri: str = ""
    changed_at: _Moment | None = None
    competencies: list[CompetencyEntries] = []
    links: list[LinkEntries] = []
    translations: list[FrameworkTranslationEntries] = []


ENTRIES: dict[tuple[str, ...], frozenset[str]] = {
    names: frozenset(model.model_fields)
    for names, model in (
        ((), FrameworkEntries),
        (("competencies",), CompetencyEntries),
        (("competencies", "translations"), WordsEntries),
        (("links",), LinkEntries),
        (("translations",), FrameworkTranslationEntries),
    )
}
EXAMPLES = {
    "key": 'key = "starter"',
    "title": 'title = "What peer supporters do"',
    "language": 'language = "en-US"',
    "statement": 'statement = "Accepts the person\'s own words for their experience"',
    "kind": 'kind = "skill"',
    "observable": "observable = false",
    "relation": 'relation = "exactMatchOf"',
    "origin": 'origin = "A1"',
    "destination": 'destination = "A2"',
    "competencies": "a line [[competencies]], followed by the entries of the first competency",
    "statements": 'a line [translations.statements], followed by lines such as A1 = "..."',
    "changed_at": "changed_at = 2026-05-01T12:00:00Z",
    "deprecated_on": "deprecated_on = 2026-05-01",
}
