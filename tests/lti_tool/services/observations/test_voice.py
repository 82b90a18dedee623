"""The trainee's words: on the whole, on single points, and a draft that is nobody else's."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_tool.access import Field
from lti_tool.services.observations import answer, read
from lti_tool.services.observations.voice import voice_of, written_so_far
from lti_tool.store.records import ReadLogRow
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import MakeWorld, World


def record(world: World, who: str, observation_id: UUID) -> read.Record:
    return read.read(world.session, world.visitor(who), observation_id, world.now)


def keys(world: World, observation_id: UUID) -> list[str]:
    return [one.key for one in record(world, "sam", observation_id).version.rubric.criteria]


def save(world: World, observation_id: UUID, words: str | None = None, **by_criterion: str) -> None:
    answer.save_answer_draft(
        world.session, world.visitor("sam"), observation_id, words, world.now, by_criterion=by_criterion
    )


def give(world: World, observation_id: UUID, words: str | None = None, **by_criterion: str) -> None:
    answer.answer(
        world.session, world.visitor("sam"), observation_id, words=words, now=world.now, by_criterion=by_criterion
    )


def test_ux_c9_words_on_single_points_go_with_the_ratings_to_all_who_read_them(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.share()
    first, second, *_ = keys(world, observation_id)
    give(world, observation_id, "On the whole, yes.", **{first: "I see it so too.", second: " "})
    for who in ("sam", "jo", "amara"):
        voice = record(world, who, observation_id).voice
        assert voice is not None
        assert (voice.words, dict(voice.by_criterion)) == ("On the whole, yes.", {first: "I see it so too."})
        assert voice.given_at == world.now


def test_words_on_single_points_alone_are_an_answer_and_their_reading_is_noted(world: World) -> None:
    observation_id = world.share()
    first, *_ = keys(world, observation_id)
    give(world, observation_id, **{first: "I see it so too."})
    record(world, "jo", observation_id)
    fields = {row.field for row in world.session.query(ReadLogRow).filter_by(observation_id=observation_id)}
    assert Field.RESPONSE in fields


def test_ux_t5_what_is_being_written_is_for_nobody_else(world: World) -> None:
    observation_id = world.share()
    first, *_ = keys(world, observation_id)
    save(world, observation_id, "I was", **{first: "about to"})
    mine, others = record(world, "sam", observation_id), record(world, "jo", observation_id)
    assert mine.writing is not None
    assert (mine.writing.words, dict(mine.writing.by_criterion)) == ("I was", {first: "about to"})
    assert (mine.voice, others.voice, others.writing) == (None, None, None)
    assert voice_of(world.session, observation_id).without_words


def test_ux_c1_saving_one_field_leaves_the_others_as_they_were(world: World) -> None:
    observation_id = world.share()
    first, second, *_ = keys(world, observation_id)
    save(world, observation_id, "whole")
    save(world, observation_id, **{first: "one"})
    save(world, observation_id, **{second: "two"})
    save(world, observation_id, **{first: ""})
    found = written_so_far(world.session, observation_id)
    assert (found.words, dict(found.by_criterion)) == ("whole", {second: "two"})


def test_words_on_a_point_that_is_not_in_the_rubric_are_refused(world: World) -> None:
    observation_id = world.share()
    with pytest.raises(Refused, match="no longer fits"):
        save(world, observation_id, elsewhere="x")


def test_words_that_are_too_long_are_refused_and_nothing_else_is_lost(world: World) -> None:
    observation_id = world.share()
    first, *_ = keys(world, observation_id)
    save(world, observation_id, "kept")
    with pytest.raises(Refused, match="longer than 20000"):
        save(world, observation_id, **{first: "x" * 20_001})
    world.session.expire_all()
    assert written_so_far(world.session, observation_id).words == "kept"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_text=st.text(max_size=30), draft=st.none() | st.text(max_size=30))
def test_what_was_given_is_what_others_read_whatever_is_written_afterwards(
    world: World, given_text: str, draft: str | None
) -> None:
    with world.session.begin_nested() as undo:
        observation_id = world.answered(given_text)
        row: Any = world.session.get(read.ObservationRow, observation_id)
        row.state = State.SHARED  # as after something was rewritten
        kept = voice_of(world.session, observation_id).words
        if draft is not None:
            save(world, observation_id, draft)
        assert voice_of(world.session, observation_id).words == kept
        shown = written_so_far(world.session, observation_id).words
        wanted = kept if draft is None else draft.replace("\x00", "").strip() or None
        assert shown == wanted
        undo.rollback()


@pytest.mark.parametrize("lanes", [(Lane.PEER,), (Lane.PEER, Lane.CLINICAL)])
def test_late_words_on_single_points_stand_beside_what_was_signed(
    make_world: MakeWorld, lanes: tuple[Lane, ...]
) -> None:
    world = make_world(lanes=lanes)
    observation_id = world.share()
    first, *_ = keys(world, observation_id)
    save(world, observation_id, **{first: "I was about to say"})
    world.now += timedelta(days=8)
    world.sign("jo", observation_id)
    world.now += timedelta(hours=1)
    assert record(world, "sam", observation_id).may_add
    give(world, observation_id, **{first: "Too late for the signature, not for me."})
    found = record(world, "jo", observation_id)
    assert found.voice is not None
    assert dict(found.voice.by_criterion) == {first: "Too late for the signature, not for me."}
    assert found.signed_before_answer == {Lane.PEER}
    with pytest.raises(Refused, match="nothing to answer"):
        give(world, observation_id, "again")
