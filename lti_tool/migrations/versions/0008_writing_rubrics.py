"""Writing rubrics: drafts with their steps and reviews, frameworks, wording rules, examples, files, paper forms.

Only new tables and a new column: neither database has to rebuild a table that others point to.
"""

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "framework",
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("bundled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_framework_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("organization_id", "identifier", name=op.f("uq_framework_organization_id_identifier")),
        sa.UniqueConstraint("organization_id", "key", name=op.f("uq_framework_organization_id_key")),
    )
    op.create_table(
        "brought_file",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "holds",
            sa.Enum("rubrics", "framework", name="holds", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "reading",
                "read",
                "wanted",
                "taking_in",
                "taken_in",
                "not_taken",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problems", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("brought_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("moved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name=op.f("ck_brought_file_done")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_brought_file_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_brought_file_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brought_file")),
    )
    with op.batch_alter_table("brought_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brought_file_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_brought_file_state"), ["state"], unique=False)

    op.create_table(
        "competency",
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "value",
                "knowledge",
                "skill",
                "attitude",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("observable", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("deprecated_on", sa.Date(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("parent <> identifier", name=op.f("ck_competency_not_its_own_parent")),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_competency_framework_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_competency_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency")),
        sa.UniqueConstraint("framework_id", "identifier", name=op.f("uq_competency_framework_id_identifier")),
    )
    with op.batch_alter_table("competency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competency_framework_id_code"), ["framework_id", "code"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_competency_framework_id_parent_position"),
            ["framework_id", "parent", "position"],
            unique=False,
        )

    op.create_table(
        "competency_link",
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "exactMatchOf",
                "isPartOf",
                "isPeerOf",
                "isRelatedTo",
                "precedes",
                "replacedBy",
                "hasSkillLevel",
                "exemplar",
                "isTranslationOf",
                "isChildOf",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_competency_link_framework_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_competency_link_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency_link")),
        sa.UniqueConstraint(
            "framework_id",
            "origin",
            "relation",
            "destination",
            name=op.f("uq_competency_link_framework_id_origin_relation_destination"),
        ),
    )
    op.create_table(
        "wording",
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_wording_changed_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_wording_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("organization_id", "language", name=op.f("uq_wording_organization_id_language")),
    )
    op.create_table(
        "draft",
        sa.Column("rubric_id", sa.Uuid(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("based_on_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("review_asked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_as",
            sa.Enum("published", "put_away", name="ended_as", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_as = 'published') = (version_id IS NOT NULL)", name=op.f("ck_draft_version_of_published")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_draft_ended_somehow")),
        sa.CheckConstraint("steps >= 0", name=op.f("ck_draft_steps")),
        sa.ForeignKeyConstraint(["based_on_id"], ["rubric_version.id"], name=op.f("fk_draft_based_on_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_draft_changed_by")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_draft_created_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_draft_organization_id")),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_draft_rubric_id")),
        sa.ForeignKeyConstraint(["version_id"], ["rubric_version.id"], name=op.f("fk_draft_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_organization_id_ended_at", ["organization_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_rubric_id"), ["rubric_id"], unique=False)
        batch_op.create_index(
            "uq_draft_open",
            ["rubric_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "example",
        sa.Column("rubric_version_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("put_away_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_example_revision")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_example_changed_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_example_organization_id")),
        sa.ForeignKeyConstraint(
            ["rubric_version_id"], ["rubric_version.id"], name=op.f("fk_example_rubric_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_example")),
    )
    with op.batch_alter_table("example", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_example_rubric_version_id"), ["rubric_version_id"], unique=False)

    op.create_table(
        "draft_criterion",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_criterion_draft_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_draft_criterion_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_criterion")),
        sa.UniqueConstraint("draft_id", "key", name=op.f("uq_draft_criterion_draft_id_key")),
    )
    op.create_table(
        "draft_step",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_draft_step_undone_by_someone")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_draft_step_by")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_step_draft_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_draft_step_organization_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_draft_step_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_step_draft_id_number")),
    )
    op.create_table(
        "rubric_review",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("named", sa.String(), nullable=True),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_rubric_review_draft_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_rubric_review_organization_id")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_rubric_review_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_review")),
    )
    with op.batch_alter_table("rubric_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rubric_review_draft_id_reviewed_at"), ["draft_id", "reviewed_at"], unique=False
        )

    op.create_table(
        "paper_form",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("rubric_version_id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("printed_by", sa.Uuid(), nullable=False),
        sa.Column("printed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_paper_form_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_paper_form_organization_id")),
        sa.ForeignKeyConstraint(["printed_by"], ["person.id"], name=op.f("fk_paper_form_printed_by")),
        sa.ForeignKeyConstraint(
            ["rubric_version_id"], ["rubric_version.id"], name=op.f("fk_paper_form_rubric_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
        sa.UniqueConstraint("organization_id", "code", name=op.f("uq_paper_form_organization_id_code")),
    )
    with op.batch_alter_table("paper_form", schema=None) as batch_op:
        batch_op.create_index(
            "uq_paper_form_observation",
            ["observation_id"],
            unique=True,
            sqlite_where=sa.text("observation_id IS NOT NULL"),
            postgresql_where=sa.text("observation_id IS NOT NULL"),
        )

    with op.batch_alter_table("rubric", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("rubric", "retired_at")

    with op.batch_alter_table("paper_form", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_paper_form_observation",
            sqlite_where=sa.text("observation_id IS NOT NULL"),
            postgresql_where=sa.text("observation_id IS NOT NULL"),
        )

    op.drop_table("paper_form")
    with op.batch_alter_table("rubric_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rubric_review_draft_id_reviewed_at"))

    op.drop_table("rubric_review")
    op.drop_table("draft_step")
    op.drop_table("draft_criterion")
    with op.batch_alter_table("example", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_example_rubric_version_id"))

    op.drop_table("example")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_draft_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_draft_rubric_id"))
        batch_op.drop_index("ix_draft_organization_id_ended_at")

    op.drop_table("draft")
    op.drop_table("wording")
    op.drop_table("competency_link")
    with op.batch_alter_table("competency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competency_framework_id_parent_position"))
        batch_op.drop_index(batch_op.f("ix_competency_framework_id_code"))

    op.drop_table("competency")
    with op.batch_alter_table("brought_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brought_file_state"))
        batch_op.drop_index(batch_op.f("ix_brought_file_person_id"))

    op.drop_table("brought_file")
    op.drop_table("framework")
