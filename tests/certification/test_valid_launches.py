"""Section 5: launches that open, for instructors and for learners."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.store.courses import CourseRow, ResourceLinkRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from tests.certification.course import set_up
from tests.certification.lms import INSTRUCTOR, LEARNER, LTI, MEMBERSHIP, Lms
from tests.certification.marks import cert
from tests.certification.place import Browser, words_of
from tests.lti_tool.lti.platform import Claims, drop, put

PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
UNKNOWN = "http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#"
PII = ("name", "given_name", "family_name", "email")

both = pytest.mark.parametrize(
    ("role", "may"), [(INSTRUCTOR, Capability.INSTRUCTOR), (LEARNER, Capability.TRAINEE)], ids=["instructor", "learner"]
)


def capability(lms: Lms, sub: str = "user-6") -> Capability | None:
    """What the launch gave this person in the course."""
    with lms.attune.session() as session:
        query = select(MembershipRow.capability).join(PersonRow, PersonRow.id == MembershipRow.person_id)
        query = query.join(LmsAccountRow, LmsAccountRow.person_id == PersonRow.id)
        found = LmsAccountRow.registration_id == lms.registration_id, LmsAccountRow.sub == sub
        return session.scalars(query.where(*found)).one()


def name(lms: Lms, sub: str = "user-6") -> str | None:
    with lms.attune.session() as session:
        query = select(PersonRow.name).join(LmsAccountRow, LmsAccountRow.person_id == PersonRow.id)
        found = LmsAccountRow.registration_id == lms.registration_id, LmsAccountRow.sub == sub
        return session.scalars(query.where(*found)).one()


def sees(page: str, may: Capability | None) -> bool:
    """Whether a page behind a new link is the one for this capability."""
    expected = "Set up observed practice" if may is Capability.INSTRUCTOR else "not set up yet"
    return expected in words_of(page)


@cert("Valid launches: full PII")
@both
def test_V01_a_launch_with_everything_opens_the_page_of_the_role(lms: Lms, role: str, may: Capability) -> None:
    assert sees(lms.enter(role=role).text, may)
    assert capability(lms) is may
    assert name(lms) == "Sam Rivera"


@cert("Valid launches: multiple roles")
@pytest.mark.parametrize(
    ("roles", "may"),
    [
        ([INSTRUCTOR, PERSON + "Staff", PERSON + "Other"], Capability.INSTRUCTOR),
        ([LEARNER, PERSON + "Student", PERSON + "Mentor"], Capability.TRAINEE),
        ([PERSON + "Instructor", PERSON + "Administrator", LEARNER], Capability.TRAINEE),
    ],
)
def test_V02_the_role_in_the_course_decides(lms: Lms, roles: list[str], may: Capability) -> None:
    assert sees(lms.enter(put(LTI + "roles", roles)).text, may)
    assert capability(lms) is may


@cert("Valid launches: short role")
@pytest.mark.parametrize(("role", "may"), [("Instructor", Capability.INSTRUCTOR), ("Learner", Capability.TRAINEE)])
def test_V03_short_role_names_are_known(lms: Lms, role: str, may: Capability) -> None:
    assert sees(lms.enter(role=role).text, may)
    assert capability(lms) is may


@cert("Valid launches: unknown role")
@pytest.mark.parametrize(
    "role",
    [
        UNKNOWN + "Helper",
        UNKNOWN + "Instructor",
        "https://vendor.example/roles#Instructor",
        "instructor",
        "#Instructor",
    ],
)
def test_V04_an_unknown_role_opens_with_the_least(lms: Lms, role: str) -> None:
    assert sees(lms.enter(role=role).text, None)
    assert capability(lms) is None


@both
def test_V05_an_unknown_role_beside_a_known_one_is_ignored(lms: Lms, role: str, may: Capability) -> None:
    lms.enter(put(LTI + "roles", [UNKNOWN + "Instructor", role, UNKNOWN + "Helper"]))
    assert capability(lms) is may


@cert("Valid launches: no role")
@pytest.mark.parametrize("roles", [[], [""]])
def test_V06_without_a_role_it_opens_with_the_least(lms: Lms, roles: list[str]) -> None:
    assert sees(lms.enter(put(LTI + "roles", roles)).text, None)
    assert capability(lms) is None


@cert("Valid launches: e-mail only")
@both
def test_V07_with_an_e_mail_only_nobody_is_called_none(lms: Lms, role: str, may: Capability) -> None:
    page = lms.enter(drop("name", "given_name", "family_name"), role=role)
    assert sees(page.text, may)
    assert "None" not in words_of(page.text)
    assert name(lms) is None


@cert("Valid launches: names only")
@both
def test_V08_with_names_only_it_opens(lms: Lms, role: str, may: Capability) -> None:
    assert sees(lms.enter(drop("email"), role=role).text, may)
    assert name(lms) == "Sam Rivera"


@cert("Valid launches: no PII")
@both
def test_V09_without_names_and_e_mail_it_opens(lms: Lms, role: str, may: Capability) -> None:
    page = lms.enter(drop(*PII), role=role)
    assert sees(page.text, may)
    assert "None" not in words_of(page.text)


@cert("Valid launches: e-mail without context")
@pytest.mark.parametrize("role", [INSTRUCTOR, LEARNER])
def test_V10_without_a_course_it_opens_a_page_without_one(lms: Lms, role: str) -> None:
    page = lms.enter(drop("name", "given_name", "family_name", LTI + "context"), role=role)
    assert "Nothing waits for you now" in words_of(page.text)
    assert lms.attune.kept()["membership"] == lms.kept["membership"]


@both
def test_V11_with_no_more_than_is_required_it_opens(lms: Lms, role: str, may: Capability) -> None:
    bare = drop(*PII, LTI + "launch_presentation"), put(LTI + "resource_link", {"id": "link-1"})
    course = put(LTI + "context", {"id": "course-1"})
    assert sees(lms.enter(*bare, course, role=role).text, may)
    assert lms.enter(*bare, drop(LTI + "context"), role=role)


def test_V12_a_new_link_in_a_known_course_is_a_new_place(lms: Lms) -> None:
    first = lms.launch(role=INSTRUCTOR).headers["Location"]
    second = lms.launch(put(LTI + "resource_link", "id", "link-2"), role=INSTRUCTOR).headers["Location"]
    assert first != second
    assert lms.launch(role=INSTRUCTOR).headers["Location"] == first
    assert lms.attune.count(CourseRow, CourseRow.organization_id == lms.organization_id) == 1


def test_V13_an_assistant_without_the_principal_role_is_an_observer(lms: Lms) -> None:
    page = lms.enter(role=MEMBERSHIP + "/Instructor#TeachingAssistant")
    assert capability(lms) is Capability.OBSERVER
    assert not sees(page.text, Capability.INSTRUCTOR)


def test_V14_the_sub_role_of_learner_that_is_called_instructor_is_a_learner(lms: Lms) -> None:
    lms.enter(role=MEMBERSHIP + "/Learner#Instructor")
    assert capability(lms) is Capability.TRAINEE


def test_V15_an_instructor_of_the_institution_is_a_learner_in_a_course_as_one(lms: Lms) -> None:
    lms.enter(put(LTI + "roles", [PERSON + "Instructor", LEARNER]))
    assert capability(lms) is Capability.TRAINEE


@pytest.mark.parametrize(
    "role",
    ["urn:lti:role:ims/lis/Instructor", "http://purl.imsglobal.org/vocab/lis/v2/person#Administrator",
     PERSON + "Administrator", "http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin"],
)  # fmt: skip
def test_V16_roles_of_the_past_and_of_the_institution_give_nothing(lms: Lms, role: str) -> None:
    assert lms.enter(role=role)
    assert capability(lms) is None


def test_V19_the_same_id_at_another_platform_or_client_is_another_person(
    lms: Lms, make_lms: Callable[..., Lms]
) -> None:
    for one, deployment in ((lms, "1"), (make_lms(), "1"), (make_lms(path=lms.path), "2")):
        one.enter(put(LTI + "deployment_id", deployment))
        kept, before = one.attune.kept(), one.kept
        assert kept["person"] == before["person"] + 1


def test_V20_the_same_course_id_in_two_deployments_is_two_courses(lms: Lms) -> None:
    lms.enter()
    lms.enter(put(LTI + "deployment_id", "2"))
    assert lms.attune.count(CourseRow, CourseRow.organization_id == lms.organization_id) == 2


def test_V21_link_ids_that_differ_in_case_are_two_links(lms: Lms) -> None:
    for link in ("Link-A", "link-a", "LINK-A"):
        lms.enter(put(LTI + "resource_link", "id", link))
    assert lms.attune.count(ResourceLinkRow, ResourceLinkRow.organization_id == lms.organization_id) == 3


def test_V22_a_new_name_or_e_mail_is_the_same_person(lms: Lms) -> None:
    lms.enter()
    lms.enter(put("name", "Sam Rivera-Ortiz"), put("email", "new@lms.example"))
    assert name(lms) == "Sam Rivera-Ortiz"
    assert lms.attune.count(PersonRow, PersonRow.organization_id == lms.organization_id) == 1


def test_V22_the_same_e_mail_is_not_the_same_person(lms: Lms) -> None:
    lms.enter()
    lms.enter(put("sub", "user-7"))
    assert lms.attune.count(PersonRow, PersonRow.organization_id == lms.organization_id) == 2


@pytest.mark.parametrize(
    ("locale", "language"),
    [("es", "es"), ("es-MX", "es"), ("es_419", "es"), ("ES", "es"), ("de-CH", "en"), ("pt_BR", "en"),
     ("xx", "en"), ("", "en"), (5, "en"), (None, "en"), ("en-US-x-private", "en"), ("../../etc", "en")],
)  # fmt: skip
def test_V23_a_locale_gets_the_nearest_language_there_is(lms: Lms, locale: object, language: str) -> None:
    def speak(claims: Claims) -> None:
        claims["locale"] = locale
        claims[LTI + "launch_presentation"] = {"locale": locale}

    page = lms.enter(speak).text
    assert re.search(r'<html lang="([a-z]+)', page)[1] == language


def test_V24_empty_dates_in_custom_parameters_are_taken(lms: Lms) -> None:
    dates = ("start", "end", "due_at")
    assert lms.enter(put(LTI + "custom", dict.fromkeys(dates, "")))


def test_V17_a_mentor_sees_nobody_by_that_role(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    course = set_up(lms)
    course.enter(put("sub", "sam"), put("name", "Sam Rivera"), browser=new_browser())
    mentor, browser = MEMBERSHIP + "#Mentor", new_browser()
    scope = put(LTI + "role_scope_mentor", ["sam"])
    page = course.enter(put("sub", "mentor"), put("name", "Max"), scope, role=mentor, browser=browser)
    assert capability(lms, "mentor") is None
    for path in ("", "/people", "/gradebook", "?tab=activity"):
        assert "Sam Rivera" not in browser.get(course.url + path).text
    assert "Sam Rivera" not in page.text


def test_V18_the_test_user_of_a_platform_opens_and_counts_nowhere(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    course = set_up(lms)
    roles = put(LTI + "roles", [LEARNER, "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"])
    assert course.enter(put("sub", "t"), put("name", "Test Student"), roles, browser=new_browser())
    course.enter(put("sub", "sam"), put("name", "Sam Rivera"), browser=new_browser())
    assert capability(lms, "t") is Capability.TRAINEE
    for path in ("?tab=activity", "/gradebook"):
        page = words_of(lms.browser.get(course.url + path).text)
        assert "Sam Rivera" in page
        assert "Test Student" not in page


def test_V25_a_copied_course_is_offered_its_activities_and_no_learners_record(
    lms: Lms, new_browser: Callable[[], Browser]
) -> None:
    course = set_up(lms)
    course.enter(put("sub", "sam"), put("name", "Sam Rivera"), browser=new_browser())
    copy = (
        put(LTI + "context", {"id": "course-1-copied", "title": "Spring"}),
        put(LTI + "resource_link", {"id": "link-1-copied", "title": "Observed practice"}),
        put(LTI + "custom", {"attune_activity": str(course.activity_id), "attune_context_history": "course-1"}),
    )
    learner = lms.enter(*copy, put("sub", "noor"), put("name", "Noor Aziz"), browser=new_browser())
    assert "your instructor has to confirm it first" in words_of(learner.text)
    page = words_of(lms.enter(*copy, put("sub", "ines"), put("name", "Ines Flores"), role=INSTRUCTOR).text)
    assert "This course was copied from Peer Support Practicum" in page
    assert "Observed practice" in page
    assert "Sam Rivera" not in page
