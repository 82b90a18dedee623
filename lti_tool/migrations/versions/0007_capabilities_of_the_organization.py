"""Program leads and reviewers: capabilities that are given in the organization, as the operator's is.

SQLite builds the table of grants anew, which no other table points to. Memberships keep their narrower rule:
no launch gives these capabilities.
"""

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = "capability_grant"
BEFORE = ("trainee", "observer", "supervisor", "instructor", "operator")
NEW = ("program_lead", "reviewer")
STANDING = sa.text("revoked_at IS NULL AND course_id IS NULL")
UNLESS_OPERATOR = ("ck_capability_grant_course_unless_operator", "(capability = 'operator') = (course_id IS NULL)")
UNLESS_ORGANIZATION = (
    "ck_capability_grant_course_unless_organization",
    "(capability IN ('operator', 'program_lead', 'reviewer')) = (course_id IS NULL)",
)


def upgrade() -> None:
    op.drop_index("uq_capability_grant_standing_operator", table_name=TABLE)
    _replace(BEFORE, (*BEFORE, *NEW), UNLESS_OPERATOR, UNLESS_ORGANIZATION)
    _unique("uq_capability_grant_standing_organization", "organization_id", "person_id", "capability")


def downgrade() -> None:
    op.drop_index("uq_capability_grant_standing_organization", table_name=TABLE)
    op.execute(sa.text("DELETE FROM capability_grant WHERE capability IN ('program_lead', 'reviewer')"))
    _replace((*BEFORE, *NEW), BEFORE, UNLESS_ORGANIZATION, UNLESS_OPERATOR)
    _unique("uq_capability_grant_standing_operator", "organization_id", "person_id")


def _replace(
    words_before: tuple[str, ...], words: tuple[str, ...], before: tuple[str, str], after: tuple[str, str]
) -> None:
    """Other words for the capability, and another rule for the course."""
    with op.batch_alter_table(TABLE, copy_from=_table(words_before, before)) as grants:
        grants.drop_constraint(op.f("ck_capability_grant_capability"), type_="check")
        grants.drop_constraint(op.f(before[0]), type_="check")
        listed = ", ".join(f"'{word}'" for word in words)
        grants.create_check_constraint(op.f("ck_capability_grant_capability"), sa.text(f"capability IN ({listed})"))
        grants.create_check_constraint(op.f(after[0]), sa.text(after[1]))


def _table(words: tuple[str, ...], course_rule: tuple[str, str]) -> sa.Table:
    """The table as it is before, for SQLite, which cannot tell its rules by name."""
    listed = ", ".join(f"'{word}'" for word in words)
    grants = sa.Table(
        TABLE,
        sa.MetaData(),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("capability", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"capability IN ({listed})", name=op.f("ck_capability_grant_capability")),
        sa.CheckConstraint("lane IN ('peer', 'clinical')", name=op.f("ck_capability_grant_lane")),
        sa.CheckConstraint(course_rule[1], name=op.f(course_rule[0])),
        sa.CheckConstraint(
            "(capability = 'supervisor') = (lane IS NOT NULL)", name=op.f("ck_capability_grant_lane_of_supervisor")
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_capability_grant_revoked_by_someone")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_capability_grant_course_id")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_capability_grant_granted_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_capability_grant_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_capability_grant_person_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_capability_grant_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capability_grant")),
    )
    sa.Index("ix_capability_grant_person_id", grants.c.person_id)
    for name, last, which in (
        ("course", "capability", "IS NULL AND course_id IS NOT NULL"),
        ("lane", "lane", "IS NOT NULL"),
    ):
        where = sa.text(f"revoked_at IS NULL AND lane {which}")
        columns = (grants.c.course_id, grants.c.person_id, grants.c[last])
        sa.Index(
            f"uq_capability_grant_standing_{name}", *columns, unique=True, sqlite_where=where, postgresql_where=where
        )
    return grants


def _unique(name: str, *columns: str) -> None:
    op.create_index(name, TABLE, [*columns], unique=True, sqlite_where=STANDING, postgresql_where=STANDING)
