"""Signing several at once, as the pages lead through it."""

import html
import re
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.asking import ask
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow, SignOffRow, SignOffWithdrawalRow
from rubrics.observation import State
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course()


def address(*observation_ids: UUID) -> str:
    return "/several?" + "&".join(f"o={observation_id}:peer" for observation_id in observation_ids)


def to_sign(page: str) -> list[str]:
    return re.findall(r'name="sign"\s+value="([^"]+)"', page)


def sign_these(course: Course, *observation_ids: UUID) -> str:
    page = course.browser("jo").get(address(*observation_ids)).text
    answered = course.browser("jo").act("/several", key=hidden(page)["act"], sign=to_sign(page))
    assert answered.status_code == 303
    course.kept()
    return str(answered.location)


def take_back(course: Course, done: str) -> str:
    page = course.browser("jo").get(done).text
    found = re.findall(r'name="o"\s+value="([^"]+)"', page)
    answered = course.browser("jo").act("/several/take-back", at=hidden(page)["at"], o=found)
    assert answered.status_code == 303
    course.kept()
    return str(answered.location)


def test_the_queue_offers_several_at_once_only_where_there_are_several(course: Course) -> None:
    course.answered()
    assert "Read and sign those that are chosen" not in course.browser("jo").get("/waiting").text
    course.answered()
    page = course.browser("jo").get("/waiting").text
    assert "Read and sign those that are chosen" in page
    assert page.count('type="checkbox"') == 2


def test_each_is_on_the_page_in_full_before_one_button_signs_them(course: Course) -> None:
    one, two = course.answered("Words of the first."), course.answered("Words of the second.")
    page = course.browser("jo").get(address(one, two)).text
    read = Read(page)
    assert "Words of the first." in read.text
    assert "Words of the second." in read.text
    assert read.text.count("I observed this practice myself.") == 2
    assert "Sign these 2" in read.text
    assert page.count('<details class="card-plain one-of-several" open>') == 1


def test_ux_c5_several_are_signed_and_taken_back_in_one_tap_before_anything_is_sent_on(
    course: Course, looked_at: list[UUID]
) -> None:
    done = sign_these(course, course.answered(), course.answered())
    read = Read(course.browser("jo").get(done).text)
    assert "2 signed" in read.text
    assert "Nothing is sent on before March 2, 2026, 9:10" in read.text
    assert looked_at == []
    assert course.world.session.scalars(select(DeliveryRow)).all() == []
    course.kept()
    after = Read(course.browser("jo").get(take_back(course, done)).text)
    assert "2 signatures are taken back." in after.text
    assert len(course.world.session.scalars(select(SignOffWithdrawalRow)).all()) == 2
    course.kept()
    assert "2 things wait for you" in Read(course.browser("jo").get("/waiting").text).text


def test_one_that_changed_is_named_beside_those_that_are_signed(course: Course) -> None:
    one, gone, two = course.answered(), course.answered(), course.answered()
    page = course.browser("jo").get(address(one, gone, two)).text
    ask.withdraw(course.world.session, course.world.visitor("sam"), gone, course.world.now)
    course.kept()
    fields = [text if str(two) not in text else f"{two}:peer:{'0' * 64}" for text in to_sign(page)]
    answered = course.browser("jo").act("/several", sign=fields)
    read = Read(course.browser("jo").get(answered.location).text)
    assert "1 signed" in read.text
    assert "This changed after the page was shown. Please read it again before you sign." in read.text
    assert "One of them is not there for you any more" in read.text
    assert f"/o/{two}/sign/peer" in read.links


def test_a_second_press_signs_once_and_shows_the_same_page(course: Course) -> None:
    one, two = course.answered(), course.answered()
    page = course.browser("jo").get(address(one, two)).text
    form = {"key": hidden(page)["act"], "sign": to_sign(page)}
    first, second = (course.browser("jo").act("/several", **form) for _ in range(2))
    assert first.location == second.location
    course.kept()
    assert len(course.world.session.scalars(select(SignOffRow)).all()) == 2


def test_after_ten_minutes_it_is_sent_on_and_no_longer_taken_back_here(course: Course) -> None:
    observation_id = course.answered()
    done = sign_these(course, observation_id)
    page = course.browser("jo").get(done).text
    course.app.extensions["attune"].clock.advance(minutes=10)
    assert "Take these back" not in course.browser("jo").get(done).text
    fields = {"at": hidden(page)["at"], "o": [f"{observation_id}:peer"]}
    course.browser("jo").act("/several/take-back", **fields)
    read = Read(course.browser("sam").get(f"/o/{observation_id}").text)
    assert "It is signed and counts on your path." in read.text
    course.kept()
    row = course.world.session.get_one(ObservationRow, observation_id)
    assert row.state is State.RELEASED
    assert course.world.session.scalars(select(DeliveryRow)).all() != []


def test_nothing_that_is_ticked_leads_back_with_a_sentence(course: Course) -> None:
    answered = course.browser("jo").get("/several")
    assert urlsplit(answered.location).path == "/waiting"
    assert "Please choose at least one" in html.unescape(course.browser("jo").get(answered.location).text)


@pytest.mark.parametrize("which", ["?o=x", "?o=x:peer", "?o=00000000-0000-0000-0000-000000000000:other"])
def test_an_address_that_says_nothing_is_not_understood(course: Course, which: str) -> None:
    assert course.browser("jo").get("/several" + which).status_code == 400


def test_what_is_somebody_elses_is_not_on_the_page(course: Course) -> None:
    observation_id = course.answered()
    for who in ("noor", "sam", "ines", "amara"):
        page = course.browser(who).get(address(observation_id))
        assert page.status_code == 200
        assert "Let the silence be." not in page.text
        assert to_sign(page.text) == []
