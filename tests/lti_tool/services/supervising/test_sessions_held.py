"""Supervision sessions: the same record for everybody who was there, and for nobody else."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.asking import recusal
from lti_tool.services.caseload.supervisors import team_of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.supervising import session_lines, sessions_held, supervision, supervision_watch
from lti_tool.services.supervising.session_choices import choices
from lti_tool.services.supervising.session_lines import SessionRecord
from lti_tool.services.supervising.supervision_overview import longer_ago, supervised
from lti_tool.store.courses import CourseRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.supervision import SessionPartRow, SupervisionAgreementRow, SupervisionSessionRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.supervision import Part, SessionKind
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.supervision_rows import agreed, assign, course_id, later, read_all, session_of, told

SAM, NOOR = ("sam", Part.TRAINEE), ("noor", Part.TRAINEE)
JO, AMARA = ("jo", Part.PEER), ("amara", Part.CLINICAL)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def read(world: World, who: str, session_id: UUID) -> SessionRecord:
    visitor = world.visitor(who)
    return session_lines.read(world.session, visitor, world.place(visitor), session_id)


def test_words_on_what_one_sees_differently_are_so_many(world: World) -> None:
    session_id = session_of(world, "jo", JO, SAM)
    assert code(lambda: say(world, "sam", session_id, " ")) == "differs"
    assert code(lambda: say(world, "sam", session_id, "x" * 10_000)) == "differs"


def say(world: World, who: str, session_id: UUID, differs: str | None = None) -> None:
    visitor = world.visitor(who)
    sessions_held.say(
        world.session,
        visitor,
        world.place(visitor),
        session_id,
        differs=differs,
        now=world.now,
    )


def test_cap_c5_everybody_who_was_there_reads_the_same_record_and_nobody_else_does(world: World) -> None:
    session_id = session_of(world, "jo", JO, SAM, agenda="How to end a call", goals="Try two endings")
    assert read(world, "sam", session_id) == read(world, "jo", session_id)
    assert read(world, "sam", session_id).agenda == "How to end a call"
    for stranger in ("ines", "amara", "noor"):
        with pytest.raises(NotHere):
            read(world, stranger, session_id)
        with pytest.raises(NotHere):
            say(world, stranger, session_id)
        visitor = world.visitor(stranger)
        assert not session_lines.own(world.session, visitor, world.place(visitor))


def test_cap_c6_cap_c5_a_joint_session_counts_in_both_lanes_and_needs_both(world: World) -> None:
    session_of(world, "jo", JO, AMARA, SAM, kind=SessionKind.JOINT)
    last = session_lines.last_held(world.session, course_id(world))
    sam = world.visitor("sam").person_id
    assert last == {(sam, Lane.PEER): world.now.date(), (sam, Lane.CLINICAL): world.now.date()}
    assert code(lambda: session_of(world, "jo", JO, SAM, kind=SessionKind.JOINT)) == "both_lanes"


def test_cap_c5_a_trainee_records_one_too_and_names_themselves_and_who_supervises_them(world: World) -> None:
    session_of(world, "sam", SAM, JO)
    sam = world.visitor("sam")
    place = world.place(sam)
    team = team_of(world.session, place.course.id, world.now.date())
    offered = choices(world.session, sam, place, team)
    assert [(one.name, one.part) for one in offered] == [
        ("Sam Example", Part.TRAINEE), ("Amara Example", Part.CLINICAL), ("Jo Example", Part.PEER),
    ]  # fmt: skip
    with pytest.raises(NotHere):
        session_of(world, "sam", SAM, NOOR, JO, kind=SessionKind.GROUP)


def test_cap_c5_who_records_it_was_there_and_it_was_held(world: World) -> None:
    tomorrow = world.now.date() + timedelta(days=1)
    assert code(lambda: session_of(world, "jo", AMARA, SAM)) == "not_there"
    assert code(lambda: session_of(world, "jo", JO, SAM, on=tomorrow)) == "not_yet_held"
    assert code(lambda: session_of(world, "jo", JO, SAM, agenda="x" * 4001)) == "agenda"
    with pytest.raises(NotHere):
        session_of(world, "jo", ("jo", Part.CLINICAL), SAM)


def test_cap_c5_the_others_are_told_and_confirm_it_or_say_what_they_see_differently(world: World) -> None:
    session_id = session_of(world, "jo", JO, SAM)
    assert [told(world, who) for who in ("sam", "jo")] == [1, 0]
    assert read(world, "sam", session_id).line.waits_for == {world.visitor("sam").person_id}
    say(world, "sam", session_id, "We spoke about the next week, too.")
    assert [view.differs for view in read(world, "jo", session_id).views] == [
        "We spoke about the next week, too.", None,
    ]  # fmt: skip
    assert told(world, "jo") == 1
    say(world, "sam", session_id)
    assert not read(world, "jo", session_id).line.waits_for
    assert [view.differs for view in read(world, "jo", session_id).views] == [None, None]
    assert code(lambda: say(world, "sam", session_id, " ")) == "differs"


def test_cap_c5_taking_a_record_back_takes_its_words_and_keeps_the_fact(world: World) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    supervision.ask(world.session, sam, world.place(sam), now=world.now)
    session_id = session_of(world, "jo", JO, SAM, agenda="Mine", goals="Ours")
    say(world, "sam", session_id, "Otherwise")
    with pytest.raises(NotHere):
        sessions_held.take_back(world.session, sam, world.place(sam), session_id, world.now)
    for _again in range(2):
        sessions_held.take_back(world.session, jo, world.place(jo), session_id, world.now)
    row = world.session.get_one(SupervisionSessionRow, session_id)
    assert (row.taken_back_at, row.agenda, row.goals) == (world.now, None, None)
    assert set(world.session.scalars(select(SessionPartRow.differs))) == {None}
    assert not read(world, "sam", session_id).line.lanes
    assert not session_lines.last_held(world.session, course_id(world))
    assert supervision.own(world.session, sam, world.place(sam), world.now) is not None
    assert code(lambda: say(world, "sam", session_id)) == "taken_back"


def test_cap_c11_who_does_not_supervise_one_of_them_is_not_in_the_record_with_them(world: World) -> None:
    recusal.declare(world.session, world.visitor("noor"), world.visitor("amara").person_id, world.now)
    act = lambda: session_of(world, "jo", JO, AMARA, SAM, NOOR, kind=SessionKind.GROUP)  # noqa: E731
    assert code(act) == "not_together"


def test_an_external_supervisor_names_only_whom_they_are_assigned_to(world: World) -> None:
    assign(world, "jo", "sam")
    jo = world.visitor("jo")
    world.session.scalars(select(MembershipRow).where(MembershipRow.person_id == jo.person_id)).one().external = True
    world.session.flush()
    session_of(world, "jo", JO, SAM)
    with pytest.raises(NotHere):
        session_of(world, "jo", JO, NOOR)
    place = world.place(jo)
    team = team_of(world.session, place.course.id, world.now.date())
    assert [one.trainee_name for one in supervised(world.session, jo, place, team)] == ["Sam Example"]


def gaps(world: World) -> int:
    return supervision_watch.tell_of_gaps(world.session, world.now)


def test_cap_c4_no_session_for_longer_than_agreed_is_told_to_both_once_and_never_to_the_lms(world: World) -> None:
    agreed(world)
    read_all(world)
    before = {who: told(world, who) for who in ("sam", "jo", "ines", "amara")}
    later(world, 14)
    assert gaps(world) == 0
    later(world, 1)
    assert [gaps(world), gaps(world)] == [1, 0]
    later(world, 30)
    assert gaps(world) == 0
    assert {who: told(world, who) - before[who] for who in before} == {"sam": 1, "jo": 1, "ines": 0, "amara": 0}
    assert not world.session.scalars(select(DeliveryRow)).all()


def test_cap_c4_cap_c5_a_session_of_the_lane_or_a_joint_one_begins_the_time_anew_and_the_next_gap_is_told(
    world: World,
) -> None:
    agreed(world)
    later(world, 15)
    assert gaps(world) == 1
    session_of(world, "jo", JO, AMARA, SAM, kind=SessionKind.JOINT)
    later(world, 14)
    session_of(world, "amara", AMARA, SAM)
    later(world, 1)
    assert gaps(world) == 1


def test_cap_c4_in_peace_are_left_who_ended_it_who_left_and_courses_kept_for_reading(world: World) -> None:
    agreement = world.session.get_one(SupervisionAgreementRow, agreed(world))
    course = world.session.get_one(CourseRow, course_id(world))
    jo = world.visitor("jo")
    membership = world.session.scalars(select(MembershipRow).where(MembershipRow.person_id == jo.person_id)).one()
    later(world, 20)
    for row, name in ((agreement, "ended_at"), (membership, "ended_at"), (course, "archived_at")):
        setattr(row, name, world.now)
        world.session.flush()
        assert gaps(world) == 0
        setattr(row, name, None)
        world.session.flush()
    recusal.declare(world.session, jo, world.visitor("sam").person_id, world.now)
    assert gaps(world) == 0


def test_cap_c4_instructors_see_whose_session_is_longer_ago_than_agreed_by_names_and_days_only(world: World) -> None:
    agreed(world)
    session_of(world, "jo", JO, SAM, agenda="Words", goals="More words")
    ines, last = world.visitor("ines"), world.now.date()
    later(world, 15)
    place = world.place(ines)
    team = team_of(world.session, place.course.id, world.now.date())
    (one,) = longer_ago(world.session, place, team, world.now)
    assert (one.trainee_name, one.supervisor_name, one.last) == ("Sam Example", "Jo Example", last)
    assert one.due == last + timedelta(days=14)
    assert not session_lines.own(world.session, ines, place)


def test_cap_c4_a_supervisor_sees_the_state_of_each_agreement_the_last_session_and_the_next_day(world: World) -> None:
    assign(world, "jo", "noor")
    agreed(world)
    session_of(world, "jo", JO, SAM)
    jo = world.visitor("jo")
    place = world.place(jo)
    team = team_of(world.session, place.course.id, world.now.date())
    noor, sam = supervised(world.session, jo, place, team)
    assert (noor.agreed, noor.due, noor.last) == (None, None, None)
    assert sam.agreed is not None
    assert (sam.last, sam.due) == (world.now.date(), world.now.date() + timedelta(days=14))
