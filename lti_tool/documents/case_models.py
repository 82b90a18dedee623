"""What Attune reads of a CASE package, in the names of CASE 1.1.

Strict about what matters: identifiers of items, statements, both ends of an association. Lenient about the rest, for
real servers send nulls and empty texts, members of their own, numbers as codes, and packages of CASE 1.0.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

_UUID_AT_THE_END = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?$")
_ADDRESS = re.compile(r"(?<=[a-z])(Uri|Url)$")


def _name_in_case(name: str) -> str:
    """`cf_item_uri` is CFItemURI."""
    camel = _ADDRESS.sub(lambda found: found[0].upper(), to_camel(name))
    return f"CF{camel[2:]}" if name.startswith("cf_") else camel


def _small(found: Any) -> Any:
    return found.strip().lower() if isinstance(found, str) else found


def _day(found: Any) -> Any:
    return found.strip()[:10] if isinstance(found, str) else found


def _moment(found: datetime) -> datetime:
    """In UTC, which is also what a server means that does not say."""
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return found


def _object_or_nothing(found: Any) -> Any:
    return found if isinstance(found, dict) else {}


Identifier = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"), BeforeValidator(_small)
]
Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Moment = Annotated[datetime, AfterValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
Extensions = Annotated[dict[str, Any], BeforeValidator(_object_or_nothing)]


class _Members(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True, alias_generator=_name_in_case)

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, found: Any) -> Any:
        if not isinstance(found, dict):
            return found
        return {name: value for name, value in found.items() if value is not None and value != ""}


class LinkUri(_Members):
    """The other end of a reference: what it is called, which one it is, and where it is kept."""

    title: Text = ""
    identifier: Text = ""
    uri: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _address_only(cls, found: Any) -> Any:
        return {"uri": found} if isinstance(found, str) else found

    @property
    def named(self) -> str:
        """The identifier; where a server leaves it out, the UUID at the end of the address. Empty without either."""
        found = _UUID_AT_THE_END.search(self.uri.lower())
        return _in_small_letters(self.identifier) or (found[1] if found else "")


def _in_small_letters(identifier: str) -> str:
    small = identifier.lower()
    return small if _UUID_AT_THE_END.fullmatch(small) else identifier


class _OwnMembers(_Members):
    model_config = ConfigDict(alias_generator=None)


class OwnWords(_OwnMembers):
    """A title or statement, and its notes, in another language."""

    language: Text = ""
    statement: Text = ""
    short: Text = ""
    notes: Text = ""


class OwnOfDocument(_OwnMembers):
    """What Attune says of a framework where CASE has no member for it."""

    plain: bool = False
    """The package was written by Attune: its texts are no HTML, and it begins with the tree."""
    holds_framework: bool = True
    key: Text = ""
    source: Text = ""
    reviewed_by_your_people: Text | None = None
    translations: list[OwnWords] = []


class OwnOfItem(_OwnMembers):
    """What Attune says of a competency where CASE has no member for it."""

    observable: bool = True
    kind: Text | None = None
    """With `type_name`, where the item's type alone would be understood otherwise; `-` is for none."""
    type_name: Text = ""
    translations: list[OwnWords] = []


class DocumentExtensions(_Members):
    """Of all extensions, ours."""

    attune: OwnOfDocument = OwnOfDocument()


class ItemExtensions(_Members):
    """Of all extensions, ours."""

    attune: OwnOfItem = OwnOfItem()


class Document(_Members):
    """A framework, without what belongs to it."""

    identifier: Identifier
    uri: Text = ""
    title: Text
    creator: Text = ""
    publisher: Text = ""
    description: Text = ""
    notes: Text = ""
    language: Text = ""
    version: Text = ""
    case_version: Text = ""
    adoption_status: Text = ""
    official_source_url: Text = ""
    license_uri: LinkUri | None = None
    last_change_date_time: Moment | None = None
    extensions: Annotated[DocumentExtensions, BeforeValidator(_object_or_nothing)] = DocumentExtensions()


class Item(_Members):
    """A competency."""

    identifier: Identifier
    uri: Text = ""
    full_statement: Text = ""
    abbreviated_statement: Text = ""
    human_coding_scheme: Text = ""
    cf_item_type: Text = ""
    notes: Text = ""
    language: Text = ""
    status_end_date: Day | None = None
    last_change_date_time: Moment | None = None
    extensions: Annotated[ItemExtensions, BeforeValidator(_object_or_nothing)] = ItemExtensions()


class Association(_Members):
    """That one thing stands to another in some way."""

    identifier: Text = ""
    uri: Text = ""
    association_type: Text
    sequence_number: float | None = None
    origin_node_uri: LinkUri
    destination_node_uri: LinkUri
    notes: Text = ""
    last_change_date_time: Moment | None = None


class Level(_Members):
    """A level of a criterion."""

    quality: Text = ""
    description: Text = ""
    feedback: Text = ""
    score: float | None = None
    position: float | None = None


class Criterion(_Members):
    """A criterion of a rubric."""

    category: Text = ""
    description: Text = ""
    cf_item_uri: LinkUri | None = None
    weight: float | None = None
    position: float | None = None
    cf_rubric_criterion_levels: list[Level] = []
    extensions: Extensions = {}


class Rubric(_Members):
    """A rubric."""

    title: Text = ""
    description: Text = ""
    cf_rubric_criteria: list[Criterion] = []
    extensions: Extensions = {}


class License(_Members):
    """The words of a license."""

    identifier: Text = ""
    title: Text = ""
    license_text: Text = ""


class Definitions(_Members):
    """What is defined once for the package; only licenses are read."""

    cf_licenses: list[License] = []


class Package(_Members):
    """A framework with everything that belongs to it."""

    cf_document: Document
    cf_items: list[Item] = []
    cf_associations: list[Association] = []
    cf_definitions: Definitions = Definitions()
    cf_rubrics: list[Rubric] = []
