"""What `attune agreement --json` prints, and its schema."""

from pydantic import BaseModel, ConfigDict, Field

from grading.agreement.ratings import Level
from grading.agreement.reasons import Reason
from lti_tool.documents.schema import schema_text

SCHEMA = "agreement-1.json"


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IntervalOut(_Out):
    """Between what the middle share of the draws lies: the percentile bootstrap over units."""

    low: float
    high: float
    share: float
    draws: int = Field(description="How many draws it is made of; those that could not be computed are left out.")


class StatisticOut(_Out):
    """One statistic: a value, or the reason why there is none."""

    name: str
    title: str
    value: float | None
    reason: Reason | None
    sentence: str | None = Field(description="The reason in words.")
    interval: IntervalOut | None
    projected: float | None = Field(description="The mean of as many observers as were asked about (Spearman-Brown).")


class RatedOut(_Out):
    """The ratings of one criterion."""

    criterion: str = Field(description="Empty where the file has no criteria.")
    level: Level
    scale: list[str]
    scale_named: bool = Field(description="false: the scale is what was used, and weights go by that.")
    unused: list[str] = Field(description="Levels of the scale that nobody gave.")
    units: int
    observers: int
    ratings: int
    complete_units: int = Field(description="Rated by every observer: what the intraclass correlations are made of.")
    statistics: list[StatisticOut]


class AgreementOut(_Out):
    """Everything that was worked out of one file."""

    file: str
    draws: int
    seed: int = Field(description="The same seed gives the same intervals.")
    observers: int | None = Field(description="For how many observers reliability is projected.")
    rated: list[RatedOut]


def agreement_json(found: AgreementOut) -> str:
    """One line of JSON."""
    return found.model_dump_json()


def agreement_schema() -> str:
    """The schema as it is published in `docs/schema/`, with a line end."""
    return schema_text(AgreementOut, identifier=SCHEMA, title="Attune agreement, version 1", mode="serialization")
