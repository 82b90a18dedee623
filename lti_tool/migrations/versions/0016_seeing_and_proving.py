"""Seeing and proving: kept standings, calibration, fairness, credentials, what auditors look at, exports."""

import sqlalchemy as sa
from alembic import op

from lti_tool.migrations.in_place import change_check, one_of_words, put_up, take_down
from lti_tool.migrations.stale_marks import set_marks, take_marks_away
from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CAPABILITIES = ("trainee", "observer", "supervisor", "instructor", "mentor", "operator", "program_lead", "reviewer",
                "safeguarding_lead")  # fmt: skip
OF_THE_ORGANIZATION = ("operator", "program_lead", "reviewer", "safeguarding_lead")
FIELDS = ("status", "consent", "note", "draft", "assessment", "response", "self_assessment", "meeting", "comment",
          "sign_off", "score", "evidence", "supervision_agreement", "supervision_session", "supervision_request",
          "placement", "hand_over_note", "adjustment", "journal", "self_care_plan", "check_in", "handled_outside",
          "ledger", "attestation", "statement", "standing", "decision", "pause", "appeal", "growth_plan")  # fmt: skip
MORE_FIELDS = (*FIELDS, "credential", "endorsement", "self_description", "feedback", "calibration")
MESSAGES = ("observation", "signature", "supervision", "placement", "qualification", "evidence", "rubric", "hours",
            "program", "decision", "appeal", "plan", "gradebook")  # fmt: skip
MORE_MESSAGES = (*MESSAGES, "credential", "calibration", "survey", "export", "audit")
CHECKS = (
    ("capability_grant", "capability",
     one_of_words("capability", CAPABILITIES), one_of_words("capability", (*CAPABILITIES, "auditor"))),
    ("capability_grant", "course_unless_organization",
     f"({one_of_words('capability', OF_THE_ORGANIZATION)}) = (course_id IS NULL)",
     f"({one_of_words('capability', (*OF_THE_ORGANIZATION, 'auditor'))}) = (course_id IS NULL)"),
    ("membership", "capability",
     one_of_words("capability", CAPABILITIES), one_of_words("capability", (*CAPABILITIES, "auditor"))),
    ("read_log", "field", one_of_words("field", FIELDS), one_of_words("field", MORE_FIELDS)),
    ("message", "kind", one_of_words("kind", (*MESSAGES, "other")), one_of_words("kind", (*MORE_MESSAGES, "other"))),
)  # fmt: skip
GUARDS = (
    ("credential", "UPDATE", "NEW.digest <> OLD.digest OR NEW.status_index <> OLD.status_index"),
    ("released_report", "UPDATE", "NEW.digest <> OLD.digest OR NEW.released_at <> OLD.released_at"),
    ("released_report", "DELETE", "OLD.digest <> ''"),
    ("issuer_key", "DELETE", "OLD.kid <> ''"),
)
TABLES = (
    "export",
    "saved_view",
    "kept_standing",
    "kept_answer",
    "kept_mark",
    "calibration",
    "calibration_item",
    "calibration_part",
    "double_plan",
    "calibration_outcome",
    "calibration_rating",
    "double_observation",
    "description_question",
    "self_description",
    "survey",
    "released_report",
    "survey_answer",
    "survey_taken",
    "feedback",
    "feedback_minimum",
    "issuer_key",
    "status_list",
    "certificate",
    "credential",
    "credential_share",
    "endorsement",
    "audit_sample",
    "audit_item",
    "audit_finding",
    "audit_unlock",
)


INDEXES = (
    ("ix_observation_rubric_version", "observation", ["rubric_version_id", "released_at"]),
    ("ix_observation_site", "observation", ["site_id", "released_at"]),
    ("ix_ledger_entry_day", "ledger_entry", ["organization_id", "on_day"]),
    ("ix_ledger_entry_in_order", "ledger_entry", ["person_id", "id"]),
    ("ix_enrollment_entered", "enrollment", ["program_id", "entered_on"]),
)
"""For questions about many at once, of tables that were there before."""


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    _seen()
    _calibration()
    _equity()
    _credentials()
    _auditing()
    for table, name, before, after in CHECKS:
        change_check(table, name, before, after)
    put_up(GUARDS)
    set_marks()


def _seen() -> None:
    op.create_table(
        "export",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column(
            "form",
            sa.Enum("csv", "xlsx", "zip", name="form", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "under_way",
                "ready",
                "stopped",
                "called_off",
                "gone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rows_done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("kept_until", UtcDateTime(), nullable=True),
        sa.Column("stored_key", sa.String(), nullable=True),
        sa.Column("filename", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'ready') = (stored_key IS NOT NULL)", name=op.f("ck_export_stored")),
        sa.CheckConstraint("rows_done >= 0", name=op.f("ck_export_rows")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_export_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index("ix_export_person", "export", ["person_id", "asked_at"], unique=False)
    op.create_index("ix_export_state", "export", ["state"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_view_named")),
        sa.CheckConstraint("(program_id IS NULL) <> (course_id IS NULL)", name=op.f("ck_saved_view_of_one_matrix")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_saved_view_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_saved_view_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_saved_view_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "course_id", "name", name=op.f("uq_saved_view_person_id_course_id_name")),
        sa.UniqueConstraint("person_id", "program_id", "name", name=op.f("uq_saved_view_person_id_program_id_name")),
    )
    op.create_table(
        "kept_standing",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("stale_at", UtcDateTime(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "not_started",
                "in_progress",
                "ready_for_decision",
                "certified",
                "renewal_open",
                "in_grace",
                "lapsed",
                "suspended",
                "revoked",
                "surrendered",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("waits_for", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "due",
            sa.Enum(
                "stage_ends",
                "valid_until",
                "renewal_opens",
                "renewal_closes",
                "late_until",
                "reinstatement_until",
                "application_usable_until",
                "reminder",
                "decision_due",
                "appeal_until",
                "appeal_answer_due",
                "proof_kept_until",
                name="due",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("new_on", sa.Date(), nullable=True),
        sa.CheckConstraint("met >= 0 AND waiting >= 0 AND asked >= met", name=op.f("ck_kept_standing_counts")),
        sa.CheckConstraint("(due_on IS NULL) = (due IS NULL)", name=op.f("ck_kept_standing_due_of_a_day")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_kept_standing_enrollment_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_kept_standing_organization_id")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_kept_standing_program_id")),
        sa.ForeignKeyConstraint(["version_id"], ["program_version.id"], name=op.f("fk_kept_standing_version_id")),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("pk_kept_standing")),
    )
    op.create_index("ix_kept_standing_due_on", "kept_standing", ["program_id", "due_on"], unique=False)
    op.create_index("ix_kept_standing_next_on", "kept_standing", ["program_id", "next_on"], unique=False)
    op.create_index(
        "ix_kept_standing_stale",
        "kept_standing",
        ["program_id", "stale_at"],
        unique=False,
        sqlite_where=sa.text("stale_at IS NOT NULL"),
        postgresql_where=sa.text("stale_at IS NOT NULL"),
    )
    op.create_index("ix_kept_standing_status", "kept_standing", ["program_id", "status"], unique=False)
    op.create_table(
        "kept_answer",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "met",
                "not_yet",
                "waiting",
                "not_applicable",
                "unknown",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sure", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("with_waiting", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("asked_for", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["kept_standing.enrollment_id"], name=op.f("fk_kept_answer_enrollment_id")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_kept_answer_organization_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_kept_answer_program_id")),
        sa.PrimaryKeyConstraint("enrollment_id", "requirement", name=op.f("pk_kept_answer")),
    )
    op.create_index("ix_kept_answer_answer", "kept_answer", ["program_id", "requirement", "answer"], unique=False)
    op.create_table(
        "kept_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["kept_standing.enrollment_id"], name=op.f("fk_kept_mark_enrollment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_mark")),
    )
    op.create_index("ix_kept_mark_enrollment", "kept_mark", ["enrollment_id"], unique=False)


def _calibration() -> None:
    op.create_table(
        "calibration",
        sa.Column("rubric_version_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("led_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("rating", "revealed", "closed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("revealed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("record", EncryptedText(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_calibration_closed")),
        sa.CheckConstraint("(state = 'rating') = (revealed_at IS NULL)", name=op.f("ck_calibration_revealed")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_calibration_titled")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_calibration_course_id")),
        sa.ForeignKeyConstraint(["led_by"], ["person.id"], name=op.f("fk_calibration_led_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_calibration_organization_id")),
        sa.ForeignKeyConstraint(
            ["rubric_version_id"], ["rubric_version.id"], name=op.f("fk_calibration_rubric_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
    )
    op.create_index(op.f("ix_calibration_course_id"), "calibration", ["course_id"], unique=False)
    op.create_index("ix_calibration_made", "calibration", ["organization_id", "made_at"], unique=False)
    op.create_index(op.f("ix_calibration_rubric_version_id"), "calibration", ["rubric_version_id"], unique=False)
    op.create_table(
        "calibration_item",
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("example_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibration.id"], name=op.f("fk_calibration_item_calibration_id")
        ),
        sa.ForeignKeyConstraint(["example_id"], ["example.id"], name=op.f("fk_calibration_item_example_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calibration_item_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_item")),
        sa.UniqueConstraint("calibration_id", "example_id", name=op.f("uq_calibration_item_calibration_id_example_id")),
        sa.UniqueConstraint("calibration_id", "position", name=op.f("uq_calibration_item_calibration_id_position")),
    )
    op.create_table(
        "calibration_part",
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("handed_in_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_calibration_part_asked_by")),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibration.id"], name=op.f("fk_calibration_part_calibration_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calibration_part_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calibration_part_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_part")),
        sa.UniqueConstraint("calibration_id", "person_id", name=op.f("uq_calibration_part_calibration_id_person_id")),
    )
    op.create_index("ix_calibration_part_person", "calibration_part", ["person_id"], unique=False)
    op.create_table(
        "double_plan",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("share BETWEEN 1 AND 100", name=op.f("ck_double_plan_share")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_double_plan_activity_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_double_plan_organization_id")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_double_plan_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_double_plan")),
    )
    op.create_index(
        "uq_double_plan_open",
        "double_plan",
        ["activity_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "calibration_outcome",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_observed", sa.Boolean(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("level IS NULL OR NOT not_observed", name=op.f("ck_calibration_outcome_one_answer")),
        sa.ForeignKeyConstraint(["item_id"], ["calibration_item.id"], name=op.f("fk_calibration_outcome_item_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calibration_outcome_organization_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_calibration_outcome_recorded_by")),
        sa.PrimaryKeyConstraint("item_id", "criterion", name=op.f("pk_calibration_outcome")),
    )
    op.create_table(
        "calibration_rating",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_observed", sa.Boolean(), nullable=False),
        sa.Column("why", EncryptedText(), nullable=True),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "NOT (not_observed AND level IS NOT NULL)", name=op.f("ck_calibration_rating_level_or_not_observed")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["calibration_item.id"], name=op.f("fk_calibration_rating_item_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calibration_rating_organization_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["calibration_part.id"], name=op.f("fk_calibration_rating_part_id")),
        sa.PrimaryKeyConstraint("item_id", "part_id", "criterion", name=op.f("pk_calibration_rating")),
    )
    op.create_table(
        "double_observation",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("reminders", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_double_observation_observation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_double_observation_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_double_observation_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["double_plan.id"], name=op.f("fk_double_observation_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_double_observation")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_double_observation_observation_id")),
    )
    op.create_index("ix_double_observation_person", "double_observation", ["person_id"], unique=False)
    op.create_index(op.f("ix_double_observation_plan_id"), "double_observation", ["plan_id"], unique=False)


def _equity() -> None:
    op.create_table(
        "description_question",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_description_question_words")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_description_question_made_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_description_question_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_description_question")),
        sa.UniqueConstraint("organization_id", "key", name=op.f("uq_description_question_organization_id_key")),
    )
    op.create_table(
        "self_description",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("answer", EncryptedText(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_self_description_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_self_description_person_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["description_question.id"], name=op.f("fk_self_description_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_description")),
        sa.UniqueConstraint("person_id", "question_id", name=op.f("uq_self_description_person_id_question_id")),
    )
    op.create_index(op.f("ix_self_description_question_id"), "self_description", ["question_id"], unique=False)
    op.create_table(
        "survey",
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("closes_on IS NULL OR closes_on >= opens_on", name=op.f("ck_survey_days_in_order")),
        sa.CheckConstraint("minimum >= 5", name=op.f("ck_survey_minimum")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_survey_made_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_survey_organization_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_survey_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_index("ix_survey_opens", "survey", ["organization_id", "opens_on"], unique=False)
    op.create_table(
        "released_report",
        sa.Column(
            "report",
            sa.Enum(
                "equity",
                "summary",
                "survey",
                "feedback",
                "funder",
                name="report",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("survey_id", sa.Uuid(), nullable=True),
        sa.Column("of_person_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR until >= since", name=op.f("ck_released_report_days_in_order")
        ),
        sa.CheckConstraint(
            "report <> 'feedback' OR (of_person_id IS NULL) <> (site_id IS NULL)",
            name=op.f("ck_released_report_feedback_of_one"),
        ),
        sa.CheckConstraint(
            "report = 'feedback' OR released_by IS NOT NULL", name=op.f("ck_released_report_released_by_someone")
        ),
        sa.ForeignKeyConstraint(["of_person_id"], ["person.id"], name=op.f("fk_released_report_of_person_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_released_report_organization_id")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_released_report_program_id")),
        sa.ForeignKeyConstraint(["released_by"], ["person.id"], name=op.f("fk_released_report_released_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_released_report_site_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_released_report_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_report")),
        sa.UniqueConstraint("public_key", name=op.f("uq_released_report_public_key")),
    )
    op.create_index(
        "ix_released_report_released", "released_report", ["organization_id", "report", "released_at"], unique=False
    )
    op.create_index("ix_released_report_of_person", "released_report", ["of_person_id"], unique=False)
    op.create_index("ix_released_report_site", "released_report", ["site_id"], unique=False)
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_survey_answer_organization_id")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_answer_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
    )
    op.create_index(op.f("ix_survey_answer_survey_id"), "survey_answer", ["survey_id"], unique=False)
    op.create_table(
        "survey_taken",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_survey_taken_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_survey_taken_person_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_taken_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_taken")),
    )
    op.create_table(
        "feedback",
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "about",
            sa.Enum(
                "supervisor", "site", "feedback", name="about", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("of_person_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minimum >= 3", name=op.f("ck_feedback_minimum")),
        sa.CheckConstraint("(about = 'feedback') = (observation_id IS NOT NULL)", name=op.f("ck_feedback_observation")),
        sa.CheckConstraint("(about = 'site') = (of_person_id IS NULL)", name=op.f("ck_feedback_person")),
        sa.CheckConstraint("(about = 'site') = (site_id IS NOT NULL)", name=op.f("ck_feedback_site")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_feedback_by_person_id")),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_feedback_observation_id")),
        sa.ForeignKeyConstraint(["of_person_id"], ["person.id"], name=op.f("fk_feedback_of_person_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_feedback_organization_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_feedback_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint(
            "by_person_id",
            "about",
            "of_person_id",
            "observation_id",
            name=op.f("uq_feedback_by_person_id_about_of_person_id_observation_id"),
        ),
        sa.UniqueConstraint("by_person_id", "site_id", name=op.f("uq_feedback_by_person_id_site_id")),
    )
    op.create_index("ix_feedback_of_person", "feedback", ["of_person_id", "about"], unique=False)
    op.create_index("ix_feedback_site", "feedback", ["site_id"], unique=False)
    op.create_index(
        "uq_feedback_supervisor",
        "feedback",
        ["by_person_id", "of_person_id"],
        unique=True,
        sqlite_where=sa.text("about = 'supervisor'"),
        postgresql_where=sa.text("about = 'supervisor'"),
    )
    op.create_table(
        "feedback_minimum",
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minimum >= 3", name=op.f("ck_feedback_minimum_minimum")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_feedback_minimum_organization_id")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_feedback_minimum_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_minimum")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_feedback_minimum_organization_id")),
    )


def _credentials() -> None:
    op.create_table(
        "issuer_key",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column(
            "algorithm",
            sa.Enum("RS256", "Ed25519", name="algorithm", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("private", EncryptedText(), nullable=False),
        sa.Column("public", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_issuer_key_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer_key")),
        sa.UniqueConstraint("organization_id", "kid", name=op.f("uq_issuer_key_organization_id_kid")),
    )
    op.create_index(
        "uq_issuer_key_issues",
        "issuer_key",
        ["organization_id", "algorithm"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "status_list",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_status_list_number")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_status_list_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_list")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_status_list_organization_id_number")),
    )
    op.create_table(
        "certificate",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "look",
            sa.Enum("plain", "framed", "wide", name="look", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_certificate_changed_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_certificate_organization_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_certificate_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("program_id", "language", name=op.f("uq_certificate_program_id_language")),
    )
    op.create_table(
        "credential",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("status_list_id", sa.Uuid(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("name", EncryptedText(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("document", EncryptedText(), nullable=False),
        sa.Column("integrity", EncryptedText(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("why", EncryptedText(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(withdrawn_at IS NULL) OR (why IS NOT NULL)", name=op.f("ck_credential_why_withdrawn")),
        sa.CheckConstraint("replaces_id IS NULL OR replaces_id <> id", name=op.f("ck_credential_not_itself")),
        sa.CheckConstraint("status_index BETWEEN 0 AND 131071", name=op.f("ck_credential_status_index")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_credential_days_in_order")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_credential_decision_id")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_credential_enrollment_id")),
        sa.ForeignKeyConstraint(["key_id"], ["issuer_key.id"], name=op.f("fk_credential_key_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_credential_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["credential.id"], name=op.f("fk_credential_replaces_id")),
        sa.ForeignKeyConstraint(["status_list_id"], ["status_list.id"], name=op.f("fk_credential_status_list_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_credential_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_credential_replaces_id")),
        sa.UniqueConstraint("status_list_id", "status_index", name=op.f("uq_credential_status_list_id_status_index")),
    )
    op.create_index("ix_credential_decision", "credential", ["decision_id"], unique=False)
    op.create_index("ix_credential_enrollment", "credential", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_credential_key_id"), "credential", ["key_id"], unique=False)
    op.create_index("ix_credential_person", "credential", ["person_id"], unique=False)
    op.create_table(
        "credential_share",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("link", EncryptedText(), nullable=False),
        sa.Column("link_digest", sa.String(), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("shows_endorsements", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_credential_share_credential_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_credential_share_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_share")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_credential_share_link_digest")),
    )
    op.create_index(
        "uq_credential_share_open",
        "credential_share",
        ["credential_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "endorsement",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", EncryptedText(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=False),
        sa.Column("document", EncryptedText(), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("declined_at", UtcDateTime(), nullable=True),
        sa.Column("taken_back_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("agreed_at IS NULL OR declined_at IS NULL", name=op.f("ck_endorsement_one_answer")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_endorsement_by_person_id")),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_endorsement_credential_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_endorsement_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
        sa.UniqueConstraint("credential_id", "by_person_id", name=op.f("uq_endorsement_credential_id_by_person_id")),
    )
    op.create_index("ix_endorsement_by_person", "endorsement", ["by_person_id"], unique=False)


def _auditing() -> None:
    op.create_table(
        "audit_sample",
        sa.Column(
            "drawn_from",
            sa.Enum(
                "observations",
                "ledger_entries",
                "decisions",
                name="drawn_from",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("plan", EncryptedText(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("population >= size", name=op.f("ck_audit_sample_population")),
        sa.CheckConstraint("size BETWEEN 1 AND 500", name=op.f("ck_audit_sample_size")),
        sa.CheckConstraint("until >= since", name=op.f("ck_audit_sample_days_in_order")),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name=op.f("fk_audit_sample_drawn_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_audit_sample_organization_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_audit_sample_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_sample")),
    )
    op.create_index("ix_audit_sample_made", "audit_sample", ["organization_id", "made_at"], unique=False)
    op.create_table(
        "audit_item",
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_audit_item_organization_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["audit_sample.id"], name=op.f("fk_audit_item_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_item")),
        sa.UniqueConstraint("sample_id", "position", name=op.f("uq_audit_item_sample_id_position")),
        sa.UniqueConstraint("sample_id", "subject_id", name=op.f("uq_audit_item_sample_id_subject_id")),
    )
    op.create_table(
        "audit_finding",
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "in_order", "question", "concern", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("answer", EncryptedText(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_audit_finding_answered_by_someone")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_audit_finding_answered_by")),
        sa.ForeignKeyConstraint(["item_id"], ["audit_item.id"], name=op.f("fk_audit_finding_item_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_audit_finding_organization_id")
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["audit_sample.id"], name=op.f("fk_audit_finding_sample_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_audit_finding_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_finding")),
        sa.UniqueConstraint("sample_id", "item_id", name=op.f("uq_audit_finding_sample_id_item_id")),
    )
    op.create_index("ix_audit_finding_sample", "audit_finding", ["sample_id"], unique=False)
    op.create_table(
        "audit_unlock",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("reason", EncryptedText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until >= at", name=op.f("ck_audit_unlock_times_in_order")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_audit_unlock_by")),
        sa.ForeignKeyConstraint(["item_id"], ["audit_item.id"], name=op.f("fk_audit_unlock_item_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_audit_unlock_organization_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_audit_unlock_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_unlock")),
    )
    op.create_index("ix_audit_unlock_item", "audit_unlock", ["item_id"], unique=False)
    op.create_index("ix_audit_unlock_trainee", "audit_unlock", ["trainee_id"], unique=False)


def downgrade() -> None:
    """What the rules of before cannot hold goes with what it is about."""
    take_marks_away()
    take_down(GUARDS)
    op.execute("DELETE FROM capability_grant WHERE capability = 'auditor'")
    op.execute("DELETE FROM message WHERE kind IN ('credential', 'calibration', 'survey', 'export', 'audit')")
    op.execute(
        "DELETE FROM read_log WHERE field IN "
        "('credential', 'endorsement', 'self_description', 'feedback', 'calibration')"
    )
    for table, name, before, after in CHECKS:
        change_check(table, name, after, before)
    for table in reversed(TABLES):
        op.drop_table(table)
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
