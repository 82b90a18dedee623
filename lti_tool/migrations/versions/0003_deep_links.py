"""Deep linking requests are rows: a basket survives reload and back, and a request is answered once."""

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deep_link",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("return_url", EncryptedText(), nullable=False),
        sa.Column("data", EncryptedText(), nullable=True),
        sa.Column("accept_links", sa.Boolean(), nullable=False),
        sa.Column("accept_multiple", sa.Boolean(), nullable=False),
        sa.Column("accept_line_item", sa.Boolean(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_deep_link_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_deep_link_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deep_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deep_link")),
    )
    op.create_index(op.f("ix_deep_link_asked_at"), "deep_link", ["asked_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_deep_link_asked_at"), table_name="deep_link")
    op.drop_table("deep_link")
