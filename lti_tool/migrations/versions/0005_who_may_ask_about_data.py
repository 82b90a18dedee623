"""Data privacy launches are rows: only the administrator who came in for a person may ask about them."""

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "privacy_launch",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("launched_by", sa.Uuid(), nullable=False),
        sa.Column("launched_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["launched_by"], ["person.id"], name=op.f("fk_privacy_launch_launched_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_privacy_launch_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_privacy_launch_person_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_privacy_launch_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_launch")),
    )
    op.create_index("ix_privacy_launch_launched_by_person", "privacy_launch", ["launched_by", "person_id"])
    op.create_index(op.f("ix_privacy_launch_launched_at"), "privacy_launch", ["launched_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_privacy_launch_launched_at"), table_name="privacy_launch")
    op.drop_index("ix_privacy_launch_launched_by_person", table_name="privacy_launch")
    op.drop_table("privacy_launch")
