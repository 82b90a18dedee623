"""What was taken back leaves no word anywhere, also not in a table that is made later."""

import enum
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Enum, Table, Uuid, insert, select

from grading.feedback_blocks import FeedbackAbout
from lti_tool.services.asking import ask
from lti_tool.services.operating import clean
from lti_tool.store.base import Base, EncryptedText, UtcDateTime, new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from rubrics.evidence import EvidenceKind
from rubrics.observation import State
from tests.lti_tool.services.conftest import World

ONLY_OF_FINAL = {"appeal", "supersession"}
"""What is final is never taken back, so that no row of these belongs to an observation that was."""
OF_THEIR_OWN = {"growth_plan", "ledger_entry"}
"""A plan of two may come from an observation, and an entry may name a recording of it: neither is about it."""
THERE_ALREADY = {"consent", "observer"}


def around_an_observation() -> Iterator[Table]:
    """The tables whose rows belong to an observation, however many steps away; those that are pointed to first."""
    reached = {ObservationRow.__table__.name}
    for table in Base.metadata.sorted_tables:
        points_to = {key.column.table.name for column in table.columns for key in column.foreign_keys}
        if table.name not in reached and points_to & reached and table.name not in ONLY_OF_FINAL | OF_THEIR_OWN:
            reached.add(table.name)
            yield table


def words_in(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, EncryptedText)]


AS_A_RULE_ASKS: dict[str, dict[str, object]] = {
    "evidence": {"kind": EvidenceKind.LINK, "withdrawn_at": None, "required_viewing": False},
    "feedback": {"about": FeedbackAbout.FEEDBACK, "minimum": 3},
}
NEVER_LEFT_OUT = {"feedback.of_person_id"}


def value(column: Column[Any], world: World, made: dict[str, UUID]) -> Any:
    """Something for this column; what may be empty and is no text stays so."""
    target = next((key.column.table.name for key in column.foreign_keys), None)
    if isinstance(column.type, EncryptedText):
        return "a word"
    if target == ObservationRow.__tablename__:
        return made[target]
    left_out = column.nullable and f"{column.table.name}.{column.name}" not in NEVER_LEFT_OUT
    if left_out or (column.server_default is not None and target is None):
        return None
    if target is not None:
        return made[target]
    match column.type:
        case Enum() as choices:
            return next(iter(choices.enum_class or enum.Enum))
        case UtcDateTime():
            return world.now
        case JSON():
            return []
        case Uuid():
            return new_id()
    return column.type.python_type(1) if column.type.python_type is not str else "x"


def fill(world: World, observation_id: UUID) -> list[Table]:
    """A row with words in every table around this observation."""
    sam, jo = world.visitor("sam"), world.visitor("jo")
    made = {"observation": observation_id, "person": jo.person_id, "organization": sam.organization_id}
    made["course"] = world.session.scalars(select(CourseRow.id)).one()
    filled = []
    around = list(around_an_observation())
    pointed_to = {key.column.table.name for table in around for column in table.columns for key in column.foreign_keys}
    for table in around:
        if table.name in THERE_ALREADY or not (words_in(table) or table.name in pointed_to):
            continue
        row = {column.name: value(column, world, made) for column in table.columns} | AS_A_RULE_ASKS.get(table.name, {})
        world.session.execute(insert(table).values({name: given for name, given in row.items() if given is not None}))
        made[table.name] = row.get("id", observation_id)
        filled.append(table)
    return filled


def words_left(world: World, tables: list[Table]) -> dict[str, list[str]]:
    found = {
        f"{table.name}.{column.name}": [text for text in world.session.scalars(select(column)) if text]
        for table in (*tables, ObservationRow.__table__)
        for column in words_in(table)
    }
    return {name: texts for name, texts in found.items() if texts}


def test_cap_c7_every_table_with_words_about_an_observation_is_emptied_when_it_is_taken_back(world: World) -> None:
    observation_id = world.ask()
    row = world.session.get_one(ObservationRow, observation_id)
    row.note, row.where, row.state = "At six, please.", "Room 4", State.ANSWERED
    world.session.flush()
    tables = fill(world, observation_id)
    with_words = {table.name for table in tables if words_in(table)}
    assert with_words >= {
        "assessment", "assessment_revision", "rating", "response", "criterion_response", "meeting", "comment",
        "signed_document", "sign_off_withdrawal", "feedback",
    }  # fmt: skip
    assert {name.partition(".")[0] for name in words_left(world, tables)} == with_words | {"observation"}
    ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)
    clean.clean(world.session, world.now + timedelta(hours=23))
    assert words_left(world, tables)
    clean.clean(world.session, world.now + timedelta(hours=25))
    assert not words_left(world, tables)


def test_cap_c7_the_words_go_at_once_when_the_trainee_says_so_and_the_fact_stays(world: World) -> None:
    observation_id = world.answered()
    sam = world.visitor("sam")
    ask.withdraw(world.session, sam, observation_id, world.now)
    ask.take_away_now(world.session, sam, observation_id, world.now)
    assert not words_left(world, list(around_an_observation()))
    row = world.session.get_one(ObservationRow, observation_id)
    assert (row.state, row.requested_at) == (State.WITHDRAWN, world.now)
    assert world.session.scalars(select(ObserverRow.person_id)).all() == [world.visitor("jo").person_id]
