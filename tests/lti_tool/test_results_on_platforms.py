"""Results on their way out of the gradebook of a Moodle, a Canvas and a strict LMS, over real HTTP."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.evidence import Kind
from lti_tool.lti.pages import Patience
from lti_tool.safe_http import SafeHttp
from lti_tool.services.qualifications import lms_results_reading
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.ledger import AttestationRow, LmsResultRuleRow
from lti_tool.store.people import LmsAccountRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow, ProgramVersionRow
from lti_tool.worker import read_results
from tests.lti_tool.services.qualifications.test_lms_results import TEXT
from tests.lti_tool.test_scores_on_platforms import Gradebook
from tests.lti_tool.web.test_lists_of_lmss import connected


@pytest.fixture
def gradebook(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str) -> Iterator[Gradebook]:
    with connected(request.param, tmp_path / "lms", sqlite_url) as reading:
        yield Gradebook(reading.lms, reading.attune)


def column(gradebook: Gradebook, http: SafeHttp, patience: Patience) -> str:
    """The one that the LMS names to us."""
    with gradebook.attune.session() as session:
        course_id = session.scalars(select(CourseRow.id)).one()
        course = lms_results_reading.course_service(session, course_id, gradebook.attune.clock())
    found = lms_results_reading.columns(gradebook.attune.sessions.writing, http, course, patience)
    assert not isinstance(found, str), found
    return found[0].url


def rule(gradebook: Gradebook, url: str) -> UUID:
    """Sam is enrolled, and the column says that an ethics training was done."""
    now, rule_id = gradebook.attune.clock(), new_id()
    with gradebook.attune.session() as session:
        course = session.scalars(select(CourseRow)).one()
        sam = session.scalars(
            select(LmsAccountRow.person_id).where(LmsAccountRow.sub == gradebook.lms.user_id("sam"))
        ).one()
        owned = {"organization_id": course.organization_id}
        program_id, version_id = new_id(), new_id()
        session.add(ProgramRow(id=program_id, key="trained", name="Program", made_at=now, **owned))
        session.flush()
        session.add(
            ProgramVersionRow(
                id=version_id, program_id=program_id, number=1, edition="1", text=TEXT, digest="0" * 64,
                published_at=now, **owned,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            EnrollmentRow(
                id=new_id(), program_id=program_id, person_id=sam, version_id=version_id, entered_on=now.date(),
                enrolled_by=sam, enrolled_at=now, **owned,
            )
        )  # fmt: skip
        session.add(
            LmsResultRuleRow(
                id=rule_id, course_id=course.id, program_id=program_id, number=1, url=url, label="Ethics",
                kind=Kind.TRAINING, at_least=Decimal("0.8"), amount=Decimal(6), unit="hours", made_by=sam, made_at=now,
                said={"category": ["ethics"]}, **owned,
            )
        )  # fmt: skip
    return rule_id


def stands(gradebook: Gradebook) -> list[bool]:
    with gradebook.attune.session() as session:
        return [row.taken_back_at is None for row in session.scalars(select(AttestationRow))]


@pytest.mark.parametrize("gradebook", ["strict", "moodle", "canvas"], indirect=True)
def test_cap_b16_what_a_teacher_gives_in_the_lms_counts_and_is_taken_back_when_it_falls(gradebook: Gradebook) -> None:
    gradebook.place(10)
    http, clock = SafeHttp(lab=True), gradebook.attune.clock
    patience = Patience(clock=clock, pause=lambda _seconds: None)
    rule_id = rule(gradebook, column(gradebook, http, patience))
    sessions = gradebook.attune.sessions.writing
    read_results(sessions, http, rule_id, patience)
    assert stands(gradebook) == []
    gradebook.lms.teacher_grades("sam", 9)
    read_results(sessions, http, rule_id, patience)
    assert stands(gradebook) == [True]
    gradebook.lms.teacher_grades("sam", 5)
    read_results(sessions, http, rule_id, patience)
    assert stands(gradebook) == [False]
