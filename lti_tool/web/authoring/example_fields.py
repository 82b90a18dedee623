"""An example's form: names and texts on one side, the example on the other.

The names are those of the example's entries; for each criterion `level.KEY` (a number, or `not_observed`) and
`reason.KEY`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort

from lti_tool.web.texts import gettext
from rubrics.assessment import Rating
from rubrics.example import Example, Medium, Origin
from rubrics.rubric import Rubric
from rubrics.typed import whole_number

NOT_OBSERVED = "not_observed"
LONGEST = 100_000
_TEXTS = (
    "title", "language", "text", "address", "transcript", "setting", "practice_model", "content_note", "group",
    "permission",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What someone typed: the example that it makes, and by field what is still needed to keep it."""

    example: Example
    problems: Mapping[str, str] = field(default_factory=dict)


def values_of(example: Example) -> dict[str, str]:
    """The fields as the example fills them in."""
    values = {name: str(getattr(example, name)) for name in _TEXTS}
    values |= {"medium": example.medium.value, "origin": example.origin.value, "minutes": str(example.minutes or "")}
    values["captions"] = "yes" if example.captions else ""
    for rating in example.ratings:
        values[f"reason.{rating.criterion}"] = rating.evidence
        if rating.not_observed:
            values[f"level.{rating.criterion}"] = NOT_OBSERVED
        elif rating.level is not None:
            values[f"level.{rating.criterion}"] = str(rating.level)
    return values


def typed(fields: Mapping[str, str], rubric: Rubric) -> Typed:
    """What these fields make. Answers 400 to what no form of ours sends."""
    texts: dict[str, Any] = {name: _text(fields, name) for name in _TEXTS}
    said = _text(fields, "minutes")
    minutes = number if (number := whole_number(said)) in range(1, 101) else None
    problems = {}
    if not texts["title"]:
        problems["title"] = gettext("Please give the example a title, so that you find it again.")
    if said and minutes is None:
        problems["minutes"] = gettext("Please check this: the minutes need a whole number from 1 to 100.")
    ratings = (_rating(fields, criterion.key) for criterion in rubric.criteria)
    return Typed(
        Example(
            key="",
            medium=Medium.VIDEO if fields.get("medium") == Medium.VIDEO else Medium.TEXT,
            origin=Origin.RECORDING if fields.get("origin") == Origin.RECORDING else Origin.WRITTEN,
            captions=fields.get("captions") == "yes",
            minutes=minutes,
            ratings=tuple(rating for rating in ratings if rating is not None),
            **texts,
        ),
        problems,
    )


def _rating(fields: Mapping[str, str], key: str) -> Rating | None:
    """What was chosen or said of a criterion; None for neither."""
    level, reason = fields.get(f"level.{key}", ""), _text(fields, f"reason.{key}")
    if level == NOT_OBSERVED:
        return Rating(key, None, not_observed=True, evidence=reason)
    if not level:
        return Rating(key, None, not_observed=False, evidence=reason) if reason else None
    if not (level.isascii() and level.isdecimal() and len(level) <= 3) or not 1 <= int(level) <= 100:
        abort(400)
    return Rating(key, int(level), not_observed=False, evidence=reason)


def _text(fields: Mapping[str, str], name: str) -> str:
    """Its line ends as browsers show them, without NUL, which no database keeps."""
    return fields.get(name, "")[:LONGEST].replace("\r\n", "\n").replace("\0", "").strip()
