"""What people are qualified in: recorded by who saw it, with its days, and seen by the person."""

from datetime import timedelta

from lti_tool.store.assignments import QualificationRow
from lti_tool.store.courses import ActivityRow
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def of_jo(course: Course) -> str:
    return f"{course.home}/people/{course.world.visitor('jo').person_id}/qualifications"


def record(course: Course, kind: str = "Bias training", *, days: int = 365) -> object:
    first = course.world.now.date()
    return course.browser("ines").act(
        of_jo(course), kind=kind, **{"from": first.isoformat(), "until": (first + timedelta(days=days)).isoformat()}
    )


def test_cap_c3_a_qualification_is_recorded_with_its_days_and_the_person_sees_who_saw_it(course: Course) -> None:
    assert "Record one that you saw" in course.browser("ines").get(of_jo(course)).text
    assert record(course).status_code == 303  # type: ignore[attr-defined]
    text = Read(course.browser("jo").get("/qualifications").text).text
    assert "Bias training" in text
    assert "good from March 2, 2026 to March 2, 2027" in text
    assert "Recorded by Ines Example" in text


def test_cap_c3_what_ends_soon_is_said_to_the_instructors(course: Course) -> None:
    course.world.session.query(ActivityRow).update({"qualifications": ["Bias training"]})
    course.kept()
    record(course, days=10)
    text = Read(course.browser("ines").get(f"{course.home}?tab=activity").text).text
    assert "1 qualification ends within a month or has ended: Jo Example, Bias training (March 12, 2026)" in text


def test_it_is_taken_back_and_stays_in_the_table(course: Course) -> None:
    record(course)
    found = course.world.session.query(QualificationRow).one().id
    course.kept()
    assert course.browser("ines").act(f"{of_jo(course)}/end", qualification=str(found)).status_code == 303
    assert "Nothing is recorded yet." in Read(course.browser("jo").get("/qualifications").text).text
    course.kept()
    assert course.world.session.query(QualificationRow).one().ended_at is not None


def test_days_in_the_wrong_order_and_no_name_are_asked_for_again(course: Course) -> None:
    answer = record(course, days=-1)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Bias training" in answer.text  # type: ignore[attr-defined]
    assert record(course, "  ").status_code == 422  # type: ignore[attr-defined]


def test_nobody_else_records_or_reads_them(course: Course) -> None:
    for who in ("sam", "jo"):
        assert course.browser(who).get(of_jo(course)).status_code == 403
