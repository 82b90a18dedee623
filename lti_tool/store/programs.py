"""Programs of an organization: their versions, those that are being written, and who is enrolled in which."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from grading.deciding import Hears
from grading.scores import ProgramColumnShows
from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from lti_tool.store.drafts import DraftEnd

_OPEN = text("ended_at IS NULL")
_UNANSWERED = text("answered_at IS NULL AND ended_at IS NULL")


class ProgramRow(Owned, Base):
    """A program that an organization uses or writes. Without a version it is still being written."""

    __tablename__ = "program"
    __table_args__ = (UniqueConstraint("organization_id", "key"),)

    key: Mapped[str]
    """The id of its document, such as `icrc-pr`."""
    name: Mapped[str]
    """As its newest version calls it."""
    shipped: Mapped[bool] = mapped_column(server_default=false())
    """It began as one that comes with Attune."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where the command line did it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    open_to_ask: Mapped[bool] = mapped_column(server_default=false())
    """Whether trainees may enroll themselves."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when nobody new is enrolled; those who are stay."""


class ProgramVersionRow(Owned, Base):
    """One edition of a program, as it was published. It never changes."""

    __tablename__ = "program_version"
    __table_args__ = (
        UniqueConstraint("program_id", "number"),
        UniqueConstraint("program_id", "edition"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("effective_until IS NULL OR effective_until >= effective_from", name="days_in_order"),
    )

    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"))
    number: Mapped[int]
    """In the order of their publication, from 1 on."""
    edition: Mapped[str]
    """The key of the edition in `text`."""
    text: Mapped[str]
    """The whole document (TOML) that it was published with; it may hold other editions too."""
    digest: Mapped[str]
    """SHA-256 of the text, in hexadecimal."""
    effective_from: Mapped[date | None] = mapped_column(Date)
    effective_until: Mapped[date | None] = mapped_column(Date)
    """The last day on which people enter it."""
    why: Mapped[str | None]
    """What is new, in the words of who published it; everybody enrolled may read it."""
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where the command line did it."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProgramDraftRow(Owned, Base):
    """A program that is being written. Each program has at most one open draft."""

    __tablename__ = "program_draft"
    __table_args__ = (
        Index("uq_program_draft_open", "program_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_somehow"),
        CheckConstraint("(ended_as = 'published') = (version_id IS NOT NULL)", name="version_of_published"),
        CheckConstraint("step BETWEEN 0 AND steps", name="step"),
    )

    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"), index=True)
    text: Mapped[str]
    """The document (TOML) as it stands, also where it cannot be read as a program yet."""
    step: Mapped[int]
    """Where in its steps it stands; below `steps` once something was taken back."""
    steps: Mapped[int]
    based_on_id: Mapped[UUID | None] = mapped_column(ForeignKey("program_version.id"))
    made_up: Mapped[str | None]
    """Evidence (TOML) of a person who does not exist, to try it with."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_as: Mapped[DraftEnd | None] = mapped_column(one_of(DraftEnd, "ended_as"))
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("program_version.id"))
    """What it became when it was published."""


class ProgramDraftStepRow(Owned, Base):
    """The document after one step in writing it: enough to go back to any of them."""

    __tablename__ = "program_draft_step"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("program_draft.id"))
    number: Mapped[int]
    place: Mapped[str]
    """What was changed, such as `requirements.training`; "" for the whole text."""
    text: Mapped[str]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EnrollmentRow(Owned, Base):
    """A person is on the way through a program. In each program once at a time."""

    __tablename__ = "enrollment"
    __table_args__ = (
        Index(
            "uq_enrollment_standing",
            "program_id",
            "person_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_enrollment_person", "person_id"),
        Index("ix_enrollment_entered", "program_id", "entered_on"),
        Index("ix_enrollment_on_the_way", "program_id", "ended_at"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_someone"),
    )

    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("program_version.id"))
    """The edition that they entered, or moved to by choice."""
    entered_on: Mapped[date] = mapped_column(Date)
    """The day on which they entered the program, in its time zone; choosing another edition does not change it."""
    enrolled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Themselves, or who enrolled them; None where the command line did it."""
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person said that they had read the rules."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    hears: Mapped[Hears] = mapped_column(one_of(Hears, "hears"), server_default=text("'next_morning'"))
    """When the person would like to read decisions."""


class EnrollmentMoveRow(Owned, Base):
    """Going on under another edition: proposed, and answered by the person; or told with a reason."""

    __tablename__ = "enrollment_move"
    __table_args__ = (
        Index(
            "uq_enrollment_move_waiting",
            "enrollment_id",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
        CheckConstraint("from_version_id <> to_version_id", name="to_another"),
        CheckConstraint("(answered_at IS NULL) = (agreed IS NULL)", name="answered_somehow"),
        CheckConstraint("moved_on IS NULL OR ended_at IS NOT NULL", name="ended_once_moved"),
    )

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"), index=True)
    from_version_id: Mapped[UUID] = mapped_column(ForeignKey("program_version.id"))
    to_version_id: Mapped[UUID] = mapped_column(ForeignKey("program_version.id"))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    why: Mapped[str | None] = mapped_column(EncryptedText)
    """Why, for the person to read."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person themselves answered."""
    agreed: Mapped[bool | None]
    moved_on: Mapped[date | None] = mapped_column(Date)
    """The day on which they entered the other edition, where it came to that."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was settled, or its proposer took it back."""


class PathPauseRow(Owned, Base):
    """A person pauses a path; no reason is asked."""

    __tablename__ = "path_pause"
    __table_args__ = (
        Index("uq_path_pause_open", "enrollment_id", unique=True, sqlite_where=text("until IS NULL"),
              postgresql_where=text("until IS NULL")),
        UniqueConstraint("enrollment_id", "since"),
        CheckConstraint("until IS NULL OR until >= since", name="days_in_order"),
    )  # fmt: skip

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"))
    since: Mapped[date] = mapped_column(Date)
    """The first day, in the program's time zone."""
    until: Mapped[date | None] = mapped_column(Date)
    """The last day; None: it goes on."""
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlacedProgramRow(Owned, Base):
    """A program's progress or hours, placed in a course with a column of its own."""

    __tablename__ = "placed_program"
    __table_args__ = (CheckConstraint("(shows = 'hours') = (requirement IS NOT NULL)", name="requirement_of_hours"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"), index=True)
    title: Mapped[str]
    shows: Mapped[ProgramColumnShows] = mapped_column(one_of(ProgramColumnShows, "shows"))
    requirement: Mapped[str | None]
    """The key of the requirement whose hours are shown."""
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
