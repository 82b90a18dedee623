"""The trainee's path: programs and who is enrolled, the ledger, decisions, appeals, growth plans.

Only new tables.
"""

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    "appeal_terms",
    "ledger_import",
    "program",
    "program_version",
    "enrollment",
    "lms_result_rule",
    "placed_program",
    "program_draft",
    "attestation",
    "date_notice",
    "decision",
    "enrollment_move",
    "path_pause",
    "program_draft_step",
    "appeal",
    "growth_plan",
    "appeal_member",
    "appeal_step",
    "growth_goal",
    "ledger_entry",
    "ledger_return",
    "ledger_signature",
)


def upgrade() -> None:
    op.create_table(
        "appeal_terms",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("file_days", sa.Integer(), nullable=False),
        sa.Column("acknowledge_days", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("decide_days", sa.Integer(), nullable=False),
        sa.Column("panel_size", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("acknowledge_days BETWEEN 1 AND 90", name=op.f("ck_appeal_terms_acknowledge_days")),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 90", name=op.f("ck_appeal_terms_answer_days")),
        sa.CheckConstraint("decide_days BETWEEN 1 AND 366", name=op.f("ck_appeal_terms_decide_days")),
        sa.CheckConstraint("file_days BETWEEN 1 AND 366", name=op.f("ck_appeal_terms_file_days")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_appeal_terms_number")),
        sa.CheckConstraint("panel_size BETWEEN 1 AND 9", name=op.f("ck_appeal_terms_panel_size")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_appeal_terms_organization_id")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_appeal_terms_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_terms")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_appeal_terms_organization_id_number")),
    )
    op.create_table(
        "ledger_import",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=False),
        sa.Column("file_name", EncryptedText(), nullable=False),
        sa.Column("rows", EncryptedText(), nullable=True),
        sa.Column("brought_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("put_away_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(taken_at IS NULL) OR (put_away_at IS NULL)", name=op.f("ck_ledger_import_taken_or_put_away")
        ),
        sa.ForeignKeyConstraint(["brought_by"], ["person.id"], name=op.f("fk_ledger_import_brought_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_ledger_import_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ledger_import_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_import")),
    )
    op.create_index("ix_ledger_import_person", "ledger_import", ["person_id", "brought_at"], unique=False)
    op.create_table(
        "program",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shipped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("open_to_ask", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_program_made_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_program_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("organization_id", "key", name=op.f("uq_program_organization_id_key")),
    )
    op.create_table(
        "program_version",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "effective_until IS NULL OR effective_until >= effective_from",
            name=op.f("ck_program_version_days_in_order"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_program_version_number")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_program_version_organization_id")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_program_version_program_id")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_program_version_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_version")),
        sa.UniqueConstraint("program_id", "edition", name=op.f("uq_program_version_program_id_edition")),
        sa.UniqueConstraint("program_id", "number", name=op.f("uq_program_version_program_id_number")),
    )
    op.create_table(
        "enrollment",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("enrolled_by", sa.Uuid(), nullable=True),
        sa.Column("enrolled_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column(
            "hears",
            sa.Enum(
                "next_morning",
                "at_once",
                "early_in_the_week",
                name="hears",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default=sa.text("'next_morning'"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_enrollment_ended_by_someone")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_enrollment_ended_by")),
        sa.ForeignKeyConstraint(["enrolled_by"], ["person.id"], name=op.f("fk_enrollment_enrolled_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_enrollment_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrollment_person_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_enrollment_program_id")),
        sa.ForeignKeyConstraint(["version_id"], ["program_version.id"], name=op.f("fk_enrollment_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
    )
    op.create_index("ix_enrollment_person", "enrollment", ["person_id"], unique=False)
    op.create_index(
        "uq_enrollment_standing",
        "enrollment",
        ["program_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "lms_result_rule",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "practice",
                "training",
                "supervision",
                "education",
                "observation",
                "rating",
                "signature",
                "exam",
                "document",
                "reference",
                "credential",
                "employment",
                "membership",
                "statement",
                "attestation",
                "check",
                "payment",
                "approval",
                "finding",
                "event",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("said", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("at_least", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.Column("amount", sa.Numeric(precision=9, scale=2), nullable=True),
        sa.Column("unit", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_lms_result_rule_amount")),
        sa.CheckConstraint("at_least BETWEEN 0 AND 1", name=op.f("ck_lms_result_rule_at_least")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_lms_result_rule_course_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_lms_result_rule_made_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_lms_result_rule_organization_id")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_lms_result_rule_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lms_result_rule")),
        sa.UniqueConstraint(
            "course_id", "program_id", "url", "number", name=op.f("uq_lms_result_rule_course_id_program_id_url_number")
        ),
    )
    op.create_index(op.f("ix_lms_result_rule_program_id"), "lms_result_rule", ["program_id"], unique=False)
    op.create_table(
        "placed_program",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "shows",
            sa.Enum("progress", "hours", name="shows", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("requirement", sa.String(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(shows = 'hours') = (requirement IS NOT NULL)", name=op.f("ck_placed_program_requirement_of_hours")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_placed_program_course_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_placed_program_created_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_placed_program_organization_id")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_placed_program_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placed_program")),
    )
    op.create_index(op.f("ix_placed_program_course_id"), "placed_program", ["course_id"], unique=False)
    op.create_index(op.f("ix_placed_program_program_id"), "placed_program", ["program_id"], unique=False)
    op.create_table(
        "program_draft",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("based_on_id", sa.Uuid(), nullable=True),
        sa.Column("made_up", sa.String(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_as",
            sa.Enum("published", "put_away", name="ended_as", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_as = 'published') = (version_id IS NOT NULL)", name=op.f("ck_program_draft_version_of_published")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_program_draft_ended_somehow")),
        sa.CheckConstraint("step BETWEEN 0 AND steps", name=op.f("ck_program_draft_step")),
        sa.ForeignKeyConstraint(["based_on_id"], ["program_version.id"], name=op.f("fk_program_draft_based_on_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_program_draft_changed_by")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_program_draft_created_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_program_draft_organization_id")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_program_draft_program_id")),
        sa.ForeignKeyConstraint(["version_id"], ["program_version.id"], name=op.f("fk_program_draft_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_draft")),
    )
    op.create_index(op.f("ix_program_draft_program_id"), "program_draft", ["program_id"], unique=False)
    op.create_index(
        "uq_program_draft_open",
        "program_draft",
        ["program_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "attestation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "practice",
                "training",
                "supervision",
                "education",
                "observation",
                "rating",
                "signature",
                "exam",
                "document",
                "reference",
                "credential",
                "employment",
                "membership",
                "statement",
                "attestation",
                "check",
                "payment",
                "approval",
                "finding",
                "event",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("unit", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("said", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column(
            "source",
            sa.Enum("own_word", "seen", "lms", name="source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.Column("said_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'statement') = (source = 'own_word')", name=op.f("ck_attestation_own_word_of_statement")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('practice', 'supervision', 'observation', 'rating')",
            name=op.f("ck_attestation_not_of_other_places"),
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name=op.f("ck_attestation_taken_back_by_someone")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_attestation_amount")),
        sa.CheckConstraint("until IS NULL OR until >= on_day", name=op.f("ck_attestation_days_in_order")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_attestation_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attestation_person_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_attestation_program_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["lms_result_rule.id"], name=op.f("fk_attestation_rule_id")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_attestation_said_by")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["person.id"], name=op.f("fk_attestation_taken_back_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
    )
    op.create_index("ix_attestation_person", "attestation", ["person_id"], unique=False)
    op.create_index(
        "uq_attestation_of_rule",
        "attestation",
        ["rule_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("rule_id IS NOT NULL AND taken_back_at IS NULL"),
        postgresql_where=sa.text("rule_id IS NOT NULL AND taken_back_at IS NULL"),
    )
    op.create_table(
        "date_notice",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("about_on", sa.Date(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_date_notice_enrollment_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_date_notice_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_notice")),
        sa.UniqueConstraint(
            "enrollment_id",
            "about",
            "about_on",
            "ahead",
            name=op.f("uq_date_notice_enrollment_id_about_about_on_ahead"),
        ),
    )
    op.create_table(
        "decision",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "certified",
                "renewed",
                "reinstated",
                "extended",
                "not_yet",
                "suspended",
                "resumed",
                "revoked",
                "surrendered",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("appeal_until", sa.Date(), nullable=True),
        sa.Column("notice", EncryptedText(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("released_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'suspended' OR review_on IS NOT NULL", name=op.f("ck_decision_review_of_suspended")
        ),
        sa.CheckConstraint(
            "outcome NOT IN ('certified', 'extended') OR stage <> ''", name=op.f("ck_decision_stage_of_certified")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_decision_number")),
        sa.CheckConstraint(
            "taken_back_at IS NULL OR outcome = 'surrendered'", name=op.f("ck_decision_taken_back_of_surrendered")
        ),
        sa.CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name=op.f("ck_decision_not_itself")),
        sa.CheckConstraint("until IS NULL OR until >= on_day", name=op.f("ck_decision_days_in_order")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_decision_enrollment_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_decision_organization_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decision.id"], name=op.f("fk_decision_supersedes_id")),
        sa.ForeignKeyConstraint(["version_id"], ["program_version.id"], name=op.f("fk_decision_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("enrollment_id", "number", name=op.f("uq_decision_enrollment_id_number")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_decision_supersedes_id")),
    )
    op.create_index("ix_decision_decided_by", "decision", ["decided_by", "decided_at"], unique=False)
    op.create_index(
        "ix_decision_to_tell",
        "decision",
        ["released_at"],
        unique=False,
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "enrollment_move",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("from_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_version_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("why", EncryptedText(), nullable=True),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (agreed IS NULL)", name=op.f("ck_enrollment_move_answered_somehow")
        ),
        sa.CheckConstraint("from_version_id <> to_version_id", name=op.f("ck_enrollment_move_to_another")),
        sa.CheckConstraint(
            "moved_on IS NULL OR ended_at IS NOT NULL", name=op.f("ck_enrollment_move_ended_once_moved")
        ),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_enrollment_move_enrollment_id")),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["program_version.id"], name=op.f("fk_enrollment_move_from_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_enrollment_move_organization_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_enrollment_move_proposed_by")),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["program_version.id"], name=op.f("fk_enrollment_move_to_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment_move")),
    )
    op.create_index(op.f("ix_enrollment_move_enrollment_id"), "enrollment_move", ["enrollment_id"], unique=False)
    op.create_index(
        "uq_enrollment_move_waiting",
        "enrollment_move",
        ["enrollment_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "path_pause",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_path_pause_days_in_order")),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_path_pause_begun_by")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_path_pause_enrollment_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_path_pause_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_pause")),
        sa.UniqueConstraint("enrollment_id", "since", name=op.f("uq_path_pause_enrollment_id_since")),
    )
    op.create_index(
        "uq_path_pause_open",
        "path_pause",
        ["enrollment_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "program_draft_step",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_program_draft_step_by")),
        sa.ForeignKeyConstraint(["draft_id"], ["program_draft.id"], name=op.f("fk_program_draft_step_draft_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_program_draft_step_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_draft_step")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_program_draft_step_draft_id_number")),
    )
    op.create_table(
        "appeal",
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("criterion", sa.String(), nullable=True),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "late",
                "open",
                "with_panel",
                "decided",
                "not_taken_up",
                "withdrawn",
                "overtaken",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("wish", EncryptedText(), nullable=True),
        sa.Column("why_late", EncryptedText(), nullable=True),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("file_by", sa.Date(), nullable=False),
        sa.Column(
            "turn",
            sa.Enum("trainee", "institution", name="turn", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("turn_until", sa.Date(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("told_late_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("stands", "changed", "again", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("reasons", EncryptedText(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state <> 'decided' OR outcome IS NOT NULL", name=op.f("ck_appeal_outcome_of_decided")),
        sa.CheckConstraint(
            "outcome IS NULL OR state IN ('with_panel', 'decided')", name=op.f("ck_appeal_outcome_of_panel")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (reasons IS NULL)", name=op.f("ck_appeal_reasons_of_outcome")),
        sa.CheckConstraint("(state = 'draft') = (sent_at IS NULL)", name=op.f("ck_appeal_sent_unless_draft")),
        sa.CheckConstraint("(decision_id IS NULL) <> (observation_id IS NULL)", name=op.f("ck_appeal_about_one_thing")),
        sa.CheckConstraint("(turn IS NULL) = (turn_until IS NULL)", name=op.f("ck_appeal_turn_until")),
        sa.CheckConstraint(
            "criterion IS NULL OR observation_id IS NOT NULL", name=op.f("ck_appeal_criterion_of_observation")
        ),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_appeal_begun_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id")),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_appeal_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_appeal_organization_id")),
        sa.ForeignKeyConstraint(["terms_id"], ["appeal_terms.id"], name=op.f("fk_appeal_terms_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_appeal_trainee_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_appeal_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index("ix_appeal_observation", "appeal", ["observation_id", "criterion"], unique=False)
    op.create_index("ix_appeal_state", "appeal", ["organization_id", "state", "turn_until"], unique=False)
    op.create_index("ix_appeal_trainee", "appeal", ["trainee_id"], unique=False)
    op.create_index(
        "uq_appeal_decision_running",
        "appeal",
        ["decision_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'late', 'open', 'with_panel')"),
        postgresql_where=sa.text("state IN ('draft', 'late', 'open', 'with_panel')"),
    )
    op.create_table(
        "growth_plan",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "active",
                "change_wished",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", EncryptedText(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_growth_plan_ended_at_of_ended")),
        sa.CheckConstraint(
            "state <> 'active' OR answered_at IS NOT NULL", name=op.f("ck_growth_plan_answered_before_active")
        ),
        sa.CheckConstraint("trainee_id <> owner_id", name=op.f("ck_growth_plan_not_oneself")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_growth_plan_course_id")),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_growth_plan_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_growth_plan_organization_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_growth_plan_owner_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_growth_plan_proposed_by")),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_growth_plan_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_plan")),
    )
    op.create_index("ix_growth_plan_owner", "growth_plan", ["owner_id"], unique=False)
    op.create_index("ix_growth_plan_trainee", "growth_plan", ["trainee_id"], unique=False)
    op.create_table(
        "appeal_member",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("agrees_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "accepted_at IS NULL OR ended_at IS NULL OR ended_at >= accepted_at",
            name=op.f("ck_appeal_member_days_in_order"),
        ),
        sa.CheckConstraint(
            "agrees_at IS NULL OR accepted_at IS NOT NULL", name=op.f("ck_appeal_member_accepted_before_agreeing")
        ),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_member_appeal_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_appeal_member_invited_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_appeal_member_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appeal_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_member")),
        sa.UniqueConstraint("appeal_id", "person_id", name=op.f("uq_appeal_member_appeal_id_person_id")),
    )
    op.create_index("ix_appeal_member_person", "appeal_member", ["person_id"], unique=False)
    op.create_table(
        "appeal_step",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sent",
                "acknowledged",
                "taken_up_late",
                "not_taken_up",
                "question",
                "answer",
                "more_time",
                "institution_late",
                "decided",
                "withdrawn",
                "overtaken",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_step_appeal_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_appeal_step_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_appeal_step_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_step")),
        sa.UniqueConstraint("appeal_id", "number", name=op.f("uq_appeal_step_appeal_id_number")),
    )
    op.create_table(
        "growth_goal",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rubric_version_id", sa.Uuid(), nullable=True),
        sa.Column("criterion", sa.String(), nullable=True),
        sa.Column("goal", EncryptedText(), nullable=False),
        sa.Column("support", EncryptedText(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "under_way", "shown", "set_aside", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_growth_goal_organization_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["growth_plan.id"], name=op.f("fk_growth_goal_plan_id")),
        sa.ForeignKeyConstraint(
            ["rubric_version_id"], ["rubric_version.id"], name=op.f("fk_growth_goal_rubric_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_goal")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_growth_goal_plan_id_number")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "practice",
                "training",
                "supervision",
                "education",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=9, scale=2), nullable=False),
        sa.Column("unit", sa.String(), server_default=sa.text("'hours'"), nullable=False),
        sa.Column("title", EncryptedText(), nullable=True),
        sa.Column("provider", EncryptedText(), nullable=True),
        sa.Column("note", EncryptedText(), nullable=True),
        sa.Column("said", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
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
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("asked_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "waiting",
                "returned",
                "signed",
                "reversed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reversed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.Uuid(), nullable=True),
        sa.Column("why_reversed", EncryptedText(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'reversed') = (reversed_at IS NOT NULL)", name=op.f("ck_ledger_entry_reversed_at_of_reversed")
        ),
        sa.CheckConstraint(
            "state <> 'waiting' OR (asked_id IS NOT NULL AND asked_at IS NOT NULL)",
            name=op.f("ck_ledger_entry_waiting_for"),
        ),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)", name=op.f("ck_ledger_entry_reversed_by_someone")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_entry_amount")),
        sa.CheckConstraint("asked_id IS NULL OR asked_id <> person_id", name=op.f("ck_ledger_entry_not_oneself")),
        sa.ForeignKeyConstraint(["asked_id"], ["person.id"], name=op.f("fk_ledger_entry_asked_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_corrects_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_ledger_entry_course_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_ledger_entry_evidence_id")),
        sa.ForeignKeyConstraint(["import_id"], ["ledger_import.id"], name=op.f("fk_ledger_entry_import_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_ledger_entry_made_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_ledger_entry_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ledger_entry_person_id")),
        sa.ForeignKeyConstraint(["reversed_by"], ["person.id"], name=op.f("fk_ledger_entry_reversed_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_ledger_entry_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_ledger_entry_corrects_id")),
    )
    op.create_index("ix_ledger_entry_asked", "ledger_entry", ["asked_id", "state", "asked_at"], unique=False)
    op.create_index(op.f("ix_ledger_entry_import_id"), "ledger_entry", ["import_id"], unique=False)
    op.create_index("ix_ledger_entry_person", "ledger_entry", ["person_id", "on_day"], unique=False)
    op.create_table(
        "ledger_return",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("returned_by", sa.Uuid(), nullable=False),
        sa.Column("reason", EncryptedText(), nullable=False),
        sa.Column("returned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_return_entry_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_ledger_return_organization_id")
        ),
        sa.ForeignKeyConstraint(["returned_by"], ["person.id"], name=op.f("fk_ledger_return_returned_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_return")),
    )
    op.create_index(op.f("ix_ledger_return_entry_id"), "ledger_return", ["entry_id"], unique=False)
    op.create_table(
        "ledger_signature",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "lane",
            sa.Enum("peer", "clinical", name="lane", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("salt", sa.String(), nullable=False),
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
        sa.Column("document", EncryptedText(), nullable=True),
        sa.Column("link_digest", sa.String(), nullable=True),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("why_withdrawn", EncryptedText(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_ledger_signature_withdrawn_by_someone")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_signature_entry_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_ledger_signature_organization_id")
        ),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("fk_ledger_signature_signer_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_ledger_signature_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_signature")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_ledger_signature_link_digest")),
    )
    op.create_index(op.f("ix_ledger_signature_entry_id"), "ledger_signature", ["entry_id"], unique=False)
    op.create_index("ix_ledger_signature_signer", "ledger_signature", ["signer_id", "signed_at"], unique=False)
    op.create_index(
        "uq_ledger_signature_standing",
        "ledger_signature",
        ["entry_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
