"""Who observes, supervises and mentors whom; who has a conflict; who is qualified; who is away."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of
from rubrics.sign_off import Lane

_STANDS = text("ended_at IS NULL")


def _unique(name: str, last: str, which: str) -> Index:
    """The same assignment stands once; one that was ended may be made again."""
    where = text(f"ended_at IS NULL AND {which}")
    return Index(
        name, "course_id", "trainee_id", "person_id", last, unique=True, sqlite_where=where, postgresql_where=where
    )


class AssignedAs(StrEnum):
    """What somebody is to a trainee."""

    OBSERVER = "observer"
    SUPERVISOR = "supervisor"
    MENTOR = "mentor"


class AssignmentRow(Owned, Base):
    """Somebody observes, supervises or mentors one trainee in one course."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("trainee_id <> person_id", name="not_oneself"),
        CheckConstraint("(assigned_as = 'supervisor') = (lane IS NOT NULL)", name="lane_of_supervisor"),
        _unique("uq_assignment_lane", "lane", "lane IS NOT NULL"),
        _unique("uq_assignment_standing", "assigned_as", "lane IS NULL"),
        Index("ix_assignment_person", "person_id", "course_id"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    assigned_as: Mapped[AssignedAs] = mapped_column(one_of(AssignedAs, "assigned_as"))
    lane: Mapped[Lane | None] = mapped_column(one_of(Lane, "lane"))
    backup: Mapped[bool] = mapped_column(server_default=false())
    """Stands in while the others cannot."""
    assigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where the LMS said so."""
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AvailabilityRow(Owned, Base):
    """How many trainees somebody can take on in a course, and when they are away."""

    __tablename__ = "availability"
    __table_args__ = (
        Index("uq_availability_person", "course_id", "person_id", unique=True),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("away_until IS NULL OR away_from IS NOT NULL", name="away_from"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[int | None]
    """None: nobody said."""
    away_from: Mapped[date | None] = mapped_column(Date)
    away_until: Mapped[date | None] = mapped_column(Date)
    """The last day away; None with `away_from`: until further notice."""


class ConflictRow(Owned, Base):
    """Two people should not observe, sign or decide about each other. What it is about is nowhere."""

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("declared_by <> about_id", name="not_oneself"),
        Index(
            "uq_conflict_standing",
            "declared_by",
            "about_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_conflict_about", "about_id"),
    )

    declared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    about_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its declarer took it back; nobody else can."""


class QualificationRow(Owned, Base):
    """That somebody showed a qualification, until when it is good, and who saw it."""

    __tablename__ = "qualification"
    __table_args__ = (
        Index("ix_qualification_person", "person_id", "kind"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="valid_until"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    """What it is called in this organization, as activities ask for it."""
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """The last day; None: it does not end."""
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was taken back as not so."""
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    """What shows it; None: whoever recorded it saw it elsewhere."""
    reminded_on: Mapped[date | None] = mapped_column(Date)
    """When its owner was last told that it ends soon."""
