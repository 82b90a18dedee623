"""Trainees whom Jo supervises, each with an outcome or without one, who say something: for tests of feedback."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grading.evidence import Outcome
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity import feedback_releases, feedback_subjects, feedback_writing
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.equity import ReleaseRow, ReportKind
from lti_tool.store.programs import EnrollmentRow
from rubrics.sign_off import Lane
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.path_rows import program_in_use

SAID = {"listened": 4, "helped": 2}


def supervised(world: World, *names: str, by: str = "jo") -> None:
    """Trainees of the course who are assigned to somebody."""
    course_id = world.place(world.visitor("ines")).course.id
    for name in names:
        world.session.add(
            AssignmentRow(
                id=new_id(), organization_id=world.organization_id, course_id=course_id, lane=Lane.PEER,
                trainee_id=world.visitor(name, TRAINEE).person_id, person_id=world.visitor(by).person_id,
                assigned_as=AssignedAs.SUPERVISOR, assigned_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()


def enrolled(world: World, *names: str, outcome: Outcome | None = Outcome.CERTIFIED, **decision: Any) -> list[UUID]:
    """On the way through one program, with a decision of today, or without any; the ids of the decisions."""
    program_id, versions = program_in_use(world)
    found = []
    for name in names:
        row = EnrollmentRow(
            id=new_id(), organization_id=world.organization_id, program_id=program_id, version_id=versions[-1],
            person_id=world.visitor(name, TRAINEE).person_id, entered_on=world.now.date() - timedelta(days=100),
            enrolled_at=world.now - timedelta(days=100),
        )  # fmt: skip
        world.session.add(row)
        world.session.flush()
        if outcome is not None:
            found.append(decided(world, row, world.now.date(), outcome, **decision))
    return found


def say(
    world: World, who: str, words: str = "", answers: Mapping[str, int] | None = None, *, of: str = "jo"
) -> Visitor:
    """They say something of somebody who supervises them."""
    visitor = world.visitor(who)
    subject = feedback_subjects.one_person(world.session, visitor, world.visitor(of).person_id)
    feedback_writing.say(world.session, visitor, subject, SAID if answers is None else answers, words, world.now)
    return visitor


def first_night(world: World, months: int = 1) -> datetime:
    """The first night of a month after today."""
    month = world.now.year * 12 + world.now.month - 1 + months
    return datetime(month // 12, month % 12 + 1, 1, 2, tzinfo=UTC)


def shown(world: World, months: int = 1) -> list[ReleaseRow]:
    """All blocks after the first night of that month, the oldest first."""
    feedback_releases.release_due(world.session, world.organization_id, first_night(world, months))
    blocks = select(ReleaseRow).where(ReleaseRow.report == ReportKind.FEEDBACK)
    return list(world.session.scalars(blocks.order_by(ReleaseRow.released_at, ReleaseRow.id)))
