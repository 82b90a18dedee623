"""Ready for strangers: an order of names that the database knows."""

import sqlalchemy as sa
from alembic import op

from lti_tool.migrations.in_place import (
    New,
    add_column,
    change_check,
    guards_aside,
    hold_again,
    let_go,
    on_sqlite,
    one_of_words,
    put_up,
    take_down,
)
from lti_tool.store.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


_ANOTHER_NAME = "person_another_name"


def upgrade() -> None:
    _put_names_in_order()
    _keep_more_of_standings()
    _draw_reports_up_by_the_calendar()
    _let_organizations_leave()
    _ask_for_codes()
    _ask_about_terms()
    _have_exports_made_anew()
    _show_first_steps()


def downgrade() -> None:
    _have_exports_made_anew()
    op.drop_table("first_steps_left")
    op.drop_table("terms_answer")
    take_down(_OF_TERMS)
    op.drop_table("terms")
    _ask_for_no_codes()
    _keep_organizations()
    op.drop_table("funder_schedule")
    _keep_less_of_standings()
    _forget_order_of_names()


def _put_names_in_order() -> None:
    add_column(New("person", "name_position", sa.BigInteger()))
    op.create_index("ix_person_name_order", "person", ["organization_id", "name_position", "id"])
    if on_sqlite():
        op.execute(
            f"CREATE TRIGGER {_ANOTHER_NAME} AFTER UPDATE OF name ON person FOR EACH ROW "
            "WHEN NEW.name IS NOT OLD.name "
            "BEGIN UPDATE person SET name_position = NULL WHERE id = NEW.id; END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {_ANOTHER_NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.name IS DISTINCT FROM OLD.name THEN NEW.name_position := NULL; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {_ANOTHER_NAME} BEFORE UPDATE OF name ON person FOR EACH ROW "
        f"EXECUTE FUNCTION {_ANOTHER_NAME}()"
    )


def _forget_order_of_names() -> None:
    op.execute(f"DROP TRIGGER {_ANOTHER_NAME}" if on_sqlite() else f"DROP TRIGGER {_ANOTHER_NAME} ON person")
    if not on_sqlite():
        op.execute(f"DROP FUNCTION {_ANOTHER_NAME}()")
    op.drop_index("ix_person_name_order", table_name="person")
    op.drop_column("person", "name_position")


_OVER = "enrollment_is_over"
_KEPT = (
    New("kept_standing", "still_since", sa.Date()),
    New("kept_standing", "for_program", sa.Boolean(), "DEFAULT false NOT NULL"),
    New("kept_standing", "over", sa.Boolean(), "DEFAULT false NOT NULL"),
)
_WEEK = ["program_id", "over", "for_program", "still_since", "enrollment_id", "paused", "status", "due_on"]


def _keep_more_of_standings() -> None:
    for column in _KEPT:
        add_column(column)
    op.execute(
        "UPDATE kept_standing SET for_program = CAST(waits_for AS TEXT) LIKE '%\"program\"%', still_since = "
        "COALESCE(new_on, (SELECT e.entered_on FROM enrollment e WHERE e.id = kept_standing.enrollment_id)), "
        "over = EXISTS (SELECT 1 FROM enrollment e WHERE e.id = kept_standing.enrollment_id AND e.ended_at IS NOT NULL)"
    )
    op.drop_index("ix_kept_standing_status", table_name="kept_standing")
    op.create_index("ix_kept_standing_status", "kept_standing", ["program_id", "over", "status"])
    op.create_index("ix_kept_standing_week", "kept_standing", _WEEK)
    op.create_index("ix_enrollment_on_the_way", "enrollment", ["program_id", "ended_at"])
    says = "UPDATE kept_standing SET over = (NEW.ended_at IS NOT NULL) WHERE enrollment_id = NEW.id;"
    changed = "(NEW.ended_at IS NULL) <> (OLD.ended_at IS NULL)"
    if on_sqlite():
        op.execute(
            f"CREATE TRIGGER {_OVER} AFTER UPDATE OF ended_at ON enrollment FOR EACH ROW WHEN {changed} "
            f"BEGIN {says} END"
        )
        return
    op.execute(f"CREATE FUNCTION {_OVER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {says} RETURN NULL; END $$")
    op.execute(
        f"CREATE TRIGGER {_OVER} AFTER UPDATE OF ended_at ON enrollment FOR EACH ROW WHEN ({changed}) "
        f"EXECUTE FUNCTION {_OVER}()"
    )


def _keep_less_of_standings() -> None:
    op.execute(f"DROP TRIGGER {_OVER}" if on_sqlite() else f"DROP TRIGGER {_OVER} ON enrollment")
    if not on_sqlite():
        op.execute(f"DROP FUNCTION {_OVER}()")
    op.drop_index("ix_enrollment_on_the_way", table_name="enrollment")
    op.drop_index("ix_kept_standing_week", table_name="kept_standing")
    op.drop_index("ix_kept_standing_status", table_name="kept_standing")
    for column in _KEPT:
        op.drop_column(column.table, column.name)
    op.create_index("ix_kept_standing_status", "kept_standing", ["program_id", "status"])


def _draw_reports_up_by_the_calendar() -> None:
    op.create_table(
        "funder_schedule",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("left_since", sa.Date(), nullable=True),
        sa.Column("left_until", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("months IN (3, 6, 12)", name=op.f("ck_funder_schedule_months")),
        sa.CheckConstraint("minimum >= 5", name=op.f("ck_funder_schedule_minimum")),
        sa.CheckConstraint("next_on > since", name=op.f("ck_funder_schedule_days_in_order")),
        sa.CheckConstraint("(left_since IS NULL) = (left_until IS NULL)", name=op.f("ck_funder_schedule_days_left")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_funder_schedule_program_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_funder_schedule_asked_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_funder_schedule_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_schedule")),
    )
    op.create_index(
        "uq_funder_schedule_standing",
        "funder_schedule",
        ["program_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


_OF_TERMS = (
    ("terms", "UPDATE", "OLD.published_at IS NOT NULL AND NOT (CAST(NEW.texts AS TEXT) = CAST(OLD.texts AS TEXT) "
     "AND NEW.number = OLD.number AND NEW.published_at IS NOT NULL)"),
)  # fmt: skip


def _ask_about_terms() -> None:
    op.create_table(
        "terms",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)", name=op.f("ck_terms_published_by_someone")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_terms_number")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_terms_organization_id")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_terms_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_terms_organization_id_number")),
    )
    op.create_table(
        "terms_answer",
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            one_of_words("answer", ("agreed", "not_now", "withdrawn")), name=op.f("ck_terms_answer_answer")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_terms_answer_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_terms_answer_person_id")),
        sa.ForeignKeyConstraint(["terms_id"], ["terms.id"], name=op.f("fk_terms_answer_terms_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_answer")),
    )
    op.create_index("ix_terms_answer_person_id", "terms_answer", ["person_id"])
    op.create_index("ix_terms_answer_terms_person", "terms_answer", ["terms_id", "person_id"])
    put_up(_OF_TERMS)


def _show_first_steps() -> None:
    op.create_table(
        "first_steps_left",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            one_of_words("part", ("trainee", "observer", "instructor", "program_lead")),
            name=op.f("ck_first_steps_left_part"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_first_steps_left_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_first_steps_left_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_steps_left")),
        sa.UniqueConstraint("person_id", "part", name=op.f("uq_first_steps_left_person_id_part")),
    )


def _have_exports_made_anew() -> None:
    """Files of exports were encrypted by themselves; now their store does that, and neither reads the other's."""
    op.execute("UPDATE export SET state = 'gone', stored_key = NULL WHERE state = 'ready'")


_OF_WHAT_STAYED = (
    ("removed_organization", "UPDATE", "OLD.ended_at IS NOT NULL"),
    ("removed_organization", "DELETE", "TRUE"),
)
_BEING_REMOVED = "EXISTS (SELECT 1 FROM removed_organization r WHERE r.id = OLD.organization_id AND r.ended_at IS NULL)"
_HELD_ROWS = (
    "agreement_signature", "appeal_step", "appeal_terms", "assessment", "audit_entry", "consent", "criterion_response",
    "decision", "issuer_key", "ledger_entry", "ledger_signature", "observation", "program_version", "rating",
    "released_report", "response", "rubric_version", "scenario_review", "scope_acknowledgment", "scope_statement",
    "sign_off", "sign_off_withdrawal", "supersession", "supervision_agreement",
)  # fmt: skip
_HELD = tuple(f"{table}_no_delete" for table in _HELD_ROWS)


def _let_organizations_leave() -> None:
    add_column(New("registration", "ended_at", UtcDateTime(timezone=True)))
    op.create_table(
        "removed_organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("rows_before", sa.JSON(), nullable=False),
        sa.Column("files_before", sa.Integer(), nullable=False),
        sa.Column("audit_number", sa.Integer(), nullable=False),
        sa.Column("audit_digest", sa.String(), nullable=True),
        sa.Column("export_digest", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_organization")),
    )
    put_up(_OF_WHAT_STAYED)
    let_go(_HELD, _BEING_REMOVED)


def _keep_organizations() -> None:
    hold_again(_HELD, _BEING_REMOVED)
    take_down(_OF_WHAT_STAYED)
    op.drop_table("removed_organization")
    op.drop_column("registration", "ended_at")


_SURE = ("launch", "link_with_code", "in_person")
_SURER = (*_SURE, "launch_confirmed", "link_confirmed")
_MAILS = ("invitation", "code", "news", "reminder", "copy", "address")
_HOW_SURE = (
    ("activity", "least_assurance"), ("agreement_signature", "assurance"), ("ledger_signature", "assurance"),
    ("sign_off", "assurance"), ("web_session", "assurance"),
)  # fmt: skip
_CODES = (
    New("activity", "code_since", UtcDateTime(timezone=True)),
    New("web_session", "signing_code_digest", sa.String()),
    New("web_session", "signing_code_sent_at", UtcDateTime(timezone=True)),
    New("web_session", "signing_code_attempts_left", sa.Integer(), "DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_web_session_signing_code_attempts_left CHECK (signing_code_attempts_left >= 0)"),
    New("web_session", "confirmed_until", UtcDateTime(timezone=True)),
)  # fmt: skip
_WITHOUT_CODE = (
    "NEW.assurance NOT IN ('launch_confirmed', 'link_confirmed') AND EXISTS (SELECT 1 FROM observation o "
    "JOIN activity a ON a.id = o.activity_id WHERE o.id = NEW.observation_id AND a.code_since <= NEW.signed_at)"
)
"""A moment and not a yes: what was signed before it can still be copied from one database to another."""
_CODE_FIRST = (("sign_off", "INSERT", _WITHOUT_CODE),)


def _ask_for_codes() -> None:
    for new in _CODES:
        add_column(new)
    for table, column in _HOW_SURE:
        change_check(table, column, one_of_words(column, _SURE), one_of_words(column, _SURER))
    change_check("mail", "kind", one_of_words("kind", _MAILS), one_of_words("kind", (*_MAILS, "signing", "former")))
    put_up(_CODE_FIRST)


def _ask_for_no_codes() -> None:
    """That a code confirmed a signature goes; the document that was signed says it still."""
    take_down(_CODE_FIRST)
    op.execute("DELETE FROM mail WHERE kind IN ('signing', 'former')")
    change_check("mail", "kind", one_of_words("kind", (*_MAILS, "signing", "former")), one_of_words("kind", _MAILS))
    for table, column in _HOW_SURE:
        with guards_aside(table):
            op.execute(f"UPDATE {table} SET {column} = 'launch' WHERE {column} = 'launch_confirmed'")
            op.execute(f"UPDATE {table} SET {column} = 'link_with_code' WHERE {column} = 'link_confirmed'")
        change_check(table, column, one_of_words(column, _SURER), one_of_words(column, _SURE))
    for added in reversed(_CODES):
        op.drop_column(added.table, added.name)
