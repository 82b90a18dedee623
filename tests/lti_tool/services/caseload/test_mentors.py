"""Mentors: whom the LMS says, what a trainee shares, what a mentor writes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Capability, Field, Who
from lti_tool.services.caseload import mentors, relations
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import comments, lines, observe, read
from lti_tool.services.operating import clean
from lti_tool.services.signing import sign_off
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.meetings import CommentRow
from lti_tool.store.records import AuditEntryRow, ReadLogRow
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import INSTRUCTOR, ROLE, TRAINEE, World

MENTOR = (f"{ROLE}#Mentor",)


def mentor(world: World, *mentees: str, who: str = "max") -> set[UUID]:
    """A launch that names these; whom the person mentors then."""
    entered = world.enter(who, MENTOR, mentees=mentees)
    assert entered.course_id is not None
    return set(relations.relations_of(world.session, entered.person_id, entered.course_id).mentors)


def ids(world: World, *names: str) -> set[UUID]:
    return {world.visitor(name, TRAINEE).person_id for name in names}


def shared(world: World, *, with_mentors: bool = True) -> UUID:
    observation_id = world.share()
    mentor(world, "sam")
    world.visitor("max", MENTOR, mentees=("sam",))
    if with_mentors:
        comments.share_with_mentors(world.session, world.visitor("sam"), observation_id, shared=True, now=world.now)
    return observation_id


def record(world: World, who: str, observation_id: UUID) -> read.Record:
    return read.read(world.session, world.visitor(who), observation_id, world.now)


def written(world: World, who: str, observation_id: UUID) -> tuple[comments.Comment, ...]:
    visitor = world.visitor(who)
    found = lines.line(world.session, visitor.organization_id, observation_id)
    who_reads = lines.who_is_reading(world.session, visitor, found)
    return comments.comments_of(world.session, visitor, observation_id, who_reads, world.now)


def test_cap_c15_a_launch_names_whom_a_mentor_mentors_and_the_next_one_keeps_it_in_step(world: World) -> None:
    assert mentor(world, "sam") == ids(world, "sam")
    assert mentor(world, "sam", "noor") == ids(world, "sam", "noor")
    assert mentor(world, "noor") == ids(world, "noor")
    assert mentor(world, "noor") == ids(world, "noor")
    assert mentor(world) == set()


def test_cap_c15_whoever_comes_in_later_meets_the_mentor_that_named_them(world: World) -> None:
    assert mentor(world, "sam", "later") == ids(world, "sam")
    world.visitor("later", TRAINEE)
    person_id = world.visitor("max", MENTOR, mentees=("sam", "later")).person_id
    course_id = world.place(world.visitor("sam")).course.id
    assert relations.relations_of(world.session, person_id, course_id).mentors == ids(world, "sam", "later")


def test_a_mentor_named_by_an_instructor_stays_whatever_the_lms_says(world: World) -> None:
    mentor(world)
    max_ = world.visitor("max", MENTOR)
    place = world.place(world.visitor("ines", INSTRUCTOR))
    world.session.add(
        AssignmentRow(
            id=new_id(), organization_id=world.organization_id, course_id=place.course.id,
            trainee_id=world.visitor("noor").person_id, person_id=max_.person_id, assigned_as=AssignedAs.MENTOR,
            assigned_by=world.visitor("ines").person_id, assigned_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    assert mentor(world, "sam") == ids(world, "sam", "noor")
    assert mentor(world) == ids(world, "noor")


def test_a_mentor_of_nobody_has_nothing_here_and_one_of_somebody_a_page(world: World) -> None:
    max_ = world.visitor("max", MENTOR)
    assert world.place(max_).capabilities == frozenset()
    mentor(world, "sam")
    assert world.place(max_).capabilities == {Capability.MENTOR}


def test_people_who_are_no_trainees_of_the_course_are_not_mentored(world: World) -> None:
    assert mentor(world, "jo", "ines", "nobody", "max") == set()


def test_ux_t4_a_mentor_reads_what_is_shared_and_nothing_once_that_ends(world: World) -> None:
    observation_id = shared(world, with_mentors=False)
    with pytest.raises(NotHere):
        record(world, "max", observation_id)
    sam = world.visitor("sam")
    comments.share_with_mentors(world.session, sam, observation_id, shared=True, now=world.now)
    seen = record(world, "max", observation_id)
    assert seen.who == {Who.MENTOR}
    assert seen.assessment is not None
    assert (seen.note, seen.consent, seen.signatures, seen.may_sign, seen.writing) == (
        None,
        None,
        (),
        frozenset(),
        None,
    )
    comments.share_with_mentors(world.session, sam, observation_id, shared=False, now=world.now)
    with pytest.raises(NotHere):
        record(world, "max", observation_id)


def test_ux_t4_sharing_begins_and_ends_also_after_it_was_signed(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    mentor(world, "sam")
    world.visitor("max", MENTOR, mentees=("sam",))
    sam = world.visitor("sam")
    for wish in (True, True, False, True):
        comments.share_with_mentors(world.session, sam, observation_id, shared=wish, now=world.now)
        world.session.expire_all()
        found = comments.shared_with(world.session, world.visitor("max"), world.place(world.visitor("max")))
        assert [one.id for one in found] == ([observation_id] if wish else [])
    assert record(world, "max", observation_id).line.state is State.RELEASED


def test_ux_t3_that_a_mentor_opened_it_is_noted(world: World) -> None:
    observation_id = shared(world)
    record(world, "max", observation_id)
    rows = world.session.query(ReadLogRow).filter_by(reader_id=world.visitor("max").person_id)
    assert {row.field for row in rows} == {Field.STATUS, Field.ASSESSMENT}


def test_before_the_trainee_has_it_no_mentor_has_it_either(world: World) -> None:
    observation_id = world.begin()
    mentor(world, "sam")
    world.visitor("max", MENTOR, mentees=("sam",))
    comments.share_with_mentors(world.session, world.visitor("sam"), observation_id, shared=True, now=world.now)
    with pytest.raises(NotHere):
        record(world, "max", observation_id)


def test_what_was_taken_back_cannot_be_shared(world: World) -> None:
    observation_id = shared(world)
    world.session.get_one(read.ObservationRow, observation_id).state = State.WITHDRAWN
    with pytest.raises(Refused, match="nothing here that others could read"):
        comments.share_with_mentors(world.session, world.visitor("sam"), observation_id, shared=True, now=world.now)


@pytest.mark.parametrize("who", ["jo", "ines", "noor", "max"])
def test_only_the_trainee_shares(world: World, who: str) -> None:
    observation_id = shared(world)
    with pytest.raises(NotHere):
        comments.share_with_mentors(world.session, world.visitor(who), observation_id, shared=False, now=world.now)


def test_a_comment_is_read_by_the_trainee_and_the_mentor_who_wrote_it(world: World) -> None:
    observation_id = shared(world)
    mentor(world, "sam", who="mia")
    world.visitor("mia", MENTOR, mentees=("sam",))
    comments.comment(world.session, world.visitor("max"), observation_id, " What a calm start. ", world.now)
    for who, seen in (("sam", True), ("max", True), ("mia", False), ("jo", False), ("ines", False)):
        assert ["What a calm start."] * seen == [one.words for one in written(world, who, observation_id)], who


@pytest.mark.parametrize("words", ["", "  \x00 ", "x" * 5_001])
def test_a_comment_needs_words_and_not_too_many(world: World, words: str) -> None:
    observation_id = shared(world)
    with pytest.raises(Refused):
        comments.comment(world.session, world.visitor("max"), observation_id, words, world.now)


@pytest.mark.parametrize("who", ["sam", "jo", "ines", "noor"])
def test_nobody_but_a_mentor_comments(world: World, who: str) -> None:
    observation_id = shared(world)
    with pytest.raises(NotHere):
        comments.comment(world.session, world.visitor(who), observation_id, "Hello", world.now)


def test_ux_c5_a_comment_is_taken_back_within_a_day_and_brought_back_within_another(world: World) -> None:
    observation_id = shared(world)
    max_, session = world.visitor("max"), world.session
    comments.comment(session, max_, observation_id, "Too blunt", world.now)
    (mine,) = written(world, "max", observation_id)
    world.now += timedelta(hours=23)
    comments.bring_back(session, max_, observation_id, mine.id, world.now)  # it was not taken back
    for _ in range(2):
        comments.take_back(session, max_, observation_id, mine.id, world.now)
    acts = session.scalars(select(AuditEntryRow.act)).all()
    assert acts.count("observation.comment_taken_back") == 1
    assert written(world, "sam", observation_id) == ()
    assert [one.words for one in written(world, "max", observation_id)] == ["Too blunt"]
    comments.bring_back(session, max_, observation_id, mine.id, world.now)
    assert [one.words for one in written(world, "sam", observation_id)] == ["Too blunt"]
    world.now += timedelta(hours=2)
    with pytest.raises(Refused, match="for a day"):
        comments.take_back(session, max_, observation_id, mine.id, world.now)


def test_a_day_after_it_was_taken_back_a_comment_is_gone(world: World) -> None:
    observation_id = shared(world)
    max_, session = world.visitor("max"), world.session
    comments.comment(session, max_, observation_id, "Too blunt", world.now)
    (mine,) = written(world, "max", observation_id)
    comments.take_back(session, max_, observation_id, mine.id, world.now)
    with pytest.raises(NotHere):
        comments.bring_back(session, max_, observation_id, mine.id, world.now + timedelta(hours=25))
    clean.clean(session, world.now + timedelta(hours=25))
    assert session.query(CommentRow).count() == 0
    with pytest.raises(NotHere):
        comments.bring_back(session, max_, observation_id, mine.id, world.now)


def test_nobody_takes_anothers_comment_back(world: World) -> None:
    observation_id = shared(world)
    comments.comment(world.session, world.visitor("max"), observation_id, "Mine", world.now)
    (mine,) = written(world, "max", observation_id)
    for who in ("sam", "jo"):
        with pytest.raises(NotHere):
            comments.take_back(world.session, world.visitor(who), observation_id, mine.id, world.now)


def test_cap_c15_a_mentor_neither_rates_nor_signs(world: World) -> None:
    observation_id = shared(world)
    max_, session, now = world.visitor("max"), world.session, world.now
    acts: tuple[Any, ...] = (
        lambda: observe.save(session, max_, observation_id, observe.Change(strength="Mine"), now),
        lambda: observe.form(session, max_, observation_id),
        lambda: observe.stop(session, max_, observation_id, now),
    )
    for act in acts:
        with pytest.raises(NotHere):
            act()
    with pytest.raises((NotHere, Refused)):
        sign_off.preview(session, max_, observation_id, Lane.PEER, now)


def test_the_names_of_mentors_are_those_of_now(world: World) -> None:
    shared(world)
    course_id, sam = world.place(world.visitor("sam")).course.id, world.visitor("sam").person_id
    assert mentors.names_of_mentors(world.session, sam, course_id) == ("Max Example",)
    mentor(world)
    assert mentors.names_of_mentors(world.session, sam, course_id) == ()
