"""What goes with the path: columns of placed programs, more that can be read and told; what never changes."""

import sqlalchemy as sa
from alembic import op

from lti_tool.migrations.in_place import (
    New,
    add_column,
    change_check,
    change_emptiness,
    one_of_words,
    put_up,
    take_down,
)

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FIELDS = ("status", "consent", "note", "draft", "assessment", "response", "self_assessment", "meeting", "comment",
          "sign_off", "score", "evidence", "supervision_agreement", "supervision_session", "supervision_request",
          "placement", "hand_over_note", "adjustment", "journal", "self_care_plan", "check_in",
          "handled_outside")  # fmt: skip
MORE_FIELDS = (*FIELDS, "ledger", "attestation", "statement", "standing", "decision", "pause", "appeal", "growth_plan")
MESSAGES = ("observation", "signature", "supervision", "placement", "qualification", "evidence", "rubric")
CHECKS = (
    ("read_log", "field", one_of_words("field", FIELDS), one_of_words("field", MORE_FIELDS)),
    ("message", "kind", one_of_words("kind", (*MESSAGES, "other")),
     one_of_words("kind", (*MESSAGES, "hours", "program", "decision", "appeal", "plan", "other"))),
)  # fmt: skip
COLUMNS = (
    New("line_item", "placed_program_id", sa.Uuid(),
        "CONSTRAINT fk_line_item_placed_program_id REFERENCES placed_program (id) "
        "CONSTRAINT ck_line_item_of_one_thing CHECK ((activity_id IS NULL) <> (placed_program_id IS NULL))"),
    New("resource_link", "placed_program_id", sa.Uuid(),
        "CONSTRAINT fk_resource_link_placed_program_id REFERENCES placed_program (id)"),
)  # fmt: skip


def _others(*columns: str) -> str:
    """That these are the same as before."""
    return " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in columns)


_VERSION = _others("program_id", "number", "edition", "text", "digest", "effective_from")
_DECISION = _others("enrollment_id", "version_id", "number", "outcome", "stage", "on_day", "until", "review_on",
                    "appeal_until", "digest", "decided_at", "supersedes_id")  # fmt: skip
_SIGNATURE = _others("entry_id", "lane", "salt", "digest", "assurance", "signed_at")
_ENTRY = "CAST(NEW.said AS TEXT) = CAST(OLD.said AS TEXT) AND " + _others(
    "kind", "on_day", "amount", "unit", "site_id", "model", "setting", "corrects_id"
)
GUARDS = (
    ("program_version", "UPDATE", f"NOT ({_VERSION})"),
    ("program_version", "DELETE", "TRUE"),
    ("decision", "UPDATE", f"NOT ({_DECISION})"),
    ("decision", "DELETE", "TRUE"),
    ("ledger_signature", "UPDATE", f"OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL OR NOT ({_SIGNATURE})"),
    ("ledger_signature", "DELETE", "TRUE"),
    ("ledger_entry", "UPDATE", f"OLD.state IN ('signed', 'reversed') AND NOT ({_ENTRY})"),
    ("ledger_entry", "DELETE", "OLD.state IN ('signed', 'reversed')"),
    ("appeal_terms", "UPDATE", "TRUE"),
    ("appeal_terms", "DELETE", "TRUE"),
    ("appeal_step", "DELETE", "TRUE"),
)


def upgrade() -> None:
    change_emptiness("line_item", "activity_id", sa.Uuid(), may_be_empty=True)
    for column in COLUMNS:
        add_column(column)
    op.create_index("ix_line_item_placed_program_id", "line_item", ["placed_program_id"], unique=True)
    op.create_index("ix_resource_link_placed_program_id", "resource_link", ["placed_program_id"])
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
    op.execute("DELETE FROM message WHERE kind IN ('hours', 'program', 'decision', 'appeal', 'plan')")
    op.execute("DELETE FROM delivery WHERE line_item_id IN (SELECT id FROM line_item WHERE activity_id IS NULL)")
    op.execute("DELETE FROM line_item WHERE activity_id IS NULL")
    for table, name, before, after in CHECKS:
        change_check(table, name, after, before)
    op.drop_index("ix_resource_link_placed_program_id", table_name="resource_link")
    op.drop_index("ix_line_item_placed_program_id", table_name="line_item")
    for column in reversed(COLUMNS):
        op.drop_column(column.table, column.name)
    change_emptiness("line_item", "activity_id", sa.Uuid(), may_be_empty=False)
