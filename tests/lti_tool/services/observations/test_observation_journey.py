"""An observation from the ask to the score, through the services."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from grading.delivery import DeliveryState
from grading.scores import ColumnShows
from lti_tool.access import Field, Who
from lti_tool.services import audit
from lti_tool.services.asking import ask
from lti_tool.services.courses import path
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import answer, observe, read, waiting
from lti_tool.services.operating import clean
from lti_tool.services.personal_data import record_access
from lti_tool.services.scores import lanes
from lti_tool.services.signing import sign_off
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import (
    AssessmentRow,
    ObservationRow,
    RatingRow,
    ResponseRow,
    SignedDocumentRow,
    SignOffRow,
)
from rubrics.consent import PersonServed
from rubrics.observation import Mode, State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import TRAINEE, MakeWorld, World


def state_of(world: World, observation_id: UUID) -> State:
    return world.session.get_one(ObservationRow, observation_id).state


def test_the_whole_journey_ends_in_a_score_that_waits_for_the_lms(world: World) -> None:
    observation_id = world.answered()
    to_look_at = world.sign("jo", observation_id)
    assert state_of(world, observation_id) is State.RELEASED
    row = world.session.get_one(DeliveryRow, to_look_at[0])
    assert (row.state, row.desired_score) == (DeliveryState.WAITING, Decimal(100))
    assert [type(result) for result in audit.verify(world.session)] == [audit.Verified]


def test_the_rubric_result_is_what_the_column_shows_when_so_chosen(make_world: MakeWorld) -> None:
    world = make_world(shows=ColumnShows.RUBRIC_RESULT)
    (delivery_id,) = world.sign("jo", world.answered())
    assert world.session.get_one(DeliveryRow, delivery_id).desired_score == Decimal(80)


def test_nothing_is_desired_before_the_last_lane_has_signed(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.answered()
    assert world.sign("jo", observation_id, Lane.PEER) == ()
    assert state_of(world, observation_id) is State.ANSWERED
    assert len(world.sign("amara", observation_id, Lane.CLINICAL)) == 1
    meanings = world.session.scalars(select(SignOffRow.meaning).order_by(SignOffRow.signed_at, SignOffRow.id)).all()
    assert meanings == ["observed", "reviewed"]


def test_cap_a2_a_supervisor_signs_only_in_their_own_lane(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.answered()
    with pytest.raises(Refused) as refused:
        sign_off.preview(world.session, world.visitor("amara"), observation_id, Lane.PEER, world.now)
    assert refused.value.code == "lane_not_yours"


def test_a_signature_covers_exactly_what_was_shown(world: World) -> None:
    observation_id = world.share()
    jo = world.visitor("jo")
    after = world.now + timedelta(days=8)
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, after)
    answer.answer(world.session, world.visitor("sam"), observation_id, words="Wait, one more thing.", now=after)
    with pytest.raises(Refused) as refused:
        sign_off.sign(world.session, jo, observation_id, lane=Lane.PEER, digest=shown.digest, now=after)
    assert refused.value.code == "changed_since_shown"


def test_signing_waits_for_the_answer_or_the_end_of_the_window(world: World) -> None:
    observation_id = world.share()
    jo = world.visitor("jo")
    with pytest.raises(Refused) as refused:
        sign_off.preview(world.session, jo, observation_id, Lane.PEER, world.now + timedelta(days=6))
    assert refused.value.code == "not_yet_answered"
    later = world.now + timedelta(days=8)
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, later)
    sign_off.sign(world.session, jo, observation_id, lane=Lane.PEER, digest=shown.digest, now=later)
    assert world.session.get_one(ObservationRow, observation_id).answered_at is None
    assert state_of(world, observation_id) is State.RELEASED


def test_signing_twice_is_refused_by_the_rules_and_by_the_database(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    with pytest.raises(Refused):
        world.sign("jo", observation_id)


def test_ux_o1_the_form_opens_only_when_the_person_served_agreed(world: World) -> None:
    observation_id = world.ask(mode=Mode.LIVE)
    jo = world.visitor("jo")
    for given in (PersonServed.NO, PersonServed.NOT_APPLICABLE):
        with pytest.raises(Refused):
            observe.person_served(world.session, jo, observation_id, given, world.now)
    observe.person_served(world.session, jo, observation_id, PersonServed.YES, world.now)
    assert state_of(world, observation_id) is State.IN_PROGRESS


def test_a_draft_is_kept_field_by_field_and_read_back(world: World) -> None:
    observation_id = world.begin()
    jo = world.visitor("jo")
    key = observe.form(world.session, jo, observation_id).rubric.criteria[0].key
    words_first = observe.Change(ratings={key: observe.RatingChange(None, False, "Named the fear.")})
    observe.save(world.session, jo, observation_id, words_first, world.now)
    observe.save(world.session, jo, observation_id, observe.Change(growth="Slower."), world.now)
    form = observe.form(world.session, jo, observation_id)
    (rating,) = form.assessment.ratings
    assert (rating.level, rating.not_observed, rating.evidence) == (None, False, "Named the fear.")
    assert form.assessment.growth == "Slower."
    assert form.needs
    with pytest.raises(Refused) as refused:
        observe.share(world.session, jo, observation_id, world.now)
    assert refused.value.code == "still_needed"


def test_a_level_that_the_rubric_does_not_have_is_refused(world: World) -> None:
    observation_id = world.begin()
    key = observe.form(world.session, world.visitor("jo"), observation_id).rubric.criteria[0].key
    for change in ({key: observe.RatingChange(99, False, "")}, {"nothing": observe.RatingChange(1, False, "")}):
        with pytest.raises(Refused):
            observe.save(world.session, world.visitor("jo"), observation_id, observe.Change(ratings=change), world.now)


def test_a_draft_is_the_observers_alone(world: World) -> None:
    observation_id = world.begin()
    for other in ("sam", "ines", "amara", "noor"):
        with pytest.raises(NotHere):
            observe.form(world.session, world.visitor(other), observation_id)
    record = read.read(world.session, world.visitor("sam"), observation_id, world.now)
    assert record.assessment is None


def test_what_was_shared_is_for_the_trainee_and_those_who_sign(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.share()
    for reader in ("sam", "jo", "amara"):
        assert read.read(world.session, world.visitor(reader), observation_id, world.now).assessment is not None
    assert read.read(world.session, world.visitor("ines"), observation_id, world.now).assessment is None
    with pytest.raises(NotHere):
        read.read(world.session, world.visitor("noor"), observation_id, world.now)


def test_the_trainees_draft_answer_is_theirs_until_they_give_it(world: World) -> None:
    observation_id = world.share()
    sam, jo = world.visitor("sam"), world.visitor("jo")
    answer.save_answer_draft(world.session, sam, observation_id, "I think", world.now)
    assert read.read(world.session, sam, observation_id, world.now).writing.words == "I think"
    assert read.read(world.session, jo, observation_id, world.now).response is None
    answer.answer(world.session, sam, observation_id, words="I think so too.", now=world.now)
    assert read.read(world.session, jo, observation_id, world.now).response == "I think so too."


def test_withdrawing_hides_the_observation_from_everyone_else_at_once(world: World) -> None:
    observation_id = world.share()
    ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)
    for other in ("jo", "ines", "amara"):
        with pytest.raises(NotHere):
            read.read(world.session, world.visitor(other), observation_id, world.now)
    assert not waiting.waiting(world.session, world.visitor("jo"), world.now).with_trainee
    mine = read.read(world.session, world.visitor("sam"), observation_id, world.now)
    assert mine.assessment is None


def test_what_is_signed_can_no_longer_be_withdrawn(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    with pytest.raises(Refused):
        ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)


def test_cap_c8_stopping_leaves_no_words_and_no_score(world: World) -> None:
    observation_id = world.begin()
    observe.save(world.session, world.visitor("jo"), observation_id, observe.Change(strength="Calm."), world.now)
    observe.stop(world.session, world.visitor("jo"), observation_id, world.now)
    assert world.session.scalars(select(AssessmentRow)).all() == []
    assert world.session.scalars(select(DeliveryRow)).all() == []


def test_cap_e7_the_trainee_sees_who_opened_their_record(world: World) -> None:
    observation_id = world.share()
    for _ in range(3):
        read.read(world.session, world.visitor("jo"), observation_id, world.now)
    read.read(world.session, world.visitor("sam"), observation_id, world.now)
    opened = record_access.opened_by(world.session, world.visitor("sam"))
    assert {(entry.reader_name, entry.field) for entry in opened} == {
        ("Jo Example", Field.STATUS),
        ("Jo Example", Field.CONSENT),
        ("Jo Example", Field.ASSESSMENT),
    }
    assert len(opened) == 3


def test_ux_t2_who_can_see_names_exactly_those_who_can_read_it(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.answered()
    listed = record_access.who_can_see(world.session, world.visitor("sam"), observation_id)
    named = {name for reader in listed[Field.ASSESSMENT] for name in reader.names}
    can_read = set()
    for key in ("sam", "jo", "amara", "ines", "noor"):
        visitor = world.visitor(key)
        try:
            record = read.read(world.session, visitor, observation_id, world.now)
        except NotHere:
            continue
        if record.assessment is not None:
            can_read.add(visitor.name)
    assert named == can_read
    assert [reader.who for reader in listed[Field.SCORE]][-1] is Who.LMS


def test_the_path_says_what_is_next(world: World) -> None:
    sam = world.visitor("sam")
    kinds = [step.kind for step in path.my_path(world.session, sam, world.place(sam), world.now).next_steps]
    assert kinds == [path.StepKind.ASK]
    observation_id = world.share()
    kinds = [step.kind for step in path.my_path(world.session, sam, world.place(sam), world.now).next_steps]
    assert kinds == [path.StepKind.READ]
    answer.answer(world.session, sam, observation_id, words=None, now=world.now)
    world.sign("jo", observation_id)
    mine = path.my_path(world.session, sam, world.place(sam), world.now)
    assert (mine.finished, [step.kind for step in mine.next_steps]) == (1, [path.StepKind.DONE])


def test_the_queue_moves_from_observing_to_signing(world: World) -> None:
    jo = world.visitor("jo")
    observation_id = world.begin()
    assert [line.id for line in waiting.waiting(world.session, jo, world.now).to_hand_in] == [observation_id]
    rubric = observe.form(world.session, jo, observation_id).rubric
    ratings = {c.key: observe.RatingChange(3, False, "Asked first.") for c in rubric.criteria}
    observe.save(world.session, jo, observation_id, observe.Change(strength="Warm.", ratings=ratings), world.now)
    observe.share(world.session, jo, observation_id, world.now)
    assert len(waiting.waiting(world.session, jo, world.now).with_trainee) == 1
    answer.answer(world.session, world.visitor("sam"), observation_id, words=None, now=world.now)
    ((line, lanes),) = waiting.waiting(world.session, jo, world.now).to_sign
    assert (line.id, lanes) == (observation_id, {Lane.PEER})
    world.sign("jo", observation_id)
    queue = waiting.waiting(world.session, jo, world.now)
    assert (queue.count, len(queue.done_recently)) == (0, 1)


def test_someone_who_does_not_observe_here_cannot_be_asked(world: World) -> None:
    sam = world.visitor("sam")
    with pytest.raises(Refused):
        ask.request(
            world.session, sam, world.place(sam), observer_id=world.visitor("noor").person_id,
            mode=Mode.LIVE, recorded=False, note=None, now=world.now,
        )  # fmt: skip


def test_narrative_is_ciphertext_in_the_database(world: World) -> None:
    world.answered(words="I was nervous at first.")
    world.session.flush()
    stored = world.session.execute(text("SELECT words FROM response")).scalar_one()
    assert "nervous" not in stored


def test_a_column_that_comes_later_gets_the_scores_that_were_there(make_world: MakeWorld) -> None:
    world = make_world()
    world.session.query(DeliveryRow).delete()
    from lti_tool.store.courses import LineItemRow

    world.session.query(LineItemRow).delete()
    world.session.expire_all()
    assert world.sign("jo", world.answered()) == ()
    world.enter("sam", TRAINEE)
    assert len(lanes.due(world.session, world.now)) == 1


def test_a_supervisor_of_a_lane_that_is_not_needed_sees_nothing(world: World) -> None:
    observation_id = world.answered()
    with pytest.raises(NotHere):
        read.read(world.session, world.visitor("amara"), observation_id, world.now)


def test_one_person_with_both_lanes_signs_in_one_of_them(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    world.grant(world.visitor("jo"), Lane.CLINICAL)
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    with pytest.raises(Refused) as refused:
        world.sign("jo", observation_id, Lane.CLINICAL)
    assert refused.value.code == "signed_in_other_lane"
    assert not waiting.waiting(world.session, world.visitor("jo"), world.now).to_sign


def test_words_that_come_after_the_window_are_kept_beside_what_was_signed(world: World) -> None:
    observation_id = world.share()
    sam, jo = world.visitor("sam"), world.visitor("jo")
    answer.save_answer_draft(world.session, sam, observation_id, "I was about to say", world.now)
    later = world.now + timedelta(days=8)
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, later)
    sign_off.sign(world.session, jo, observation_id, lane=Lane.PEER, digest=shown.digest, now=later)
    mine = read.read(world.session, sam, observation_id, later)
    assert (mine.writing.words, mine.may_answer, mine.may_add) == ("I was about to say", False, True)
    assert read.read(world.session, jo, observation_id, later).response is None
    after = later + timedelta(hours=1)
    answer.answer(world.session, sam, observation_id, words="I was about to say: thank you.", now=after)
    theirs = read.read(world.session, jo, observation_id, after)
    assert theirs.response == "I was about to say: thank you."
    assert theirs.signed_before_answer == {Lane.PEER}
    assert not read.read(world.session, sam, observation_id, after).may_add
    with pytest.raises(Refused):
        answer.answer(world.session, sam, observation_id, words="More.", now=after)


def test_cap_c7_a_day_after_withdrawing_every_word_is_gone_also_under_a_signature(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)
    clean.clean(world.session, world.now + timedelta(hours=23))
    assert world.session.scalars(select(SignedDocumentRow.sign_off_id)).all()
    clean.clean(world.session, world.now + timedelta(hours=25))
    world.session.expire_all()
    for words in (SignedDocumentRow.sign_off_id, AssessmentRow.id, ResponseRow.id, RatingRow.criterion):
        assert world.session.scalars(select(words)).all() == []
    assert world.session.get_one(ObservationRow, observation_id).salt == ""
    assert len(world.session.scalars(select(SignOffRow.digest)).all()) == 1
    assert isinstance(next(audit.verify(world.session)), audit.Verified)


def test_the_note_goes_when_an_observation_is_stopped_or_declined(world: World) -> None:
    for leave in (observe.stop, observe.decline):
        observation_id = world.ask()
        world.session.get_one(ObservationRow, observation_id).note = "At six, please."
        leave(world.session, world.visitor("jo"), observation_id, world.now)
        assert world.session.get_one(ObservationRow, observation_id).note is None


def test_a_window_lasts_to_the_end_of_its_last_day(world: World) -> None:
    row = world.session.get_one(ObservationRow, world.share())
    assert row.respond_until is not None
    assert (row.respond_until - world.now).days == 7
    assert (row.respond_until.hour, row.respond_until.minute) == (23, 59)


def test_what_is_signed_names_the_language_and_the_very_sentence(world: World) -> None:
    observation_id = world.answered()
    jo = world.visitor("jo")
    reader = sign_off.Reader(language="es", wanted=("es",), say=lambda _: "Yo lo vi.")
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, world.now, reader=reader)
    assert b'"attestation":"Yo lo vi."' in shown.document
    assert b'"language":"es"' in shown.document
    with pytest.raises(Refused):
        sign_off.sign(world.session, jo, observation_id, lane=Lane.PEER, digest=shown.digest, now=world.now)


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE rating SET level = 1",
        "DELETE FROM rating",
        "UPDATE assessment SET strength = NULL",
        "UPDATE response SET words = NULL",
        "DELETE FROM response",
        "DELETE FROM consent",
        "UPDATE sign_off SET digest = 'x'",
        "UPDATE signed_document SET document = 'x'",
        "UPDATE observation SET state = 'requested', released_at = NULL",
        "UPDATE observation SET released_at = NULL",
        "DELETE FROM observation",
        "UPDATE read_log SET at = at",
        "UPDATE delivery SET desired_score = 500",
        "UPDATE delivery SET next_attempt_at = NULL",
    ],
)
def test_the_database_refuses_what_the_rules_refuse(world: World, act: str) -> None:
    world.sign("jo", world.answered())
    world.session.flush()
    with pytest.raises(DatabaseError):
        world.session.execute(text(act))
    world.session.rollback()
