"""A column in which scores are, and what its LMS shows, for tests of what is read back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.lti.names import RESULT_SCOPE
from lti_tool.lti.results import Result
from lti_tool.services.scores import reading_back
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow, MembershipRow
from tests.lti_tool.services.conftest import SCOPES, World

HUNDRED = Decimal(100)


def given(sub: str, score: str | None) -> Result:
    """What an LMS says of one person, out of 100; None: an empty cell."""
    if score is None:
        return Result(sub, None, None, None, HUNDRED)
    return Result(sub, Decimal(score) / 100, None, Decimal(score), HUNDRED)


@dataclass
class Column:
    """The activity's column; scores in it are written as if they had been sent a minute ago."""

    world: World

    @property
    def row(self) -> LineItemRow:
        return self.world.session.scalars(
            select(LineItemRow).where(LineItemRow.activity_id == self.world.activity_id)
        ).one()

    def may_be_read(self) -> None:
        self.row.scopes = [*SCOPES, RESULT_SCOPE]
        self.world.session.flush()

    def score(self, who: str, score: int = 75, state: DeliveryState = DeliveryState.ACCEPTED, **values: Any) -> UUID:
        now, row = self.world.now - timedelta(minutes=1), self.row
        usual: dict[str, Any] = {
            "id": new_id(), "organization_id": row.organization_id, "line_item_id": row.id, "state": state,
            "registration_id": row.registration_id, "person_id": self.world.visitor(who).person_id, "attempts": 1,
            "desired_score": Decimal(score), "desired_maximum": HUNDRED, "desired_at": now, "sent_at": now,
            "sent_score": Decimal(score), "sent_maximum": HUNDRED, "answer": Answer.ACCEPTED.value,
        }  # fmt: skip
        if state not in (DeliveryState.WAITING, DeliveryState.NEEDS_PERSON):
            usual |= {"accepted_score": Decimal(score), "accepted_maximum": HUNDRED, "accepted_at": now}
        if state is DeliveryState.WAITING:
            usual |= {"next_attempt_at": now, "answer": None}
        made = DeliveryRow(**(usual | values))
        self.world.session.add(made)
        self.world.session.flush()
        return made.id

    def cell(self, delivery_id: UUID) -> DeliveryRow:
        return self.world.session.get_one(DeliveryRow, delivery_id, populate_existing=True)

    def stands(self, delivery_id: UUID) -> tuple[str, str | None, Decimal | None]:
        row = self.cell(delivery_id)
        return row.state.value, row.answer, row.lms_score

    def sub(self, who: str) -> str:
        person_id = self.world.visitor(who).person_id
        return self.world.session.scalars(select(LmsAccountRow.sub).where(LmsAccountRow.person_id == person_id)).one()

    def read(self, *, at: datetime | None = None, **shown: str | None) -> None:
        """The LMS shows this of each; of all others nothing."""
        now = at or self.world.now
        row = self.row
        row.read_asked_at, row.read_at = now, None
        self.world.session.flush()
        reading = reading_back.take(self.world.session, row.id, now)
        assert reading is not None
        results = tuple(given(self.sub(who), score) for who, score in shown.items())
        reading_back.settle(self.world.session, reading, reading_back.Found(results), now + timedelta(seconds=2))

    def leave(self, who: str) -> None:
        self.world.session.execute(
            update(MembershipRow)
            .where(MembershipRow.person_id == self.world.visitor(who).person_id)
            .values(ended_at=self.world.now)
        )
