"""What goes with the tables around practice: columns, one more capability, more that can be read; what never changes."""

import sqlalchemy as sa
from alembic import op

from lti_tool.migrations.in_place import New, add_column, change_check, one_of_words, put_up, take_down
from lti_tool.store.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FIELDS = ("status", "consent", "note", "draft", "assessment", "response", "self_assessment", "meeting", "comment",
          "sign_off", "score")  # fmt: skip
MORE_FIELDS = (*FIELDS, "evidence", "supervision_agreement", "supervision_session", "supervision_request", "placement",
               "hand_over_note", "adjustment", "journal", "self_care_plan", "check_in", "handled_outside")  # fmt: skip
CAPABILITIES = ("trainee", "observer", "supervisor", "instructor", "mentor", "operator", "program_lead", "reviewer")
MORE_CAPABILITIES = (*CAPABILITIES, "safeguarding_lead")
IN_ORGANIZATION = "(capability IN ('operator', 'program_lead', 'reviewer')) = (course_id IS NULL)"
MORE_IN_ORGANIZATION = (
    "(capability IN ('operator', 'program_lead', 'reviewer', 'safeguarding_lead')) = (course_id IS NULL)"
)
MAIL = ("waiting", "sent", "not_wanted", "needs_person")
CHECKS = (
    ("read_log", "field", one_of_words("field", FIELDS), one_of_words("field", MORE_FIELDS)),
    ("membership", "capability", one_of_words("capability", CAPABILITIES),
     one_of_words("capability", MORE_CAPABILITIES)),
    ("capability_grant", "capability", one_of_words("capability", CAPABILITIES),
     one_of_words("capability", MORE_CAPABILITIES)),
    ("capability_grant", "course_unless_organization", IN_ORGANIZATION, MORE_IN_ORGANIZATION),
    ("mail", "state", one_of_words("state", MAIL), one_of_words("state", (*MAIL, "returned"))),
)  # fmt: skip
"""Table, name of the rule, the rule before and after."""
MODELS = ("one_to_one", "group", "warm_line", "youth", "family")
SETTINGS = ("mental_health", "addiction", "healthcare", "crisis", "community", "reentry", "transition")
_WORD = sa.String(32)
COLUMNS = (
    New("activity", "needs_agreement", sa.Boolean(), "DEFAULT false NOT NULL"),
    New("activity", "supervision_days", sa.Integer(), "DEFAULT 2 NOT NULL CONSTRAINT ck_activity_supervision_days "
        "CHECK (supervision_days BETWEEN 1 AND 30)"),
    New("assessment", "role_drift", sa.Boolean()),
    New("contact", "language", sa.String()),
    New("contact", "names_sender", sa.Boolean(), "DEFAULT true NOT NULL"),
    New("contact", "returned_at", UtcDateTime()),
    New("course", "continues_id", sa.Uuid(), "CONSTRAINT fk_course_continues_id REFERENCES course (id)"),
    New("course", "archived_at", UtcDateTime()),
    New("course", "archived_by", sa.Uuid(), "CONSTRAINT fk_course_archived_by REFERENCES person (id)"),
    New("observation", "site_id", sa.Uuid(), "CONSTRAINT fk_observation_site_id REFERENCES site (id)"),
    New("observation", "model", _WORD, f"CONSTRAINT ck_observation_model CHECK ({one_of_words('model', MODELS)})"),
    New("observation", "setting", _WORD,
        f"CONSTRAINT ck_observation_setting CHECK ({one_of_words('setting', SETTINGS)})"),
    New("observation", "interpreter", sa.Boolean()),
    New("organization", "usual_language", sa.String(), "DEFAULT 'en' NOT NULL"),
    New("person", "language", sa.String()),
    New("qualification", "evidence_id", sa.Uuid(), "CONSTRAINT fk_qualification_evidence_id REFERENCES evidence (id)"),
    New("qualification", "reminded_on", sa.Date()),
)  # fmt: skip

_SIGNED = "EXISTS (SELECT 1 FROM agreement_signature s WHERE s.agreement_id = OLD.id)"
_SAME_WORDS = " AND ".join(f"NEW.{column} = OLD.{column}" for column in ("course_id", "lane", "number", "every_days"))
GUARDS = (
    ("agreement_signature", "UPDATE", "TRUE"),
    ("agreement_signature", "DELETE", "TRUE"),
    ("supervision_agreement", "UPDATE", f"{_SIGNED} AND NOT ({_SAME_WORDS})"),
    ("supervision_agreement", "DELETE", _SIGNED),
    ("scope_acknowledgment", "UPDATE", "TRUE"),
    ("scope_acknowledgment", "DELETE", "TRUE"),
    ("scope_statement", "UPDATE", "OLD.published_at IS NOT NULL AND NOT (NEW.words = OLD.words AND "
     "NEW.number = OLD.number AND NEW.published_at IS NOT NULL)"),
    ("scope_statement", "DELETE", "OLD.published_at IS NOT NULL"),
    ("scenario_review", "UPDATE", "TRUE"),
    ("scenario_review", "DELETE", "TRUE"),
)  # fmt: skip

INDEXES = (("ix_message_sender", "message"), ("ix_mail_sender", "mail"))
"""What somebody's acts sent, newest first."""


def upgrade() -> None:
    for column in COLUMNS:
        add_column(column)
    for name, table in INDEXES:
        op.create_index(name, table, ["sender_id", "made_at"])
    op.create_index("ix_observation_trainee", "observation", ["trainee_id", "changed_at"])
    for table, name, before, after in CHECKS:
        change_check(table, name, before, after)
    put_up(GUARDS)


def downgrade() -> None:
    """What the rules of before cannot hold goes with the tables that it is about."""
    take_down(GUARDS)
    take_down((("read_log", "UPDATE", "TRUE"),))
    kept = ", ".join(repr(field) for field in FIELDS)
    op.execute(f"DELETE FROM read_log WHERE field NOT IN ({kept})")
    put_up((("read_log", "UPDATE", "TRUE"),))
    op.execute("DELETE FROM capability_grant WHERE capability = 'safeguarding_lead'")
    op.execute("UPDATE membership SET capability = NULL WHERE capability = 'safeguarding_lead'")
    op.execute("UPDATE mail SET state = 'needs_person' WHERE state = 'returned'")
    for table, name, before, after in CHECKS:
        change_check(table, name, after, before)
    for name, table in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_index("ix_observation_trainee", table_name="observation")
    for column in reversed(COLUMNS):
        op.drop_column(column.table, column.name)
