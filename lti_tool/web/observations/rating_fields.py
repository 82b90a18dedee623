"""The rating form's fields: names and texts on one side, the service's `Change` on the other.

`strength`, `growth`, `next_step`, `role_drift`; for each criterion `level.KEY` (a number, or `not_observed`) and
`evidence.KEY`. A criterion is part of a change when its evidence is: a radio button that nobody chose is not sent.
"""

from collections.abc import Mapping

from flask import abort

from lti_tool.services.observations.assessments import RoleDrift
from lti_tool.services.observations.observe import Change, RatingChange
from rubrics.assessment import Assessment

NOT_OBSERVED = "not_observed"
MOST_FIELDS = 200


def values_of(assessment: Assessment) -> dict[str, str]:
    """The fields as they were saved."""
    values = {"strength": assessment.strength, "growth": assessment.growth, "next_step": assessment.next_step}
    if assessment.role_drift is not None:
        values["role_drift"] = (RoleDrift.YES if assessment.role_drift else RoleDrift.NO).value
    for rating in assessment.ratings:
        values[f"evidence.{rating.criterion}"] = rating.evidence
        if rating.not_observed:
            values[f"level.{rating.criterion}"] = NOT_OBSERVED
        elif rating.level is not None:
            values[f"level.{rating.criterion}"] = str(rating.level)
    return values


def change_of(fields: Mapping[str, str]) -> Change:
    """What these fields ask to be saved; only what is among them. Answers 400 to what no form of ours sends."""
    keys = (name.removeprefix("evidence.") for name in fields if name.startswith("evidence."))
    return Change(
        strength=fields.get("strength"),
        growth=fields.get("growth"),
        next_step=fields.get("next_step"),
        role_drift=_role_drift(fields.get("role_drift")),
        ratings={key: _rating(fields.get(f"level.{key}", ""), fields[f"evidence.{key}"]) for key in keys},
    )


def fields_of_json(body: object) -> dict[str, str]:
    """An object of texts. Answers 400 to anything else."""
    if not isinstance(body, dict) or not 1 <= len(body) <= MOST_FIELDS:
        abort(400)
    if not all(isinstance(text, str) for text in body.values()):
        abort(400)
    return body


def _role_drift(text: str | None) -> RoleDrift | None:
    try:
        return RoleDrift(text) if text else None
    except ValueError:
        abort(400)


def _rating(level: str, evidence: str) -> RatingChange:
    if level == NOT_OBSERVED:
        return RatingChange(None, True, evidence)
    if not level:
        return RatingChange(None, False, evidence)
    if not level.isdecimal() or len(level) > 3:
        abort(400)
    return RatingChange(int(level), False, evidence)
