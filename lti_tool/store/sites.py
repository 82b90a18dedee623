"""Where people practice: sites, whom one speaks with there, what was agreed, who is placed where; the scope."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from rubrics.practice import Compensation, PracticeModel, Setting

_STANDS = text("ended_at IS NULL")


class SiteRow(Owned, Base):
    """A place where trainees practice, of the organization."""

    __tablename__ = "site"
    __table_args__ = (
        Index("uq_site_name", "organization_id", "name", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    name: Mapped[str]
    address: Mapped[str | None] = mapped_column(EncryptedText)
    crisis_plan: Mapped[str | None] = mapped_column(EncryptedText)
    """What to do there when somebody is in danger: one tap away from each observation at this site."""
    models: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    """Practice models, by name of `rubrics.practice.PracticeModel`."""
    settings: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    """By name of `rubrics.practice.Setting`."""
    compensation: Mapped[Compensation | None] = mapped_column(one_of(Compensation, "compensation"))
    """What trainees get there; None: nobody said."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was put away; who was there stays there."""


class SiteContactRow(Owned, Base):
    """Somebody to speak with at a site."""

    __tablename__ = "site_contact"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    what_for: Mapped[str | None] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SiteAgreementRow(Owned, Base):
    """What was agreed with a site (a memorandum of understanding), from when until when."""

    __tablename__ = "site_agreement"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="days_in_order"),
        Index("ix_site_agreement_site", "site_id", "ends_on"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    title: Mapped[str]
    begins_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    """The last day; None: it does not end."""
    signed_for_site_by: Mapped[str | None] = mapped_column(EncryptedText)
    """The name of who signed for the site."""
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_on: Mapped[date | None] = mapped_column(Date)
    """When people were last told that it ends."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was taken back as not so."""


class PlacementRow(Owned, Base):
    """A trainee practices at a site, in a course."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="days_in_order"),
        Index(
            "uq_placement_standing",
            "course_id",
            "trainee_id",
            "site_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_placement_site", "site_id"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    model: Mapped[PracticeModel | None] = mapped_column(one_of(PracticeModel, "model"))
    setting: Mapped[Setting | None] = mapped_column(one_of(Setting, "setting"))
    compensation: Mapped[Compensation | None] = mapped_column(one_of(Compensation, "compensation"))
    begins_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    without_agreement: Mapped[bool]
    """Whether it was made although no agreement with the site was in force, after that was said."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ScopeStatementRow(Owned, Base):
    """One edition of what peers can and cannot promise. Never changed once it is published."""

    __tablename__ = "scope_statement"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_by_someone"),
    )

    number: Mapped[int]
    words: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was put out of use, or a newer edition was published."""


class AcknowledgedAs(StrEnum):
    """As what somebody acknowledged it."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    SITE = "site"
    """somebody noted that the site did"""


class ScopeAcknowledgmentRow(Owned, Base):
    """Somebody has read an edition and works by it. Never changed."""

    __tablename__ = "scope_acknowledgment"
    __table_args__ = (
        UniqueConstraint("statement_id", "person_id"),
        UniqueConstraint("statement_id", "site_id"),
        CheckConstraint("(person_id IS NULL) <> (site_id IS NULL)", name="person_or_site"),
        CheckConstraint("(acknowledged_as = 'site') = (site_id IS NOT NULL)", name="site_of_site"),
    )

    statement_id: Mapped[UUID] = mapped_column(ForeignKey("scope_statement.id"))
    acknowledged_as: Mapped[AcknowledgedAs] = mapped_column(one_of(AcknowledgedAs, "acknowledged_as"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
