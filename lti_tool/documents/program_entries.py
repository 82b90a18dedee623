"""What may stand in a program's document."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from grading.evidence import Kind
from grading.lifecycle.rules import AfterLapse, Ends, RunsFrom
from grading.periods import Calendar
from grading.program import Confidence, Move, StageKind, Who
from grading.requirements.needs import Measure
from grading.requirements.selection import Keep

Text = Annotated[str, Field(min_length=1)]


class Entries(BaseModel):
    """Nothing is guessed: an entry that is not known is a problem, and numbers are not text."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class WhereEntries(Entries):
    """What a thing must be like."""

    any_of: list[str] = []
    none_of: list[str] = []
    at_least: int | float | str | None = None
    at_most: int | float | str | None = None
    said: bool = False


WhereValue = str | bool | int | list[str] | WhereEntries
Wheres = dict[str, WhereValue]


class CapEntries(Entries):
    """Of what matches, at most so much counts."""

    where: Wheres
    at_most: int | float | str = Field(description="An amount such as 10 hours, or a share of all that counts: 25 %.")


class OfEntries(Entries):
    """Which things are looked at."""

    kind: Annotated[Kind, Field(strict=False)] | list[Annotated[Kind, Field(strict=False)]]
    where: Wheres = {}
    not_counting: list[Wheres] = []
    last: str | None = Field(None, description="So long before `until`, or else before today: 6 years.")
    since: str | date | None = None
    until: str | date | None = None
    in_force: str | date | None = Field(None, description="On this day: today, application, certified ...")
    unit: str | None = None
    units: dict[str, int | float | str] = {}
    once_per: str = ""
    keep: Annotated[Keep, Field(strict=False)] = Keep.LARGEST
    caps: list[CapEntries] = []
    within: str | None = Field(None, description="All in one stretch of this length: 180 days.")
    pot: str = Field("", description="What counts for one requirement of the pot does not count for another.")


class TermEntries(Entries):
    """One term of a sum."""

    of: OfEntries
    measure: Annotated[Measure, Field(strict=False)] = Measure.TOTAL
    times: int | float | str = 1


class GroupEntries(Entries):
    """Some parts of which so many are asked for."""

    parts: list["NeedEntries"]
    at_least: int = 0
    at_most: int | None = None


class NeedEntries(Entries):
    """One need. Exactly one of the forms stands in it."""

    at_least: int | float | str | None = None
    at_most: int | float | str | None = None
    share_at_least: str | None = None
    spread_over: str | None = None
    held_for: str | None = None
    held_less_than: str | None = None
    covers: list[str] | None = None
    in_order: list[OfEntries] | None = None
    each: Annotated[Calendar, Field(strict=False)] | None = None
    all_of: list["NeedEntries"] | None = None
    any_of: list["NeedEntries"] | None = None
    some_of: int | None = None
    when: "NeedEntries | None" = None
    unless: OfEntries | None = None
    open_from: date | None = None
    open_until: date | None = None
    met: str | None = None

    of: OfEntries | None = None
    measure: Annotated[Measure, Field(strict=False)] | None = None
    distinct: str | None = None
    out_of: OfEntries | None = None
    sum: list[TermEntries] | None = None
    by: str | None = None
    some: int | None = None
    each_at_least: int | float | str | None = None
    same: str = ""
    how: Literal["each", "average"] | None = None
    since: str | date | None = None
    until: str | date | None = None
    but: int = 0
    only_with: OfEntries | None = None
    at: str | date | None = None
    parts: list["NeedEntries"] | None = None
    groups: list[GroupEntries] | None = None
    then: "NeedEntries | None" = None
    settled: OfEntries | None = None
    need: "NeedEntries | None" = None


NEED_TABLES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("of", "out_of", "unless", "settled", "only_with", "in_order"), frozenset(OfEntries.model_fields)),
    "caps": frozenset(CapEntries.model_fields),
    "sum": frozenset(TermEntries.model_fields),
    "groups": frozenset(GroupEntries.model_fields),
}
"""The entries of the tables in a need, by their last name."""


class EditionEntries(Entries):
    """One edition, and what becomes of people who entered the one before."""

    key: Text
    since: date | None = Field(None, alias="from", description="The first day on which people enter it.")
    until: date | None = Field(None, description="The last day on which people enter it.")
    earlier: Annotated[Move, Field(strict=False)] = Field(
        Move.STAY_UNTIL_RENEWAL, description="What people do who entered the edition before."
    )
    earlier_by: date | None = Field(None, description="With move_by: until when.")
    again: list[str] = Field([], description="Requirements whose evidence must be of this edition.")


class StageEntries(Entries):
    """One stage."""

    key: Text
    title: Text
    kind: Annotated[StageKind, Field(strict=False)] = StageKind.CERTIFICATION
    after: str = ""
    lasts: str | None = None
    extensions: int = Field(0, ge=0, le=20)
    extension: str | None = None
    scope: str = ""
    reveals: bool = False


class RequirementEntries(NeedEntries):
    """One requirement: what it is, and one need."""

    key: Text
    stage: Text
    title: Text
    kinds: list[str] = []
    sources: list[int] = []
    confidence: Annotated[Confidence, Field(strict=False)] = Confidence.OURS
    note: str = ""
    who: Annotated[Who, Field(strict=False)] | None = None
    shown_only: bool = False
    editions: list[str] = Field([], description="Only these editions ask it. Empty: all do.")


class LifecycleEntries(Entries):
    """What the program says of time."""

    editions: list[str] = []
    valid_for: str | None = None
    valid_without_end: bool = False
    ends: Annotated[Ends, Field(strict=False)] = Ends.ANNIVERSARY
    fixed_day: str | None = None
    runs_from: Annotated[RunsFrom, Field(strict=False)] = RunsFrom.EXPIRY
    valid_at_least: str | None = None
    renewal_opens: str | None = None
    renewal_closes: str | None = None
    renewal_closes_on: str | None = None
    grace: str | None = None
    late_fee: str = ""
    after_lapse: Annotated[AfterLapse, Field(strict=False)] | None = None
    reinstate_within: str | None = None
    application_usable: str | None = None
    reminders: list[str] = []
    statuses: list[str] = []
    keep_proof_for: str | None = None
    recognizes: list[str] | None = None


class DueProcessEntries(Entries):
    """What people are promised about decisions."""

    decide_within: str | None = None
    decide_within_hours: int | None = Field(None, ge=1)
    notice_holds: list[str] = []
    appeal_within: str | None = None
    appeal_levels: list[str] = []
    appeal_answered_within: str | None = None


class FeeEntries(Entries):
    """Something to pay."""

    what: Text
    amount: str = ""
    waived_from: str = ""


class ProgramEntries(Entries):
    """What a program's document may hold."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    name: Text
    body: Text
    area: str = ""
    country: str = ""
    summary: str = ""
    language: str = "en-US"
    time_zone: Text
    illustrative: bool = False
    comparison_only: bool = False
    read_on: str = ""
    sources: list[str] = []
    terms: list[str] = []
    pausable: list[str] = []
    endorsements_at_least: int = Field(0, ge=0)
    notes: list[str] = []
    names: dict[str, list[str]] = {}
    editions: list[EditionEntries] = []
    stages: list[StageEntries]
    requirements: list[RequirementEntries]
    lifecycle: list[LifecycleEntries] = []
    due_process: DueProcessEntries = Field(default_factory=lambda: DueProcessEntries.model_validate({}))
    fees: list[FeeEntries] = []


ENTRIES: dict[tuple[str, ...], frozenset[str]] = {
    (): frozenset(ProgramEntries.model_fields),
    ("editions",): frozenset({*EditionEntries.model_fields, "from"} - {"since"}),
    ("stages",): frozenset(StageEntries.model_fields),
    ("requirements",): frozenset(RequirementEntries.model_fields),
    ("lifecycle",): frozenset(LifecycleEntries.model_fields),
    ("due_process",): frozenset(DueProcessEntries.model_fields),
    ("fees",): frozenset(FeeEntries.model_fields),
}
EXAMPLES = {
    "id": 'id = "our-program"',
    "key": 'key = "training"',
    "title": 'title = "40 hours of training"',
    "stage": 'stage = "initial"',
    "time_zone": 'time_zone = "America/Chicago"',
    "stages": '[[stages]]\nkey = "initial"\ntitle = "Certification"',
}


class KnownEntries(dict[tuple[str, ...], frozenset[str]]):
    """The entries of a table, by the names that lead to it; needs lie in each other as deep as one likes."""

    def __missing__(self, table: tuple[str, ...]) -> frozenset[str]:
        if table[-2:-1] in (("where",), ("not_counting",)):
            return frozenset(WhereEntries.model_fields)
        return ENTRIES.get(table) or NEED_TABLES.get(table[-1], frozenset(NeedEntries.model_fields))
