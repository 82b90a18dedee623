"""A store of its own: what people say of themselves, surveys, feedback on practice, and what was released of it.

Only the services of `services/equity` read it: nobody who observes, signs or decides.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from grading.feedback_blocks import LEAST as LEAST_FEEDBACK
from grading.feedback_blocks import FeedbackAbout
from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of

LEAST = 5
"""Nothing is ever released of fewer people; of feedback, see `grading.feedback_blocks`."""


class DescriptionQuestionRow(Owned, Base):
    """Something that people may say of themselves, if they like; why it is asked stands beside it."""

    __tablename__ = "description_question"
    __table_args__ = (UniqueConstraint("organization_id", "key"), CheckConstraint("words <> ''", name="words"))

    key: Mapped[str]
    words: Mapped[str]
    why: Mapped[str]
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """The answers that are offered, each with a key and words; one's own words are always possible."""
    several: Mapped[bool]
    """Whether more than one can be chosen."""
    position: Mapped[int]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SelfDescriptionRow(Owned, Base):
    """What somebody said of themselves. They can take it back at any time: then the row is gone."""

    __tablename__ = "self_description"
    __table_args__ = (UniqueConstraint("person_id", "question_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("description_question.id"), index=True)
    answer: Mapped[str] = mapped_column(EncryptedText)
    """JSON: the keys that were chosen, and own words."""


class SurveyRow(Owned, Base):
    """A survey that nobody has to answer, and whose answers carry no name."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint(f"minimum >= {LEAST}", name="minimum"),
        CheckConstraint("closes_on IS NULL OR closes_on >= opens_on", name="days_in_order"),
        Index("ix_survey_opens", "organization_id", "opens_on"),
    )

    program_id: Mapped[UUID | None] = mapped_column(ForeignKey("program.id"))
    """Who is asked: the people of a program; None: everybody who trains in the organization."""
    title: Mapped[str]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Each with a key, an indicator, words and the ends of its scale. Frozen once somebody answered."""
    minimum: Mapped[int]
    """From how many answers on anything is shown."""
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SurveyAnswerRow(Base):
    """The answers of one person, of whom nothing is known here: neither who nor when."""

    __tablename__ = "survey_answer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    """By chance alone: the other ids tell when they were made."""
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By the keys of the questions; what was left out is not in it."""
    words: Mapped[str | None] = mapped_column(EncryptedText)


class SurveyTakenRow(Base):
    """That somebody answered, so that they are asked once; not when, and not what."""

    __tablename__ = "survey_taken"

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))


_OF_SUPERVISORS = text("about = 'supervisor'")
"""They name no observation, and what is empty is the same as nothing: the constraint below does not hold for them."""


class FeedbackRow(Owned, Base):
    """What a trainee said of who supervised them, of a site, or of feedback: released with others', never alone."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("(about = 'site') = (site_id IS NOT NULL)", name="site"),
        CheckConstraint("(about = 'feedback') = (observation_id IS NOT NULL)", name="observation"),
        CheckConstraint("(about = 'site') = (of_person_id IS NULL)", name="person"),
        CheckConstraint(f"minimum >= {LEAST_FEEDBACK}", name="minimum"),
        Index("ix_feedback_of_person", "of_person_id", "about"),
        Index("ix_feedback_site", "site_id"),
        Index(
            "uq_feedback_supervisor",
            "by_person_id",
            "of_person_id",
            unique=True,
            sqlite_where=_OF_SUPERVISORS,
            postgresql_where=_OF_SUPERVISORS,
        ),
        UniqueConstraint("by_person_id", "about", "of_person_id", "observation_id"),
        UniqueConstraint("by_person_id", "site_id"),
    )

    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    about: Mapped[FeedbackAbout] = mapped_column(one_of(FeedbackAbout, "about"))
    of_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By the keys of the questions, 1 to 5; what was left out is not in it."""
    words: Mapped[str | None] = mapped_column(EncryptedText)
    minimum: Mapped[int]
    """From how many people on they were told, when they wrote it, that it would be shown."""
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was last changed."""


class FeedbackMinimumRow(Owned, Base):
    """From how many people on an organization shows feedback; no row: from the least number."""

    __tablename__ = "feedback_minimum"
    __table_args__ = (
        UniqueConstraint("organization_id"),
        CheckConstraint(f"minimum >= {LEAST_FEEDBACK}", name="minimum"),
    )

    minimum: Mapped[int]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportKind(StrEnum):
    """What may leave the organization, or be shown of many."""

    EQUITY = "equity"
    SUMMARY = "summary"
    SURVEY = "survey"
    FEEDBACK = "feedback"
    FUNDER = "funder"


class ReleaseRow(Owned, Base):
    """Exactly the figures that were released. It never changes: what is released later is looked at beside it."""

    __tablename__ = "released_report"
    __table_args__ = (
        Index("ix_released_report_released", "organization_id", "report", "released_at"),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="days_in_order"),
        CheckConstraint("report <> 'feedback' OR (of_person_id IS NULL) <> (site_id IS NULL)", name="feedback_of_one"),
        CheckConstraint("report = 'feedback' OR released_by IS NOT NULL", name="released_by_someone"),
        Index("ix_released_report_of_person", "of_person_id"),
        Index("ix_released_report_site", "site_id"),
    )

    report: Mapped[ReportKind] = mapped_column(one_of(ReportKind, "report"))
    program_id: Mapped[UUID | None] = mapped_column(ForeignKey("program.id"))
    survey_id: Mapped[UUID | None] = mapped_column(ForeignKey("survey.id"))
    of_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Of feedback: whom it is about."""
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The figures as they were released: what was held back is not in it."""
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The least number of people, how it was rounded and what was held back by how many cells.

    Of feedback, the ids of what it is made of.
    """
    digest: Mapped[str]
    """SHA-256 of the document as canonical JSON (RFC 8785), in hexadecimal; of feedback with the salt in `rules`."""
    public_key: Mapped[str | None] = mapped_column(unique=True)
    """The end of the address where anybody reads it; None: it is for the organization."""
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None: its day came."""
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is not shown any more; what was read stays known, so it goes on counting."""


class FunderScheduleRow(Owned, Base):
    """That the report for a funder of a program is drawn up again and again. Of each program once at a time."""

    __tablename__ = "funder_schedule"
    __table_args__ = (
        Index(
            "uq_funder_schedule_standing",
            "program_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("months IN (3, 6, 12)", name="months"),
        CheckConstraint(f"minimum >= {LEAST}", name="minimum"),
        CheckConstraint("next_on > since", name="days_in_order"),
        CheckConstraint("(left_since IS NULL) = (left_until IS NULL)", name="days_left"),
    )

    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"))
    months: Mapped[int]
    """How often."""
    minimum: Mapped[int]
    """The least number of people that is shown."""
    since: Mapped[date] = mapped_column(Date)
    """The first day of which nothing was drawn up yet."""
    next_on: Mapped[date] = mapped_column(Date)
    """When the next one is due: it is of the days before."""
    left_since: Mapped[date | None] = mapped_column(Date)
    """The first of the days that were in none when the last one was due; None: there were none."""
    left_until: Mapped[date | None] = mapped_column(Date)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
