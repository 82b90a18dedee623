"""Around practice: supervision, sites, scope, evidence, scenarios, what belongs to one alone, care, messages.

Only new tables.
"""

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "check_in",
    "guidance",
    "journal_entry",
    "scenario",
    "scope_statement",
    "self_care_plan",
    "site",
    "support_contact",
    "message",
    "scenario_review",
    "scenario_writer",
    "scope_acknowledgment",
    "site_agreement",
    "site_contact",
    "accommodation",
    "hand_over_note",
    "placement",
    "supervision_agreement",
    "supervision_session",
    "agreement_signature",
    "session_part",
    "debrief_prompt",
    "evidence",
    "handled_outside",
    "scenario_offer",
    "supervision_request",
    "evidence_seen",
)


def upgrade() -> None:
    op.create_table(
        "check_in",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("put_away_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_check_in_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_check_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("person_id", "on_day", name=op.f("uq_check_in_person_id_on_day")),
    )
    op.create_table(
        "guidance",
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_guidance_changed_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_guidance_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance")),
    )
    with op.batch_alter_table("guidance", schema=None) as batch_op:
        batch_op.create_index(
            "uq_guidance_jurisdiction",
            ["organization_id", "jurisdiction"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "journal_entry",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("put_away_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_journal_entry_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_journal_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index("ix_journal_entry_person", ["person_id", "written_at"], unique=False)

    op.create_table(
        "scenario",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("content_notes", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("tags", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("models", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("settings", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("equivalence_group", sa.String(), nullable=True),
        sa.Column("license", sa.String(), nullable=True),
        sa.Column("credits", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "put_away", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state <> 'published') OR (published_at IS NOT NULL)",
            name=op.f("ck_scenario_published_at_of_published"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_scenario_made_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_scenario_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index("ix_scenario_group", ["organization_id", "equivalence_group"], unique=False)

    op.create_table(
        "scope_statement",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)", name=op.f("ck_scope_statement_published_by_someone")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_scope_statement_number")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_scope_statement_organization_id")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_scope_statement_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_statement")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_scope_statement_organization_id_number")),
    )
    op.create_table(
        "self_care_plan",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("what_helps", EncryptedText(), nullable=True),
        sa.Column("signs", EncryptedText(), nullable=True),
        sa.Column("people", EncryptedText(), nullable=True),
        sa.Column("limits", EncryptedText(), nullable=True),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_self_care_plan_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_self_care_plan_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_care_plan")),
        sa.UniqueConstraint("person_id", name=op.f("uq_self_care_plan_person_id")),
    )
    op.create_table(
        "site",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", EncryptedText(), nullable=True),
        sa.Column("crisis_plan", EncryptedText(), nullable=True),
        sa.Column("models", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("settings", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column(
            "compensation",
            sa.Enum(
                "paid", "stipend", "unpaid", name="compensation", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_site_made_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_site_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(
            "uq_site_name",
            ["organization_id", "name"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "support_contact",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("what_for", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("hours", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_support_contact_changed_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_support_contact_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_contact")),
    )
    with op.batch_alter_table("support_contact", schema=None) as batch_op:
        batch_op.create_index("ix_support_contact_organization", ["organization_id", "position"], unique=False)

    op.create_table(
        "message",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "observation",
                "signature",
                "supervision",
                "placement",
                "qualification",
                "evidence",
                "rubric",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_message_mail_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_message_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_message_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_person", ["person_id", "made_at"], unique=False)
        batch_op.create_index(
            "uq_message_unread",
            ["person_id", "kind", "path"],
            unique=True,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.create_table(
        "scenario_review",
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("of_digest", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_scenario_review_organization_id")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_scenario_review_reviewer_id")),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_review_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_review")),
    )
    with op.batch_alter_table("scenario_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_review_scenario_id"), ["scenario_id"], unique=False)

    op.create_table(
        "scenario_writer",
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_scenario_writer_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_scenario_writer_person_id")),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_writer_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_writer")),
    )
    with op.batch_alter_table("scenario_writer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_writer_scenario_id"), ["scenario_id"], unique=False)

    op.create_table(
        "scope_acknowledgment",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column(
            "acknowledged_as",
            sa.Enum(
                "trainee",
                "supervisor",
                "site",
                name="acknowledged_as",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(acknowledged_as = 'site') = (site_id IS NOT NULL)", name=op.f("ck_scope_acknowledgment_site_of_site")
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (site_id IS NULL)", name=op.f("ck_scope_acknowledgment_person_or_site")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_scope_acknowledgment_noted_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_scope_acknowledgment_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_scope_acknowledgment_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_scope_acknowledgment_site_id")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["scope_statement.id"], name=op.f("fk_scope_acknowledgment_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_acknowledgment")),
        sa.UniqueConstraint("statement_id", "person_id", name=op.f("uq_scope_acknowledgment_statement_id_person_id")),
        sa.UniqueConstraint("statement_id", "site_id", name=op.f("uq_scope_acknowledgment_statement_id_site_id")),
    )
    op.create_table(
        "site_agreement",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("signed_for_site_by", EncryptedText(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name=op.f("ck_site_agreement_days_in_order")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_site_agreement_organization_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_site_agreement_recorded_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_agreement_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_agreement")),
    )
    with op.batch_alter_table("site_agreement", schema=None) as batch_op:
        batch_op.create_index("ix_site_agreement_site", ["site_id", "ends_on"], unique=False)

    op.create_table(
        "site_contact",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", EncryptedText(), nullable=False),
        sa.Column("what_for", EncryptedText(), nullable=True),
        sa.Column("phone", EncryptedText(), nullable=True),
        sa.Column("email", EncryptedText(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_site_contact_organization_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_contact_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_contact")),
    )
    with op.batch_alter_table("site_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_contact_site_id"), ["site_id"], unique=False)

    op.create_table(
        "accommodation",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("adjustments", sa.JSON(), nullable=False),
        sa.Column("more_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("arranged_by", sa.Uuid(), nullable=False),
        sa.Column("arranged_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("more_days BETWEEN 0 AND 60", name=op.f("ck_accommodation_more_days")),
        sa.ForeignKeyConstraint(["arranged_by"], ["person.id"], name=op.f("fk_accommodation_arranged_by")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_accommodation_course_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_accommodation_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_accommodation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
    )
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.create_index(
            "uq_accommodation_standing",
            ["course_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "hand_over_note",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "with_trainee",
                "agreed",
                "taken_back",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("given_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'agreed') = (agreed_at IS NOT NULL)", name=op.f("ck_hand_over_note_agreed_at_of_agreed")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_hand_over_note_course_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_hand_over_note_organization_id")
        ),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_hand_over_note_trainee_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_hand_over_note_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_note")),
    )
    with op.batch_alter_table("hand_over_note", schema=None) as batch_op:
        batch_op.create_index("ix_hand_over_note_trainee", ["trainee_id", "course_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column(
            "model",
            sa.Enum(
                "one_to_one",
                "group",
                "warm_line",
                "youth",
                "family",
                name="model",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "setting",
            sa.Enum(
                "mental_health",
                "addiction",
                "healthcare",
                "crisis",
                "community",
                "reentry",
                "transition",
                name="setting",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "compensation",
            sa.Enum(
                "paid", "stipend", "unpaid", name="compensation", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("without_agreement", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name=op.f("ck_placement_days_in_order")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_placement_course_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_placement_ended_by")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_placement_made_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_placement_organization_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_placement_site_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_placement_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index("ix_placement_site", ["site_id"], unique=False)
        batch_op.create_index(
            "uq_placement_standing",
            ["course_id", "trainee_id", "site_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "supervision_agreement",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "lane",
            sa.Enum("peer", "clinical", name="lane", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("expectations", EncryptedText(), nullable=True),
        sa.Column("channels", EncryptedText(), nullable=True),
        sa.Column("confidentiality", EncryptedText(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("every_days BETWEEN 1 AND 366", name=op.f("ck_supervision_agreement_every_days")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_supervision_agreement_number")),
        sa.CheckConstraint("trainee_id <> supervisor_id", name=op.f("ck_supervision_agreement_not_oneself")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_supervision_agreement_course_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_supervision_agreement_organization_id")
        ),
        sa.ForeignKeyConstraint(["supervisor_id"], ["person.id"], name=op.f("fk_supervision_agreement_supervisor_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_supervision_agreement_trainee_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_supervision_agreement_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_agreement")),
        sa.UniqueConstraint(
            "course_id",
            "trainee_id",
            "supervisor_id",
            "lane",
            "number",
            name=op.f("uq_supervision_agreement_course_id_trainee_id_supervisor_id_lane_number"),
        ),
    )
    with op.batch_alter_table("supervision_agreement", schema=None) as batch_op:
        batch_op.create_index("ix_supervision_agreement_supervisor", ["supervisor_id", "course_id"], unique=False)

    op.create_table(
        "supervision_session",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "individual",
                "group",
                "joint",
                "debrief",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "held",
            sa.Enum("in_person", "video", "phone", name="held", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("agenda", EncryptedText(), nullable=True),
        sa.Column("goals", EncryptedText(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_supervision_session_minutes")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_supervision_session_course_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_supervision_session_organization_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_supervision_session_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_session")),
    )
    with op.batch_alter_table("supervision_session", schema=None) as batch_op:
        batch_op.create_index("ix_supervision_session_course", ["course_id", "held_on"], unique=False)

    op.create_table(
        "agreement_signature",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column(
            "assurance",
            sa.Enum(
                "launch",
                "link_with_code",
                "in_person",
                name="assurance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["supervision_agreement.id"], name=op.f("fk_agreement_signature_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_agreement_signature_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agreement_signature_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_signature")),
        sa.UniqueConstraint("agreement_id", "person_id", name=op.f("uq_agreement_signature_agreement_id_person_id")),
    )
    with op.batch_alter_table("agreement_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_signature_person_id"), ["person_id"], unique=False)

    op.create_table(
        "session_part",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("trainee", "peer", "clinical", name="part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("differs", EncryptedText(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_session_part_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_part_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["supervision_session.id"], name=op.f("fk_session_part_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_part")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_session_part_session_id_person_id")),
    )
    with op.batch_alter_table("session_part", schema=None) as batch_op:
        batch_op.create_index("ix_session_part_person", ["person_id"], unique=False)

    op.create_table(
        "debrief_prompt",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("put_away_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_debrief_prompt_observation_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_debrief_prompt_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_debrief_prompt_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debrief_prompt")),
        sa.UniqueConstraint("observation_id", "person_id", name=op.f("uq_debrief_prompt_observation_id_person_id")),
    )
    with op.batch_alter_table("debrief_prompt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_debrief_prompt_person_id"), ["person_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "picture",
                "pdf",
                "audio",
                "video",
                "link",
                "note",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "arriving",
                "checking",
                "ready",
                "not_taken",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "sharing",
            sa.Enum(
                "only_me",
                "supervisors",
                "assessors",
                name="sharing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", EncryptedText(), nullable=True),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("address", EncryptedText(), nullable=True),
        sa.Column("from_journal", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("captions_name", sa.String(), nullable=True),
        sa.Column("captions_language", sa.String(), nullable=True),
        sa.Column("required_viewing", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("moved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state = 'withdrawn' OR (kind = 'link') = (address IS NOT NULL)", name=op.f("ck_evidence_address_of_link")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_evidence_withdrawn_at_of_withdrawn")
        ),
        sa.CheckConstraint(
            "NOT required_viewing OR kind <> 'video' OR captions_name IS NOT NULL",
            name=op.f("ck_evidence_captions_before_required"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_evidence_size")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_evidence_course_id")),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_evidence_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_evidence_organization_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_evidence_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("captions_name", name=op.f("uq_evidence_captions_name")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_evidence_stored_name")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_observation", ["observation_id"], unique=False)
        batch_op.create_index("ix_evidence_owner", ["owner_id", "made_at"], unique=False)
        batch_op.create_index("ix_evidence_state", ["state", "moved_at"], unique=False)

    op.create_table(
        "handled_outside",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("raised_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(acknowledged_by IS NULL) = (acknowledged_at IS NULL)",
            name=op.f("ck_handled_outside_acknowledged_by_someone"),
        ),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["person.id"], name=op.f("fk_handled_outside_acknowledged_by")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_handled_outside_course_id")),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_handled_outside_observation_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_handled_outside_organization_id")
        ),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name=op.f("fk_handled_outside_raised_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handled_outside")),
    )
    with op.batch_alter_table("handled_outside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handled_outside_observation_id"), ["observation_id"], unique=False)
        batch_op.create_index("ix_handled_outside_organization", ["organization_id", "raised_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handled_outside_raised_by"), ["raised_by"], unique=False)

    op.create_table(
        "scenario_offer",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("offered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("swapped_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_scenario_offer_observation_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_scenario_offer_organization_id")
        ),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_offer_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_offer")),
        sa.UniqueConstraint("observation_id", "scenario_id", name=op.f("uq_scenario_offer_observation_id_scenario_id")),
    )
    with op.batch_alter_table("scenario_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_offer_scenario_id"), ["scenario_id"], unique=False)
        batch_op.create_index(
            "uq_scenario_offer_standing",
            ["observation_id"],
            unique=True,
            sqlite_where=sa.text("swapped_at IS NULL"),
            postgresql_where=sa.text("swapped_at IS NULL"),
        )

    op.create_table(
        "supervision_request",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "lane",
            sa.Enum("peer", "clinical", name="lane", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer_by", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("proposed", EncryptedText(), nullable=True),
        sa.Column("escalated_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(taken_by IS NULL) = (taken_at IS NULL)", name=op.f("ck_supervision_request_taken_by_someone")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_supervision_request_course_id")),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_supervision_request_observation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_supervision_request_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["supervision_session.id"], name=op.f("fk_supervision_request_session_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_supervision_request_taken_by")),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_supervision_request_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_request")),
    )
    with op.batch_alter_table("supervision_request", schema=None) as batch_op:
        batch_op.create_index("ix_supervision_request_answer_by", ["answer_by"], unique=False)
        batch_op.create_index(
            "uq_supervision_request_waiting",
            ["course_id", "trainee_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "evidence_seen",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_seen_evidence_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_evidence_seen_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_seen_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_seen")),
    )
    with op.batch_alter_table("evidence_seen", schema=None) as batch_op:
        batch_op.create_index("uq_evidence_seen_person", ["evidence_id", "person_id"], unique=True)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
