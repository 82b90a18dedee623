"""After the trainee's words: the observer answers, or rewrites what was shared."""

from datetime import timedelta
from uuid import UUID

import pytest

from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import answer, observe, read, replying
from lti_tool.services.signing.unsigning import withdraw_signature
from lti_tool.store.observations import ObservationRow, SignOffRow, WithdrawalKind
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import MakeWorld, World


def record(world: World, who: str, observation_id: UUID) -> read.Record:
    return read.read(world.session, world.visitor(who), observation_id, world.now)


def rewrite(world: World, observation_id: UUID, strength: str = "Stayed, and named it.") -> None:
    jo = world.visitor("jo")
    replying.amend(world.session, jo, observation_id, world.now)
    observe.save(world.session, jo, observation_id, observe.Change(strength=strength), world.now)


def test_an_answer_to_the_words_is_read_by_the_trainee_and_is_part_of_what_is_signed(world: World) -> None:
    observation_id = world.answered()
    jo = world.visitor("jo")
    replying.save_reply(world.session, jo, observation_id, "Thank", world.now)
    assert record(world, "sam", observation_id).views[0].reply is None
    replying.reply(world.session, jo, observation_id, "Thank you, I see that.", world.now)
    view = record(world, "sam", observation_id).views[0]
    assert (view.reply, view.replied_at) == ("Thank you, I see that.", world.now)
    replying.save_reply(world.session, jo, observation_id, "Something el", world.now)
    assert record(world, "sam", observation_id).views[0].reply == "Thank you, I see that."
    replying.reply(world.session, jo, observation_id, "Thank you. I see it so, too.", world.now)
    assert record(world, "sam", observation_id).views[0].reply == "Thank you. I see it so, too."
    assert record(world, "sam", observation_id).line.state is State.ANSWERED


def test_to_take_up_again_what_is_being_rewritten_changes_nothing(world: World) -> None:
    observation_id = world.answered()
    rewrite(world, observation_id)
    replying.amend(world.session, world.visitor("jo"), observation_id, world.now)
    replying.share_again(world.session, world.visitor("jo"), observation_id, world.now)
    assert record(world, "sam", observation_id).views[0].assessment.strength == "Stayed, and named it."


def test_an_answer_without_words_is_asked_for_again(world: World) -> None:
    observation_id = world.answered()
    with pytest.raises(Refused, match="a sentence or two"):
        replying.reply(world.session, world.visitor("jo"), observation_id, " ", world.now)


@pytest.mark.parametrize("who", ["sam", "amara", "ines", "noor"])
def test_nobody_else_answers_or_rewrites(world: World, who: str) -> None:
    observation_id = world.answered()
    visitor = world.visitor(who)
    for act in (replying.amend, replying.share_again, replying.leave):
        with pytest.raises(NotHere):
            act(world.session, visitor, observation_id, world.now)
    with pytest.raises(NotHere):
        replying.reply(world.session, visitor, observation_id, "Mine", world.now)


def test_while_it_is_rewritten_the_trainee_reads_what_was_shared_and_nobody_signs(world: World) -> None:
    observation_id = world.answered()
    rewrite(world, observation_id)
    seen = record(world, "sam", observation_id)
    assert (seen.line.state, seen.views[0].assessment.strength) == (State.AMENDING, "Let the silence be.")
    assert not record(world, "jo", observation_id).may_sign


def test_cap_c1_the_trainee_reads_both_what_is_written_now_and_what_was_there_before(world: World) -> None:
    observation_id = world.answered("I was nervous at first.")
    shared_at = record(world, "sam", observation_id)
    world.now += timedelta(days=2)
    rewrite(world, observation_id)
    replying.share_again(world.session, world.visitor("jo"), observation_id, world.now)
    seen = record(world, "sam", observation_id)
    assert seen.line.state is State.SHARED
    assert seen.views[0].assessment.strength == "Stayed, and named it."
    (before,) = seen.views[0].revisions
    assert before.assessment.strength == "Let the silence be."
    assert shared_at.line.state is State.ANSWERED


def test_ux_p2_there_is_time_to_read_it_again_before_anyone_signs(world: World) -> None:
    observation_id = world.answered()
    world.now += timedelta(days=6)
    rewrite(world, observation_id)
    replying.share_again(world.session, world.visitor("jo"), observation_id, world.now)
    row = world.session.get_one(ObservationRow, observation_id)
    assert row.respond_until is not None
    assert row.respond_until >= world.now + timedelta(days=3)
    assert (row.extensions, row.talk_asked_at) == (0, None)


def test_the_trainees_words_stay_and_can_be_changed_after_it_was_rewritten(world: World) -> None:
    observation_id = world.answered("I was nervous at first.")
    rewrite(world, observation_id)
    replying.share_again(world.session, world.visitor("jo"), observation_id, world.now)
    sam = world.visitor("sam")
    others = record(world, "jo", observation_id)
    assert others.voice is not None
    assert others.voice.words == "I was nervous at first."
    answer.save_answer_draft(world.session, sam, observation_id, "Now I", world.now)
    assert record(world, "jo", observation_id).response == "I was nervous at first."
    answer.answer(world.session, sam, observation_id, words="Now I see it, too.", now=world.now)
    assert record(world, "jo", observation_id).response == "Now I see it, too."


def test_ux_c9_silence_after_it_was_rewritten_leaves_the_words_that_were_given(world: World) -> None:
    observation_id = world.answered("I was nervous at first.")
    rewrite(world, observation_id)
    replying.share_again(world.session, world.visitor("jo"), observation_id, world.now)
    answer.save_answer_draft(world.session, world.visitor("sam"), observation_id, "Perhaps", world.now)
    world.now += timedelta(days=20)
    world.sign("jo", observation_id)
    seen = record(world, "jo", observation_id)
    assert (seen.line.state, seen.response) == (State.RELEASED, "I was nervous at first.")
    assert not record(world, "sam", observation_id).may_add


def test_leaving_it_brings_back_every_letter_that_was_shared(world: World) -> None:
    observation_id = world.answered()
    before = record(world, "sam", observation_id).views[0]
    jo = world.visitor("jo")
    rewrite(world, observation_id)
    key = before.assessment.ratings[0].criterion
    change = observe.Change(growth="More", next_step="Then", ratings={key: observe.RatingChange(1, False, "Other")})
    observe.save(world.session, jo, observation_id, change, world.now)
    replying.leave(world.session, jo, observation_id, world.now)
    world.session.expire_all()
    after = record(world, "sam", observation_id)
    assert (after.line.state, after.views[0]) == (State.ANSWERED, before)


def test_sharing_again_what_was_not_rewritten_leaves_it_as_it_was(world: World) -> None:
    observation_id = world.answered()
    jo = world.visitor("jo")
    replying.amend(world.session, jo, observation_id, world.now)
    assert not replying.again(world.session, jo, observation_id, world.now).changed
    replying.share_again(world.session, jo, observation_id, world.now)
    assert record(world, "sam", observation_id).line.state is State.ANSWERED


def test_what_is_still_needed_is_asked_for_before_it_is_shared_again(world: World) -> None:
    observation_id = world.answered()
    rewrite(world, observation_id, strength=" ")
    jo = world.visitor("jo")
    assert [need.place for need in replying.again(world.session, jo, observation_id, world.now).needs] == ["strength"]
    with pytest.raises(Refused, match="still to come"):
        replying.share_again(world.session, jo, observation_id, world.now)


def test_once_a_lane_has_signed_the_signature_is_taken_back_first(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.answered()
    jo = world.visitor("jo")
    world.sign("jo", observation_id)
    ways = replying.ways(world.session, jo, record(world, "jo", observation_id))
    assert ways is not None
    assert (ways.may_reply, ways.may_amend, ways.signed) == (False, False, (Lane.PEER,))
    with pytest.raises(Refused, match="takes their signature back first"):
        replying.amend(world.session, jo, observation_id, world.now)
    with pytest.raises(Refused, match="takes their signature back first"):
        replying.reply(world.session, jo, observation_id, "Thanks", world.now)
    row = world.session.get_one(ObservationRow, observation_id)
    signature = world.session.query(SignOffRow).filter_by(observation_id=observation_id).one()
    withdraw_signature(
        world.session, row, signature.id, WithdrawalKind.TAKEN_BACK, by=jo.person_id, reason="Too soon", now=world.now
    )
    replying.amend(world.session, jo, observation_id, world.now)
    assert row.state is State.AMENDING


def test_there_is_nothing_to_answer_before_the_trainee_did(world: World) -> None:
    observation_id = world.share()
    with pytest.raises(Refused, match="waits for something else"):
        replying.reply(world.session, world.visitor("jo"), observation_id, "Well", world.now)
    assert replying.ways(world.session, world.visitor("sam"), record(world, "sam", observation_id)) is None


def test_what_is_not_being_rewritten_is_not_shared_again(world: World) -> None:
    observation_id = world.answered()
    for act in (replying.share_again, replying.leave):
        with pytest.raises(Refused) as refused:
            act(world.session, world.visitor("jo"), observation_id, world.now)
        assert refused.value.code == "not_amending"
