"""That somebody left the panel of first steps."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class Part(StrEnum):
    """As what somebody is here, who is shown their first steps."""

    TRAINEE = "trainee"
    OBSERVER = "observer"
    """observes, signs or both"""
    INSTRUCTOR = "instructor"
    PROGRAM_LEAD = "program_lead"


class FirstStepsLeftRow(Owned, Base):
    """Somebody does not want to see the first steps of this part. Deleted when they take them up again."""

    __tablename__ = "first_steps_left"
    __table_args__ = (UniqueConstraint("person_id", "part"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    part: Mapped[Part] = mapped_column(one_of(Part, "part"))
    left_at: Mapped[datetime] = mapped_column(UtcDateTime)
