"""What may stand in an evidence document: one person, and everything that rules can ask about."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from grading.evidence import Kind, Outcome

Day = date | datetime
"""A day as it is; a moment with its offset, which is read in the program's time zone."""
Said = str | bool | int | float | list[str]


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ItemEntries(_Entries):
    """One thing."""

    id: Annotated[str, Field(min_length=1)]
    on: Day
    amount: int | float | str | None = Field(None, description="Such as 3 hours. Absent: nobody said.")
    is_: dict[str, Said] = Field({}, alias="is", description="What it is like. What is absent is not known.")
    until: Day | None = Field(None, description="The last day on which it is in force.")
    recorded: Day | None = Field(None, description="Since when it is known; absent: since it happened.")
    signed: Day | None = Field(None, description="Absent, where a signature is needed: it waits for one.")
    signed_by: str = ""
    withdrawn: Day | None = Field(None, description="From this day on the signature does not stand.")
    reversed: Day | None = Field(None, description="From this day on a correction has taken it back.")
    waits_for: str = "supervisor"


class RatingEntries(_Entries):
    """The level given for one criterion. Without a level it was not observed."""

    id: str = Field("", description="Absent: that of the observation, and the criterion.")
    criterion: str
    level: int | float | str | None = None
    is_: dict[str, Said] = Field({}, alias="is")


class ObservationEntries(ItemEntries):
    """One observation, with its ratings."""

    ratings: list[RatingEntries] = []


class EventEntries(_Entries):
    """A day with a name."""

    name: Annotated[str, Field(min_length=1)]
    on: Day
    id: str = ""
    recorded: Day | None = None


class DecisionEntries(_Entries):
    """What a person of the program decided."""

    outcome: Annotated[Outcome, Field(strict=False)]
    on: Day
    stage: str = ""
    id: str = ""
    recorded: Day | None = None
    until: Day | None = Field(None, description="The last day of the validity, where its length can be chosen.")


class PauseEntries(_Entries):
    """Days of a pause; without an end it goes on."""

    since: Day
    until: Day | None = None


class SignerEntries(_Entries):
    """Somebody who may sign, from when until when."""

    id: str
    since: Day | None = None
    until: Day | None = None


class EvidenceEntries(_Entries):
    """What an evidence document may hold."""

    person: Annotated[str, Field(min_length=1)]
    as_of: Day = Field(description="The day on which it was written: nothing in it is later.")
    edition: str | None = None
    entered: Day | None = None
    practice: list[ItemEntries] = []
    training: list[ItemEntries] = []
    supervision: list[ItemEntries] = []
    education: list[ItemEntries] = []
    observations: list[ObservationEntries] = []
    signatures: list[ItemEntries] = []
    exams: list[ItemEntries] = []
    documents: list[ItemEntries] = []
    references: list[ItemEntries] = []
    credentials: list[ItemEntries] = []
    employment: list[ItemEntries] = []
    memberships: list[ItemEntries] = []
    statements: list[ItemEntries] = []
    attestations: list[ItemEntries] = []
    checks: list[ItemEntries] = []
    payments: list[ItemEntries] = []
    approvals: list[ItemEntries] = []
    findings: list[ItemEntries] = []
    events: list[EventEntries] = []
    decisions: list[DecisionEntries] = []
    pauses: list[PauseEntries] = []
    signers: list[SignerEntries] = Field([], description="Where it is there, nobody else can sign.")


LISTS: dict[str, Kind] = {
    "practice": Kind.PRACTICE,
    "training": Kind.TRAINING,
    "supervision": Kind.SUPERVISION,
    "education": Kind.EDUCATION,
    "observations": Kind.OBSERVATION,
    "signatures": Kind.SIGNATURE,
    "exams": Kind.EXAM,
    "documents": Kind.DOCUMENT,
    "references": Kind.REFERENCE,
    "credentials": Kind.CREDENTIAL,
    "employment": Kind.EMPLOYMENT,
    "memberships": Kind.MEMBERSHIP,
    "statements": Kind.STATEMENT,
    "attestations": Kind.ATTESTATION,
    "checks": Kind.CHECK,
    "payments": Kind.PAYMENT,
    "approvals": Kind.APPROVAL,
    "findings": Kind.FINDING,
}
"""The lists of things, and what each is."""
SIGNED = frozenset({
    Kind.PRACTICE, Kind.TRAINING, Kind.SUPERVISION, Kind.EDUCATION, Kind.OBSERVATION, Kind.RATING, Kind.DOCUMENT,
})  # fmt: skip
"""What counts only once somebody signed it, or saw it; other things are acts themselves."""
ENTRIES: dict[tuple[str, ...], frozenset[str]] = {
    (): frozenset(EvidenceEntries.model_fields),
    ("observations",): frozenset({*ObservationEntries.model_fields, "is"} - {"is_"}),
    ("observations", "ratings"): frozenset({*RatingEntries.model_fields, "is"} - {"is_"}),
    ("events",): frozenset(EventEntries.model_fields),
    ("decisions",): frozenset(DecisionEntries.model_fields),
    ("pauses",): frozenset(PauseEntries.model_fields),
    ("signers",): frozenset(SignerEntries.model_fields),
    **{(name,): frozenset({*ItemEntries.model_fields, "is"} - {"is_"}) for name in LISTS if name != "observations"},
}
EXAMPLES = {
    "person": 'person = "A-17"',
    "as_of": "as_of = 2026-03-01",
    "id": 'id = "h-1"',
    "on": "on = 2026-02-14",
    "outcome": 'outcome = "certified"',
}
