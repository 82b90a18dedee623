"""Notices that are kept, what the worker does for them, and asking platforms to send them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import periodic, worker
from lti_tool.lti.claims import NoticesEndpoint
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.notices import CourseCopied, Notice
from lti_tool.queue import Kind
from lti_tool.services.connecting import notices, platforms
from lti_tool.services.linking import copy_choices
from lti_tool.services.operating import clean
from lti_tool.store.copies import CopySource, CourseCopyRow
from lti_tool.store.courses import CourseRow
from lti_tool.store.platforms import (
    DeploymentRow,
    DeploymentState,
    NoticeRow,
    NoticeState,
    RegistrationRow,
)
from tests.lti_tool.services.conftest import INSTRUCTOR, ISSUER, World
from tests.lti_tool.services.copying import COPY, ORIGIN

HANDLER = "https://attune.school.example/lti/notices"
URL = f"{ISSUER}/api/lti/notice-handlers/1057"
OFFER = NoticesEndpoint(URL, ("LtiHelloWorldNotice", "LtiAssetProcessorSubmissionNotice", "LtiContextCopyNotice"))


def notice(world: World, **changes: Any) -> Notice:
    row = world.session.get_one(RegistrationRow, world.registration_id)
    usual = Notice(
        registration=platforms.registration_of(row),
        deployment_id="1",
        id="notice-1",
        type="LtiContextCopyNotice",
        happened_at=world.now - timedelta(minutes=1),
        copied=CourseCopied(COPY, ("never heard of", ORIGIN)),
        nonce_digest="a" * 64,
        ends_at=world.now + timedelta(hours=1),
    )
    return replace(usual, **changes)


# ---- keeping ----


def test_lti_s08_a_notice_about_a_copied_course_is_kept_and_waits_for_the_worker(world: World) -> None:
    row_id = notices.keep(world.session, notice(world), world.now)
    assert notices.waiting(world.session) == [row_id]
    row = world.session.get_one(NoticeRow, row_id)
    assert (row.notice_id, row.state, row.received_at) == ("notice-1", NoticeState.WAITING, world.now)
    assert row.content == {"course": COPY, "origins": ["never heard of", ORIGIN]}


@pytest.mark.parametrize("again", [{}, {"nonce_digest": "b" * 64}])
def test_lti_s06_the_same_notice_twice_is_kept_once(world: World, again: dict[str, str]) -> None:
    row_id = notices.keep(world.session, notice(world), world.now)
    assert notices.keep(world.session, notice(world, **again), world.now) is None
    assert world.session.scalars(select(NoticeRow.id)).all() == [row_id]


def test_lti_s04_a_nonce_that_was_used_brings_no_second_notice(world: World) -> None:
    notices.keep(world.session, notice(world), world.now)
    with pytest.raises(LaunchRejected) as refused:
        notices.keep(world.session, notice(world, id="notice-2"), world.now)
    assert refused.value.code is LaunchProblem.REPLAYED
    assert len(world.session.scalars(select(NoticeRow)).all()) == 1


@pytest.mark.parametrize(
    ("type_", "state"),
    [("LtiHelloWorldNotice", NoticeState.DONE), ("LtiAssetProcessorSubmissionNotice", NoticeState.IGNORED)],
)
def test_lti_s09_s13_other_notices_are_kept_without_work(world: World, type_: str, state: NoticeState) -> None:
    assert notices.keep(world.session, notice(world, type=type_, copied=None), world.now) is None
    (row,) = world.session.scalars(select(NoticeRow)).all()
    assert (row.notice_type, row.state, row.content) == (type_, state, {})


def test_lti_s04_a_deployment_that_nobody_knows_or_that_waits_brings_nothing(world: World) -> None:
    with pytest.raises(LaunchRejected) as unknown:
        notices.keep(world.session, notice(world, deployment_id="2"), world.now)
    assert unknown.value.code is LaunchProblem.DEPLOYMENT_WRONG
    world.session.scalars(select(DeploymentRow)).one().state = DeploymentState.PENDING
    with pytest.raises(LaunchRejected) as waits:
        notices.keep(world.session, notice(world), world.now)
    assert waits.value.code is LaunchProblem.DEPLOYMENT_WAITS
    assert world.session.scalars(select(NoticeRow)).all() == []


# ---- doing ----


def test_lti_s10_the_activities_of_the_origin_wait_for_an_instructor_of_the_new_course(world: World) -> None:
    row_id = notices.keep(world.session, notice(world), world.now)
    assert row_id is not None
    for _twice in range(2):
        notices.do(world.session, row_id, world.now)
    world.session.flush()
    assert notices.waiting(world.session) == []
    (copy,) = world.session.scalars(select(CourseCopyRow)).all()
    course = world.session.get_one(CourseRow, copy.course_id)
    assert (course.lti_context_id, copy.source) == (COPY, CopySource.NOTICE)
    assert [one.activity.id for one in copy_choices.waiting(world.session, course.id)] == [world.activity_id]


def test_lti_s11_an_origin_that_nobody_knows_is_no_origin(world: World) -> None:
    row_id = notices.keep(world.session, notice(world, copied=CourseCopied(COPY, ("x", "y"))), world.now)
    assert row_id is not None
    notices.do(world.session, row_id, world.now)
    assert world.session.scalars(select(CourseCopyRow)).all() == []
    assert world.session.get_one(NoticeRow, row_id).state is NoticeState.DONE


def test_the_course_that_a_notice_made_gets_its_title_from_the_first_launch(world: World) -> None:
    row_id = notices.keep(world.session, notice(world), world.now)
    assert row_id is not None
    notices.do(world.session, row_id, world.now)
    context = replace(world.launch("ines", INSTRUCTOR).context, id=COPY, title="Spring")  # type: ignore[type-var]  # it has one
    world.enter("ines", INSTRUCTOR, context=context)
    titles = world.session.scalars(select(CourseRow.title).where(CourseRow.lti_context_id == COPY)).all()
    assert titles == ["Spring"]


def test_a_notice_without_work_has_nothing_done(world: World) -> None:
    notices.keep(world.session, notice(world, type="LtiHelloWorldNotice", copied=None), world.now)
    (row,) = world.session.scalars(select(NoticeRow)).all()
    before = len(world.session.scalars(select(CourseRow)).all())
    notices.do(world.session, row.id, world.now)
    assert len(world.session.scalars(select(CourseRow)).all()) == before


def test_a_row_that_is_gone_is_no_trouble(world: World) -> None:
    notices.do(world.session, UUID(int=7), world.now)


def test_the_worker_does_what_waits_and_the_sweep_finds_it(world: World, sessions: sessionmaker[Session]) -> None:
    row_id = notices.keep(world.session, notice(world), world.now)
    assert row_id is not None
    world.session.commit()
    asked: list[tuple[Kind, UUID]] = []
    periodic.sweep(sessions, lambda kind, one: asked.append((kind, one)))
    assert (Kind.NOTICE, row_id) in asked
    worker.do_notice(sessions, row_id)
    world.session.expire_all()
    assert world.session.get_one(NoticeRow, row_id).state is NoticeState.DONE


def test_old_notices_go_and_one_that_waits_stays(world: World) -> None:
    waits = notices.keep(world.session, notice(world), world.now)
    notices.keep(world.session, notice(world, id="old", nonce_digest="b" * 64, copied=None), world.now)
    clean.clean(world.session, world.now + timedelta(days=89))
    assert len(world.session.scalars(select(NoticeRow)).all()) == 2
    clean.clean(world.session, world.now + timedelta(days=91))
    assert world.session.scalars(select(NoticeRow.id)).all() == [waits]
