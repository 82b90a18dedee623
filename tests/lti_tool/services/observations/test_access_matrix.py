"""The access table is what decides: each field of a record, for each way to stand to it."""

import pytest

from lti_tool.access import ACCESS, Field, Who, may_change, may_see
from lti_tool.services.asking import ask
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import read
from lti_tool.store.observations import ObservationRow
from rubrics.observation import Mode
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import MakeWorld, World

READERS = ("sam", "jo", "amara", "ines", "noor")
SHOWN = {
    Field.CONSENT: lambda record: record.consent is not None,
    Field.NOTE: lambda record: record.note is not None,
    Field.ASSESSMENT: lambda record: record.assessment is not None,
    Field.RESPONSE: lambda record: record.response is not None,
    Field.SIGN_OFF: lambda record: bool(record.signatures),
}


@pytest.fixture
def signed(make_world: MakeWorld) -> tuple[World, object]:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.answered()
    world.session.get_one(ObservationRow, observation_id).note = "Thursday, please."
    world.sign("jo", observation_id)
    return world, observation_id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everyone_is_shown_exactly_what_the_table_says(signed: tuple[World, object]) -> None:
    world, observation_id = signed
    standings = {
        "sam": {Who.TRAINEE},
        "jo": {Who.OBSERVER, Who.SUPERVISOR},
        "amara": {Who.SUPERVISOR},
        "ines": {Who.INSTRUCTOR},
    }
    for reader, expected in standings.items():
        record = read.read(world.session, world.visitor(reader), observation_id, world.now)
        assert record.who == expected
        for field, shown in SHOWN.items():
            assert shown(record) == may_see(field, frozenset(expected)), (reader, field)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_stands_in_no_way_to_a_record_sees_that_there_is_none(signed: tuple[World, object]) -> None:
    world, observation_id = signed
    with pytest.raises(NotHere):
        read.read(world.session, world.visitor("noor"), observation_id, world.now)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_trainee_never_supervises_or_instructs_over_their_own_record(world: World) -> None:
    world.grant(world.visitor("sam"), Lane.PEER)
    sam, jo = world.visitor("sam"), world.visitor("jo")
    observation_id = ask.request(
        world.session, sam, world.place(sam), observer_id=jo.person_id, mode=Mode.LIVE, recorded=False, note=None,
        now=world.now,
    )  # fmt: skip
    assert read.read(world.session, sam, observation_id, world.now).who == {Who.TRAINEE}


def test_whoever_may_change_a_field_may_see_it() -> None:
    for field in Field:
        for who in Who:
            if may_change(field, frozenset({who})):
                assert may_see(field, frozenset({who}))


def test_ux_t10_of_everything_only_the_score_reaches_the_lms() -> None:
    assert [field for field in ACCESS if may_see(field, frozenset({Who.LMS}))] == [Field.SCORE]


def test_a_draft_is_seen_by_nobody_but_its_observer() -> None:
    assert ACCESS[Field.DRAFT].see == {Who.OBSERVER}
