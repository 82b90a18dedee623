"""Readings of a course's list: who is kept, who is ended, which roles stand."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import periodic, worker
from lti_tool.access import Capability
from lti_tool.lti.claims import Course, ResourceLink
from lti_tool.lti.errors import PlatformProblem
from lti_tool.lti.pages import Patience
from lti_tool.queue import Kind
from lti_tool.services.courses import people, people_list, roster
from lti_tool.services.courses.places import NotHere
from lti_tool.services.courses.roster_members import UNLISTED_KEPT, roles_that_stand
from lti_tool.services.entering import memberships
from lti_tool.store.courses import CourseRow, RosterReadRow, RosterReadState
from lti_tool.store.people import GrantRow, LmsAccountRow, PersonRow, SessionRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, TRAINEE, World
from tests.lti_tool.services.listed import GROUPS, MEMBERS, Listed, member
from tests.lti_tool.services.path_rows import on_the_way

EVERYBODY = tuple(member(sub) for sub in ("ines", "jo", "amara", "sam", "noor"))


@pytest.fixture
def listed(world: World, sessions: sessionmaker[Session]) -> Listed:
    return Listed(world, sessions)


def progress(listed: Listed) -> roster.Progress:
    ines = listed.world.visitor("ines")
    return roster.progress(listed.world.session, listed.world.place(ines))


def count(listed: Listed, row: type[object]) -> int:
    return listed.world.session.scalars(select(func.count()).select_from(row)).one()


# ---- who is kept ----


def test_people_of_the_list_can_be_granted_a_lane_before_they_ever_come(listed: Listed) -> None:
    listed.read(*EVERYBODY, member("lee"))
    lee = listed.membership("Lee Example")
    assert (lee.capability, lee.launched, lee.listed_at) == (Capability.TRAINEE, False, listed.world.now)
    ines = listed.world.visitor("ines")
    people.grant(
        listed.world.session, ines, listed.world.place(ines), person_id=lee.person_id,
        capability=Capability.SUPERVISOR, lane=Lane.PEER, now=listed.world.now,
    )  # fmt: skip
    assert listed.world.place(listed.world.visitor("lee", TRAINEE)).lanes == {Lane.PEER}
    assert listed.membership("Lee Example").launched


def test_what_a_launch_says_stands_also_where_the_list_is_read_in_the_same_moment(listed: Listed) -> None:
    listed.read(*EVERYBODY, member("lee"))
    world = listed.world
    found = listed.membership("Lee Example")
    person, course = (
        world.session.get_one(PersonRow, found.person_id),
        world.session.get_one(CourseRow, found.course_id),
    )
    # The launch looked before the list's row was there: it knows of no membership.
    memberships.remember(world.session, world.launch("lee", INSTRUCTOR), course, person, None, world.now)
    world.session.expire_all()
    lee = listed.membership("Lee Example")
    assert (lee.capability, lee.launched) == (Capability.INSTRUCTOR, True)


def test_reading_again_makes_nobody_twice(listed: Listed) -> None:
    listed.read(*EVERYBODY, member("lee"))
    before = count(listed, PersonRow), count(listed, LmsAccountRow)
    listed.read(*EVERYBODY, member("lee"))
    assert (count(listed, PersonRow), count(listed, LmsAccountRow)) == before


def test_lti_n15_people_without_names_are_kept_and_told_apart(listed: Listed) -> None:
    listed.read(*EVERYBODY, {"user_id": "x", "roles": ["Learner"]}, {"user_id": "y", "roles": ["Learner"]})
    ines = listed.world.visitor("ines")
    names = [name for _, name in people_list.trainees(listed.world.session, listed.world.place(ines))]
    assert len({name for name in names if name.startswith("Person ")}) == 2


def test_a_new_name_is_taken_over_and_a_missing_one_takes_nothing_away(listed: Listed) -> None:
    listed.read(*EVERYBODY[:4], member("noor", name="Noor Haddad"))
    listed.read(*EVERYBODY[:4], {"user_id": "noor", "roles": ["Learner"]})
    assert "Noor Haddad" in listed.here()


def test_lti_v18_a_test_user_in_the_list_is_known_to_be_one(listed: Listed) -> None:
    listed.read(*EVERYBODY, member("test", "Learner", "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"))
    assert listed.membership("Test Example").test_user


# ---- who is ended ----


def test_moodle_n2_who_is_listed_no_more_may_do_nothing_until_they_launch_again(listed: Listed) -> None:
    listed.read(*EVERYBODY)
    listed.read(*(one for one in EVERYBODY if one["user_id"] != "jo"))
    jo = listed.world.visitor("jo")
    with pytest.raises(NotHere):
        listed.world.place(jo)
    listed.world.enter("jo", ASSISTANT)
    assert listed.world.place(jo).lanes == {Lane.PEER}


@pytest.mark.parametrize("status", ["Inactive", "Deleted"])
def test_lti_n09_whose_place_is_inactive_is_ended_and_their_record_stays(listed: Listed, status: str) -> None:
    listed.read(*EVERYBODY[:4], member("noor", status=status))
    noor = listed.membership("Noor Example")
    assert noor.ended_at == listed.world.now
    assert listed.world.session.get_one(PersonRow, noor.person_id).name == "Noor Example"


def test_who_is_in_no_list_any_more_is_signed_out_and_who_has_a_part_elsewhere_stays(listed: Listed) -> None:
    world = listed.world
    listed.read(*EVERYBODY)
    for sub in ("sam", "noor"):
        world.visitor(sub, TRAINEE)
    noor = world.visitor("noor").person_id
    elsewhere = Course(id="course-2", title="Another course", label=None)
    there = ResourceLink(id="link-2", title="There")
    world.enter("noor", TRAINEE, context=elsewhere, resource_link=there, custom={})
    world.now += timedelta(minutes=1)
    ask = listed.ask()
    listed.lms.people = EVERYBODY[:3]
    listed.work(ask)
    assert open_sessions(world, world.visitor("sam").person_id) == 0
    assert open_sessions(world, noor) > 0
    assert open_sessions(world, world.visitor("jo").person_id) > 0


def test_whoever_has_a_part_in_the_organization_stays_signed_in_though_no_list_has_them(listed: Listed) -> None:
    world = listed.world
    listed.read(*EVERYBODY)
    sam = world.visitor("sam")
    world.session.add(
        GrantRow(
            organization_id=sam.organization_id, person_id=sam.person_id, capability=Capability.REVIEWER,
            granted_at=world.now,
        )
    )  # fmt: skip
    listed.read(*EVERYBODY[:3])
    assert "Sam Example" not in listed.here()
    assert open_sessions(world, sam.person_id) > 0


def test_whoever_is_on_the_way_in_a_program_stays_signed_in_after_the_course(listed: Listed) -> None:
    world = listed.world
    listed.read(*EVERYBODY)
    sam, noor = world.visitor("sam"), world.visitor("noor")
    on_the_way(world)
    listed.read(*EVERYBODY[:3])
    assert open_sessions(world, sam.person_id) > 0
    assert open_sessions(world, noor.person_id) == 0


def open_sessions(world: World, person_id: UUID) -> int:
    still = select(func.count(SessionRow.id)).where(SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))
    return world.session.scalars(still).one()


def test_lti_n12_who_asked_and_who_launched_since_stay(listed: Listed) -> None:
    listed.read(*EVERYBODY)
    listed.lms.most = 2

    def launch() -> None:
        with listed.sessions.begin() as session:
            World(
                session, listed.world.now, listed.world.organization_id, listed.world.registration_id,
                activity_id=listed.world.activity_id,
            ).enter("jo", ASSISTANT)  # fmt: skip

    listed.lms.meanwhile = launch
    listed.read(*(one for one in EVERYBODY if one["user_id"] not in ("ines", "jo")))
    assert listed.here() == {"Ines Example", "Jo Example", "Amara Example", "Sam Example", "Noor Example"}


def test_whom_no_list_ever_had_stays_until_not_seen_for_long(listed: Listed) -> None:
    without_amara = [one for one in EVERYBODY if one["user_id"] != "amara"]
    listed.read(*without_amara)
    assert "Amara Example" in listed.here()
    listed.world.now += UNLISTED_KEPT + timedelta(hours=1)
    listed.read(*without_amara)
    assert "Amara Example" not in listed.here()


def test_who_left_and_is_listed_again_is_back_with_the_roles_of_the_list(listed: Listed) -> None:
    listed.read(*EVERYBODY)
    listed.read(*EVERYBODY[:1])
    listed.read(*EVERYBODY)
    assert listed.membership("Jo Example").capability is Capability.TRAINEE
    assert listed.membership("Jo Example").ended_at is None


def test_a_list_that_breaks_off_ends_nobody_and_keeps_whom_it_named(listed: Listed) -> None:
    listed.read(*EVERYBODY)
    before = progress(listed).read_at
    listed.lms.most, listed.lms.breaks_off_after = 2, 1
    problem = listed.read(member("lee"), member("kim"), member("ola"))
    assert problem is PlatformProblem.ROSTER_NOT_NOW
    assert listed.here() >= {"Lee Example", "Kim Example", "Jo Example", "Sam Example"}
    found = progress(listed)
    assert (found.state, found.people, found.problem, found.read_at) == (
        RosterReadState.NOT_DONE, 2, PlatformProblem.ROSTER_NOT_NOW, before,
    )  # fmt: skip


def test_an_empty_list_is_a_stumble_and_ends_nobody(listed: Listed) -> None:
    listed.read(*EVERYBODY)
    assert listed.read(member("sam", status="Deleted")) is PlatformProblem.ROSTER_NOT_READ
    assert "Jo Example" in listed.here()


# ---- which roles stand ----


def test_moodle_n1_r7_a_supervisor_listed_as_a_learner_stays_what_the_launch_said(listed: Listed) -> None:
    for _ in range(3):
        listed.read(*EVERYBODY)
    assert listed.membership("Jo Example").capability is Capability.OBSERVER
    assert listed.membership("Jo Example").listed_roles == ["Learner"]


def test_canvas_a_trainee_who_becomes_an_instructor_is_one_at_once_and_none_when_it_ends(listed: Listed) -> None:
    learner, instructor = member("sam", *TRAINEE), member("sam", *INSTRUCTOR)
    listed.read(*EVERYBODY[:3], learner)
    assert listed.membership("Sam Example").capability is Capability.TRAINEE
    listed.read(*EVERYBODY[:3], instructor)
    assert listed.membership("Sam Example").capability is Capability.INSTRUCTOR
    listed.read(*EVERYBODY[:3], learner)
    assert listed.membership("Sam Example").capability is Capability.TRAINEE


def test_a_launch_has_the_last_word_until_the_list_says_something_new(listed: Listed) -> None:
    listed.read(*EVERYBODY, member("lee", *TRAINEE))
    listed.world.enter("lee", INSTRUCTOR)
    listed.read(*EVERYBODY, member("lee", *TRAINEE))
    assert listed.membership("Lee Example").capability is Capability.INSTRUCTOR
    listed.read(*EVERYBODY, member("lee", *ASSISTANT))
    assert listed.membership("Lee Example").capability is Capability.OBSERVER


def test_lti_n14_roles_of_one_person_on_two_pages_come_together(listed: Listed) -> None:
    listed.lms.most = 1
    listed.read(member("lee", *TRAINEE), member("ines"), member("lee", *INSTRUCTOR))
    assert set(listed.membership("Lee Example").roles) == {*TRAINEE, *INSTRUCTOR}
    assert listed.membership("Lee Example").ended_at is None


ROLES = st.lists(st.sampled_from(["Learner", "Instructor", "Mentor"]), unique=True)


@given(standing=ROLES, before=st.none() | ROLES, now=ROLES)
def test_only_news_of_the_list_changes_the_roles_that_stand(
    standing: list[str], before: list[str] | None, now: list[str]
) -> None:
    stand = roles_that_stand(standing, before, now)
    assert stand == (now if before is not None and set(before) != set(now) else standing)
    assert roles_that_stand(stand, now, now[::-1]) == stand


SOME = st.lists(
    st.builds(
        member,
        st.sampled_from(["lee", "kim", "ola"]),
        st.sampled_from(["Learner", "Instructor"]),
        status=st.sampled_from(["Active", "Active", "Deleted"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=SOME, most=st.integers(1, 5))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_here_and_as_what_does_not_depend_on_where_pages_end(
    listed: Listed, people: list[dict[str, object]], most: int
) -> None:
    def found(at_once: int) -> dict[str, tuple[bool, frozenset[str]]]:
        listed.read(*EVERYBODY)  # lee, kim and ola are gone, if they ever were here
        listed.lms.most = at_once
        listed.read(*EVERYBODY, *people)
        listed.lms.most = 50
        names = {one["name"] for one in people}
        rows = {str(name): listed.membership(str(name)) for name in names & listed.here()}
        return {name: (row.ended_at is None, frozenset(row.roles)) for name, row in rows.items()}

    assert found(most) == found(50)


# ---- asking, following, giving up ----


def test_a_course_without_a_list_says_so(world: World) -> None:
    ines = world.visitor("ines")
    with pytest.raises(Refused):
        roster.ask(world.session, ines, world.place(ines), world.now)
    assert not roster.progress(world.session, world.place(ines)).offered


def test_two_who_ask_at_once_are_shown_the_same_reading(listed: Listed) -> None:
    assert listed.ask() == listed.ask()
    assert progress(listed).is_open


def test_a_reading_says_how_far_it_is_while_it_goes_on(listed: Listed) -> None:
    listed.lms.most, seen = 2, []

    def look() -> None:
        with listed.sessions() as session:
            row = session.scalars(select(RosterReadRow)).one()
            seen.append((row.state, row.people))

    listed.lms.meanwhile = look
    listed.read(*EVERYBODY)
    assert seen == [(RosterReadState.READING, 2), (RosterReadState.READING, 4)]
    found = progress(listed)
    assert (found.state, found.people, found.read_at) == (RosterReadState.DONE, 5, listed.world.now)


def test_a_reading_is_taken_by_one_worker_only(listed: Listed) -> None:
    read_id = listed.ask()
    session = listed.world.session
    assert roster.due(session, listed.world.now) == (read_id,)
    assert roster.take(session, read_id, listed.world.now) is not None
    assert roster.take(session, read_id, listed.world.now) is None
    assert roster.due(session, listed.world.now) == ()


def test_a_reading_whose_worker_is_gone_is_closed_and_the_next_one_can_begin(listed: Listed) -> None:
    session, now = listed.world.session, listed.world.now
    reading = roster.take(session, listed.ask(), now)
    assert reading is not None
    assert roster.due(session, now + roster.LEASE) == ()
    assert progress(listed).problem is PlatformProblem.ROSTER_STOPPED
    assert not roster.moves_on(session, reading, 7, now + roster.LEASE)
    roster.settle(session, reading, None, now + roster.LEASE)
    assert progress(listed).read_at is None
    listed.world.now += roster.LEASE
    assert listed.read(*EVERYBODY) is None


def test_lti_t08_a_scope_that_is_not_granted_says_which_service_is_needed(listed: Listed) -> None:
    listed.lms.without_scope = True
    assert listed.read(*EVERYBODY) is PlatformProblem.ROSTER_NOT_ALLOWED
    assert listed.lms.asked == []


def test_the_worker_reads_what_waits_and_lets_nothing_break_it(listed: Listed) -> None:
    read_id, told = listed.ask(), []
    listed.world.session.commit()
    periodic.sweep(listed.sessions, lambda kind, row_id: told.append((kind, row_id)))
    assert told == [(Kind.ROSTER_READ, read_id)]

    def stumble() -> None:
        raise RuntimeError("something nobody thought of")

    listed.lms.people, listed.lms.most, listed.lms.meanwhile = EVERYBODY, 2, stumble
    worker.read_roster(listed.sessions, listed.lms, read_id, Patience(lambda: listed.world.now, lambda seconds: None))
    listed.world.session.expire_all()
    assert progress(listed).problem is PlatformProblem.ROSTER_STOPPED
    listed.world.session.commit()
    worker.read_roster(listed.sessions, listed.lms, read_id)  # it is over: nothing happens


# ---- of its own accord ----


def readings(listed: Listed) -> int:
    return count(listed, RosterReadRow)


def test_who_leads_the_course_has_an_old_list_read_by_coming_in(listed: Listed) -> None:
    entered = listed.world.enter("ines", INSTRUCTOR)
    assert entered.roster_read_id is not None
    listed.lms.people = EVERYBODY
    assert listed.work(entered.roster_read_id) is None
    assert listed.world.enter("ines", INSTRUCTOR).roster_read_id is None
    listed.world.now += roster.OLD
    assert listed.world.enter("sam", TRAINEE).roster_read_id is None
    assert listed.world.enter("ines", INSTRUCTOR).roster_read_id is not None


def test_a_list_that_cannot_be_read_is_not_asked_for_at_every_launch(listed: Listed) -> None:
    listed.lms.without_scope = True
    entered = listed.world.enter("ines", INSTRUCTOR)
    assert entered.roster_read_id is not None
    listed.work(entered.roster_read_id)
    assert listed.world.enter("ines", INSTRUCTOR).roster_read_id is None
    listed.world.now += roster.ASKED_LATELY + timedelta(seconds=1)
    assert listed.world.enter("ines", INSTRUCTOR).roster_read_id is not None


def test_at_night_old_lists_are_read_where_somebody_was_seen_lately(listed: Listed) -> None:
    session, now = listed.world.session, listed.world.now
    roster.ask_for_old(session, now + roster.SEEN_LATELY)
    assert readings(listed) == 0
    roster.ask_for_old(session, now + timedelta(days=1))
    roster.ask_for_old(session, now + timedelta(days=1))
    assert readings(listed) == 1
    assert listed.world.session.scalars(select(RosterReadRow.asked_by)).one() is None


def test_a_course_without_a_list_is_left_alone_at_night_and_at_launches(world: World) -> None:
    roster.ask_for_old(world.session, world.now)
    assert world.enter("ines", INSTRUCTOR).roster_read_id is None


def test_a_launch_tells_where_lists_are(world: World) -> None:
    world.enter("ines", INSTRUCTOR, memberships_url=MEMBERS, groups_url=GROUPS)
    world.enter("ines", INSTRUCTOR)
    course = world.session.scalars(select(CourseRow)).one()
    assert (course.memberships_url, course.groups_url) == (MEMBERS, GROUPS)
