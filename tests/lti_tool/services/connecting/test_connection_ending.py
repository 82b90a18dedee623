"""An LMS that is left: nobody comes in, nothing is sent, every record can be read."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grading.delivery import DeliveryState
from lti_tool.services.connecting import connection_ending, connections
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import handed_way_in, invitations
from lti_tool.services.entering.visitors import who_is_it
from lti_tool.services.personal_data.theirs import table
from lti_tool.services.scores import lanes
from lti_tool.services.scores.sync_states import Scope, column_of
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import SignOffRow
from lti_tool.store.people import LmsAccountRow, SessionRow
from lti_tool.store.platforms import DeploymentRow, PlatformTokenRow, RegistrationRow
from tests.lti_tool.services.conftest import World


def operator(world: World) -> Operator:
    return Operator(world.organization_id, None)


@pytest.fixture
def signed(world: World) -> World:
    """Somebody signed, and the score waits; our token for the LMS is kept."""
    world.sign("jo", world.answered())
    world.session.add(
        PlatformTokenRow(
            id=new_id(), organization_id=world.organization_id, registration_id=world.registration_id, scopes="score",
            token="a token", expires_at=world.now + timedelta(hours=1),
        )
    )  # fmt: skip
    world.session.flush()
    return world


def end(world: World) -> int:
    return connection_ending.end(world.session, operator(world), world.registration_id, world.now)


def test_what_hangs_on_a_connection_is_counted_before(signed: World) -> None:
    hangs = connection_ending.what_hangs(signed.session, operator(signed), signed.registration_id, signed.now)
    assert (hangs.courses, hangs.people, hangs.no_other_way, hangs.columns) == (1, 5, 5, 1)
    assert (hangs.waiting, hangs.accepted) == (1, 0)
    assert hangs.sessions >= 5


def test_sessions_end_tokens_are_forgotten_and_no_score_goes_out_any_more(signed: World) -> None:
    session = signed.session
    row = session.get_one(RegistrationRow, signed.registration_id)
    row.registration_access_token = "a secret"
    assert end(signed) >= 5
    assert session.scalars(select(func.count()).where(SessionRow.ended_at.is_(None))).one() == 0
    assert session.scalars(select(PlatformTokenRow)).first() is None
    row = session.get_one(RegistrationRow, signed.registration_id)
    assert (row.active, row.ended_at, row.registration_access_token) == (False, signed.now, None)
    later = signed.now + timedelta(days=3)
    assert lanes.due(session, later) == ()
    assert lanes.take(session, signed.registration_id, later) is None


def test_records_stay_and_the_column_says_since_when_the_lms_is_left(signed: World) -> None:
    session = signed.session
    before = {name: session.scalars(select(func.count()).select_from(table(name))).one()
              for name in ("observation", "sign_off", "rating", "delivery", "membership", "person")}  # fmt: skip
    end(signed)
    assert before == {name: session.scalars(select(func.count()).select_from(table(name))).one() for name in before}
    assert session.scalars(select(SignOffRow)).one()
    course, column = session.scalars(select(CourseRow.id)).one(), session.scalars(select(LineItemRow.id)).one()
    state = column_of(session, Scope(signed.organization_id, course, column))
    assert state is not None
    assert state.ended_at == signed.now


def test_ending_twice_changes_nothing_and_it_can_be_taken_up_again(signed: World) -> None:
    end(signed)
    assert end(signed) == 0
    connections.switch(signed.session, operator(signed), signed.registration_id, on=True, now=signed.now)
    signed.session.flush()
    row = signed.session.get_one(RegistrationRow, signed.registration_id)
    assert (row.active, row.ended_at) == (True, None)
    assert lanes.due(signed.session, signed.now) == (signed.registration_id,)
    assert signed.session.scalars(select(DeliveryRow.state)).one() is DeliveryState.WAITING


def test_taken_up_again_the_next_launch_offers_notices_anew(signed: World) -> None:
    deployment = signed.session.scalars(
        select(DeploymentRow).where(DeploymentRow.registration_id == signed.registration_id)
    ).one()
    deployment.notices_url, deployment.notice_types = "https://lms.example/notices", ["LtiContextCopyNotice"]
    signed.session.flush()
    end(signed)
    signed.session.refresh(deployment)
    assert (deployment.notices_url, deployment.notice_types) == (None, None)


def test_nobody_ends_a_connection_of_another_organization(signed: World) -> None:
    with pytest.raises(NotHere):
        connection_ending.end(signed.session, Operator(new_id(), None), signed.registration_id, signed.now)


def test_whoever_has_no_way_in_any_more_is_handed_one_that_opens_once(signed: World) -> None:
    session = signed.session
    end(signed)
    sam = handed_way_in.person_of_account(session, signed.registration_id, "sam")
    invited = handed_way_in.hand_over(session, sam, signed.now)
    token = invitations.enter_with_code(session, invited.link_secret, invited.code, signed.now)
    assert token is not None
    visitor = who_is_it(session, token, signed.now)
    assert visitor is not None
    assert visitor.person_id == sam
    assert invitations.enter_with_code(session, invited.link_secret, invited.code, signed.now) is None


def test_a_way_in_is_handed_over_for_nobody_who_is_not_there(signed: World) -> None:
    for unknown in (None, new_id()):
        with pytest.raises(NotHere):
            handed_way_in.hand_over(signed.session, unknown, signed.now)
    with pytest.raises(NotHere):
        handed_way_in.person_of_account(signed.session, signed.registration_id, "nobody")
    assert signed.session.scalars(select(func.count()).select_from(LmsAccountRow)).one() == 5
