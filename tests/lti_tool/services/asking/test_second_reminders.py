"""Second observers are reminded of what waits for them: quietly, at most twice, and each time once."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.asking import ask, double_observations, recusal, second_observers, second_reminders, times
from lti_tool.services.asking.ask import Further
from lti_tool.services.notifying import reminders
from lti_tool.services.observations import ending, observe
from lti_tool.store.mail import MailRow
from lti_tool.store.messages import MessageRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from rubrics.consent import PersonServed
from rubrics.observation import Mode, State
from rubrics.times import Span
from tests.lti_tool.services.asking.test_second_observers import agree, plan
from tests.lti_tool.services.conftest import ASSISTANT, World


@pytest.fixture
def asked(world: World) -> UUID:
    """An observation for which Amara was asked to be the second observer, just now."""
    plan(world)
    observation_id = world.ask()
    agree(world, observation_id)
    read_all(world)
    return observation_id


def read_all(world: World) -> None:
    for message in world.session.scalars(select(MessageRow)):
        message.read_at = world.now
    world.session.flush()


def remind(world: World, days: float) -> int:
    return second_reminders.remind(world.session, world.now + timedelta(days=days))


def unread(world: World, who: str) -> list[str]:
    found = select(MessageRow.path).where(
        MessageRow.person_id == world.visitor(who).person_id, MessageRow.read_at.is_(None)
    )
    return list(world.session.scalars(found))


def test_ux_m4_two_reminders_each_once_and_then_no_more(world: World, asked: UUID) -> None:
    assert [remind(world, days) for days in (0, 2, 3, 3, 3.5, 6, 7, 7, 8, 14, 100)] == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    assert unread(world, "amara") == [f"/o/{asked}"]
    assert unread(world, "jo") == unread(world, "sam") == []


def test_where_the_job_was_not_there_for_days_two_reminders_are_one(world: World, asked: UUID) -> None:
    assert [remind(world, days) for days in (12, 12, 13)] == [1, 0, 0]


def test_the_page_of_second_observers_says_when_somebody_was_reminded(world: World, asked: UUID) -> None:
    ines = world.visitor("ines")
    page = lambda: double_observations.plan_of(world.session, world.place(ines)).drawn[0].reminded_at  # noqa: E731
    assert page() is None
    remind(world, 3)
    assert page() == world.now + timedelta(days=3)


def test_ux_c3_the_trainee_who_was_not_asked_to_answer_again_is_left_in_peace(world: World) -> None:
    plan(world)
    world.ask()
    read_all(world)
    assert remind(world, 30) == 0
    assert unread(world, "sam") == unread(world, "amara") == []


def asked_for_a_time(world: World) -> UUID:
    """In three weeks; Amara is asked to be the second observer too."""
    plan(world)
    sam, jo = world.visitor("sam"), world.visitor("jo")
    span = Span(world.now + timedelta(days=20), world.now + timedelta(days=20, hours=1))
    observation_id = ask.request(
        world.session, sam, world.place(sam), observer_id=jo.person_id, mode=Mode.ROLE_PLAY, recorded=False, note=None,
        now=world.now, further=Further(time=span),
    )  # fmt: skip
    agree(world, observation_id)
    read_all(world)
    return observation_id


def test_whoever_has_not_said_yes_is_reminded_before_the_time_that_was_proposed(world: World) -> None:
    asked_for_a_time(world)
    assert [remind(world, days) for days in (2, 3, 7, 24)] == [0, 1, 1, 0]


def test_whoever_said_yes_is_not_reminded_because_others_have_not(world: World) -> None:
    observation_id = asked_for_a_time(world)
    times.agree(world.session, world.visitor("amara"), observation_id, world.now)
    assert world.session.get_one(ObservationRow, observation_id).state is State.REQUESTED
    assert [remind(world, days) for days in (3, 24)] == [0, 0]


def test_nobody_is_reminded_before_a_time_that_was_agreed_is_over(world: World) -> None:
    observation_id = asked_for_a_time(world)
    for who in ("amara", "jo"):
        times.agree(world.session, world.visitor(who), observation_id, world.now)
    assert world.session.get_one(ObservationRow, observation_id).state is State.CONSENTED
    assert [remind(world, days) for days in (10, 20, 22, 24)] == [0, 0, 0, 1]


@pytest.mark.parametrize("how", ["declined", "conflict"])
def test_whoever_has_no_part_any_more_is_not_reminded(world: World, asked: UUID, how: str) -> None:
    amara = world.visitor("amara")
    if how == "declined":
        ending.decline(world.session, amara, asked, world.now)
    else:
        recusal.declare(world.session, amara, world.visitor("sam").person_id, world.now)
    read_all(world)
    assert remind(world, 10) == 0


def test_whoever_handed_in_is_not_reminded_and_whoever_did_not_is(world: World, asked: UUID) -> None:
    jo, amara = world.visitor("jo"), world.visitor("amara")
    observe.person_served(world.session, jo, asked, PersonServed.NOT_APPLICABLE, world.now)
    rubric = observe.form(world.session, jo, asked).rubric
    ratings = {one.key: observe.RatingChange(3, False, "Waited.") for one in rubric.criteria}
    change = observe.Change(strength="Calm.", ratings=ratings)
    observe.save(world.session, jo, asked, change, world.now)
    observe.share(world.session, jo, asked, world.now)
    read_all(world)
    assert remind(world, 3) == 1
    observe.save(world.session, amara, asked, change, world.now)
    observe.share(world.session, amara, asked, world.now)
    assert remind(world, 30) == 0


def test_whoever_is_chosen_in_their_place_begins_at_none(world: World, asked: UUID) -> None:
    bo = world.visitor("bo", ASSISTANT)
    remind(world, 12)
    ending.decline(world.session, world.visitor("amara"), asked, world.now)
    ines, activity_id = world.visitor("ines"), world.activity_id
    assert activity_id is not None
    second_observers.choose(world.session, ines, activity_id, asked, bo.person_id, world.now)
    agree(world, asked)
    assert world.session.get_one(ObservationRow, asked).needed_observers == 2
    assert remind(world, 3) == 1


def test_ux_m4_what_the_nightly_reminder_tells_is_in_the_same_mail(world: World, asked: UUID) -> None:
    amara = world.session.get_one(PersonRow, world.visitor("amara").person_id)
    amara.email, amara.email_digest = "amara@clinic.example", "d"
    world.session.flush()
    night = world.now + timedelta(days=3)
    reminders.note_all(world.session, night)
    mails = select(MailRow.id).where(MailRow.person_id == amara.id)
    before = world.session.scalars(mails).all()
    assert len(before) == 1
    second_reminders.remind(world.session, night)
    assert world.session.scalars(mails).all() == before
