"""Courses, the activities placed in them, and their gradebook columns."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from grading.scores import ColumnShows
from lti_tool.store.base import Base, Owned, UtcDateTime, one_of
from rubrics.sign_off import Assurance


class CourseRow(Owned, Base):
    """A context of a platform ("course" on screen)."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("deployment_id", "lti_context_id"),)

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id"))
    lti_context_id: Mapped[str]
    title: Mapped[str]
    memberships_url: Mapped[str | None]
    """Where the platform lists the course's people (NRPS); None where it offers no list."""
    roster_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the LMS's list was last read to its end."""
    groups_url: Mapped[str | None]
    """Where the platform lists the course's groups (Course Groups Service); None where it offers none."""
    continues_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    """The course of the term before, which this one goes on from."""
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is kept for reading only."""
    archived_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ActivityRow(Owned, Base):
    """An observed-practice activity, as an instructor placed it."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("required_observations BETWEEN 1 AND 50", name="required_observations"),
        CheckConstraint("response_days BETWEEN 1 AND 60", name="response_days"),
        CheckConstraint("observers BETWEEN 1 AND 10", name="observers"),
        CheckConstraint("threshold BETWEEN 0 AND 10", name="threshold"),
        CheckConstraint("request_days BETWEEN 1 AND 60", name="request_days"),
        CheckConstraint("supervision_days BETWEEN 1 AND 30", name="supervision_days"),
        CheckConstraint("column_last BETWEEN 1 AND 20", name="column_last"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    rubric_version_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_version.id"))
    title: Mapped[str]
    column_shows: Mapped[ColumnShows] = mapped_column(one_of(ColumnShows, "column_shows"))
    column_last: Mapped[int] = mapped_column(server_default=text("3"))
    """Over how many observations the mean is taken, where the column shows that."""
    required_observations: Mapped[int]
    lanes: Mapped[list[str]] = mapped_column(JSON)
    """The lanes that must sign, by name; their order carries no rank."""
    response_days: Mapped[int]
    observers: Mapped[int] = mapped_column(server_default=text("1"))
    """How many watch one observation, each for themselves."""
    threshold: Mapped[int] = mapped_column(server_default=text("1"))
    """By how many levels the views may differ on one criterion before the observers meet."""
    request_days: Mapped[int] = mapped_column(server_default=text("5"))
    """After how many days without an answer a request comes back to a person."""
    least_assurance: Mapped[Assurance] = mapped_column(
        one_of(Assurance, "least_assurance"), server_default=text("'link_with_code'")
    )
    """How sure we have to be who signs."""
    code_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when whoever signs is asked for a code that is mailed to them; None: nobody is.

    A trigger refuses signatures from then on that were given without one.
    """
    qualifications: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    """What whoever signs has to be qualified in, by the organization's names for it."""
    needs_agreement: Mapped[bool] = mapped_column(server_default=false())
    """Whether only a supervisor with a supervision agreement in force may sign."""
    supervision_days: Mapped[int] = mapped_column(server_default=text("2"))
    """Within how many days somebody answers a trainee who would like supervision."""
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResourceLinkRow(Owned, Base):
    """A link in a course that launches us; `activity_id` is None until someone chooses one."""

    __tablename__ = "resource_link"
    __table_args__ = (UniqueConstraint("course_id", "lti_resource_link_id"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    lti_resource_link_id: Mapped[str]
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity.id"), index=True)
    placed_program_id: Mapped[UUID | None] = mapped_column(ForeignKey("placed_program.id"), index=True)
    """Set instead, where a program's progress or hours were placed."""
    title: Mapped[str]


class LineItemRow(Owned, Base):
    """The gradebook column of an activity or of a placed program, as far as the platform told us about it."""

    __tablename__ = "line_item"
    __table_args__ = (
        Index(None, "registration_id", "url"),  # a review names a column by its address
        CheckConstraint(
            "(activity_id IS NOT NULL AND placed_program_id IS NULL AND column_id IS NULL) OR "
            "(activity_id IS NULL AND placed_program_id IS NOT NULL AND column_id IS NULL) OR "
            "(activity_id IS NULL AND placed_program_id IS NULL AND column_id IS NOT NULL)",
            name="of_one_thing",
        ),
    )

    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity.id"), unique=True)
    placed_program_id: Mapped[UUID | None] = mapped_column(ForeignKey("placed_program.id"), unique=True, index=True)
    column_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity_column.id"), unique=True, index=True)
    """Set instead of `activity_id` for a further column of an activity."""
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    lti_resource_link_id: Mapped[str]
    url: Mapped[str | None]
    """None until the platform named it, or the worker found or made it."""
    line_items_url: Mapped[str | None]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    label: Mapped[str]
    score_maximum: Mapped[int]
    """Fixed before the first score: Moodle turns empty grades into 0 when it changes."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ours: Mapped[bool] = mapped_column(server_default=false())
    """Whether we made it in the LMS; only then we may take it away there."""
    wanted_label: Mapped[str | None]
    """What a person would like it to be called; None where the LMS has it so, or nobody asked."""
    wanted_maximum: Mapped[int | None]
    change_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it is next tried to be made or changed in the LMS; None where nothing is to be done."""
    change_attempts: Mapped[int] = mapped_column(server_default=text("0"))
    change_answer: Mapped[str | None]
    """The last answer to that, as a code of `lti.answers.Answer`."""
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was seen to be deleted in the LMS: nothing is sent, and nothing made anew, before a person says so."""
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when nothing is sent to it, by a person's wish."""
    stopped_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    read_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was last asked to compare what the LMS shows; due while it is later than `read_at`."""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_problem: Mapped[str | None]
    """Why it could not be compared, as a code of `lti.answers.Answer`."""


class ActivityColumnRow(Owned, Base):
    """A further gradebook column of an activity, beside its first one, which is `ActivityRow.column_shows`."""

    __tablename__ = "activity_column"
    __table_args__ = (
        CheckConstraint("last_count BETWEEN 1 AND 20", name="last_count"),
        Index(
            "uq_activity_column_shows",
            "activity_id",
            "shows",
            unique=True,
            sqlite_where=text("put_away_at IS NULL"),
            postgresql_where=text("put_away_at IS NULL"),
        ),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"), index=True)
    shows: Mapped[ColumnShows] = mapped_column(one_of(ColumnShows, "shows"))
    last_count: Mapped[int]
    """Over how many observations the mean is taken, where it shows that."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Nothing is sent to it any more; what the LMS shows stays there."""


class RosterReadState(StrEnum):
    """How far a reading of a course's list is."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    NOT_DONE = "not_done"


class RosterReadRow(Owned, Base):
    """One reading of a course's list of people, for showing how far it is. One at a time for each course."""

    __tablename__ = "roster_read"
    __table_args__ = (
        Index(
            "uq_roster_read_open",
            "course_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'reading')"),
            postgresql_where=text("state IN ('waiting', 'reading')"),
        ),
        CheckConstraint("people >= 0", name="people"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where Attune read it of its own accord."""
    state: Mapped[RosterReadState] = mapped_column(one_of(RosterReadState, "state"))
    people: Mapped[int]
    """How many were read so far."""
    problem: Mapped[str | None]
    """A code of `lti.errors.PlatformProblem` where it was not done."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it last went on; long ago means that its worker is gone."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GroupKind(StrEnum):
    """What the platform calls it."""

    GROUP = "group"
    SECTION = "section"


class GroupRow(Owned, Base):
    """A group or section of a course, where the platform tells of them."""

    __tablename__ = "course_group"
    __table_args__ = (UniqueConstraint("course_id", "kind", "lti_group_id"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind, "kind"))
    lti_group_id: Mapped[str]
    name: Mapped[str | None]
    """None where the platform gave only an id."""


class GroupMemberRow(Owned, Base):
    """That a person is in a group or section."""

    __tablename__ = "course_group_member"
    __table_args__ = (UniqueConstraint("group_id", "person_id"),)

    group_id: Mapped[UUID] = mapped_column(ForeignKey("course_group.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    listed_at: Mapped[datetime] = mapped_column(UtcDateTime)
