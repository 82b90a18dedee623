"""How appeals went, for everybody to read: numbers of all of them, and nothing about one."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from grading.appeals import FEW, AppealOutcome, AppealState, AppealStepKind, shown
from lti_tool.store.appeals import AppealRow, AppealStepRow


@dataclass(frozen=True, slots=True)
class Statistics:
    """As far as it may be shown: None is "fewer than ten", or something that would tell of fewer."""

    sent: int | None
    decided: int | None
    usual_days: int | None
    """From sending to the outcome: as many took longer as took less."""
    outcomes: dict[AppealOutcome, int | None]
    late: int | None
    """In how many a day that the institution promised went by."""
    few: int = FEW


def statistics(session: Session, organization_id: UUID) -> Statistics:
    """Of all appeals that were ever sent in the organization."""
    was_late = exists().where(
        AppealStepRow.appeal_id == AppealRow.id, AppealStepRow.kind == AppealStepKind.INSTITUTION_LATE
    )
    rows = session.execute(
        select(AppealRow.state, AppealRow.outcome, AppealRow.sent_at, AppealRow.ended_at, was_late).where(
            AppealRow.organization_id == organization_id, AppealRow.sent_at.is_not(None)
        )
    ).all()
    decided = [row for row in rows if row[0] is AppealState.DECIDED]
    days = [_days(row[2], row[3]) for row in decided]
    counted = Counter(row[1] for row in decided)
    late = shown({True: sum(1 for row in rows if row[4]), False: sum(1 for row in rows if not row[4])})
    enough = len(decided) >= FEW and not 0 < len(rows) - len(decided) < FEW
    return Statistics(
        sent=len(rows) if len(rows) >= FEW else None,
        decided=len(decided) if enough else None,
        usual_days=round(median(days)) if enough else None,
        outcomes=shown({outcome: counted[outcome] for outcome in AppealOutcome}) if enough else {},
        late=late[True],
    )


def _days(since: datetime | None, until: datetime | None) -> int:
    return (until.date() - since.date()).days if since and until else 0
