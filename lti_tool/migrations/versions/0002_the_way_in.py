"""The way in: hosts, notices, groups, readings of the roster, copied courses, requests about data, sessions in a tab.

Only new tables and new columns: neither database has to rebuild a table that others point to.
"""

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "privacy_request",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "wish",
            sa.Enum("export", "erase", name="wish", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("handled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(handled_at IS NULL) = (handled_by IS NULL)", name=op.f("ck_privacy_request_handled_by_someone")
        ),
        sa.ForeignKeyConstraint(["handled_by"], ["person.id"], name=op.f("fk_privacy_request_handled_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_privacy_request_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_privacy_request_person_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_privacy_request_registration_id")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_privacy_request_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_request")),
    )
    op.create_index(op.f("ix_privacy_request_person_id"), "privacy_request", ["person_id"], unique=False)
    op.create_table(
        "service_host",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("accepted", "waiting", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_service_host_organization_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_service_host_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_host")),
        sa.UniqueConstraint("registration_id", "host", name=op.f("uq_service_host_registration_id_host")),
    )
    op.create_table(
        "notice",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.String(), nullable=False),
        sa.Column("notice_type", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "done", "ignored", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("happened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_notice_deployment_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_notice_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("deployment_id", "notice_id", name=op.f("uq_notice_deployment_id_notice_id")),
    )
    op.create_index(op.f("ix_notice_state"), "notice", ["state"], unique=False)
    op.create_table(
        "notice_handler",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("notice_type", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("wanted", "set", "not_set", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_notice_handler_deployment_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_notice_handler_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_handler")),
        sa.UniqueConstraint("deployment_id", "notice_type", name=op.f("uq_notice_handler_deployment_id_notice_type")),
    )
    op.create_index(op.f("ix_notice_handler_state"), "notice_handler", ["state"], unique=False)
    op.create_table(
        "course_copy",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("origin_course_id", sa.Uuid(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("notice", "history", "link", name="source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("noticed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("course_id <> origin_course_id", name=op.f("ck_course_copy_another_course")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_copy_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_course_copy_organization_id")),
        sa.ForeignKeyConstraint(["origin_course_id"], ["course.id"], name=op.f("fk_course_copy_origin_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_copy")),
        sa.UniqueConstraint("course_id", "origin_course_id", name=op.f("uq_course_copy_course_id_origin_course_id")),
    )
    op.create_index(op.f("ix_course_copy_origin_course_id"), "course_copy", ["origin_course_id"], unique=False)
    op.create_table(
        "course_group",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("group", "section", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("lti_group_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_group_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_course_group_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_group")),
        sa.UniqueConstraint(
            "course_id", "kind", "lti_group_id", name=op.f("uq_course_group_course_id_kind_lti_group_id")
        ),
    )
    op.create_table(
        "roster_read",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "reading",
                "done",
                "not_done",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("moved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_roster_read_people")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_roster_read_asked_by")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_roster_read_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_roster_read_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_read")),
    )
    op.create_index(op.f("ix_roster_read_course_id"), "roster_read", ["course_id"], unique=False)
    op.create_index(
        "uq_roster_read_open",
        "roster_read",
        ["course_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'reading')"),
        postgresql_where=sa.text("state IN ('waiting', 'reading')"),
    )
    op.create_table(
        "activity_copy",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("origin_activity_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_copy_activity_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_activity_copy_course_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_activity_copy_decided_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_activity_copy_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["origin_activity_id"], ["activity.id"], name=op.f("fk_activity_copy_origin_activity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_copy")),
        sa.UniqueConstraint(
            "course_id", "origin_activity_id", name=op.f("uq_activity_copy_course_id_origin_activity_id")
        ),
    )
    op.create_index(op.f("ix_activity_copy_activity_id"), "activity_copy", ["activity_id"], unique=False)
    op.create_index(op.f("ix_activity_copy_origin_activity_id"), "activity_copy", ["origin_activity_id"], unique=False)
    op.create_table(
        "course_group_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("listed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["course_group.id"], name=op.f("fk_course_group_member_group_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_course_group_member_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_group_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_group_member")),
        sa.UniqueConstraint("group_id", "person_id", name=op.f("uq_course_group_member_group_id_person_id")),
    )
    op.create_index(op.f("ix_course_group_member_person_id"), "course_group_member", ["person_id"], unique=False)
    op.create_table(
        "link_origin",
        sa.Column("resource_link_id", sa.Uuid(), nullable=False),
        sa.Column("origin_activity_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_link_origin_organization_id")),
        sa.ForeignKeyConstraint(
            ["origin_activity_id"], ["activity.id"], name=op.f("fk_link_origin_origin_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"], ["resource_link.id"], name=op.f("fk_link_origin_resource_link_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_origin")),
        sa.UniqueConstraint("resource_link_id", name=op.f("uq_link_origin_resource_link_id")),
    )
    op.create_index(op.f("ix_link_origin_origin_activity_id"), "link_origin", ["origin_activity_id"], unique=False)
    op.add_column("course", sa.Column("groups_url", sa.String(), nullable=True))
    op.add_column("deployment", sa.Column("platform_name", sa.String(), nullable=True))
    op.add_column("deployment", sa.Column("platform_guid", sa.String(), nullable=True))
    op.add_column("deployment", sa.Column("refused_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("deployment", sa.Column("acknowledged_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("deployment", sa.Column("notices_url", sa.String(), nullable=True))
    op.add_column("deployment", sa.Column("notice_types", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("membership", sa.Column("test_user", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("membership", sa.Column("return_url", EncryptedText(), nullable=True))
    op.add_column("membership", sa.Column("listed_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("registration", sa.Column("registration_client_uri", sa.String(), nullable=True))
    op.add_column("registration", sa.Column("registration_access_token", EncryptedText(), nullable=True))
    op.add_column("registration_invitation", sa.Column("issuer", sa.String(), nullable=True))
    op.add_column("web_session", sa.Column("in_tab", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("web_session", sa.Column("high_contrast", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("web_session", sa.Column("brand", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("web_session", "brand")
    op.drop_column("web_session", "high_contrast")
    op.drop_column("web_session", "in_tab")
    op.drop_column("registration_invitation", "issuer")
    op.drop_column("registration", "registration_access_token")
    op.drop_column("registration", "registration_client_uri")
    op.drop_column("membership", "listed_at")
    op.drop_column("membership", "return_url")
    op.drop_column("membership", "test_user")
    op.drop_column("deployment", "notice_types")
    op.drop_column("deployment", "notices_url")
    op.drop_column("deployment", "acknowledged_at")
    op.drop_column("deployment", "refused_at")
    op.drop_column("deployment", "platform_guid")
    op.drop_column("deployment", "platform_name")
    op.drop_column("course", "groups_url")
    op.drop_table("link_origin")
    op.drop_table("course_group_member")
    op.drop_table("activity_copy")
    op.drop_table("roster_read")
    op.drop_table("course_group")
    op.drop_table("course_copy")
    op.drop_table("notice_handler")
    op.drop_table("notice")
    op.drop_table("service_host")
    op.drop_table("privacy_request")
