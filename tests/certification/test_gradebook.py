"""Section 8: what a launch says of the gradebook, and where scores go because of it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from grading.delivery import DeliveryState
from lti_tool.safe_http import SafeHttp
from lti_tool.services.scores import send_lane
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow
from tests.certification.course import Course, set_up
from tests.certification.lms import AGS, ENDPOINT, Change, Lms
from tests.certification.place import Browser, words_of
from tests.lti_tool.lti.platform import drop, put
from tests.lti_tool.lti.server import Asked, Reply, as_json

SCORE, LINE_ITEM = AGS + "scope/score", AGS + "scope/lineitem"
NO_COLUMN = "offers no gradebook column"


def gradebook(lms: Lms, **members: Any) -> Change:
    """The claim of the gradebook's service; a member of None is left out."""
    usual = {"scope": [SCORE, LINE_ITEM], "lineitems": f"{lms.issuer}/items", "lineitem": f"{lms.issuer}/items/7"}
    return put(ENDPOINT, {name: value for name, value in {**usual, **members}.items() if value is not None})


@pytest.fixture
def course(lms: Lms, new_browser: Callable[[], Browser]) -> Course:
    """Ines set an activity up, and Sam came in once; of a gradebook nothing was said."""
    course = set_up(lms)
    course.enter(put("sub", "sam"), put("name", "Sam Rivera"), browser=new_browser())
    token = {"access_token": "token", "token_type": "Bearer", "expires_in": 3600}
    lms.server.reply(f"{lms.path}/token", as_json(token))
    return course


def line_item(course: Course) -> LineItemRow | None:
    with course.lms.attune.session() as session:
        found: LineItemRow | None = session.scalars(
            select(LineItemRow).where(LineItemRow.activity_id == course.activity_id)
        ).one_or_none()
        return found


def sent(course: Course, path: str) -> list[Asked]:
    """A score for Sam is sent, as the worker does it; what arrived there."""
    attune = course.lms.attune
    row = line_item(course)
    assert row is not None
    with attune.session() as session:
        sam = select(LmsAccountRow.person_id).where(
            LmsAccountRow.sub == "sam", LmsAccountRow.registration_id == course.lms.registration_id
        )
        known = session.scalars(select(DeliveryRow).where(DeliveryRow.line_item_id == row.id)).one_or_none()
        delivery = known or DeliveryRow(
            id=new_id(), organization_id=row.organization_id, registration_id=row.registration_id,
            line_item_id=row.id, person_id=session.scalars(sam).one(), attempts=0, to_clear=False,
            desired_maximum=Decimal(100),
        )  # fmt: skip
        delivery.desired_score = Decimal(50) if known is None else known.desired_score + 1
        delivery.desired_at = delivery.next_attempt_at = attune.clock()
        delivery.state = DeliveryState.WAITING
        session.add(delivery)
    course.lms.server.reply(f"{course.lms.path}{path}/scores", Reply(200))
    send_lane.drain(attune.sessions.writing, SafeHttp(lab=True), course.lms.registration_id, attune.clock)
    return course.lms.server.asked_at(f"{course.lms.path}{path}/scores")


def test_A01_without_the_claim_nothing_of_the_gradebook_is_kept_and_the_page_says_so(course: Course) -> None:
    assert line_item(course) is None
    page = course.lms.browser.get(f"{course.url}/gradebook")
    assert page.status_code == 200
    assert NO_COLUMN in words_of(page.text)


@pytest.mark.parametrize("claim", [{}, [], "x", {"scope": [SCORE]}, {"lineitem": 5}, {"lineitems": ["x"]}, None])
def test_A01_a_claim_that_names_no_column_is_as_none(course: Course, claim: Any) -> None:
    assert course.enter(put(ENDPOINT, claim)).status_code == 200
    row = line_item(course)
    assert row is None or (row.url, row.line_items_url) == (None, None)


def test_A02_scores_go_to_the_column_that_the_launch_names(course: Course) -> None:
    course.enter(gradebook(course.lms))
    (asked,) = sent(course, "/items/7")
    assert (asked.method, asked.json["scoreGiven"]) == ("POST", 50)
    assert not course.lms.server.asked_at(f"{course.lms.path}/items")


def test_A04_with_the_score_scope_alone_the_list_is_never_called(course: Course) -> None:
    course.enter(gradebook(course.lms, scope=[SCORE]))
    assert len(sent(course, "/items/7")) == 1
    assert not course.lms.server.asked_at(f"{course.lms.path}/items")


def test_A06_another_address_at_a_later_launch_takes_the_place_of_the_one_that_was_kept(
    course: Course, new_browser: Callable[[], Browser]
) -> None:
    course.enter(gradebook(course.lms))
    assert len(sent(course, "/items/7")) == 1
    course.lms.attune.clock.now += timedelta(minutes=1)
    moved = gradebook(course.lms, lineitem=f"{course.lms.issuer}/items/8", lineitems=f"{course.lms.issuer}/columns")
    course.enter(moved, put("sub", "sam"), put("name", "Sam Rivera"), browser=new_browser())
    row = line_item(course)
    assert row is not None
    assert (row.url, row.line_items_url) == (f"{course.lms.issuer}/items/8", f"{course.lms.issuer}/columns")
    assert len(sent(course, "/items/8")) == 1
    assert len(course.lms.server.asked_at(f"{course.lms.path}/items/7/scores")) == 1


def test_A06_a_launch_that_says_nothing_of_the_gradebook_takes_nothing_away(course: Course) -> None:
    course.enter(gradebook(course.lms))
    course.enter(drop(ENDPOINT))
    row = line_item(course)
    assert row is not None
    assert row.url == f"{course.lms.issuer}/items/7"
    assert set(row.scopes) == {SCORE, LINE_ITEM}
