"""Keeping and erasing: how long an organization keeps things, and words of a person that may go for good."""

import sqlalchemy as sa
from alembic import op

from lti_tool.migrations.in_place import one_of_words, put_up, take_down
from lti_tool.store.base import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RULES = ("sign_in_links", "readings", "exports", "score_answers", "unfinished", "own_words", "records")

_OVER = "o.state IN ('final', 'released', 'superseded', 'reconsidered')"
_STATE_OF = "EXISTS (SELECT 1 FROM observation o WHERE o.id = {observation} AND {which})"
_OF_ASSESSMENT = "(SELECT a.observation_id FROM assessment a WHERE a.id = OLD.assessment_id)"
_OF_SIGN_OFF = "(SELECT s.observation_id FROM sign_off s WHERE s.id = OLD.sign_off_id)"
_ERASING = (
    "EXISTS (SELECT 1 FROM erasure e JOIN {table} t ON t.{column} = e.person_id WHERE t.id = {row} "
    "AND e.begun_at IS NOT NULL AND e.ended_at IS NULL)"
)


def _erasing(observation: str) -> str:
    """That the data of this observation's trainee is being erased."""
    return _ERASING.format(table="observation", column="trainee_id", row=observation)


def _same(*columns: str) -> str:
    return " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in columns)


_ONLY_ITS_REASON_GOES = (
    "NEW.reason IS NULL AND NEW.id = OLD.id AND NEW.sign_off_id = OLD.sign_off_id AND NEW.kind = OLD.kind "
    "AND NEW.at = OLD.at AND EXISTS (SELECT 1 FROM sign_off s JOIN observation o ON o.id = s.observation_id "
    "WHERE s.id = OLD.sign_off_id AND o.state = 'withdrawn')"
)
_SIGNATURE = _same("entry_id", "lane", "salt", "digest", "assurance", "signed_at")
_OLD_SIGNATURE = f"OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL OR NOT ({_SIGNATURE})"
_SALT_GOES = (
    f"NEW.salt = '' AND NEW.document IS NULL AND {_same('entry_id', 'lane', 'digest', 'assurance', 'signed_at', 'withdrawn_at')} "
    f"AND {_ERASING.format(table='ledger_entry', column='person_id', row='OLD.entry_id')}"
)
BEFORE = (
    ("rating", "DELETE", _STATE_OF.format(observation=_OF_ASSESSMENT, which=_OVER)),
    ("assessment", "DELETE", _STATE_OF.format(observation="OLD.observation_id", which=_OVER)),
    *(
        (table, "DELETE",
         _STATE_OF.format(observation="OLD.observation_id", which=f"o.answered_at IS NOT NULL AND {_OVER}"))
        for table in ("response", "criterion_response")
    ),
    ("sign_off_withdrawal", "UPDATE", f"NOT ({_ONLY_ITS_REASON_GOES})"),
    ("supersession", "UPDATE", "TRUE"),
    ("ledger_signature", "UPDATE", _OLD_SIGNATURE),
)  # fmt: skip
_LET_GO = (
    _erasing(_OF_ASSESSMENT),
    _erasing("OLD.observation_id"),
    _erasing("OLD.observation_id"),
    _erasing("OLD.observation_id"),
    f"NEW.reason IS NULL AND {_same('id', 'sign_off_id', 'kind', 'at')} AND {_erasing(_OF_SIGN_OFF)}",
    f"NEW.reason IS NULL AND {_same('id', 'observation_id', 'at')} AND {_erasing('OLD.observation_id')}",
    _SALT_GOES,
)
AFTER = tuple(
    (table, act, f"({when}) AND NOT ({let_go})") for (table, act, when), let_go in zip(BEFORE, _LET_GO, strict=True)
)


def upgrade() -> None:
    op.create_table(
        "retention_choice",
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(one_of_words("rule", RULES), name=op.f("ck_retention_choice_rule")),
        sa.CheckConstraint("days >= 1", name=op.f("ck_retention_choice_days")),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"], name=op.f("fk_retention_choice_chosen_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_retention_choice_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_choice")),
        sa.UniqueConstraint("organization_id", "rule", name=op.f("uq_retention_choice_organization_id_rule")),
    )
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("not_before", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "taken_back_at IS NULL OR (begun_at IS NULL AND ended_at IS NOT NULL)", name=op.f("ck_erasure_taken_back")
        ),
        sa.CheckConstraint("counts IS NULL OR begun_at IS NOT NULL", name=op.f("ck_erasure_counts_of_begun")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_erasure_done_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_erasure_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(
        "uq_erasure_open",
        "erasure",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    take_down(BEFORE)
    put_up(AFTER)


def downgrade() -> None:
    take_down(AFTER)
    put_up(BEFORE)
    op.drop_table("erasure")
    op.drop_table("retention_choice")
