"""An act happens once, however often its form is posted."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Blueprint, Flask, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.queue import Kind
from lti_tool.settings import Settings
from lti_tool.store.platforms import SpentStateRow
from lti_tool.store.records import ActRow
from lti_tool.web import current
from lti_tool.web.access import check_routes, signed_in
from lti_tool.web.acts import act
from rubrics.refusal import Refused
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser

pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def notes() -> Blueprint:
    """A small place in which acts leave a mark in the database."""
    bp = Blueprint("notes", __name__)

    @bp.route("/notes", methods=["GET", "POST"])
    @signed_in
    @act
    def write() -> ResponseReturnValue:
        if request.method == "GET":
            return "a page"
        digest = str(uuid4())
        current.db().add(SpentStateRow(digest=digest, expires_at=current.now()))
        current.db().flush()
        current.look_at(Kind.DELIVERY, UUID(int=1))
        match request.form.get("how"):
            case "refused":
                raise Refused("not_now", "This is not possible now.")
            case "needs more":
                return "the form again", 422
            case "nowhere":
                return "done"
        return redirect(f"/notes/{digest}", 303)

    return bp


def with_notes(app: Flask) -> None:
    app.register_blueprint(notes())
    check_routes(app)


@pytest.fixture
def app(settings: Settings, clock: Clock, looked_at: list[UUID]) -> Iterator[Flask]:
    with app_for_one_test(
        settings, clock=clock, look_at=lambda _kind, row_id: looked_at.append(row_id), also=with_notes
    ) as app:
        app.test_client_class = Browser
        yield app


@pytest.fixture
def written(sessions: sessionmaker[Session]) -> Callable[[], int]:
    """How often the act was done."""

    def count() -> int:
        with sessions() as session:
            return session.scalars(select(func.count()).select_from(SpentStateRow)).one()

    return count


def test_the_same_form_posted_twice_acts_once_and_leads_to_the_same_place(
    come_in: Callable[..., Browser], written: Callable[[], int], looked_at: list[UUID]
) -> None:
    browser = come_in()
    first, second = browser.act("/notes", words="x"), browser.act("/notes", words="x")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert written() == 1
    assert looked_at == [UUID(int=1)]


def test_two_posts_at_once_act_once(come_in: Callable[..., Browser], written: Callable[[], int], app: Flask) -> None:
    browser = come_in()
    data = {"csrf_token": browser.token(), "act": "a-key-of-one-form-1"}
    cookies = "; ".join(
        f"{name}={browser.get_cookie(name, domain='attune.school.example').value}"
        for name in ("__Host-attune", "__Host-attune-browser")
    )

    def post(_number: int) -> str | None:
        client = app.test_client(use_cookies=False)
        return client.post("/notes", data=data, headers={"Cookie": cookies}).location

    with ThreadPoolExecutor(4) as threads:
        places = set(threads.map(post, range(4)))
    assert len(places) == 1
    assert None not in places
    assert written() == 1


def test_an_edited_form_is_a_new_act(come_in: Callable[..., Browser], written: Callable[[], int]) -> None:
    browser = come_in()
    first, second = browser.act("/notes", words="to Jo"), browser.act("/notes", words="to Ana")
    assert first.location != second.location
    assert written() == 2


def test_the_same_key_of_another_person_is_another_act(
    come_in: Callable[..., Browser], written: Callable[[], int]
) -> None:
    come_in("Sam").act("/notes")
    come_in("Jo").act("/notes")
    assert written() == 2


@pytest.mark.parametrize(("how", "status"), [("refused", 409), ("needs more", 422)])
def test_what_was_not_done_leaves_nothing_and_may_be_posted_again(
    come_in: Callable[..., Browser],
    written: Callable[[], int],
    sessions: sessionmaker[Session],
    looked_at: list[UUID],
    how: str,
    status: int,
) -> None:
    browser = come_in()
    assert browser.act("/notes", how=how).status_code == status
    assert browser.act("/notes", how=how).status_code == status
    assert written() == 0
    assert looked_at == []
    with sessions() as session:
        assert session.scalars(select(ActRow)).all() == []


def test_a_form_without_a_key_does_nothing(come_in: Callable[..., Browser], written: Callable[[], int]) -> None:
    browser = come_in()
    for key in ("", "short", "x" * 65):
        assert browser.act("/notes", key).status_code == 400
    assert written() == 0


def test_an_act_that_leads_nowhere_is_our_mistake_and_does_nothing(
    come_in: Callable[..., Browser], written: Callable[[], int]
) -> None:
    assert come_in().act("/notes", how="nowhere").status_code == 500
    assert written() == 0


def test_a_queue_that_cannot_be_reached_takes_nothing_back(
    app: Flask, come_in: Callable[..., Browser], written: Callable[[], int]
) -> None:
    def unreachable(_kind: Kind, _row_id: UUID) -> None:
        raise OSError("the queue is locked")

    app.extensions["attune"] = replace(app.extensions["attune"], look_at=unreachable)
    assert come_in().act("/notes").status_code == 303
    assert written() == 1


def test_a_page_of_the_same_address_passes_through(come_in: Callable[..., Browser]) -> None:
    assert come_in().get("/notes").text == "a page"
