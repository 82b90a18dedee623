"""Around an observation: observers, meetings, comments, assignments, conflicts, qualifications, mail.

Only new tables. Who observes stands in one of them from now on, also for what was asked for before.
"""

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict",
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("declared_by <> about_id", name=op.f("ck_conflict_not_oneself")),
        sa.ForeignKeyConstraint(["about_id"], ["person.id"], name=op.f("fk_conflict_about_id")),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_conflict_declared_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_conflict_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_about", ["about_id"], unique=False)
        batch_op.create_index(
            "uq_conflict_standing",
            ["declared_by", "about_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "contact",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", EncryptedText(), nullable=True),
        sa.Column("new_email", EncryptedText(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("code_digest", sa.String(), nullable=True),
        sa.Column("code_expires_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("code_attempts_left", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "wanted",
            sa.Enum("daily", "none", name="wanted", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("muted", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("timezone", sa.String(), server_default=sa.text("'UTC'"), nullable=False),
        sa.Column("quiet_from", sa.Integer(), server_default=sa.text("20"), nullable=False),
        sa.Column("quiet_until", sa.Integer(), server_default=sa.text("8"), nullable=False),
        sa.Column("safe_on", sa.Date(), nullable=True),
        sa.Column("stop_digest", sa.String(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name=op.f("ck_contact_hours")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_contact_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("person_id", name=op.f("uq_contact_person_id")),
        sa.UniqueConstraint("stop_digest", name=op.f("uq_contact_stop_digest")),
    )
    op.create_table(
        "mail",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "code",
                "news",
                "reminder",
                "copy",
                "address",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("path", EncryptedText(), nullable=True),
        sa.Column("code", EncryptedText(), nullable=True),
        sa.Column("address", EncryptedText(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "not_wanted",
                "needs_person",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_sent_at_of_sent")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_attempts")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_mail_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_mail_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_due", ["state", "next_attempt_at"], unique=False)
        batch_op.create_index("ix_mail_person", ["person_id", "made_at"], unique=False)

    op.create_table(
        "qualification",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_qualification_valid_until")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_qualification_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_qualification_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_qualification_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
    )
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.create_index("ix_qualification_person", ["person_id", "kind"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "assigned_as",
            sa.Enum(
                "observer",
                "supervisor",
                "mentor",
                name="assigned_as",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "lane",
            sa.Enum("peer", "clinical", name="lane", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("backup", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=True),
        sa.Column("assigned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(assigned_as = 'supervisor') = (lane IS NOT NULL)", name=op.f("ck_assignment_lane_of_supervisor")
        ),
        sa.CheckConstraint("trainee_id <> person_id", name=op.f("ck_assignment_not_oneself")),
        sa.ForeignKeyConstraint(["assigned_by"], ["person.id"], name=op.f("fk_assignment_assigned_by")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_assignment_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_assignment_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_assignment_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_person", ["person_id", "course_id"], unique=False)
        batch_op.create_index(
            "uq_assignment_lane",
            ["course_id", "trainee_id", "person_id", "lane"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND lane IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND lane IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_assignment_standing",
            ["course_id", "trainee_id", "person_id", "assigned_as"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND lane IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND lane IS NULL"),
        )

    op.create_table(
        "availability",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("away_until IS NULL OR away_from IS NOT NULL", name=op.f("ck_availability_away_from")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_availability_capacity")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_availability_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_availability_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_availability_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
    )
    with op.batch_alter_table("availability", schema=None) as batch_op:
        batch_op.create_index("uq_availability_person", ["course_id", "person_id"], unique=True)

    op.create_table(
        "comment",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_comment_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_comment_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_observation_id"), ["observation_id"], unique=False)

    op.create_table(
        "criterion_response",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("draft", EncryptedText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_criterion_response_observation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_criterion_response_organization_id")
        ),
        sa.PrimaryKeyConstraint("observation_id", "criterion", name=op.f("pk_criterion_response")),
    )
    op.create_table(
        "meeting",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("moderation", "reconciliation", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("reason", EncryptedText(), nullable=True),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("held_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("present", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("record", EncryptedText(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(held_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_meeting_held_and_recorded")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_meeting_closed_by")),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_meeting_observation_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_meeting_opened_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_meeting_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_observation_id"), ["observation_id"], unique=False)
        batch_op.create_index(
            "uq_meeting_open",
            ["observation_id"],
            unique=True,
            sqlite_where=sa.text("held_at IS NULL"),
            postgresql_where=sa.text("held_at IS NULL"),
        )

    op.create_table(
        "observer",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "declined",
                "replaced",
                "recused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_observer_answered_at_of_answered")
        ),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_observer_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_observer_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observer")),
        sa.UniqueConstraint("observation_id", "person_id", name=op.f("uq_observer_observation_id_person_id")),
    )
    with op.batch_alter_table("observer", schema=None) as batch_op:
        batch_op.create_index("ix_observer_person_state", ["person_id", "state"], unique=False)

    op.create_table(
        "supersession",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("reason", EncryptedText(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_supersession_by")),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_supersession_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_supersession_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supersession")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_supersession_observation_id")),
    )
    op.create_table(
        "assessment_revision",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", EncryptedText(), nullable=False),
        sa.Column("shared_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("kept_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_assessment_revision_number")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_revision_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_assessment_revision_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_revision")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_assessment_revision_assessment_id_number")),
    )
    op.create_table(
        "sign_off_copy",
        sa.Column("sign_off_id", sa.Uuid(), nullable=False),
        sa.Column("link_digest", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_sign_off_copy_organization_id")
        ),
        sa.ForeignKeyConstraint(["sign_off_id"], ["sign_off.id"], name=op.f("fk_sign_off_copy_sign_off_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off_copy")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_sign_off_copy_link_digest")),
        sa.UniqueConstraint("sign_off_id", name=op.f("uq_sign_off_copy_sign_off_id")),
    )
    op.create_table(
        "sign_off_withdrawal",
        sa.Column("sign_off_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "taken_back",
                "undone",
                "not_me",
                "recused",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("reason", EncryptedText(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_sign_off_withdrawal_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_sign_off_withdrawal_organization_id")
        ),
        sa.ForeignKeyConstraint(["sign_off_id"], ["sign_off.id"], name=op.f("fk_sign_off_withdrawal_sign_off_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off_withdrawal")),
        sa.UniqueConstraint("sign_off_id", name=op.f("uq_sign_off_withdrawal_sign_off_id")),
    )
    op.execute(
        "INSERT INTO observer (id, organization_id, observation_id, person_id, state, asked_at, answered_at) "
        "SELECT id, organization_id, id, observer_id, "
        "CASE WHEN state = 'declined' THEN 'declined' ELSE 'agreed' END, requested_at, requested_at FROM observation"
    )


def downgrade() -> None:
    op.drop_table("sign_off_withdrawal")
    op.drop_table("sign_off_copy")
    op.drop_table("assessment_revision")
    op.drop_table("supersession")
    with op.batch_alter_table("observer", schema=None) as batch_op:
        batch_op.drop_index("ix_observer_person_state")

    op.drop_table("observer")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meeting_open", sqlite_where=sa.text("held_at IS NULL"), postgresql_where=sa.text("held_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_meeting_observation_id"))

    op.drop_table("meeting")
    op.drop_table("criterion_response")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_observation_id"))

    op.drop_table("comment")
    with op.batch_alter_table("availability", schema=None) as batch_op:
        batch_op.drop_index("uq_availability_person")

    op.drop_table("availability")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_standing",
            sqlite_where=sa.text("ended_at IS NULL AND lane IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND lane IS NULL"),
        )
        batch_op.drop_index(
            "uq_assignment_lane",
            sqlite_where=sa.text("ended_at IS NULL AND lane IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND lane IS NOT NULL"),
        )
        batch_op.drop_index("ix_assignment_person")

    op.drop_table("assignment")
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.drop_index("ix_qualification_person")

    op.drop_table("qualification")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_person")
        batch_op.drop_index("ix_mail_due")

    op.drop_table("mail")
    op.drop_table("contact")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_conflict_standing",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_conflict_about")

    op.drop_table("conflict")
