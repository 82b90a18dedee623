"""People, their LMS accounts, what they may do, and how they signed in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.access import Capability
from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from rubrics.sign_off import Assurance, Lane


class PersonRow(Owned, Base):
    """A person of one organization, with or without an LMS account."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("organization_id", "email_digest"),
        Index("ix_person_name_order", "organization_id", "name_position", "id"),
    )

    name: Mapped[str | None] = mapped_column(EncryptedText)
    """As the LMS or the invitation gave it; None where it gave none."""
    name_position: Mapped[int | None] = mapped_column(BigInteger)
    """Where the name stands among those of the organization (`services.cohorts.name_order`); None until known."""
    email: Mapped[str | None] = mapped_column(EncryptedText)
    """Of invited people only: of people from an LMS it is not asked."""
    email_digest: Mapped[str | None]
    """Keyed digest of the address, for finding an invited person; None for people from an LMS."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The same human being, who is known as that person since a step that they confirmed."""
    language: Mapped[str | None]
    """In which their LMS last opened Attune for them: of mail, unless they chose another."""


class LmsAccountRow(Owned, Base):
    """A person's account at one platform: `sub` is unique only there."""

    __tablename__ = "lms_account"
    __table_args__ = (UniqueConstraint("registration_id", "sub"),)

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    sub: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)


class MembershipRow(Owned, Base):
    """What the LMS last said about a person in a course."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("course_id", "person_id"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    capability: Mapped[Capability | None] = mapped_column(one_of(Capability, "capability"))
    """From the roles by the default map; None where they give none. Grants come on top."""
    test_user: Mapped[bool] = mapped_column(server_default=false())
    """The platform's test user ("student view"): left out of lists, reports and scores."""
    return_url: Mapped[str | None] = mapped_column(EncryptedText)
    """Where the platform wants this person back from this course; may hold a secret of the platform."""
    launched: Mapped[bool] = mapped_column(server_default=true())
    """Whether they ever came by a launch; False: only the LMS's list named them."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The last launch that was noted; without one, when a reading of the LMS's list first had them."""
    listed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The beginning of the last reading of the LMS's list that had them; None if none had."""
    listed_roles: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The roles that this reading gave, which may be others than a launch's; None if none had them."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the LMS's list no longer had them; a new launch begins it again."""
    mentees: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Whom the last launch of a mentor named, by the platform's ids; None for everyone else."""
    external: Mapped[bool] = mapped_column(server_default=false())
    """Invited inside Attune, for the trainees they are assigned to: no list of the LMS ends it."""


def _standing(name: str, *columns: str, where: str) -> Index:
    """The same capability stands once; what was revoked may be granted again."""
    condition = text(f"revoked_at IS NULL AND {where}")
    return Index(
        f"uq_capability_grant_standing_{name}",
        *columns,
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


class GrantRow(Owned, Base):
    """A capability given inside Attune: in one course, or in the organization."""

    __tablename__ = "capability_grant"
    __table_args__ = (
        CheckConstraint("(capability = 'supervisor') = (lane IS NOT NULL)", name="lane_of_supervisor"),
        CheckConstraint(
            "(capability IN ('operator', 'program_lead', 'reviewer', 'safeguarding_lead')) = (course_id IS NULL)",
            name="course_unless_organization",
        ),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_someone"),
        _standing("lane", "course_id", "person_id", "lane", where="lane IS NOT NULL"),
        _standing("course", "course_id", "person_id", "capability", where="lane IS NULL AND course_id IS NOT NULL"),
        _standing("organization", "organization_id", "person_id", "capability", where="course_id IS NULL"),
    )

    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    capability: Mapped[Capability] = mapped_column(one_of(Capability, "capability"))
    lane: Mapped[Lane | None] = mapped_column(one_of(Lane, "lane"))
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where the command line granted it."""
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionRow(Owned, Base):
    """A signed-in browser. The cookie holds a secret; here is only its digest."""

    __tablename__ = "web_session"
    __table_args__ = (
        CheckConstraint("signing_code_attempts_left >= 0", name="signing_code_attempts_left"),
        Index(None, "registration_id", "created_at"),  # who came in while a list was read
    )

    token_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    registration_id: Mapped[UUID | None] = mapped_column(ForeignKey("registration.id"))
    """The platform that launched it; None after a sign-in without an LMS."""
    assurance: Mapped[Assurance] = mapped_column(one_of(Assurance, "assurance"))
    in_tab: Mapped[bool] = mapped_column(server_default=false())
    """The secret lives in one tab and comes in a header: no cookie opens this session."""
    locale: Mapped[str | None]
    high_contrast: Mapped[bool] = mapped_column(server_default=false())
    brand: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Colors of the platform's brand, by our own names; None where it sent none."""
    return_url: Mapped[str | None] = mapped_column(EncryptedText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signing_code_digest: Mapped[str | None]
    """Of a code that was mailed for signing, and opens nothing in any other session; None once it was used."""
    signing_code_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signing_code_attempts_left: Mapped[int] = mapped_column(server_default=text("0"))
    confirmed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when it counts that such a code was typed."""


class InvitationRow(Owned, Base):
    """A way in for a person without an LMS: a link, and a code that goes with it."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("attempts_left >= 0", name="attempts_left"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    link_digest: Mapped[str] = mapped_column(unique=True)
    code_digest: Mapped[str]
    attempts_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was used up: the first time, or where it is reusable, when the work was done."""
    reusable: Mapped[bool] = mapped_column(server_default=false())
    """Stays good until the work that it is for has been submitted."""
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    """The course it is for; None: the organization."""
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    code_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when a code that was mailed is good; None: it was handed over, and is as good as the link."""
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody last came in with it."""
