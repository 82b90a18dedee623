"""Supervision and sites at a glance: numbers of work by name, agreements that end, settings without small numbers."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from grading.ledger import EntryKind, EntryState
from lti_tool.services.cohorts import site_report
from lti_tool.services.cohorts.supervisor_load import Name, loads
from lti_tool.store.assignments import AssignedAs, AssignmentRow, AvailabilityRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.observations import SignOffRow
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Assurance, Lane, Meaning
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.observed_rows import observed
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_program_pages import lead
from tests.lti_tool.web.test_progress_pages import keep
from tests.lti_tool.web.test_queries import a_site, counted
from tests.lti_tool.web.test_site_pages import add_site, agree, place


@pytest.fixture
def lea(course: Course) -> Any:
    return lead(course)


def assigned(course: Course, who: str = "jo", trainee: str = "sam") -> None:
    world = course.world
    world.session.add(
        AssignmentRow(
            id=new_id(), organization_id=world.organization_id, trainee_id=world.visitor(trainee, TRAINEE).person_id,
            course_id=world.session.get_one(ActivityRow, world.activity_id).course_id, assigned_at=world.now,
            person_id=world.visitor(who).person_id, assigned_as=AssignedAs.SUPERVISOR, lane=Lane.PEER,
        )
    )  # fmt: skip
    course.kept()


def signed_after(course: Course, *days: int, ago: int = 10) -> None:
    """Jo signed so many observations, each so many days after it could be signed."""
    world = course.world
    sam, jo = world.visitor("sam").person_id, world.visitor("jo").person_id
    for number, waited in enumerate(days):
        at = world.now - timedelta(days=ago)
        ready = at - timedelta(days=waited)
        id_ = observed(world, sam, days=-ago, shared_at=ready, respond_until=ready + timedelta(days=7),
                       answered_at=ready)  # fmt: skip
        world.session.add(
            SignOffRow(
                id=new_id(), organization_id=world.organization_id, observation_id=id_, signer_id=jo, lane=Lane.PEER,
                meaning=Meaning.OBSERVED, attestation=f"{number}", assurance=Assurance.LAUNCH, digest="0" * 64,
                signed_at=at,
            )
        )  # fmt: skip
    course.kept()


def of_jo(course: Course, **more: Any) -> Any:
    jo = course.world.visitor("jo")
    (found,) = loads(course.world.session, [Name(jo.person_id, "Jo")], course.world.now, **more)
    return found


def test_cap_c13_load_and_what_waits_are_counted_with_the_oldest_day(course: Course) -> None:
    assigned(course)
    course.asked()
    course.answered()
    found = of_jo(course)
    assert (found.trainees, found.observing, found.to_sign.count) == (1, 1, 1)
    assert found.to_sign.oldest == course.world.now
    assert of_jo(course, course_id=new_id()).to_sign.count == 0


def test_time_to_sign_is_the_middle_of_the_last_ones_and_of_few_nothing_is_told(course: Course) -> None:
    signed_after(course, 1, 2, 3, 4)
    assert of_jo(course).days is None
    signed_after(course, 20)
    assert of_jo(course).days == 3


def test_ux_s7_a_supervisor_sees_their_own_signatures_a_week_before_anybody_else(course: Course) -> None:
    signed_after(course, 1, 2, 3, 4, 5, ago=2)
    assert of_jo(course).days is None
    assert of_jo(course, own=True).days == 3
    answer = course.browser("jo").get("/oversight/own")
    assert answer.status_code == 200, answer.text
    keep("own", answer.text)
    assert "It is here so that you see it first." in Read(answer.text).text
    assert not list(problems_of(answer.text))
    assert "Jo Example" not in course.browser("sam").get("/oversight/own").text


def test_ux_s7_supervisors_stand_by_name_and_nobody_is_ranked(course: Course, lea: Any) -> None:
    assigned(course)
    course.answered()
    world = course.world
    world.session.add(
        AvailabilityRow(
            id=new_id(), organization_id=world.organization_id, person_id=world.visitor("amara").person_id,
            course_id=world.session.get_one(ActivityRow, world.activity_id).course_id, away_from=world.now.date(),
        )
    )  # fmt: skip
    course.kept()
    answer = lea.get("/oversight/supervisors")
    assert answer.status_code == 200, answer.text
    keep("supervisors", answer.text)
    text = Read(answer.text).text
    assert text.index("Amara Example") < text.index("Jo Example")
    assert "the order says nothing of anybody" in text
    assert "too few to tell" in text
    assert "away" in text
    assert not list(problems_of(answer.text))
    for who in ("ines", "jo", "sam"):
        assert course.browser(who).get("/oversight/supervisors").status_code == 404


def test_what_is_assigned_to_nobody_waits_for_anybody_of_the_lane(course: Course, lea: Any) -> None:
    course.answered()
    text = Read(lea.get("/oversight/supervisors").text).text
    assert "1 observation waits in the peer lane for anybody who signs there" in text
    assigned(course)
    assert "for anybody who signs there" not in Read(lea.get("/oversight/supervisors").text).text


def test_cap_c13_instructors_see_their_course_and_no_level(course: Course) -> None:
    assigned(course)
    course.answered()
    answer = course.browser("ines").get(f"{course.home}/oversight")
    assert answer.status_code == 200, answer.text
    keep("course-oversight", answer.text)
    text = Read(answer.text).text
    assert "Jo Example" in text
    assert "Nobody has been observed in it yet." in text
    assert not list(problems_of(answer.text))
    assert course.browser("jo").get(f"{course.home}/oversight").status_code == 403
    assert course.browser("ines").get("/oversight/sites").status_code == 404


def hours(course: Course, who: str, amount: str, setting: Setting | None, model: PracticeModel | None = None) -> None:
    world = course.world
    person_id = world.visitor(who, TRAINEE).person_id
    world.session.add(
        LedgerEntryRow(
            id=new_id(), organization_id=world.organization_id, person_id=person_id, kind=EntryKind.PRACTICE,
            on_day=world.now.date() - timedelta(days=3), amount=Decimal(amount), state=EntryState.SIGNED, said={},
            setting=setting, model=model, made_by=person_id, made_at=world.now, changed_at=world.now,
        )
    )  # fmt: skip


def report(course: Course) -> site_report.Practice:
    today = course.world.now.date()
    return site_report.practice(course.world.session, course.world.organization_id, today - timedelta(days=365), today)


def test_cap_b12_a_report_by_setting_holds_small_numbers_back_and_what_would_tell_them(course: Course) -> None:
    for number in range(14):
        hours(course, f"trainee{number}", "2", Setting.CRISIS, PracticeModel.GROUP)
    for number in range(14, 24):
        hours(course, f"trainee{number}", "3", Setting.COMMUNITY, PracticeModel.ONE_TO_ONE)
    for number in range(24, 27):
        hours(course, f"trainee{number}", "7", Setting.REENTRY, PracticeModel.GROUP)
    course.kept()
    found = report(course).settings
    assert found.people_of(Setting.CRISIS) == 14
    assert found.hours_of(Setting.CRISIS) == 28
    for setting in (Setting.REENTRY, Setting.COMMUNITY):  # with the ten the three cannot be worked out
        assert found.people_of(setting) is None
        assert found.hours_of(setting) is None
        assert found.observations_of(setting) is None
    assert found.people_of(Setting.ADDICTION) == 0
    assert found.hours_of(Setting.ADDICTION) == 0
    assert list(site_report.rows_by_kind(found, site_report.SETTINGS))[3] == ("crisis", 14, 28, 0)


def test_cap_b11_hours_are_told_by_practice_model(course: Course, lea: Any) -> None:
    for number in range(40):
        group = number % 2
        hours(course, f"trainee{number}", "2", Setting.CRISIS, PracticeModel.GROUP if group else PracticeModel.YOUTH)
        hours(course, f"trainee{number}", "1", None)
    course.kept()
    found = report(course)
    assert found.models.hours_of(PracticeModel.GROUP) == 40
    assert found.settings.hours_of(Setting.CRISIS) == 80
    assert found.settings.hours_of("") is None  # of people who are mostly elsewhere: perhaps of few
    answer = lea.get("/oversight/sites")
    assert answer.status_code == 200, answer.text
    keep("sites", answer.text)
    assert "80" in Read(answer.text).text
    assert not list(problems_of(answer.text))


def test_cap_f6_agreements_that_end_soon_are_named_until_one_goes_on(course: Course, lea: Any) -> None:
    site_id = add_site(course)
    agree(course, site_id, 30)
    answer = lea.get("/oversight/sites").text
    assert "“MOU 2026” ends on April 1, 2026." in Read(answer).text
    assert f"/sites/{site_id}" in answer
    agree(course, site_id, 400)
    assert "No agreement ends without one that goes on." in Read(lea.get("/oversight/sites").text).text


def test_cap_c13_a_site_where_several_are_placed_and_nobody_is_observed_is_named(course: Course, lea: Any) -> None:
    site_id = add_site(course)
    agree(course, site_id, 400)
    for number in range(5):
        course.world.visitor(f"trainee{number}", TRAINEE)
        course.kept()
        place(course, site_id, f"trainee{number}", compensation="paid")
    text = Read(lea.get("/oversight/sites").text).text
    assert "nobody has been observed here for 90 days" in text
    observed(course.world, course.world.visitor("sam").person_id, site_id=site_id)
    course.kept()
    assert "nobody has been observed here" not in Read(lea.get("/oversight/sites").text).text


def test_pages_about_supervision_and_sites_ask_as_often_for_many_as_for_few(course: Course, lea: Any) -> None:
    pages = (("lea", "/oversight/supervisors"), ("lea", "/oversight/sites"), ("ines", f"{course.home}/oversight"),
             ("jo", "/oversight/own"))  # fmt: skip
    assigned(course)
    course.answered()
    a_site(course, "First", "sam")

    def asked() -> dict[str, int]:
        found = {}
        for who, page in pages:
            with counted(course.app.extensions["attune"].sessions.engine) as said:
                assert course.browser(who).get(page).status_code == 200, page
            found[page] = len(said)
        return found

    few = asked()
    for number in range(6):
        name = f"trainee{number}"
        course.world.visitor(name, TRAINEE)
        course.world.grant(course.world.visitor(f"more{number}", TRAINEE), Lane.PEER)
        assigned(course, trainee=name)
        hours(course, name, "2", Setting.CRISIS)
        course.kept()
    a_site(course, "Second", *(f"trainee{number}" for number in range(6)))
    many = asked()
    assert {page: (few[page], count) for page, count in many.items() if count > few[page] + 1} == {}
    assert max(many.values()) < 40
