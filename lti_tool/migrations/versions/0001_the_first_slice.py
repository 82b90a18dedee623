"""The first slice: tenants, platforms, people, courses, rubrics, observations, deliveries, records.

What the rules call unchangeable, the database refuses to change: see `GUARDS`.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

from lti_tool.store.base import EncryptedText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


@dataclass(frozen=True, slots=True)
class Guard:
    """Rows of a table that may not be touched in some way, in words of SQL that both databases know."""

    table: str
    acts: tuple[str, ...]
    when: str = "TRUE"
    """Of which rows it holds; OLD is the row as it was."""


_FINAL = "EXISTS (SELECT 1 FROM observation o WHERE o.id = {observation} AND o.state IN ('final', 'released'))"
_FINAL_AND_ANSWERED = _FINAL.replace("o.state IN", "o.answered_at IS NOT NULL AND o.state IN")
_OF_ASSESSMENT = "(SELECT a.observation_id FROM assessment a WHERE a.id = OLD.assessment_id)"

GUARDS = (
    Guard("rubric_version", ("UPDATE", "DELETE")),
    Guard("sign_off", ("UPDATE", "DELETE")),
    Guard("signed_document", ("UPDATE",)),
    Guard("audit_entry", ("UPDATE", "DELETE")),
    Guard("read_log", ("UPDATE",)),
    Guard("rating", ("UPDATE", "DELETE"), _FINAL.format(observation=_OF_ASSESSMENT)),
    Guard("assessment", ("UPDATE", "DELETE"), _FINAL.format(observation="OLD.observation_id")),
    Guard("consent", ("UPDATE", "DELETE"), _FINAL.format(observation="OLD.observation_id")),
    Guard("response", ("UPDATE", "DELETE"), _FINAL_AND_ANSWERED.format(observation="OLD.observation_id")),
    Guard("observation", ("UPDATE",), "OLD.state = 'released' AND NEW.state <> 'released'"),
    Guard("observation", ("DELETE",), "OLD.state IN ('final', 'released')"),
)
"""What the rules call unchangeable. What is not final yet can still be taken away with an observation."""

KEPT_WHOLE = ("rubric_version", "sign_off", "audit_entry")
"""PostgreSQL: also not to be emptied at one stroke."""


def _name(guard: Guard, act: str) -> str:
    return f"{guard.table}_no_{act.lower()}"


def _put_up(guard: Guard) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for act in guard.acts:
        name = _name(guard, act)
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {guard.table} FOR EACH ROW WHEN {guard.when} "
                f"BEGIN SELECT RAISE(ABORT, '{guard.table}: this row never changes'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {guard.when} THEN RAISE EXCEPTION '{guard.table}: this row never changes' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {'OLD' if act == 'DELETE' else 'NEW'}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    if not sqlite and guard.table in KEPT_WHOLE:
        op.execute(
            f"CREATE TRIGGER {guard.table}_no_truncate BEFORE TRUNCATE ON {guard.table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {guard.table}_no_delete()"
        )


def _take_down(guard: Guard) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite and guard.table in KEPT_WHOLE:
        op.execute(f"DROP TRIGGER {guard.table}_no_truncate ON {guard.table}")
    for act in guard.acts:
        name = _name(guard, act)
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {guard.table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")


def upgrade() -> None:
    op.create_table(
        "organization",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("leave_page_url", sa.String(), nullable=False),
        sa.Column("support_text", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
    )
    op.create_table(
        "spent_state",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_state")),
    )
    with op.batch_alter_table("spent_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_state_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "tool_key",
        sa.Column("private_pem", EncryptedText(), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_key")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous_digest", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_audit_entry_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_audit_entry_organization_id_number")),
    )
    op.create_table(
        "audit_head",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_audit_head_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "person",
        sa.Column("name", EncryptedText(), nullable=True),
        sa.Column("email", EncryptedText(), nullable=True),
        sa.Column("email_digest", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_person_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("organization_id", "email_digest", name=op.f("uq_person_organization_id_email_digest")),
    )
    op.create_table(
        "registration",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("auth_url", sa.String(), nullable=False),
        sa.Column("token_url", sa.String(), nullable=False),
        sa.Column("token_audience", sa.String(), nullable=True),
        sa.Column("jwks_url", sa.String(), nullable=False),
        sa.Column("deployments_announced", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_registration_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("issuer", "client_id", name=op.f("uq_registration_issuer_client_id")),
    )
    op.create_table(
        "registration_invitation",
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("uses_left >= 0", name=op.f("ck_registration_invitation_uses_left")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_registration_invitation_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_registration_invitation_token_digest")),
    )
    op.create_table(
        "rubric",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_rubric_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric")),
        sa.UniqueConstraint("organization_id", "key", name=op.f("uq_rubric_organization_id_key")),
    )
    op.create_table(
        "act",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_act_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_act_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_act_person_id_key")),
    )
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_act_at"), ["at"], unique=False)

    op.create_table(
        "deployment",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "pending", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(deployment_id) BETWEEN 1 AND 255", name=op.f("ck_deployment_deployment_id_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_deployment_organization_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_deployment_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint(
            "registration_id", "deployment_id", name=op.f("uq_deployment_registration_id_deployment_id")
        ),
    )
    op.create_table(
        "invitation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("link_digest", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String(), nullable=False),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("attempts_left >= 0", name=op.f("ck_invitation_attempts_left")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_invitation_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_invitation_link_digest")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "lms_account",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("sub", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_lms_account_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lms_account_person_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_lms_account_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lms_account")),
        sa.UniqueConstraint("registration_id", "sub", name=op.f("uq_lms_account_registration_id_sub")),
    )
    with op.batch_alter_table("lms_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lms_account_person_id"), ["person_id"], unique=False)

    op.create_table(
        "platform_token",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("token", EncryptedText(), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_platform_token_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_platform_token_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_token")),
        sa.UniqueConstraint("registration_id", "scopes", name=op.f("uq_platform_token_registration_id_scopes")),
    )
    op.create_table(
        "rubric_version",
        sa.Column("rubric_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_rubric_version_organization_id")
        ),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_rubric_version_rubric_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_version")),
        sa.UniqueConstraint("rubric_id", "digest", name=op.f("uq_rubric_version_rubric_id_digest")),
        sa.UniqueConstraint("rubric_id", "number", name=op.f("uq_rubric_version_rubric_id_number")),
    )
    op.create_table(
        "web_session",
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column(
            "assurance",
            sa.Enum(
                "launch",
                "link_with_code",
                "in_person",
                name="assurance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("return_url", EncryptedText(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_web_session_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_web_session_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_web_session_token_digest")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "course",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("lti_context_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("memberships_url", sa.String(), nullable=True),
        sa.Column("roster_read_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_course_deployment_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_course_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("deployment_id", "lti_context_id", name=op.f("uq_course_deployment_id_lti_context_id")),
    )
    op.create_table(
        "activity",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("rubric_version_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "column_shows",
            sa.Enum(
                "completion", "rubric_result", name="column_shows", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("required_observations", sa.Integer(), nullable=False),
        sa.Column("lanes", sa.JSON(), nullable=False),
        sa.Column("response_days", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("required_observations BETWEEN 1 AND 50", name=op.f("ck_activity_required_observations")),
        sa.CheckConstraint("response_days BETWEEN 1 AND 60", name=op.f("ck_activity_response_days")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_activity_course_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_activity_created_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_activity_organization_id")),
        sa.ForeignKeyConstraint(
            ["rubric_version_id"], ["rubric_version.id"], name=op.f("fk_activity_rubric_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_course_id"), ["course_id"], unique=False)

    op.create_table(
        "capability_grant",
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "capability",
            sa.Enum(
                "trainee",
                "observer",
                "supervisor",
                "instructor",
                "operator",
                name="capability",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "lane",
            sa.Enum("peer", "clinical", name="lane", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(capability = 'operator') = (course_id IS NULL)", name=op.f("ck_capability_grant_course_unless_operator")
        ),
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
    with op.batch_alter_table("capability_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capability_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_capability_grant_standing_course",
            ["course_id", "person_id", "capability"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND lane IS NULL AND course_id IS NOT NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND lane IS NULL AND course_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_capability_grant_standing_lane",
            ["course_id", "person_id", "lane"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND lane IS NOT NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND lane IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_capability_grant_standing_operator",
            ["organization_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND course_id IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND course_id IS NULL"),
        )

    op.create_table(
        "membership",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column(
            "capability",
            sa.Enum(
                "trainee",
                "observer",
                "supervisor",
                "instructor",
                "operator",
                name="capability",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_membership_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_membership_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("course_id", "person_id", name=op.f("uq_membership_course_id_person_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "line_item",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("lti_resource_link_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("line_items_url", sa.String(), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("score_maximum", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_line_item_activity_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_line_item_organization_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_line_item_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_item")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_line_item_activity_id")),
    )
    op.create_table(
        "observation",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("rubric_version_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("observer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "consented",
                "in_progress",
                "shared",
                "answered",
                "final",
                "released",
                "declined",
                "stopped",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("salt", EncryptedText(), nullable=False),
        sa.Column("note", EncryptedText(), nullable=True),
        sa.Column("requested_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("shared_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("respond_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("released_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL)", name=op.f("ck_observation_released_at_of_released")
        ),
        sa.CheckConstraint(
            "(shared_at IS NULL) = (respond_until IS NULL)", name=op.f("ck_observation_window_of_shared")
        ),
        sa.CheckConstraint("trainee_id <> observer_id", name=op.f("ck_observation_not_observing_oneself")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_observation_activity_id")),
        sa.ForeignKeyConstraint(["observer_id"], ["person.id"], name=op.f("fk_observation_observer_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_observation_organization_id")),
        sa.ForeignKeyConstraint(
            ["rubric_version_id"], ["rubric_version.id"], name=op.f("fk_observation_rubric_version_id")
        ),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_observation_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index("ix_observation_activity_state", ["activity_id", "state"], unique=False)
        batch_op.create_index("ix_observation_activity_trainee", ["activity_id", "trainee_id"], unique=False)
        batch_op.create_index("ix_observation_observer_state", ["observer_id", "state"], unique=False)

    op.create_table(
        "resource_link",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("lti_resource_link_id", sa.String(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_resource_link_activity_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_resource_link_course_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_resource_link_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_link")),
        sa.UniqueConstraint(
            "course_id", "lti_resource_link_id", name=op.f("uq_resource_link_course_id_lti_resource_link_id")
        ),
    )
    with op.batch_alter_table("resource_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_link_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("observer_id", sa.Uuid(), nullable=False),
        sa.Column("strength", EncryptedText(), nullable=True),
        sa.Column("growth", EncryptedText(), nullable=True),
        sa.Column("next_step", EncryptedText(), nullable=True),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_assessment_observation_id")),
        sa.ForeignKeyConstraint(["observer_id"], ["person.id"], name=op.f("fk_assessment_observer_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_assessment_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("observation_id", "observer_id", name=op.f("uq_assessment_observation_id_observer_id")),
    )
    op.create_table(
        "consent",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "live",
                "role_play",
                "recorded",
                "remote",
                "case_discussion",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "person_served",
            sa.Enum(
                "yes",
                "no",
                "not_applicable",
                name="person_served",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_consent_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_consent_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_consent_observation_id")),
    )
    op.create_table(
        "delivery",
        sa.Column("line_item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "accepted",
                "needs_person",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("desired_score", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("desired_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_score", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("accepted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("leased_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_attempt_at IS NOT NULL)", name=op.f("ck_delivery_next_attempt_of_waiting")
        ),
        sa.CheckConstraint("(accepted_score IS NULL) = (accepted_at IS NULL)", name=op.f("ck_delivery_accepted_whole")),
        sa.CheckConstraint("accepted_score BETWEEN 0 AND 100", name=op.f("ck_delivery_accepted_score")),
        sa.CheckConstraint("desired_score BETWEEN 0 AND 100", name=op.f("ck_delivery_desired_score")),
        sa.ForeignKeyConstraint(["line_item_id"], ["line_item.id"], name=op.f("fk_delivery_line_item_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_delivery_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delivery_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("line_item_id", "person_id", name=op.f("uq_delivery_line_item_id_person_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_due", ["state", "next_attempt_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_person_id"), ["person_id"], unique=False)

    op.create_table(
        "read_log",
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "status",
                "consent",
                "note",
                "draft",
                "assessment",
                "response",
                "sign_off",
                "score",
                name="field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_read_log_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_read_log_organization_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["person.id"], name=op.f("fk_read_log_reader_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["person.id"], name=op.f("fk_read_log_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_log")),
    )
    with op.batch_alter_table("read_log", schema=None) as batch_op:
        batch_op.create_index("ix_read_log_trainee_at", ["trainee_id", "at"], unique=False)

    op.create_table(
        "response",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("words", EncryptedText(), nullable=True),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_response_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_response_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_response_observation_id")),
    )
    op.create_table(
        "sign_off",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "lane",
            sa.Enum("peer", "clinical", name="lane", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "meaning",
            sa.Enum(
                "observed", "reviewed", "decided", name="meaning", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("attestation", sa.String(), nullable=False),
        sa.Column(
            "assurance",
            sa.Enum(
                "launch",
                "link_with_code",
                "in_person",
                name="assurance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_sign_off_observation_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_sign_off_organization_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("fk_sign_off_signer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
        sa.UniqueConstraint("observation_id", "lane", name=op.f("uq_sign_off_observation_id_lane")),
    )
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_off_signer_id"), ["signer_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_observed", sa.Boolean(), nullable=False),
        sa.Column("evidence", EncryptedText(), nullable=True),
        sa.CheckConstraint("NOT (not_observed AND level IS NOT NULL)", name=op.f("ck_rating_level_or_not_observed")),
        sa.CheckConstraint("level >= 1", name=op.f("ck_rating_level")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_rating_assessment_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_rating_organization_id")),
        sa.PrimaryKeyConstraint("assessment_id", "criterion", name=op.f("pk_rating")),
    )
    op.create_table(
        "signed_document",
        sa.Column("sign_off_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("document", EncryptedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_signed_document_organization_id")
        ),
        sa.ForeignKeyConstraint(["sign_off_id"], ["sign_off.id"], name=op.f("fk_signed_document_sign_off_id")),
        sa.PrimaryKeyConstraint("sign_off_id", name=op.f("pk_signed_document")),
    )

    for guard in GUARDS:
        _put_up(guard)


def downgrade() -> None:
    for guard in reversed(GUARDS):
        _take_down(guard)

    op.drop_table("signed_document")
    op.drop_table("rating")
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_off_signer_id"))

    op.drop_table("sign_off")
    op.drop_table("response")
    with op.batch_alter_table("read_log", schema=None) as batch_op:
        batch_op.drop_index("ix_read_log_trainee_at")

    op.drop_table("read_log")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_person_id"))
        batch_op.drop_index("ix_delivery_due")

    op.drop_table("delivery")
    op.drop_table("consent")
    op.drop_table("assessment")
    with op.batch_alter_table("resource_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_link_activity_id"))

    op.drop_table("resource_link")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index("ix_observation_observer_state")
        batch_op.drop_index("ix_observation_activity_trainee")
        batch_op.drop_index("ix_observation_activity_state")

    op.drop_table("observation")
    op.drop_table("line_item")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))

    op.drop_table("membership")
    with op.batch_alter_table("capability_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_capability_grant_standing_operator",
            sqlite_where=sa.text("revoked_at IS NULL AND course_id IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND course_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_capability_grant_standing_lane",
            sqlite_where=sa.text("revoked_at IS NULL AND lane IS NOT NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND lane IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_capability_grant_standing_course",
            sqlite_where=sa.text("revoked_at IS NULL AND lane IS NULL AND course_id IS NOT NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND lane IS NULL AND course_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_capability_grant_person_id"))

    op.drop_table("capability_grant")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_course_id"))

    op.drop_table("activity")
    op.drop_table("course")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_expires_at"))

    op.drop_table("web_session")
    op.drop_table("rubric_version")
    op.drop_table("platform_token")
    with op.batch_alter_table("lms_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lms_account_person_id"))

    op.drop_table("lms_account")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_person_id"))

    op.drop_table("invitation")
    op.drop_table("deployment")
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_act_at"))

    op.drop_table("act")
    op.drop_table("rubric")
    op.drop_table("registration_invitation")
    op.drop_table("registration")
    op.drop_table("person")
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    op.drop_table("tool_key")
    with op.batch_alter_table("spent_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_state_expires_at"))

    op.drop_table("spent_state")
    op.drop_table("organization")
