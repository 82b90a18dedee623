"""Signatures that are given, taken back, disputed; records that no longer stand; gates."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from lti_tool.services.asking import ask
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import differing, meetings, read, superseding, waiting
from lti_tool.services.observations.finishing import finalize_due, finalize_if_due
from lti_tool.services.qualifications import qualified
from lti_tool.services.signing import sign_off, signatures, signers_copy, unsigning
from lti_tool.services.signing.signing_part import signing_part
from lti_tool.store.assignments import ConflictRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.mail import MailRow
from lti_tool.store.observations import (
    AssessmentRow,
    ConsentRow,
    ObservationRow,
    RatingRow,
    ResponseRow,
    SignedDocumentRow,
    SignOffCopyRow,
    SignOffRow,
    SignOffWithdrawalRow,
    SupersessionRow,
    WithdrawalKind,
)
from lti_tool.store.records import AuditEntryRow
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane
from tests.lti_tool.services.conftest import MakeWorld, World

BOTH = (Lane.PEER, Lane.CLINICAL)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(lanes=BOTH)


def row_of(world: World, observation_id: UUID) -> ObservationRow:
    return world.session.get_one(ObservationRow, observation_id)


def state_of(world: World, observation_id: UUID) -> State:
    return row_of(world, observation_id).state


def take_back(world: World, who: str, observation_id: UUID, lane: Lane, reason: str = "I mixed up two names.") -> None:
    unsigning.take_back(world.session, world.visitor(who), observation_id, lane, reason=reason, now=world.now)


def signed_by_both(world: World) -> UUID:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    world.sign("amara", observation_id, Lane.CLINICAL)
    return observation_id


def supersede(world: World, who: str, observation_id: UUID, *, correct: bool = False) -> superseding.Done:
    visitor = world.visitor(who)
    return superseding.say_so(
        world.session, visitor, observation_id, reason="It was another day.", correct=correct, now=world.now
    )


def test_taking_a_signature_back_opens_its_lane_again_and_leaves_the_other_lane(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    take_back(world, "jo", observation_id, Lane.PEER)
    record = read.read(world.session, world.visitor("sam"), observation_id, world.now)
    assert record.line.lanes_open == set(BOTH)
    (given,) = signatures.given_under(world.session, observation_id)
    assert given.withdrawn is not None
    assert (given.withdrawn.kind, given.withdrawn.reason) == (WithdrawalKind.TAKEN_BACK, "I mixed up two names.")
    acts = world.session.scalars(select(AuditEntryRow.act)).all()
    assert "observation.unsign" in acts


def test_a_lane_that_was_taken_back_is_signed_again_and_then_it_is_final(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    take_back(world, "jo", observation_id, Lane.PEER)
    world.sign("amara", observation_id, Lane.CLINICAL)
    assert state_of(world, observation_id) is State.ANSWERED
    assert len(world.sign("jo", observation_id, Lane.PEER)) == 1
    assert state_of(world, observation_id) is State.RELEASED
    attempts = world.session.scalars(select(SignOffRow.attempt).where(SignOffRow.lane == Lane.PEER)).all()
    assert sorted(attempts) == [1, 2]


def test_a_signature_is_taken_back_once_by_its_signer_and_with_a_reason(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    for who in ("amara", "ines", "sam", "noor"):
        with pytest.raises(NotHere):
            take_back(world, who, observation_id, Lane.PEER)
    with pytest.raises(Refused) as refused:
        take_back(world, "jo", observation_id, Lane.PEER, reason="  ")
    assert refused.value.code == "reason_needed"
    take_back(world, "jo", observation_id, Lane.PEER)
    with pytest.raises(NotHere):
        take_back(world, "jo", observation_id, Lane.PEER)


def test_what_is_final_is_not_taken_back_by_one_lane_alone(world: World) -> None:
    observation_id = signed_by_both(world)
    with pytest.raises(Refused) as refused:
        take_back(world, "jo", observation_id, Lane.PEER)
    assert refused.value.code == "complete"
    assert state_of(world, observation_id) is State.RELEASED


def test_signing_after_the_trainee_took_it_back_finds_nothing(world: World) -> None:
    observation_id = world.answered()
    jo = world.visitor("jo")
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, world.now)
    ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)
    with pytest.raises(NotHere):
        sign_off.sign(world.session, jo, observation_id, lane=Lane.PEER, digest=shown.digest, now=world.now)
    assert world.session.scalars(select(SignOffRow)).all() == []


def test_one_person_may_sign_the_other_lane_once_their_first_signature_no_longer_stands(world: World) -> None:
    world.grant(world.visitor("jo"), Lane.CLINICAL)
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    take_back(world, "jo", observation_id, Lane.PEER)
    world.sign("jo", observation_id, Lane.CLINICAL)
    with pytest.raises(Refused) as refused:
        world.sign("jo", observation_id, Lane.PEER)
    assert refused.value.code == "signed_in_other_lane"


# ---- superseding


def test_a_signature_of_another_record_is_not_taken_back_with_this_one(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    observation = world.session.get_one(ObservationRow, observation_id)
    with pytest.raises(NotHere):
        unsigning.withdraw_signature(
            world.session, observation, observation_id, WithdrawalKind.RECUSED, by=None, reason=None, now=world.now
        )


def test_why_a_record_is_superseded_is_said_in_so_many_words(world: World) -> None:
    observation_id = signed_by_both(world)
    for reason, code in (("  ", "reason_needed"), ("x" * 2001, "too_long")):
        with pytest.raises(Refused) as refused:
            superseding.say_so(
                world.session, world.visitor("jo"), observation_id, reason=reason, correct=False, now=world.now
            )
        assert refused.value.code == code
    assert superseding.superseded(world.session, observation_id) is None


def test_a_superseded_record_counts_no_more_and_can_be_read_as_it_was_signed(world: World) -> None:
    observation_id = signed_by_both(world)
    supersede(world, "jo", observation_id)
    assert state_of(world, observation_id) is State.SUPERSEDED
    for who in ("sam", "jo", "amara"):
        record = read.read(world.session, world.visitor(who), observation_id, world.now)
        assert record.assessment is not None
        assert record.response == "I was nervous at first."
        part = signing_part(world.session, world.visitor(who), record)
        assert [given.stands for given in part.given] == [True, True]
        assert part.superseded is not None
        assert (part.superseded.by_name, part.superseded.reason) == ("Jo Example", "It was another day.")
        assert part.superseded.successor_id is None
    with pytest.raises(Refused):
        supersede(world, "amara", observation_id)


def test_only_who_signed_or_observed_says_that_a_record_no_longer_stands(world: World) -> None:
    observation_id = signed_by_both(world)
    for who in ("sam", "ines", "noor"):
        with pytest.raises(NotHere):
            supersede(world, who, observation_id)
    supersede(world, "amara", observation_id)
    assert state_of(world, observation_id) is State.SUPERSEDED


def test_what_is_not_final_is_not_superseded(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    with pytest.raises(Refused) as refused:
        supersede(world, "jo", observation_id)
    assert refused.value.code == "not_now"


def test_a_successor_begins_with_everything_and_goes_through_reading_and_signing_again(world: World) -> None:
    from lti_tool.services.observations import answer, observe, replying

    observation_id = signed_by_both(world)
    successor_id = supersede(world, "amara", observation_id, correct=True).successor_id
    assert successor_id is not None
    row = row_of(world, successor_id)
    assert (row.state, row.supersedes_id) == (State.AMENDING, observation_id)
    assert row.salt != row_of(world, observation_id).salt
    jo, sam = world.visitor("jo"), world.visitor("sam")
    mine = observe.form(world.session, jo, successor_id)
    assert mine.assessment.strength == "Let the silence be."
    assert len(mine.assessment.ratings) == 8
    assert successor_id in [line.id for line in waiting.waiting(world.session, jo, world.now).to_hand_in]
    observe.save(world.session, jo, successor_id, observe.Change(strength="Let the long silence be."), world.now)
    later = world.now + timedelta(minutes=5)
    replying.share_again(world.session, jo, successor_id, later)
    answer.answer(world.session, sam, successor_id, words="Yes, that was it.", now=later)
    world.now = later
    world.sign("jo", successor_id, Lane.PEER)
    world.sign("amara", successor_id, Lane.CLINICAL)
    assert state_of(world, successor_id) is State.RELEASED
    old = read.read(world.session, sam, observation_id, world.now)
    assert old.assessment is not None
    assert old.assessment.strength == "Let the silence be."
    part = signing_part(world.session, sam, old)
    assert part.superseded is not None
    assert part.superseded.successor_id == successor_id


def test_the_score_is_worked_out_anew_when_a_record_no_longer_stands(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER,), required=2)
    first, second = world.answered(), world.answered()
    world.sign("jo", first)
    world.sign("jo", second)
    delivery = world.session.scalars(select(DeliveryRow)).one()
    assert delivery.desired_score == 100
    done = supersede(world, "jo", first)
    world.session.refresh(delivery)
    assert done.to_look_at == (delivery.id,)
    assert delivery.desired_score == 50


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE rating SET level = 1",
        "DELETE FROM rating",
        "UPDATE assessment SET strength = NULL",
        "UPDATE response SET words = NULL",
        "DELETE FROM consent",
        "UPDATE observation SET state = 'released' WHERE state = 'superseded'",
        "UPDATE observation SET state = 'answered', released_at = NULL WHERE state = 'superseded'",
        "DELETE FROM observation WHERE state = 'superseded'",
        "UPDATE supersession SET reason = NULL",
        "DELETE FROM supersession",
        "UPDATE sign_off SET digest = 'x'",
        "UPDATE signed_document SET document = 'x'",
    ],
)
def test_cap_a2_nothing_final_changes_by_one_letter_also_after_it_was_superseded(world: World, act: str) -> None:
    supersede(world, "jo", signed_by_both(world))
    world.session.flush()
    with pytest.raises(DatabaseError):
        world.session.execute(text(act))
    world.session.rollback()


def test_making_a_successor_changes_nothing_of_the_record_before_it(world: World) -> None:
    observation_id = signed_by_both(world)

    def everything() -> list[object]:
        world.session.flush()
        world.session.expire_all()
        found: list[object] = []
        for kind in (AssessmentRow, ConsentRow, ResponseRow):
            rows = world.session.scalars(select(kind).where(kind.observation_id == observation_id)).all()
            found += [{column.key: getattr(row, column.key) for column in kind.__mapper__.column_attrs} for row in rows]
        of = select(AssessmentRow.id).where(AssessmentRow.observation_id == observation_id)
        ratings = select(RatingRow).where(RatingRow.assessment_id.in_(of)).order_by(RatingRow.criterion)
        found += [(row.criterion, row.level, row.evidence) for row in world.session.scalars(ratings)]
        return found

    before = everything()
    supersede(world, "jo", observation_id, correct=True)
    assert everything() == before


# ---- this was not me


def test_this_was_not_me_before_it_is_final_opens_the_lane_and_tells_those_who_look_into_it(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    (own,) = signatures.own_signatures(world.session, world.visitor("jo"), 0, 10)
    assert signers_copy.not_me(world.session, own, world.now) == ()
    assert state_of(world, observation_id) is State.ANSWERED
    (line,) = signatures.disputed(world.session, world.place(world.visitor("ines")))
    assert (line.signer_name, line.trainee_name, line.lane) == ("Jo Example", "Sam Example", Lane.PEER)
    with pytest.raises(Refused) as refused:
        signers_copy.not_me(world.session, own, world.now)
    assert refused.value.code == "already_withdrawn"
    world.sign("jo", observation_id, Lane.PEER)
    assert signatures.disputed(world.session, world.place(world.visitor("ines"))) == ()


def test_this_was_not_me_after_it_is_final_has_the_record_count_no_more(world: World) -> None:
    observation_id = signed_by_both(world)
    (own,) = signatures.own_signatures(world.session, world.visitor("amara"), 0, 10)
    signers_copy.not_me(world.session, own, world.now)
    assert state_of(world, observation_id) is State.SUPERSEDED
    assert world.session.scalars(select(SupersessionRow.reason)).one() is None
    assert len(signatures.disputed(world.session, world.place(world.visitor("ines")))) == 1


def test_this_was_not_me_is_said_also_of_what_the_trainee_took_back(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)
    (own,) = signatures.own_signatures(world.session, world.visitor("jo"), 0, 10)
    assert not own.readable
    world.now += timedelta(hours=3)
    signers_copy.not_me(world.session, own, world.now)
    assert world.session.scalars(select(SignOffWithdrawalRow.kind)).all() == [WithdrawalKind.NOT_ME]
    assert row_of(world, observation_id).changed_at == world.now - timedelta(hours=3), "its words go when they were to"


def test_instructors_do_not_read_why_a_signature_or_a_record_no_longer_stands(world: World) -> None:
    observation_id = world.answered()
    session, sam, jo = world.session, world.visitor("sam"), world.visitor("jo")
    world.sign("jo", observation_id, Lane.PEER)
    unsigning.take_back(session, jo, observation_id, Lane.PEER, reason="It was about Sam.", now=world.now)
    world.sign("jo", observation_id, Lane.PEER)
    world.sign("amara", observation_id, Lane.CLINICAL)
    superseding.say_so(session, jo, observation_id, reason="It was about Sam.", correct=False, now=world.now)
    for visitor, reads in ((sam, True), (jo, True), (world.visitor("ines"), False)):
        part = signing_part(session, visitor, read.read(session, visitor, observation_id, world.now))
        assert part.superseded is not None
        said = {part.superseded.reason, *(one.withdrawn.reason for one in part.given if one.withdrawn)}
        assert said == ({"It was about Sam."} if reads else {None})


def test_somebody_elses_signature_is_not_ones_own(world: World) -> None:
    world.sign("jo", world.answered(), Lane.PEER)
    sign_off_id = world.session.scalars(select(SignOffRow.id)).one()
    for who in ("amara", "sam", "ines"):
        with pytest.raises(NotHere):
            signers_copy.own_one(world.session, world.visitor(who), sign_off_id)
    with pytest.raises(NotHere):
        signers_copy.copy_of(world.session, "not a secret")


def test_every_signature_has_a_copy_whose_secret_is_kept_nowhere(world: World) -> None:
    signed_by_both(world)
    copies = world.session.scalars(select(SignOffCopyRow)).all()
    assert len({copy.link_digest for copy in copies}) == 2
    assert all(len(copy.link_digest) == 64 and copy.confirmed_at is None for copy in copies)
    assert world.session.scalars(select(MailRow)).all() == []  # nobody here has an address


def test_in_person_is_named_as_less_sure_and_confirmed_once(world: World) -> None:
    world.session.execute(update(ActivityRow).values(least_assurance=Assurance.IN_PERSON))
    observation_id = world.answered()
    jo, sam = world.visitor("jo"), world.visitor("sam")
    reader = sign_off.Reader(device_of=sam.person_id)
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, world.now, reader=reader)
    sign_off.sign(world.session, jo, observation_id, lane=Lane.PEER, digest=shown.digest, now=world.now, reader=reader)
    (own,) = signatures.own_signatures(world.session, jo, 0, 10)
    assert (own.given.assurance, own.given.device_of_name) == (Assurance.IN_PERSON, "Sam Example")
    signers_copy.it_was_me(world.session, own, world.now)
    signers_copy.it_was_me(world.session, own, world.now + timedelta(days=1))
    (own,) = signatures.own_signatures(world.session, jo, 0, 10)
    assert own.given.confirmed_at == world.now


def test_in_person_is_refused_where_the_activity_asks_for_more(world: World) -> None:
    observation_id = world.answered()
    reader = sign_off.Reader(device_of=world.visitor("sam").person_id)
    with pytest.raises(Refused) as refused:
        sign_off.preview(world.session, world.visitor("jo"), observation_id, Lane.PEER, world.now, reader=reader)
    assert refused.value.code == "assurance"


# ---- gates


def test_cap_c3_a_supervisor_whose_training_on_bias_has_ended_does_not_sign_and_reads_why(world: World) -> None:
    world.session.execute(update(ActivityRow).values(qualifications=["Training on bias"]))
    observation_id = world.answered()
    jo, ines = world.visitor("jo"), world.visitor("ines")
    with pytest.raises(Refused) as refused:
        world.sign("jo", observation_id, Lane.PEER)
    assert refused.value.code == "not_qualified"
    assert "none is recorded" in str(refused.value)
    today = world.now.date()
    ended = (today - timedelta(days=400), today - timedelta(days=35))
    give = qualified.record
    give(world.session, ines, world.place(ines), person_id=jo.person_id, kind="training on bias", days=ended,
         now=world.now)  # fmt: skip
    with pytest.raises(Refused) as refused:
        world.sign("jo", observation_id, Lane.PEER)
    assert refused.value.values == {"kind": "Training on bias", "until": ended[1]}
    current: tuple[date, date | None] = (today, None)
    give(world.session, ines, world.place(ines), person_id=jo.person_id, kind="Training on bias", days=current,
         now=world.now)  # fmt: skip
    world.sign("jo", observation_id, Lane.PEER)


@pytest.mark.parametrize(("declares", "about"), [("sam", "jo"), ("jo", "sam")])
def test_cap_c11_whichever_side_declared_a_conflict_signing_is_refused_without_saying_which(
    world: World, declares: str, about: str
) -> None:
    observation_id = world.answered()
    jo = world.visitor("jo")
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, world.now)
    world.session.add(
        ConflictRow(
            organization_id=world.organization_id, declared_by=world.visitor(declares).person_id,
            about_id=world.visitor(about).person_id, declared_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    with pytest.raises(Refused) as refused:
        sign_off.sign(world.session, jo, observation_id, lane=Lane.PEER, digest=shown.digest, now=world.now)
    assert refused.value.code == "conflict"
    assert str(refused.value) == "Someone else does this for this person. Nothing is needed here."
    assert waiting.waiting(world.session, jo, world.now).count == 0


# ---- seeing it differently


def test_cap_a2_a_lane_that_differs_opens_a_meeting_and_nobody_signs_until_its_record_is_kept(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    amara = world.visitor("amara")
    differing.differ(
        world.session, amara, observation_id, Lane.CLINICAL, reason="I saw a different pace.", now=world.now
    )
    assert state_of(world, observation_id) is State.IN_RECONCILIATION
    with pytest.raises(Refused) as refused:
        world.sign("amara", observation_id, Lane.CLINICAL)
    assert refused.value.code == "lanes_meet"
    (meeting,) = meetings.meetings_of(world.session, observation_id)
    assert (meeting.opened_by_name, meeting.reason) == ("Amara Example", "I saw a different pace.")
    for who in ("jo", "amara"):
        found = waiting.waiting(world.session, world.visitor(who), world.now)
        assert [line.id for line in found.to_meet] == [observation_id]
    (peer,) = signatures.given_under(world.session, observation_id)
    assert peer.stands


def test_cap_a2_only_who_may_sign_in_the_lane_says_that_it_differs(world: World) -> None:
    observation_id = world.answered()
    for who, lane in (("jo", Lane.CLINICAL), ("amara", Lane.PEER), ("sam", Lane.PEER), ("ines", Lane.PEER)):
        with pytest.raises(Refused):
            differing.differ(world.session, world.visitor(who), observation_id, lane, reason="No.", now=world.now)
    with pytest.raises(NotHere):
        differing.differ(world.session, world.visitor("noor"), observation_id, Lane.PEER, reason="No.", now=world.now)
    assert state_of(world, observation_id) is State.ANSWERED


# ---- final after a while


def test_what_waits_is_final_once_its_time_has_come_and_only_when_every_lane_has_signed(world: World) -> None:
    observation_id = world.answered()
    jo, amara = world.visitor("jo"), world.visitor("amara")
    until = world.now + timedelta(minutes=10)
    for visitor, lane in ((jo, Lane.PEER), (amara, Lane.CLINICAL)):
        shown = sign_off.preview(world.session, visitor, observation_id, lane, world.now)
        sign_off.sign(
            world.session, visitor, observation_id, lane=lane, digest=shown.digest, now=world.now, undo_until=until
        )
        world.session.flush()
        assert finalize_due(world.session, world.now + timedelta(minutes=9)) == ()
        assert state_of(world, observation_id) is State.ANSWERED
    assert len(finalize_if_due(world.session, jo, observation_id, until)) == 1
    assert state_of(world, observation_id) is State.RELEASED
    assert finalize_due(world.session, until) == ()


def test_an_open_lane_that_signs_later_is_not_held_up_by_a_time_that_has_passed(world: World) -> None:
    observation_id = world.answered()
    jo = world.visitor("jo")
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, world.now)
    until = world.now + timedelta(minutes=10)
    sign_off.sign(
        world.session, jo, observation_id, lane=Lane.PEER, digest=shown.digest, now=world.now, undo_until=until
    )
    world.session.flush()
    assert finalize_due(world.session, until) == ()
    assert row_of(world, observation_id).finalize_after is None
    world.now = until + timedelta(hours=1)
    assert len(world.sign("amara", observation_id, Lane.CLINICAL)) == 1


def test_what_is_signed_keeps_its_words_under_every_attempt(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    take_back(world, "jo", observation_id, Lane.PEER)
    world.sign("jo", observation_id, Lane.PEER)
    assert len(world.session.scalars(select(SignedDocumentRow.sign_off_id)).all()) == 2
