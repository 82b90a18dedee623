"""Somebody with a certificate for a time, for tests of pauses, renewal and reminders."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from grading.evidence import Outcome
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import EnrollmentRow
from tests.lti_tool.services.conftest import World

RENEWED = """
id = "renewed"
name = "Peer support"
body = "Our program"
time_zone = "UTC"
pausable = ["validity"]

[[stages]]
key = "initial"
title = "Certification"

[[stages]]
key = "renewal"
title = "Renewal"
kind = "renewal"
after = "initial"

[[stages]]
key = "back"
title = "Reinstatement"
kind = "reinstatement"
after = "initial"

[[requirements]]
key = "practice"
stage = "initial"
title = "10 hours of practice"
at_least = "10 hours"
of = { kind = "practice" }

[[requirements]]
key = "education"
stage = "renewal"
title = "20 hours of education since the last certification"
at_least = "20 hours"
of = { kind = "education", since = "certified" }

[[requirements]]
key = "again"
stage = "back"
title = "5 hours of education after the end"
at_least = "5 hours"
of = { kind = "education", since = "1 day after expiry" }

[[lifecycle]]
valid_for = "12 months"
renewal_opens = "90 days"
grace = "30 days"
late_fee = "20 USD"
after_lapse = "reinstate"
reinstate_within = "12 months"
keep_proof_for = "2 years"
reminders = ["90 days", "60 days", "30 days", "7 days"]
"""


def decided(
    world: World,
    enrollment: EnrollmentRow,
    on: date,
    outcome: Outcome = Outcome.CERTIFIED,
    stage: str = "initial",
    *,
    released: timedelta = timedelta(),
    **columns: Any,
) -> UUID:
    """A decision of Ines on that day; its person may read it so much later."""
    decided_at = datetime.combine(on, world.now.timetz())
    number = 1 + world.session.query(DecisionRow).filter_by(enrollment_id=enrollment.id).count()
    usual = {
        "id": new_id(), "organization_id": world.organization_id, "enrollment_id": enrollment.id,
        "version_id": enrollment.version_id, "number": number, "outcome": outcome, "stage": stage, "on_day": on,
        "review_on": on + timedelta(days=30) if outcome is Outcome.SUSPENDED else None, "notice": "{}",
        "digest": "0" * 64, "decided_by": world.visitor("ines").person_id, "decided_at": decided_at,
        "released_at": decided_at + released,
    }  # fmt: skip
    row = DecisionRow(**usual | columns)
    world.session.add(row)
    world.session.flush()
    return row.id
