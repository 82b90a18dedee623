"""The gradebook in step: further columns, what was sent and what the LMS shows, lanes of platforms, turns."""

import sqlalchemy as sa
from alembic import op

from lti_tool.migrations.in_place import New, add_column, change_check, change_emptiness, one_of_words
from lti_tool.store.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SHOWS = ("completion", "rubric_result")
MORE_SHOWS = (*SHOWS, "latest", "best", "mean_of_last", "count", "met")
STATES = ("waiting", "accepted", "needs_person")
MESSAGES = ("observation", "signature", "supervision", "placement", "qualification", "evidence", "rubric", "hours",
            "program", "decision", "appeal", "plan")  # fmt: skip
CHECKS = (
    ("activity", "column_shows", one_of_words("column_shows", SHOWS), one_of_words("column_shows", MORE_SHOWS)),
    ("placed_program", "shows",
     one_of_words("shows", ("progress", "hours")), one_of_words("shows", ("progress", "hours", "met"))),
    ("delivery", "state",
     one_of_words("state", STATES), one_of_words("state", (*STATES, "differs", "let_stand", "cleared"))),
    ("message", "kind", one_of_words("kind", (*MESSAGES, "other")),
     one_of_words("kind", (*MESSAGES, "gradebook", "other"))),
    ("line_item", "of_one_thing",
     "(activity_id IS NULL) <> (placed_program_id IS NULL)",
     "(activity_id IS NOT NULL AND placed_program_id IS NULL AND column_id IS NULL) OR "
     "(activity_id IS NULL AND placed_program_id IS NOT NULL AND column_id IS NULL) OR "
     "(activity_id IS NULL AND placed_program_id IS NULL AND column_id IS NOT NULL)"),
)  # fmt: skip
_SCORE = sa.Numeric(9, 4)
COLUMNS = (
    New("activity", "column_last", sa.Integer(),
        "DEFAULT 3 NOT NULL CONSTRAINT ck_activity_column_last CHECK (column_last BETWEEN 1 AND 20)"),
    New("organization", "score_comment", sa.Boolean(), "DEFAULT false NOT NULL"),
    New("delivery", "registration_id", sa.Uuid(),
        "CONSTRAINT fk_delivery_registration_id REFERENCES registration (id)"),
    New("delivery", "desired_maximum", _SCORE,
        "DEFAULT 100 NOT NULL CONSTRAINT ck_delivery_desired_maximum CHECK (desired_score <= desired_maximum)"),
    New("delivery", "accepted_maximum", _SCORE),
    New("delivery", "sent_score", _SCORE),
    New("delivery", "sent_maximum", _SCORE,
        "CONSTRAINT ck_delivery_sent_maximum CHECK ((sent_score IS NULL) = (sent_maximum IS NULL))"),
    New("delivery", "lms_score", _SCORE),
    New("delivery", "lms_maximum", _SCORE,
        "CONSTRAINT ck_delivery_lms_maximum CHECK ((lms_score IS NULL) = (lms_maximum IS NULL))"),
    New("delivery", "lms_at", UtcDateTime()),
    New("delivery", "lms_read_at", UtcDateTime()),
    New("delivery", "let_stand_by", sa.Uuid(), "CONSTRAINT fk_delivery_let_stand_by REFERENCES person (id)"),
    New("delivery", "to_clear", sa.Boolean(), "DEFAULT false NOT NULL"),
    New("line_item", "column_id", sa.Uuid(), "CONSTRAINT fk_line_item_column_id REFERENCES activity_column (id)"),
    New("line_item", "ours", sa.Boolean(), "DEFAULT false NOT NULL"),
    New("line_item", "wanted_label", sa.String()),
    New("line_item", "wanted_maximum", sa.Integer()),
    New("line_item", "change_at", UtcDateTime()),
    New("line_item", "change_attempts", sa.Integer(), "DEFAULT 0 NOT NULL"),
    New("line_item", "change_answer", sa.String()),
    New("line_item", "gone_at", UtcDateTime()),
    New("line_item", "stopped_at", UtcDateTime()),
    New("line_item", "stopped_by", sa.Uuid(), "CONSTRAINT fk_line_item_stopped_by REFERENCES person (id)"),
    New("line_item", "read_asked_at", UtcDateTime()),
    New("line_item", "read_at", UtcDateTime()),
    New("line_item", "read_problem", sa.String()),
)  # fmt: skip


def upgrade() -> None:
    _further_columns()
    _lanes_and_turns()
    for column in COLUMNS:
        add_column(column)
    op.execute(
        "UPDATE delivery SET registration_id = "
        "(SELECT line_item.registration_id FROM line_item WHERE line_item.id = delivery.line_item_id), "
        "accepted_maximum = CASE WHEN accepted_score IS NULL THEN NULL ELSE 100 END"
    )
    change_emptiness("delivery", "registration_id", sa.Uuid(), may_be_empty=False)
    change_check(
        "delivery", "accepted_whole",
        "(accepted_score IS NULL) = (accepted_at IS NULL)",
        "(accepted_score IS NULL) = (accepted_at IS NULL) AND (accepted_score IS NULL) = (accepted_maximum IS NULL)",
    )  # fmt: skip
    for table, name, before, after in CHECKS:
        change_check(table, name, before, after)
    op.create_index("ix_delivery_of_platform", "delivery", ["registration_id", "state", "next_attempt_at"])
    op.create_index("ix_delivery_accepted", "delivery", ["registration_id", "accepted_at"])
    op.create_index("ix_line_item_column_id", "line_item", ["column_id"], unique=True)
    op.create_index("ix_observation_released", "observation", ["released_at"])


def _further_columns() -> None:
    op.create_table(
        "activity_column",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column(
            "shows",
            sa.Enum(*MORE_SHOWS, name="shows", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("last_count", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("put_away_at", UtcDateTime(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("last_count BETWEEN 1 AND 20", name=op.f("ck_activity_column_last_count")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_column_activity_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_activity_column_made_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_activity_column_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_column")),
    )
    op.create_index("ix_activity_column_activity_id", "activity_column", ["activity_id"])
    standing = sa.text("put_away_at IS NULL")
    op.create_index(
        "uq_activity_column_shows", "activity_column", ["activity_id", "shows"],
        unique=True, sqlite_where=standing, postgresql_where=standing,
    )  # fmt: skip


def _lanes_and_turns() -> None:
    op.create_table(
        "periodic_turn",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_turn")),
    )
    op.create_table(
        "platform_lane",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("leased_by", sa.Uuid(), nullable=True),
        sa.Column("resting_until", UtcDateTime(), nullable=True),
        sa.Column("troubles", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("problem_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("clock_ahead", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(leased_until IS NULL) = (leased_by IS NULL)", name=op.f("ck_platform_lane_leased_whole")),
        sa.CheckConstraint("troubles >= 0", name=op.f("ck_platform_lane_troubles")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_platform_lane_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_platform_lane_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_lane")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_platform_lane_registration_id")),
    )


def downgrade() -> None:
    """What the rules of before cannot hold goes with what it is about."""
    op.execute("DELETE FROM delivery WHERE state NOT IN ('waiting', 'accepted', 'needs_person')")
    op.execute("DELETE FROM delivery WHERE line_item_id IN (SELECT id FROM line_item WHERE column_id IS NOT NULL)")
    op.execute("DELETE FROM line_item WHERE column_id IS NOT NULL")
    op.execute("DELETE FROM message WHERE kind = 'gradebook'")
    op.execute(
        "UPDATE activity SET column_shows = 'completion' WHERE column_shows NOT IN ('completion', 'rubric_result')"
    )
    op.execute("UPDATE placed_program SET shows = 'progress' WHERE shows = 'met'")
    op.drop_index("ix_observation_released", table_name="observation")
    op.drop_index("ix_line_item_column_id", table_name="line_item")
    op.drop_index("ix_delivery_accepted", table_name="delivery")
    op.drop_index("ix_delivery_of_platform", table_name="delivery")
    for table, name, before, after in CHECKS:
        change_check(table, name, after, before)
    change_check(
        "delivery", "accepted_whole",
        "(accepted_score IS NULL) = (accepted_at IS NULL) AND (accepted_score IS NULL) = (accepted_maximum IS NULL)",
        "(accepted_score IS NULL) = (accepted_at IS NULL)",
    )  # fmt: skip
    for column in reversed(COLUMNS):
        op.drop_column(column.table, column.name)
    op.drop_table("platform_lane")
    op.drop_table("periodic_turn")
    op.drop_table("activity_column")
