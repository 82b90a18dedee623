"""So that somebody can take part, on the web: an instructor arranges something, the trainee reads it and ends it."""

from typing import Any
from uuid import UUID

from lti_tool.services.observations import taking_time
from lti_tool.services.practicum import arranging
from lti_tool.services.practicum.arranging import OFFERED, Wanted
from lti_tool.store.care import Adjustment
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of

EVERYTHING = {"adjustment": [one.value for one in OFFERED], "more_days": "10"}


def page(browser: Any, path: str) -> Read:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert not list(problems_of(answer.text)), path
    return Read(answer.text)


def sams(course: Course) -> str:
    return f"{course.home}/adjustments/{course.world.visitor('sam').person_id}"


def arrange(course: Course, *adjustments: Adjustment, more_days: int = 0) -> None:
    world, ines = course.world, course.world.visitor("ines")
    arranging.arrange(
        world.session, ines, world.place(ines), person_id=world.visitor("sam").person_id, now=world.now,
        wanted=Wanted(frozenset(adjustments), more_days),
    )  # fmt: skip
    course.kept()


def test_cap_e9_an_instructor_arranges_it_and_no_page_asks_why(course: Course) -> None:
    ines = course.browser("ines")
    found = page(ines, f"{course.home}/adjustments?name=sam")
    assert sams(course) in found.links
    form = page(ines, sams(course))
    assert set(form.fields) == {"csrf_token", "act", "adjustment", "more_days", "days_shown", "until"}
    kinds = {name: {field["type"] for field in form.fields[name]} for name in form.fields}
    assert [kinds[name] for name in ("adjustment", "more_days", "days_shown", "until")] == [
        {"checkbox"}, {"text"}, {"hidden"}, {"date"},
    ]  # fmt: skip
    assert ines.act(sams(course), **EVERYTHING | {"more_days": "١٠"}).location.endswith("said=arranged")
    listed = page(ines, f"{course.home}/adjustments")
    assert "Sam Example" in listed.text
    assert "10 more days for each answer" in listed.text


def test_ux_n3_changing_it_begins_with_what_stands(course: Course) -> None:
    arrange(course, Adjustment.MORE_TIME, Adjustment.INTERPRETER, more_days=4)
    form = page(course.browser("ines"), sams(course))
    assert form.checked("adjustment") == ["more_time", "interpreter"]
    assert form.fields["more_days"][0]["value"] == "4"


def test_what_is_still_needed_is_said_and_what_was_typed_stays(course: Course) -> None:
    ines = course.browser("ines")
    answer = ines.act(sams(course), adjustment="more_time", more_days="", until="2099-01-01")
    assert answer.status_code == 422
    assert "Please say how many more days" in answer.text
    shown = Read(answer.text)
    assert shown.checked("adjustment") == ["more_time"]
    assert shown.fields["until"][0]["value"] == "2099-01-01"
    assert marked(shown) == ["more_days"]
    for last_day in ("soon", "2020-01-01"):
        answer = ines.act(sams(course), adjustment="interpreter", until=last_day)
        assert (answer.status_code, marked(Read(answer.text))) == (422, ["until"])
    assert ines.act(sams(course), more_days="x").status_code == 422
    for days in ("5", "x"):
        answer = ines.act(sams(course), adjustment="interpreter", more_days=days)
        assert answer.status_code == 422, days
        again = Read(answer.text)
        assert "Please choose more time too, or leave the days empty." in again.text
        assert [field["value"] for field in again.fields["more_days"]] == [days]
        assert marked(again) == ["more_days"]


def marked(form: Read) -> list[str]:
    """The fields that say that something is needed in them."""
    return [name for name, fields in form.fields.items() if any("aria-invalid" in field for field in fields)]


def typed_in(form: Read, *adjustments: str, **further: str) -> dict[str, Any]:
    """What a browser sends of this form with other choices made in it."""
    fields = {name: form.fields[name][0]["value"] for name in ("more_days", "days_shown", "until")}
    return {**fields, "adjustment": list(adjustments), **further}


def arranged(course: Course) -> tuple[tuple[Adjustment, ...], int] | None:
    sam = course.world.visitor("sam")
    found = arranging.of_person(course.world.session, course.world.place(sam), sam.person_id)
    course.kept()
    return (found.adjustments, found.more_days) if found else None


def test_whoever_takes_more_time_away_need_not_empty_the_days_and_in_a_second_tab_neither(course: Course) -> None:
    arrange(course, Adjustment.MORE_TIME, more_days=10)
    ines = course.browser("ines")
    tab = page(ines, sams(course))
    assert tab.fields["more_days"][0]["value"] == "10"

    def sent_from_a_tab(number: int) -> None:
        answer = ines.act(sams(course), key=f"a-key-of-tab-{number}----", **typed_in(tab, "interpreter"))
        assert answer.location.endswith("said=arranged"), number
        assert arranged(course) == ((Adjustment.INTERPRETER,), 0)

    sent_from_a_tab(1)
    sent_from_a_tab(2)
    arrange(course, Adjustment.MORE_TIME, more_days=20)
    sent_from_a_tab(3)


def test_days_that_were_typed_are_asked_about_in_every_tab_and_nothing_is_lost(course: Course) -> None:
    arrange(course, Adjustment.MORE_TIME, more_days=10)
    ines = course.browser("ines")
    tab = page(ines, sams(course))
    for number in range(2):
        wanted = typed_in(tab, "interpreter", more_days="11")
        answer = ines.act(sams(course), key=f"a-key-of-tab-{number}----", **wanted)
        assert answer.status_code == 422, number
        assert arranged(course) == ((Adjustment.MORE_TIME,), 10)
        tab = Read(answer.text)
        assert [tab.fields[name][0]["value"] for name in ("more_days", "days_shown")] == ["11", "10"]


def test_cap_e9_the_trainee_reads_it_ends_it_and_brings_it_back(course: Course) -> None:
    sam, path = course.browser("sam"), f"{course.home}/adjustments"
    assert "Nothing is arranged for you now." in page(sam, path).text
    assert "You do not have to say why." in page(sam, path).text
    arrange(course, Adjustment.INTERPRETER)
    own = sam.get(path).text
    assert "an interpreter is there" in own
    assert "Who can see this: the trainee" in Read(own).text
    accommodation = own.split('name="accommodation" value="')[1].split('"')[0]
    assert sam.act(f"{path}/end", accommodation=accommodation).location.endswith("said=arranged_ended")
    assert "Bring it back" in page(sam, path).text
    back = sam.act(f"{path}/bring-back", key="a-key-of-one-form-2")
    assert back.location.endswith("said=arranged_again")
    assert "an interpreter is there" in page(sam, path).text
    assert course.browser("noor").act(f"{path}/end", accommodation=accommodation).status_code == 404


def test_cap_e9_who_observes_and_signs_has_no_page_of_what_is_arranged(course: Course) -> None:
    arrange(course, *OFFERED, more_days=10)
    for who in ("jo", "amara"):
        for path in (f"{course.home}/adjustments", sams(course)):
            assert course.browser(who).get(path).status_code == 403
    assert "an interpreter" not in page(course.browser("noor"), f"{course.home}/adjustments").text.split("Arranged")[1]


def pages_of_assessors(course: Course, observation_id: UUID) -> dict[str, Read]:
    sam = course.world.visitor("sam").person_id
    paths = [f"/o/{observation_id}{rest}" for rest in ("", "/who", "/rate", "/time", "/sign/peer")]
    paths += ["/waiting", course.home, f"{course.home}/trainees/{sam}", f"{course.home}/trainees/{sam}/propose"]
    found = {}
    for who in ("jo", "amara"):
        for path in paths:
            answer = course.browser(who).get(path)
            if answer.status_code == 200:
                assert not list(problems_of(answer.text)), path
                found[f"{who} {path}"] = Read(answer.text)
    return found


def test_cap_e9_pages_of_assessors_say_the_effect_and_nothing_of_more_time_or_speaking(course: Course) -> None:
    arrange(course, *OFFERED, more_days=10)
    said = set()
    for state in ("begun", "shared", "answered", "signed"):
        for name, read in pages_of_assessors(course, getattr(course, state)()).items():
            for words in ("more time", "more days", "by speaking", "accommodation"):
                assert words not in read.text.lower(), (state, name, words)
            said |= {words for words in ("An interpreter will be there", "Shorter sessions") if words in read.text}
            assert "arranged for you" not in read.text.lower()
    assert said == {"An interpreter will be there", "Shorter sessions"}


def test_cap_e9_that_an_interpreter_will_be_there_is_on_the_record_and_on_the_rating_form(course: Course) -> None:
    arrange(course, Adjustment.INTERPRETER)
    begun = course.begun()
    for who, path in (("jo", ""), ("jo", "/rate"), ("sam", "")):
        assert "An interpreter will be there." in page(course.browser(who), f"/o/{begun}{path}").text, (who, path)
    assert "An interpreter" not in page(course.browser("jo"), f"/o/{course.shared()}").text


def test_ux_c4_answering_by_speaking_or_in_a_talk_is_offered_where_it_is_arranged(course: Course) -> None:
    plain = page(course.browser("sam"), f"/o/{course.shared()}").text
    assert "answer by speaking" not in plain
    assert "answer in a talk" not in plain
    arrange(course, Adjustment.AUDIO_ANSWER, Adjustment.TALK_INSTEAD)
    shared = course.shared()
    sam = page(course.browser("sam"), f"/o/{shared}").text
    assert "You can also answer by speaking" in sam
    assert "You can answer in a talk instead of writing." in sam
    jo = page(course.browser("jo"), f"/o/{shared}").text
    assert "by speaking" not in jo
    assert "Sam Example can answer in a talk instead of writing." in jo


def test_ux_c4_a_talk_that_is_noted_as_held_is_the_answer_at_one_press(course: Course) -> None:
    observation_id, world = course.shared(), course.world
    taking_time.ask_to_talk(world.session, world.visitor("sam"), observation_id, world.now)
    taking_time.talked(world.session, world.visitor("jo"), observation_id, world.now)
    course.kept()
    sam = course.browser("sam")
    asked = page(sam, f"/o/{observation_id}/answer").text
    assert "What you said there is your answer, and nothing has to be written." in asked
    assert "The talk was my answer" in asked
    sam.act(f"/o/{observation_id}/answer", words="")
    assert "You answered in a talk" in page(sam, f"/o/{observation_id}").text
    jo = course.browser("jo")
    assert "Sam Example answered in a talk" in page(jo, f"/o/{observation_id}").text
    assert "Sam Example answered in a talk" in page(jo, f"/o/{observation_id}/sign/peer").text
