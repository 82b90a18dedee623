"""The pages of the trainee's words: single points, time, talking first."""

from collections.abc import Callable
from uuid import UUID

import pytest

from lti_tool.services.observations.read import read
from rubrics.sign_off import Lane
from tests.conftest import Clock
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def keys(course: Course, observation_id: UUID) -> list[str]:
    record = read(course.world.session, course.world.visitor("sam"), observation_id, course.world.now)
    course.kept()
    return [criterion.key for criterion in record.version.rubric.criteria]


def test_ux_c9_each_criterion_has_a_box_for_the_trainees_words(course: Course) -> None:
    observation_id = course.shared()
    read_page = page(course, "sam", f"/o/{observation_id}")
    for key in keys(course, observation_id):
        assert f"words.{key}" in read_page.fields
    assert "words" in read_page.fields
    assert read_page.before("Your words on this", "Look over my answer")


def test_ux_c1_words_on_one_point_are_saved_as_they_are_written_and_its_box_stays_open(course: Course) -> None:
    observation_id = course.shared()
    first, *_ = keys(course, observation_id)
    sam = course.browser("sam")
    saved = sam.post(
        f"/o/{observation_id}/answer/save",
        json={f"words.{first}": "I see it so too."},
        headers={"X-CSRFToken": sam.token()},
    )
    assert saved.status_code == 200
    html = sam.get(f"/o/{observation_id}").text
    assert "I see it so too." in html
    assert html.count('<details class="voice" open>') == 1
    assert "I see it so too." not in page(course, "jo", f"/o/{observation_id}").text


def test_ux_t5_words_on_single_points_are_looked_over_and_given_as_they_stand(course: Course) -> None:
    observation_id = course.shared()
    first, second, *_ = keys(course, observation_id)
    sam = course.browser("sam")
    fields = {"words": "On the whole.", f"words.{first}": "One.", f"words.{second}": ""}
    assert sam.act(f"/o/{observation_id}/answer/save", **fields).location == f"/o/{observation_id}/answer"
    looked_over = page(course, "sam", f"/o/{observation_id}/answer")
    assert "This is what others will read: On the whole." in looked_over.text
    assert "One." in looked_over.text
    assert f"words.{first}" in looked_over.fields
    assert f"words.{second}" not in looked_over.fields
    given = sam.act(f"/o/{observation_id}/answer", **{"words": "On the whole.", f"words.{first}": "One."})
    assert "said=answered" in given.location
    others = page(course, "jo", f"/o/{observation_id}")
    assert others.before("One.", "On the whole.")
    assert "On single points there are words above" in others.text


def test_words_that_are_too_long_are_shown_again_with_all_the_others(course: Course) -> None:
    observation_id = course.shared()
    first, *_ = keys(course, observation_id)
    answer = course.browser("sam").act(
        f"/o/{observation_id}/answer/save", **{"words": "whole", f"words.{first}": "x" * 20_001}
    )
    assert answer.status_code == 422
    assert "x" * 20_001 in answer.text
    assert "Please shorten it" in Read(answer.text).text


@pytest.mark.parametrize("fields", [{}, {"other": "x"}])
def test_a_form_without_our_fields_is_not_understood(course: Course, fields: dict[str, str]) -> None:
    assert course.browser("sam").act(f"/o/{course.shared()}/answer/save", **fields).status_code == 400


def test_ux_p2_the_page_says_the_date_what_happens_after_it_and_moves_it_at_one_tap(course: Course) -> None:
    observation_id = course.shared()
    before = page(course, "sam", f"/o/{observation_id}")
    assert "You can answer until March 9, 2026" in before.text
    assert "recorded as silence and as nothing else" in before.text
    assert "More time moves this to March 16, 2026. No reason is needed." in before.text
    sam = course.browser("sam")
    assert "said=more_time" in sam.act(f"/o/{observation_id}/more-time").location
    assert "There is time until March 16, 2026." in page(course, "sam", f"/o/{observation_id}").text
    sam.act(f"/o/{observation_id}/more-time", key="another-key-of-a-form")
    after = page(course, "sam", f"/o/{observation_id}")
    assert "please ask an instructor, who moves it for you: Ines Example" in after.text
    refused = sam.act(f"/o/{observation_id}/more-time", key="a-third-key-of-a-form")
    assert refused.status_code >= 400
    assert "please ask an instructor" in Read(refused.text).text


def test_a_double_click_moves_the_date_once(course: Course) -> None:
    observation_id = course.shared()
    sam = course.browser("sam")
    for _ in range(2):
        sam.act(f"/o/{observation_id}/more-time")
    assert "There is time until March 16, 2026." in page(course, "sam", f"/o/{observation_id}").text


def test_ux_p1_nothing_counts_down(course: Course) -> None:
    text = page(course, "sam", f"/o/{course.shared()}").text
    for words in ("days left", "hours left", "hurry", "last chance", "only one", "expires"):
        assert words not in text.lower()


def test_an_instructor_who_was_asked_gives_more_time(course: Course) -> None:
    observation_id = course.shared()
    assert "Give more time" in course.browser("ines").get(f"/o/{observation_id}").text
    course.browser("ines").act(f"/o/{observation_id}/more-time")
    assert "There is time until March 16, 2026." in page(course, "sam", f"/o/{observation_id}").text


def test_ux_p7_a_wish_to_talk_names_who_reads_it_and_when_it_comes_to_whom(course: Course) -> None:
    observation_id = course.shared()
    sam = course.browser("sam")
    assert "said=talk_asked" in sam.act(f"/o/{observation_id}/talk", wish="ask").location
    mine = page(course, "sam", f"/o/{observation_id}")
    assert "You asked on March 2, 2026 to talk first. Jo Example can read that" in mine.text
    assert "If it has not taken place by March 16, 2026, it comes to an instructor: Ines Example." in mine.text
    assert "asked on March 2, 2026 to talk before answering" in page(course, "jo", f"/o/{observation_id}").text
    assert "to talk before answering" not in page(course, "ines", f"/o/{observation_id}").text
    assert "said=talked" in course.browser("jo").act(f"/o/{observation_id}/talk", wish="held").location
    assert "You talked" in page(course, "sam", f"/o/{observation_id}").text


def test_a_wish_that_the_page_does_not_offer_is_not_understood(course: Course) -> None:
    assert course.browser("sam").act(f"/o/{course.shared()}/talk", wish="perhaps").status_code == 400


def test_what_happens_with_late_words_is_said_in_each_case(make_course: Callable[..., Course], clock: Clock) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = course.shared()
    clock.advance(days=8)
    for who in ("sam", "jo"):
        course.renew(who)
    assert "As long as nobody has signed, you can still answer" in page(course, "sam", f"/o/{observation_id}").text
    course.world.sign("jo", observation_id)
    course.kept()
    one_signed = page(course, "sam", f"/o/{observation_id}").text
    assert "They are kept beside what was signed" in one_signed
    assert "What is signed later is signed together with them: clinical lane." in one_signed
    course.world.sign("amara", observation_id, Lane.CLINICAL)
    course.kept()
    final = page(course, "sam", f"/o/{observation_id}")
    assert "You can still add words of your own. They are kept beside what was signed" in final.text
    first, *_ = keys(course, observation_id)
    assert f"words.{first}" in final.fields


def test_ux_t1_every_box_for_words_says_who_can_see_them(course: Course) -> None:
    observation_id = course.shared()
    html = course.browser("sam").get(f"/o/{observation_id}").text
    for name in ("words", *(f"words.{key}" for key in keys(course, observation_id))):
        assert f'id="who-{name}"' in html
    course.browser("sam").act(f"/o/{observation_id}/answer", words="Mine.")
    assert 'id="who-reply"' in course.browser("jo").get(f"/o/{observation_id}/reply").text


def test_ux_t5_what_the_trainee_wrote_is_on_no_page_but_the_observations_own(course: Course) -> None:
    observation_id = course.shared()
    first, *_ = keys(course, observation_id)
    words = {"words": "Mine alone", f"words.{first}": "Mine alone"}
    sam = course.browser("sam")
    sam.act(f"/o/{observation_id}/answer/save", **words)
    for who in ("jo", "amara", "ines"):
        answer = course.browser(who).get(f"/o/{observation_id}")
        assert "Mine alone" not in answer.text, who
    sam.act(f"/o/{observation_id}/answer", key="another-key-of-a-form", **words)
    trainee = course.world.visitor("sam").person_id
    for who in ("sam", "jo", "amara", "ines", "noor"):
        for path in (course.home, "/waiting", "/opened", f"{course.home}/trainees/{trainee}", f"{course.home}/people"):
            assert "Mine alone" not in course.browser(who).get(path, follow_redirects=True).text, (who, path)
    assert "Mine alone" in course.browser("jo").get(f"/o/{observation_id}").text
