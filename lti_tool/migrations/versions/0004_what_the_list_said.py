"""What the LMS's list said of a person, beside what their launch said."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("membership", sa.Column("launched", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("membership", sa.Column("listed_roles", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("membership", "listed_roles")
    op.drop_column("membership", "launched")
