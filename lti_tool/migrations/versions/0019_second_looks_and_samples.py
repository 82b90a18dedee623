"""A sample program, put in place and taken away again; two accounts are made one only after a second look."""

import sqlalchemy as sa
from alembic import op

from lti_tool.migrations.in_place import New, add_column, change_check, one_of_words, put_up, take_down
from lti_tool.store.base import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _put_samples_in_place()
    _wait_for_a_second_look()
    add_column(_BY_NAME)
    put_up(_CODE_FIRST)


def downgrade() -> None:
    take_down(_CODE_FIRST)
    op.drop_column(_BY_NAME.table, _BY_NAME.name)
    _look_once()
    _take_samples_away()


def _put_samples_in_place() -> None:
    add_column(New("organization", "sample_since", UtcDateTime()))


def _take_samples_away() -> None:
    op.drop_column("organization", "sample_since")


_MAILS = ("invitation", "code", "news", "reminder", "copy", "address", "signing", "former")


def _wait_for_a_second_look() -> None:
    op.create_table(
        "merge_request",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("stop_digest", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_merge_request_organization_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_merge_request_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_merge_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_request")),
        sa.UniqueConstraint("person_id", name=op.f("uq_merge_request_person_id")),
        sa.UniqueConstraint("stop_digest", name=op.f("uq_merge_request_stop_digest")),
    )
    op.create_index(op.f("ix_merge_request_other_id"), "merge_request", ["other_id"])
    change_check("mail", "kind", one_of_words("kind", _MAILS), one_of_words("kind", (*_MAILS, "merge")))


def _look_once() -> None:
    op.execute("DELETE FROM mail WHERE kind = 'merge'")
    change_check("mail", "kind", one_of_words("kind", (*_MAILS, "merge")), one_of_words("kind", _MAILS))
    op.drop_table("merge_request")


_BY_NAME = New("terms", "by_name", sa.Boolean(), "DEFAULT false NOT NULL")

_WITHOUT_CODE = (
    "NEW.assurance NOT IN ('launch_confirmed', 'link_confirmed') AND EXISTS (SELECT 1 FROM ledger_entry e "
    "JOIN activity a ON a.course_id = e.course_id WHERE e.id = NEW.entry_id AND a.code_since <= NEW.signed_at "
    "AND CAST(a.lanes AS TEXT) LIKE '%\"' || NEW.lane || '\"%')"
)
"""As of observations since 0018: of the lanes that an activity of the entry's course names."""
_CODE_FIRST = (("ledger_signature", "INSERT", _WITHOUT_CODE),)
