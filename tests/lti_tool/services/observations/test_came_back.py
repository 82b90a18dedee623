"""What stands still comes back to a person, and the trainee reads that it does."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from lti_tool.services.asking import asking_another, recusal
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import came_back
from lti_tool.services.observations.came_back import Why
from lti_tool.store.mail import MailRow
from lti_tool.store.messages import MessageRow
from lti_tool.store.observations import ConsentRow, ObservationRow, ObserverRow, ObserverState
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import MakeWorld, World


def whys(world: World) -> Collection[Why]:
    """The same for the instructors and for the trainee."""
    world.session.flush()
    place = world.place(world.visitor("ines"))
    found = came_back.came_back(world.session, place, world.now)
    own = came_back.came_back(world.session, place, world.now, trainee_id=world.visitor("sam").person_id)
    assert [one.why for one in found] == [one.why for one in own]
    assert came_back.came_back(world.session, place, world.now, trainee_id=world.visitor("noor").person_id) == ()
    return [one.why for one in found]


def declare(world: World, who: str, about: str) -> None:
    recusal.declare(world.session, world.visitor(who), world.visitor(about).person_id, world.now)


def set_row(world: World, observation_id: UUID, **values: object) -> None:
    world.session.execute(update(ObservationRow).where(ObservationRow.id == observation_id).values(**values))


def test_ux_p7_nothing_comes_back_while_all_goes_its_way(world: World) -> None:
    world.ask()
    world.answered()
    assert whys(world) == []


def test_ux_p7_a_request_comes_back_after_the_days_that_the_activity_gives(world: World) -> None:
    world.ask()
    world.now += timedelta(days=4, hours=23)
    assert whys(world) == []
    world.now += timedelta(hours=1)
    assert whys(world) == [Why.NO_ANSWER]


def test_ux_p7_a_time_that_passed_comes_back_after_a_day(world: World) -> None:
    asked = world.ask()
    world.session.execute(update(ObserverRow).values(state=ObserverState.AGREED, answered_at=world.now))
    set_row(world, asked, starts_at=world.now, ends_at=world.now + timedelta(hours=1))
    assert whys(world) == []
    world.now += timedelta(days=1, hours=1)
    assert whys(world) == [Why.TIME_PASSED]


def test_ux_p7_a_talk_that_was_not_held_comes_back_after_two_weeks(world: World) -> None:
    shared = world.share()
    set_row(world, shared, talk_asked_at=world.now)
    world.now += timedelta(days=14)
    assert whys(world) == [Why.TALK]
    set_row(world, shared, talk_held_at=world.now)
    assert whys(world) == []


def test_ux_p7_what_was_begun_and_not_handed_in_comes_back_after_two_weeks_and_not_while_it_is_paused(
    world: World,
) -> None:
    begun = world.begin()
    world.now += timedelta(days=13, hours=23)
    assert whys(world) == []
    world.now += timedelta(hours=1)
    assert whys(world) == [Why.NOT_HANDED_IN]
    set_row(world, begun, state=State.PAUSED)
    assert whys(world) == []


def test_cap_c11_without_an_observer_it_comes_back_and_is_given_to_another(world: World) -> None:
    asked = world.ask()
    declare(world, "jo", "sam")
    assert whys(world) == [Why.NO_OBSERVER]
    ines, amara = world.visitor("ines"), world.visitor("amara").person_id
    asking_another.ask_another(
        world.session, ines, world.place(ines), asked, instead_of=None, person_id=amara, now=world.now
    )
    assert whys(world) == []
    assert world.session.get_one(ObservationRow, asked).observer_id == amara


def test_cap_c11_what_was_stopped_comes_back_until_the_trainee_asked_anew(world: World) -> None:
    world.begin()
    declare(world, "sam", "jo")
    assert whys(world) == [Why.STOPPED]
    assert world.session.query(ObservationRow).one().state is State.STOPPED


def test_cap_c11_where_nobody_else_signs_in_the_lane_it_comes_back(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    world.answered()
    assert whys(world) == []
    declare(world, "amara", "sam")
    assert whys(world) == [Why.NO_SIGNER]


def test_cap_c11_discovered_late_what_is_final_is_told_to_a_person(world: World) -> None:
    world.sign("jo", world.answered())
    assert whys(world) == []
    declare(world, "jo", "sam")
    assert whys(world) == [Why.SIGNED_BEFORE]


def test_somebody_with_whom_a_conflict_stands_cannot_be_asked_instead(world: World) -> None:
    asked = world.ask()
    declare(world, "sam", "amara")
    ines, jo = world.visitor("ines"), world.visitor("jo").person_id
    with pytest.raises(Refused):
        asking_another.ask_another(
            world.session, ines, world.place(ines), asked, instead_of=jo,
            person_id=world.visitor("amara").person_id, now=world.now,
        )  # fmt: skip


def test_what_was_taken_back_is_nobodys_to_see_or_change(world: World) -> None:
    asked = world.ask()
    set_row(world, asked, state=State.WITHDRAWN)
    world.session.expire_all()
    ines = world.visitor("ines")
    with pytest.raises(NotHere):
        asking_another.remind(world.session, ines, world.place(ines), asked, world.now)
    assert whys(world) == []


def test_whoever_said_no_can_be_asked_again_and_a_time_that_is_over_is_no_time_any_more(world: World) -> None:
    asked, ines, jo = world.ask(), world.visitor("ines"), world.visitor("jo").person_id
    set_row(world, asked, starts_at=world.now + timedelta(hours=1), ends_at=world.now + timedelta(hours=2))

    def again() -> ObservationRow:
        world.session.execute(update(ObserverRow).values(state=ObserverState.DECLINED, answered_at=world.now))
        world.session.expire_all()
        asking_another.ask_another(
            world.session, ines, world.place(ines), asked, instead_of=None, person_id=jo, now=world.now
        )  # fmt: skip
        return world.session.get_one(ObservationRow, asked)

    row = again()
    assert (row.proposed_by, row.starts_at) == (ines.person_id, world.now + timedelta(hours=1))
    (part,) = world.session.query(ObserverRow)
    assert (part.person_id, part.state, part.answered_at) == (jo, ObserverState.ASKED, None)
    assert world.session.query(ConsentRow).all() == []
    asking_another.remind(world.session, ines, world.place(ines), asked, world.now)
    world.now += timedelta(hours=3)
    row = again()
    assert (row.proposed_by, row.starts_at, row.ends_at) == (None, None, None)
    world.session.execute(update(ObserverRow).values(state=ObserverState.AGREED, answered_at=world.now))
    before = world.session.query(MailRow).count(), world.session.query(MessageRow).count()
    asking_another.remind(world.session, ines, world.place(ines), asked, world.now)  # nobody is waited for
    assert (world.session.query(MailRow).count(), world.session.query(MessageRow).count()) == before


def test_what_has_begun_stays_with_whoever_observes(world: World) -> None:
    begun, ines, amara = world.begin(), world.visitor("ines"), world.visitor("amara").person_id
    with pytest.raises(Refused):
        asking_another.ask_another(
            world.session, ines, world.place(ines), begun, instead_of=None, person_id=amara, now=world.now
        )  # fmt: skip
