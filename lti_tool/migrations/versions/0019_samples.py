"""A sample program, put in place and taken away again."""

from alembic import op

from lti_tool.migrations.in_place import New, add_column
from lti_tool.store.base import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _put_samples_in_place()


def downgrade() -> None:
    _take_samples_away()


def _put_samples_in_place() -> None:
    add_column(New("organization", "sample_since", UtcDateTime()))


def _take_samples_away() -> None:
    op.drop_column("organization", "sample_since")
