"""What of supervision waits for somebody's word stands on their first page, until they said it."""

from datetime import timedelta
from uuid import UUID

import pytest

from lti_tool.store.assignments import ConflictRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.supervision import (
    AgreementSignatureRow,
    SessionPartRow,
    SupervisionAgreementRow,
    SupervisionSessionRow,
)
from rubrics.sign_off import Assurance, Lane
from rubrics.supervision import Held, Part, SessionKind
from tests.lti_tool.web.course import Course


def course_id(course: Course) -> UUID:
    return course.world.session.query(CourseRow.id).order_by(CourseRow.id).first()[0]


@pytest.fixture
def agreement_id(course: Course) -> UUID:
    """Jo proposed and signed; Sam has not signed yet."""
    world = course.world
    sam, jo = world.visitor("sam").person_id, world.visitor("jo").person_id
    own = {"organization_id": world.organization_id}
    row = SupervisionAgreementRow(
        id=new_id(), course_id=course_id(course), trainee_id=sam, supervisor_id=jo, lane=Lane.PEER, number=1,
        every_days=14, expectations="We begin with you.", written_by=jo, written_at=world.now, **own,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    world.session.add(
        AgreementSignatureRow(
            id=new_id(), agreement_id=row.id, person_id=jo, digest="0" * 64, assurance=Assurance.LAUNCH,
            signed_at=world.now, **own,
        )
    )  # fmt: skip
    course.kept()
    return row.id


@pytest.fixture
def session_id(course: Course) -> UUID:
    """Jo recorded a session with Sam."""
    world = course.world
    sam, jo = world.visitor("sam").person_id, world.visitor("jo").person_id
    own = {"organization_id": world.organization_id}
    row = SupervisionSessionRow(
        id=new_id(), course_id=course_id(course), kind=SessionKind.INDIVIDUAL, held=Held.PHONE,
        held_on=world.now.date() - timedelta(days=1), minutes=30, recorded_by=jo, recorded_at=world.now, **own,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    for person_id, part in ((sam, Part.TRAINEE), (jo, Part.PEER)):
        world.session.add(SessionPartRow(id=new_id(), session_id=row.id, person_id=person_id, part=part, **own))
    course.kept()
    return row.id


def links_of(course: Course, who: str, path: str) -> str:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200
    return answer.text


def test_cap_c4_an_agreement_stands_on_the_first_page_of_who_has_not_signed_it(
    course: Course, agreement_id: UUID
) -> None:
    assert f"/supervision/agreements/{agreement_id}" in links_of(course, "sam", course.home)
    assert f"/supervision/agreements/{agreement_id}" not in links_of(course, "jo", "/waiting")


def test_cap_c5_a_record_stands_on_the_first_page_of_who_was_there_and_has_not_said_how_they_see_it(
    course: Course, session_id: UUID
) -> None:
    assert f"/supervision/sessions/{session_id}" in links_of(course, "sam", course.home)
    assert f"/supervision/sessions/{session_id}" not in links_of(course, "jo", "/waiting")
    assert f"/supervision/sessions/{session_id}" not in links_of(course, "noor", course.home)


def test_what_waits_of_supervision_is_counted_with_what_waits(course: Course, session_id: UUID) -> None:
    row = course.world.session.get_one(SupervisionSessionRow, session_id)
    row.recorded_by = course.world.visitor("sam").person_id
    course.kept()
    text = links_of(course, "jo", "/waiting")
    assert "1 thing waits for you" in text
    assert f"/supervision/sessions/{session_id}" in text


def test_nothing_of_it_waits_in_a_course_for_reading_only(course: Course, agreement_id: UUID, session_id: UUID) -> None:
    row = course.world.session.get_one(CourseRow, course_id(course))
    row.archived_at, row.archived_by = course.world.now, course.world.visitor("ines").person_id
    course.kept()
    text = links_of(course, "sam", course.home)
    assert str(agreement_id) not in text
    assert str(session_id) not in text


def test_cap_c11_with_whom_a_conflict_stands_there_is_nothing_to_agree(course: Course, agreement_id: UUID) -> None:
    world = course.world
    world.session.add(
        ConflictRow(
            id=new_id(), organization_id=world.organization_id, declared_by=world.visitor("sam").person_id,
            about_id=world.visitor("jo").person_id, declared_at=world.now,
        )
    )  # fmt: skip
    course.kept()
    assert str(agreement_id) not in links_of(course, "sam", course.home)
