"""Indexes for two questions: whose column an address is, and who came in since a moment."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_line_item_registration_id_url"), "line_item", ["registration_id", "url"])
    op.create_index(op.f("ix_web_session_registration_id_created_at"), "web_session", ["registration_id", "created_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_web_session_registration_id_created_at"), table_name="web_session")
    op.drop_index(op.f("ix_line_item_registration_id_url"), table_name="line_item")
