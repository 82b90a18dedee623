"""“I would like supervision”: who is told, who answers, and what happens when nobody does."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.asking import recusal
from lti_tool.services.caseload import availability
from lti_tool.services.caseload.supervisors import team_of
from lti_tool.services.courses import course_life
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import waiting
from lti_tool.services.supervising import supervision, supervision_watch
from lti_tool.services.supervising.supervision import Wish
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.people import GrantRow
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.supervision import SupervisionRequestRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.supervision import Part, SessionKind
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.signing.test_signing_at_once import at_once
from tests.lti_tool.services.supervision_rows import assign, later, read_all, session_of, told


def ask(world: World, lane: Lane | None = None, observation_id: UUID | None = None) -> None:
    sam = world.visitor("sam")
    supervision.ask(world.session, sam, world.place(sam), lane=lane, observation_id=observation_id, now=world.now)


def own(world: World, who: str = "sam") -> Wish | None:
    visitor = world.visitor(who)
    return supervision.own(world.session, visitor, world.place(visitor), world.now)


def the(world: World) -> Wish:
    wish = own(world)
    assert wish is not None
    return wish


def take(world: World, who: str, proposed: str | None = None) -> None:
    visitor = world.visitor(who)
    supervision.take(world.session, visitor, world.place(visitor), the(world).id, proposed=proposed, now=world.now)


def queue(world: World, who: str) -> tuple[Wish, ...]:
    return waiting.waiting(world.session, world.visitor(who), world.now).wishes


def away(world: World, who: str) -> None:
    visitor = world.visitor(who)
    availability.set_away(world.session, visitor, world.place(visitor), days=(world.now.date(), None), now=world.now)
    read_all(world)


def test_cap_c10_ux_p7_a_trainee_asks_in_one_tap_and_reads_by_when_and_from_whom_there_is_an_answer(
    world: World,
) -> None:
    ask(world)
    wish = the(world)
    assert (wish.answer_by - wish.asked_at).days == 2
    assert wish.with_names == ("Amara Example", "Jo Example")
    assert [told(world, who) for who in ("jo", "amara", "ines")] == [1, 1, 0]


def test_cap_c10_asking_twice_asks_once_and_the_activity_says_within_how_many_days(world: World) -> None:
    world.session.get_one(ActivityRow, world.activity_id).supervision_days = 5
    world.session.flush()
    ask(world)
    first = the(world)
    later(world, 1)
    ask(world)
    assert the(world) == first
    assert (first.answer_by - first.asked_at).days == 5
    assert told(world, "jo") == 1


def test_cap_c14_only_those_who_are_assigned_are_told_and_while_they_are_away_their_back_up(world: World) -> None:
    world.grant(world.visitor("kim"), Lane.PEER)
    assign(world, "jo")
    assign(world, "kim", backup=True)
    ask(world)
    assert [told(world, who) for who in ("jo", "kim", "amara")] == [1, 0, 0]
    supervision.take_back(world.session, world.visitor("sam"), world.place(world.visitor("sam")), the(world).id,
                          world.now)  # fmt: skip
    away(world, "jo")
    before = told(world, "kim")
    ask(world)
    assert told(world, "kim") == before + 1
    assert the(world).with_names == ("Jo Example", "Kim Example")
    assert queue(world, "kim")
    assert not queue(world, "amara")


def test_cap_c10_a_lane_that_is_wished_for_is_asked_and_no_other(world: World) -> None:
    ask(world, Lane.CLINICAL)
    assert [told(world, who) for who in ("jo", "amara")] == [0, 1]
    with pytest.raises(NotHere):
        take(world, "jo")
    take(world, "amara")


def test_cap_c10_where_nobody_supervises_the_instructors_are_told(world: World) -> None:
    for grant in world.session.scalars(select(GrantRow)):
        grant.revoked_at, grant.revoked_by = world.now, grant.granted_by
    world.session.flush()
    ask(world)
    assert told(world, "ines") == 1
    take(world, "ines")
    assert the(world).taken_name == "Ines Example"


def test_cap_c10_the_first_one_takes_it_and_may_propose_a_time_that_the_two_read_alone(world: World) -> None:
    ask(world)
    take(world, "jo", "Tuesday at ten, by phone?")
    wish = the(world)
    assert (wish.taken_name, wish.proposed) == ("Jo Example", "Tuesday at ten, by phone?")
    assert told(world, "sam") == 1
    with pytest.raises(Refused) as refused:
        take(world, "amara")
    assert refused.value.code == "taken"
    for who in ("amara", "ines"):
        visitor = world.visitor(who)
        place = world.place(visitor)
        team = team_of(world.session, place.course.id, world.now.date())
        (seen,) = supervision.to_answer(world.session, visitor, place, team)
        assert (seen.taken_name, seen.proposed) == ("Jo Example", None)
    assert queue(world, "jo")
    assert not queue(world, "amara")
    assert waiting.waiting(world.session, world.visitor("jo"), world.now).count == 0


def test_cap_c10_who_took_it_proposes_again_and_what_the_trainee_took_back_is_nobodys_to_take(world: World) -> None:
    ask(world)
    take(world, "jo", "Tuesday?")
    take(world, "jo", "Or Wednesday?")
    assert the(world).proposed == "Or Wednesday?"
    with pytest.raises(Refused) as refused:
        take(world, "jo", "x" * 5000)
    assert refused.value.code == "proposed"
    sam, jo, request_id = world.visitor("sam"), world.visitor("jo"), the(world).id
    for _twice in range(2):
        supervision.take_back(world.session, sam, world.place(sam), request_id, world.now)
    with pytest.raises(Refused) as ended:
        supervision.take(world.session, jo, world.place(jo), request_id, proposed=None, now=world.now)
    assert ended.value.code == "ended"
    supervision.ended_by(world.session, [request_id], new_id(), world.now)
    row = world.session.get_one(SupervisionRequestRow, request_id)
    assert (row.ended_at, row.session_id) == (world.now, None)


def test_two_take_it_in_the_same_moment_and_one_has_it(world: World, sessions: sessionmaker[Session]) -> None:
    ask(world)
    request_id = the(world).id
    places = {who: world.place(world.visitor(who)) for who in ("jo", "amara")}
    acts = [
        lambda session, who=who: supervision.take(
            session, world.visitor(who), places[who], request_id, proposed=None, now=world.now
        )
        for who in ("jo", "amara")
    ]
    world.session.commit()
    assert at_once(sessions, *acts) == ["done", "taken"]


def test_two_taps_in_the_same_moment_ask_once(world: World, sessions: sessionmaker[Session]) -> None:
    sam = world.visitor("sam")
    place = world.place(sam)
    world.session.commit()
    act = lambda session: supervision.ask(session, sam, place, now=world.now)  # noqa: E731
    assert at_once(sessions, act, act) == ["done", "done"]
    assert len(world.session.scalars(select(SupervisionRequestRow)).all()) == 1


def test_cap_c10_who_cannot_after_all_gives_it_back_and_the_others_are_told(world: World) -> None:
    ask(world)
    take(world, "jo", "Tomorrow?")
    read_all(world)
    before = told(world, "amara")
    supervision.give_back(
        world.session, world.visitor("jo"), world.place(world.visitor("jo")), the(world).id, world.now
    )
    assert (the(world).taken_by, the(world).proposed) == (None, None)
    assert told(world, "amara") == before + 1
    take(world, "amara")


def test_cap_c10_unanswered_at_its_day_it_goes_to_the_instructors_once_and_the_trainee_sees_that(
    world: World,
) -> None:
    ask(world)
    read_all(world)
    before = {who: told(world, who) for who in ("ines", "sam", "jo")}
    later(world, 2)
    for expected in (1, 0):
        assert supervision_watch.escalate(world.session, world.now) == expected
    assert the(world).escalated_at == world.now
    assert {who: told(world, who) - before[who] for who in before} == {"ines": 1, "sam": 1, "jo": 0}
    take(world, "jo")
    assert the(world).taken_name == "Jo Example"


def test_cap_c10_what_was_answered_or_taken_back_in_time_goes_no_further(world: World) -> None:
    ask(world)
    assert supervision_watch.escalate(world.session, world.now + timedelta(days=1)) == 0
    take(world, "jo")
    later(world, 3)
    assert supervision_watch.escalate(world.session, world.now) == 0


def test_cap_c10_in_a_course_that_is_kept_for_reading_nothing_is_called_for(world: World) -> None:
    ask(world)
    ines = world.visitor("ines")
    course = world.session.get_one(CourseRow, world.place(ines).course.id)
    course.archived_at, course.archived_by = world.now, ines.person_id
    world.session.flush()
    later(world, 3)
    assert supervision_watch.escalate(world.session, world.now) == 0
    assert not queue(world, "jo")


def test_cap_c10_it_ends_when_a_session_is_recorded_and_not_with_one_among_others(world: World) -> None:
    ask(world)
    there = ("jo", Part.PEER), ("sam", Part.TRAINEE)
    session_of(world, "jo", *there, ("noor", Part.TRAINEE), kind=SessionKind.GROUP)
    assert own(world) is not None
    session_id = session_of(world, "jo", *there, kind=SessionKind.DEBRIEF)
    assert own(world) is None
    row = world.session.scalars(select(SupervisionRequestRow)).one()
    assert row.session_id == session_id


def test_ux_o7_ux_s8_a_trainee_takes_it_back_and_may_ask_for_more_at_any_time(world: World) -> None:
    sam = world.visitor("sam")
    for _time in range(3):
        ask(world)
        supervision.take_back(world.session, sam, world.place(sam), the(world).id, world.now)
        assert own(world) is None


def test_cap_c10_no_reason_can_be_given_and_the_audit_has_none(world: World) -> None:
    ask(world, observation_id=world.begin())
    entry = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "supervision.asked")).one()
    assert entry.facts == {}
    assert not {"reason", "why", "words"} & set(SupervisionRequestRow.__table__.columns.keys())


def test_a_stranger_s_wish_and_observation_are_nobody_s_to_touch(world: World) -> None:
    observation_id = world.begin()
    noor = world.visitor("noor")
    with pytest.raises(NotHere):
        supervision.ask(world.session, noor, world.place(noor), observation_id=observation_id, now=world.now)
    ask(world)
    with pytest.raises(NotHere):
        supervision.take_back(world.session, noor, world.place(noor), the(world).id, world.now)
    with pytest.raises(NotHere):
        take(world, "noor")
    jo = world.visitor("jo")
    with pytest.raises(NotHere):
        supervision.ask(world.session, jo, world.place(jo), now=world.now)


def test_cap_c11_who_stepped_aside_is_neither_told_nor_can_take_it(world: World) -> None:
    recusal.declare(world.session, world.visitor("jo"), world.visitor("sam").person_id, world.now)
    read_all(world)
    before = told(world, "jo")
    ask(world)
    assert told(world, "jo") == before
    assert the(world).with_names == ("Amara Example",)
    with pytest.raises(NotHere):
        take(world, "jo")
    assert not queue(world, "jo")


def test_a_wish_waits_while_its_course_is_for_reading_only(world: World) -> None:
    ask(world)
    promised, ines = the(world).answer_by, world.visitor("ines")
    course_life.archive(world.session, ines, world.place(ines), call_off=False, now=world.now)
    later(world, 10)
    course_life.bring_back(world.session, ines, world.place(ines), world.now)
    assert the(world).answer_by == promised + timedelta(days=10)
