"""Migrations make exactly what the models describe, and can be walked back, with rows in every table."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Engine,
    Enum,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Uuid,
    inspect,
    text,
)
from sqlalchemy.exc import IntegrityError

from grading.appeals import AppealState
from grading.evidence import Kind
from grading.feedback_blocks import FeedbackAbout
from grading.ledger import EntryState, Source
from lti_tool import migrations
from lti_tool.access import Capability
from lti_tool.store import Base
from lti_tool.store.base import UtcDateTime, new_id
from lti_tool.store.calibration import CalibrationState
from lti_tool.store.engine import open_engine
from lti_tool.store.exports import ExportState
from rubrics.sign_off import Assurance
from tests.databases import SECRET

EMPTY_WHERE_A_RULE_ASKS = {
    "capability_grant": {"capability": Capability.TRAINEE, "lane": None, "revoked_by": None, "revoked_at": None},
    "observation": {"released_at": None},
    "observer": {"answered_at": None},
    "sign_off": {"device_of": None, "assurance": Assurance.LAUNCH_CONFIRMED},
    "mail": {"sent_at": None},
    "assignment": {"lane": None},
    "rating": {"level": 1, "not_observed": False},
    "competency": {"parent": None},
    "scope_acknowledgment": {"site_id": None},
    "evidence": {"withdrawn_at": None, "address": None, "required_viewing": False},
    "hand_over_note": {"agreed_at": None},
    "ledger_import": {"put_away_at": None},
    "ledger_entry": {"reversed_at": None, "reversed_by": None, "asked_id": None, "state": EntryState.OPEN},
    "attestation": {"kind": Kind.DOCUMENT, "source": Source.SEEN},
    "line_item": {"placed_program_id": None, "column_id": None},
    "appeal": {
        "observation_id": None,
        "criterion": None,
        "state": AppealState.OPEN,
        "outcome": None,
        "reasons": None,
    },
    "placed_program": {"requirement": None},
    "decision": {"supersedes_id": None, "taken_back_at": None},
    "growth_plan": {"ended_at": None},
    "saved_view": {"course_id": None},
    "calibration": {"state": CalibrationState.CLOSED},
    "calibration_rating": {"level": None, "not_observed": True},
    "calibration_outcome": {"level": None},
    "survey": {"minimum": 10},
    "feedback": {"about": FeedbackAbout.SUPERVISOR, "site_id": None, "observation_id": None, "minimum": 3},
    "feedback_minimum": {"minimum": 3},
    "funder_schedule": {"months": 3, "minimum": 10, "since": date(2026, 1, 1), "next_on": date(2026, 4, 1)},
    "credential": {"replaces_id": None},
    "endorsement": {"declined_at": None},
    "export": {"state": ExportState.READY},
    "erasure": {"taken_back_at": None},
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database in which nothing was set up yet."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'empty.db'}"
        if request.param == "postgres":
            url = stack.enter_context(request.getfixturevalue("postgres").empty())
        engine = open_engine(url, (SECRET,))
        stack.callback(engine.dispose)
        yield engine


def a_value(column: Column[object], now: datetime) -> object:
    """Something that the column's type accepts."""
    match column.type:
        case Enum(enum_class=choices):
            return next(iter(choices))
        case UtcDateTime():
            return now
        case Boolean():
            return True
        case Integer() | Numeric():
            return 1
        case LargeBinary():
            return b"bytes"
        case Date():
            return now.date()
        case JSON():
            return {"some": ["json"]}
        case Uuid():
            return new_id()
        case _:
            return "words"


def a_row(table: Table, others: dict[str, dict[str, object]], now: datetime) -> dict[str, object]:
    """Values for every column; keys of other tables come from the rows made before."""
    row: dict[str, object] = {}
    for column in table.columns:
        if column.name in ("trainee_id", "about_id", "later_id"):  # nobody observes themselves
            row[column.name] = others["trainee"]["id"]
        elif column.name == "origin_course_id":  # no course is a copy of itself
            row[column.name] = others["origin course"]["id"]
        elif column.name == "to_version_id":  # nobody moves to where they are
            row[column.name] = others["another version"]["id"]
        elif any(key.column.table is table for key in column.foreign_keys):  # the first row follows no other
            row[column.name] = None
        elif column.foreign_keys:
            target = next(iter(column.foreign_keys)).column
            row[column.name] = others[target.table.name][target.name]
        else:
            row[column.name] = a_value(column, now)
    return row | EMPTY_WHERE_A_RULE_ASKS.get(table.name, {})


def fill(engine: Engine, now: datetime) -> None:
    """A row in every table, and a second person and course."""
    made: dict[str, dict[str, object]] = {}
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            made[table.name] = a_row(table, made, now)
            connection.execute(table.insert(), made[table.name])
            if table.name == "person":
                made["trainee"] = made["person"] | {"id": new_id(), "email_digest": None}
                connection.execute(table.insert(), made["trainee"])
            if table.name == "program_version":
                made["another version"] = made["program_version"] | {"id": new_id(), "edition": "another", "number": 2}
                connection.execute(table.insert(), made["another version"])
            if table.name == "course":
                made["origin course"] = made["course"] | {"id": new_id(), "lti_context_id": "another"}
                connection.execute(table.insert(), made["origin course"])


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_migrations_make_what_the_models_describe(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert migrations.current(connection) == migrations.newest()


def test_checks_are_those_of_the_models(engine: Engine) -> None:
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        wanted = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        assert {check["name"] for check in found.get_check_constraints(table.name)} == wanted, table.name


def test_a_full_database_can_be_taken_back_and_forth(empty: Engine, now: datetime) -> None:
    migrations.upgrade(empty)
    fill(empty, now)
    migrations.downgrade(empty, "base")
    assert tables(empty) == set()
    migrations.upgrade(empty)
    assert tables(empty) == set(Base.metadata.tables)
    fill(empty, now)


def test_files_of_exports_are_asked_for_again_on_both_ways(empty: Engine, now: datetime) -> None:
    """Neither version reads what the other kept."""
    migrations.upgrade(empty)
    fill(empty, now)
    migrations.downgrade(empty, "0017")
    with empty.begin() as connection:
        assert connection.execute(text("SELECT state, stored_key FROM export")).one() == ("gone", None)
        connection.execute(text("UPDATE export SET state = 'ready', stored_key = 'as it was'"))
    migrations.upgrade(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT state, stored_key FROM export")).one() == ("gone", None)


def test_upgrading_again_changes_nothing(engine: Engine, now: datetime) -> None:
    fill(engine, now)
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM organization")).scalar_one() == 1


@pytest.mark.parametrize("table", ["rubric_version", "sign_off", "audit_entry"])
@pytest.mark.parametrize("act", ["UPDATE {} SET digest = 'other'", "DELETE FROM {}"])
def test_what_is_published_signed_or_audited_never_changes(engine: Engine, now: datetime, table: str, act: str) -> None:
    fill(engine, now)
    with engine.connect() as connection, pytest.raises(IntegrityError, match="never change"):
        connection.execute(text(act.format(table)))
