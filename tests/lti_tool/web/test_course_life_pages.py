"""The end of a term, for its instructors; and what the others meet in a course that is kept for reading only."""

from uuid import UUID, uuid4

from werkzeug.routing import Rule

from lti_tool.store.courses import CourseRow
from lti_tool.store.observations import ObservationRow
from lti_tool.web.access import Entry
from lti_tool.web.courses import reading_only
from rubrics.observation import State
from tests.lti_tool.services.terms import course_of, next_term
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

PLAIN = {"lane": "peer", "seen_as": "observer", "day": "2026-03-02"}


def archived(course: Course) -> None:
    ines = course.browser("ines")
    ines.get(f"{course.home}/term")
    assert ines.act(f"{course.home}/term/archive", open="leave").status_code == 303
    course.kept()
    assert course_of(course.world).archived_at is not None
    course.kept()


def test_an_instructor_keeps_a_course_for_reading_only_and_opens_it_again(course: Course) -> None:
    course.asked()
    ines = course.browser("ines")
    page = Read(ines.get(f"{course.home}/term").text)
    assert "What becomes of the one that has not begun?" in page.text
    assert ines.act(f"{course.home}/term/archive").status_code == 422
    archived(course)
    assert "Open it again" in ines.get(f"{course.home}/term").text
    assert ines.act(f"{course.home}/term/bring-back").status_code == 303
    course.kept()
    assert course_of(course.world).archived_at is None


def test_only_instructors_have_this_page(course: Course) -> None:
    for who in ("sam", "jo", "amara"):
        assert course.browser(who).get(f"{course.home}/term").status_code == 403
        assert course.browser(who).act(f"{course.home}/term/archive", open="leave").status_code == 403


def test_every_form_of_a_course_for_reading_only_says_so_to_whoever_could_use_it(course: Course) -> None:
    observation_id = course.shared()
    archived(course)
    for rule in (one for one in course.app.url_map.iter_rules() if begins(course, one)):
        answers = [course.browser(who).act(address(course, rule, observation_id)) for who in course.roles]
        assert all(one.status_code >= 400 for one in answers), rule
        assert any("kept for reading only" in one.text for one in answers if one.status_code == 409), rule


def begins(course: Course, rule: Rule) -> bool:
    of_a_course = course.app.view_functions[rule.endpoint].attune_entry in (Entry.COURSE, Entry.SIGNED_IN)  # type: ignore[attr-defined]
    names = rule.arguments & {"activity_id", "observation_id"}
    stays = rule.endpoint in reading_only.TAKES_BACK | reading_only.OF_THE_TERM | reading_only.AFTERWARDS
    whole = rule.endpoint != "evidence_bringing.bring_file"  # reads what is sent before all else: nothing was sent here
    return of_a_course and bool(names) and "POST" in (rule.methods or ()) and not stays and whole


def address(course: Course, rule: Rule, observation_id: UUID) -> str:
    known = {"activity_id": course.world.activity_id, "observation_id": observation_id} | PLAIN
    with course.app.test_request_context():
        adapter = course.app.url_map.bind("attune.school.example")
        return adapter.build(rule.endpoint, {name: known.get(name, uuid4()) for name in rule.arguments}, method="POST")


def test_what_stays_possible_are_routes_that_there_are(course: Course) -> None:
    every = reading_only.TAKES_BACK | reading_only.OF_THE_TERM | reading_only.READ_TOO | reading_only.AFTERWARDS
    assert every <= set(course.app.view_functions)


def test_a_form_that_could_not_be_sent_is_not_shown(course: Course) -> None:
    archived(course)
    answer = course.browser("sam").get(f"{course.home}/ask")
    assert (answer.status_code, "kept for reading only" in answer.text) == (409, True)


def test_cap_d9_a_trainee_still_reads_all_of_their_own(course: Course) -> None:
    observation_id = course.signed()
    archived(course)
    sam = course.browser("sam")
    for path in (course.home, f"/o/{observation_id}", "/record", f"{course.home}/supervision"):
        assert sam.get(path).status_code == 200, path
    assert "kept for reading only" in sam.get(course.home).text


def test_ux_c6_consent_is_taken_back_there_too(course: Course) -> None:
    observation_id = course.shared()
    archived(course)
    sam = course.browser("sam")
    assert sam.get(f"/o/{observation_id}/withdraw").status_code == 200
    assert sam.act(f"/o/{observation_id}/withdraw").status_code == 303
    course.kept()
    assert course.world.session.get_one(ObservationRow, observation_id).state is State.WITHDRAWN


def test_a_course_goes_on_in_the_next_one_and_what_is_there_is_taken_along(course: Course) -> None:
    later_id, _ = next_term(course.world, "sam")
    course.kept()
    ines = course.browser("ines")
    assert "Peer support practicum, spring" in ines.get(f"{course.home}/term").text
    assert ines.act(f"{course.home}/term/goes-on", course="").status_code == 422
    assert ines.act(f"{course.home}/term/goes-on", course=str(later_id)).status_code == 303
    course.kept()
    assert course.world.session.get_one(CourseRow, later_id).continues_id == course_of(course.world).id
    course.kept()
    assert "nothing to take along" in ines.get(f"{course.home}/term/carry/{later_id}").text
    assert ines.act(f"{course.home}/term/carry/{later_id}").status_code == 303
    assert ines.get(f"{course.home}/term/carry/{uuid4()}").status_code == 404


def test_a_course_of_somebody_else_cannot_be_chosen(course: Course) -> None:
    assert course.browser("ines").act(f"{course.home}/term/goes-on", course=str(uuid4())).status_code == 404


def test_a_record_that_stands_still_says_so_and_offers_only_what_takes_it_back(course: Course) -> None:
    observation_id = course.shared()
    archived(course)
    page = Read(course.browser("sam").get(f"/o/{observation_id}").text)
    assert "so this stands still" in page.text
    assert f"/o/{observation_id}/withdraw" in page.links
    assert not any("/answer" in link for link in page.links)


def test_whether_somebody_elses_observation_is_in_such_a_course_is_not_told(course: Course) -> None:
    observation_id = course.shared()
    archived(course)
    noor = course.browser("noor")
    for one in (observation_id, uuid4()):
        assert noor.get(f"/o/{one}/answer").status_code == 404
        assert noor.act(f"/o/{one}/answer").status_code == 404


def test_ux_c6_that_something_is_handled_outside_is_taken_back_there_too(course: Course) -> None:
    observation_id = course.shared()
    archived(course)
    taken = course.browser("jo").act(f"/o/{observation_id}/handled-outside/take-back")
    assert taken.status_code == 303


def test_that_a_course_goes_on_in_another_is_said_once_and_taken_back(course: Course) -> None:
    later_id, _ = next_term(course.world, "sam")
    here_id = course_of(course.world).id
    course.kept()
    ines = course.browser("ines")
    itself = ines.act(f"{course.home}/term/goes-on", course=str(here_id))
    assert itself.status_code == 422
    assert "Please choose one that comes after it." in Read(itself.text).text
    ines.act(f"{course.home}/term/goes-on", course=str(later_id))
    ended = ines.act(f"{course.home}/term/goes-on/end", course=str(later_id))
    assert (ended.status_code, ended.location.partition("?")[2]) == (303, "said=course_goes_on_no_more")
    course.kept()
    assert course.world.session.get_one(CourseRow, later_id).continues_id is None
