"""The pages about when and whether: a time proposed and agreed, a proposal decided, called off, replaced, stopped."""

from icalendar import Calendar

from lti_tool.services.asking import ask
from rubrics.observation import Mode
from tests.conftest import Clock
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of

TUESDAY = {"day": "2026-03-10", "start": "14:30", "minutes": "45", "zone": "America/New_York"}


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    assert not list(problems_of(answer.text)), path
    return Read(answer.text)


def asked_for_tuesday(course: Course, **changes: str) -> str:
    jo = str(course.world.visitor("jo").person_id)
    fields = {"observer": jo, "mode": "live", "recorded": "no", "where": "Room 4"} | TUESDAY | changes
    answer = course.browser("sam").act(f"{course.home}/ask", **fields)
    assert answer.status_code == 303, Read(answer.text).text
    return str(answer.location.partition("?")[0])


def proposed(course: Course) -> str:
    """Ines has proposed to Sam that Jo observes."""
    world = course.world
    ines, sam, jo = world.visitor("ines"), world.visitor("sam"), world.visitor("jo")
    proposal = ask.Proposal(sam.person_id, (jo.person_id,), Mode.LIVE, recorded=True)
    return f"/o/{course.keep(ask.propose(world.session, ines, world.place(ines), proposal, world.now))}"


def test_ux_c3_a_time_and_place_are_proposed_with_the_request_and_agreed_by_the_observer(course: Course) -> None:
    observation = asked_for_tuesday(course)
    read = page(course, "sam", observation)
    assert "March 10, 2026, 6:30 PM UTC – " in read.text
    assert "proposed" in read.text
    assert "Room 4" in read.text
    assert "Still to say yes: Jo Example." in read.text
    theirs = page(course, "jo", observation)
    assert "Yes, this time suits me" in theirs.text
    assert "Begin" not in theirs.links
    agreed = course.browser("jo").act(f"{observation}/agree")
    assert "You said yes." in page(course, "jo", agreed.location).text
    read = page(course, "sam", observation)
    assert "agreed" in read.text
    assert f"{observation}/time.ics" in read.links
    assert f"{observation}/begin" in page(course, "jo", observation).links


def test_ux_p7_who_is_asked_and_until_when_is_a_date(course: Course) -> None:
    read = page(course, "sam", f"/o/{course.asked()}")
    assert "Jo Example has your request and until March 7, 2026 to say yes or no." in read.text
    assert "comes back to you and to the instructors" in read.text


def test_what_was_typed_of_a_time_is_shown_again_beside_what_is_needed(course: Course) -> None:
    jo = str(course.world.visitor("jo").person_id)
    usual = {"observer": jo, "mode": "live", "recorded": "no"} | TUESDAY
    for field, typed, says in (
        ("day", "2026-02-30", "Please choose a day"),
        ("day", "2026-02-27", "This time is already over."),
        ("start", "", "Please choose a time of day"),
        ("minutes", "a while", "Please give the length in minutes"),
        ("minutes", "1", "between 5 minutes and 8 hours"),
        ("zone", "../etc/passwd", "Please check the time zone"),
        ("where", "x" * 201, "Please shorten the place"),
    ):
        answer = course.browser("sam").act(f"{course.home}/ask", **(usual | {field: typed}))
        assert answer.status_code == 422, field
        assert says in Read(answer.text).text, field
        assert f'value="{typed}"' in answer.text, field


def test_an_hour_that_the_clocks_leave_out_is_told(course: Course) -> None:
    jo = str(course.world.visitor("jo").person_id)
    fields = {"observer": jo, "mode": "live", "recorded": "no"} | TUESDAY | {"day": "2026-03-08", "start": "02:30"}
    answer = course.browser("sam").act(f"{course.home}/ask", **fields)
    assert "The clocks go forward then" in Read(answer.text).text


def test_another_time_is_proposed_by_either_side_and_the_old_one_no_longer_holds(course: Course) -> None:
    observation = asked_for_tuesday(course)
    course.browser("jo").act(f"{observation}/agree")
    read = page(course, "jo", f"{observation}/time")
    assert "It no longer holds once you propose another one." in read.text
    course.browser("jo").act(f"{observation}/time", **(TUESDAY | {"start": "16:00"}))
    mine = page(course, "sam", observation)
    assert "Jo Example proposed a time." in mine.text
    assert f"{observation}/begin" not in page(course, "jo", observation).links
    course.browser("sam").act(f"{observation}/agree")
    assert f"{observation}/begin" in page(course, "jo", observation).links


def test_two_appointments_at_once_are_refused_naming_only_ones_own_other_one(course: Course) -> None:
    first = asked_for_tuesday(course)
    course.browser("jo").act(f"{first}/agree")
    jo = str(course.world.visitor("jo").person_id)
    fields = {"observer": jo, "mode": "live", "recorded": "no"} | TUESDAY
    again = course.browser("sam").act(f"{course.home}/ask", **fields)
    assert "You already have an appointment with Jo Example at that time." in Read(again.text).text
    of_noor = course.browser("noor").act(f"{course.home}/ask", **fields)
    assert of_noor.status_code == 303
    refused = course.browser("jo").act(f"{of_noor.location.partition('?')[0]}/agree")
    assert refused.status_code == 409
    assert "You already have an appointment with Sam Example at that time." in Read(refused.text).text


def test_ux_m5_the_calendar_file_says_appointment_and_nothing_else(course: Course) -> None:
    observation = asked_for_tuesday(course)
    course.browser("jo").act(f"{observation}/agree")
    answer = course.browser("jo").get(f"{observation}/time.ics")
    assert answer.mimetype == "text/calendar"
    assert "filename=appointment.ics" in answer.headers["Content-Disposition"]
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (str(event["summary"]), str(event["status"])) == ("Appointment", "CONFIRMED")
    assert event["dtstart"].dt.isoformat() == "2026-03-10T18:30:00+00:00"
    for word in ("Sam", "Jo", "Room", "practice", "practicum", "Attune", "school"):
        assert word not in answer.text
    assert course.browser("ines").get(f"{observation}/time.ics").status_code == 404


def test_a_calendar_entry_changes_and_goes_with_what_happens(course: Course, clock: Clock) -> None:
    observation = asked_for_tuesday(course)

    def event() -> tuple[str, int, str]:
        (found,) = Calendar.from_ical(course.browser("sam").get(f"{observation}/time.ics").data).walk("VEVENT")
        return str(found["uid"]), int(found["sequence"]), str(found["status"])

    seen = [event()]
    for act, fields in (("agree", {}), ("time", TUESDAY | {"start": "17:00"}), ("agree", {})):
        clock.advance(minutes=1)
        course.browser("jo" if len(seen) == 1 else "jo" if act == "time" else "sam").act(
            f"{observation}/{act}", **fields
        )
        seen.append(event())
    clock.advance(minutes=1)
    course.browser("sam").act(f"{observation}/call-off")
    seen.append(event())
    assert len({uid for uid, _, _ in seen}) == 1
    sequences = [sequence for _, sequence, _ in seen]
    assert sequences == sorted(set(sequences))
    assert [status for *_, status in seen] == ["TENTATIVE", "CONFIRMED", "TENTATIVE", "CONFIRMED", "CANCELLED"]


def test_a_day_after_an_agreed_time_both_sides_are_asked_whether_it_took_place(course: Course, clock: Clock) -> None:
    observation = asked_for_tuesday(course)
    course.browser("jo").act(f"{observation}/agree")
    early = course.browser("sam").act(f"{observation}/not-held")
    assert early.status_code == 409
    clock.advance(days=10)
    for who in ("sam", "jo", "ines"):
        course.renew(who)
    for who in ("sam", "jo"):
        read = page(course, who, observation)
        assert "Did it take place?" in read.text
        assert "It did not take place" in read.text
    assert "nobody has said yet whether it took place" in page(course, "ines", observation).text
    course.browser("jo").act(f"{observation}/not-held")
    assert "nobody has to say why" in page(course, "sam", observation).text
    assert "Room 4" not in page(course, "sam", observation).text


def test_ux_c3_what_is_proposed_to_a_trainee_is_theirs_to_decide(course: Course) -> None:
    observation = proposed(course)
    read = page(course, "sam", observation)
    assert "Ines Example proposes this to you." in read.text
    assert f"{observation}/consent" in read.links
    deciding = page(course, "sam", f"{observation}/consent")
    assert "with a recording, if you agree" in deciding.text
    assert deciding.checked("recorded") == deciding.checked("mode") == []
    assert f"{observation}/call-off" in deciding.links
    incomplete = course.browser("sam").act(f"{observation}/consent", mode="live")
    assert "Please choose yes or no." in Read(incomplete.text).text
    course.browser("sam").act(f"{observation}/consent", mode="role_play", recorded="no", mentors="yes")
    assert "role play, no recording" in page(course, "jo", observation).text
    assert f"{observation}/begin" in page(course, "jo", observation).links


def test_ux_c6_nobody_else_agrees_in_the_trainees_place(course: Course) -> None:
    observation = proposed(course)
    for who in ("jo", "ines", "noor"):
        for path in ("consent", "call-off", "someone-else"):
            assert course.browser(who).act(f"{observation}/{path}", mode="live", recorded="no").status_code == 404
    assert f"{observation}/begin" not in page(course, "jo", observation).links


def test_a_trainee_says_no_to_a_proposal_without_a_reason(course: Course) -> None:
    observation = proposed(course)
    assert "No reason is asked" in page(course, "sam", f"{observation}/call-off").text
    course.browser("sam").act(f"{observation}/call-off")
    assert "You called it off." in page(course, "sam", observation).text
    assert "It did not take place. No reason was asked." in page(course, "ines", observation).text


def test_an_instructor_proposes_on_a_page_and_strangers_find_none(course: Course) -> None:
    sam, jo = (str(course.world.visitor(who).person_id) for who in ("sam", "jo"))
    address = f"{course.home}/trainees/{sam}/propose"
    read = page(course, "ines", address)
    assert "Sam Example decides whether it takes place" in read.text
    assert course.browser("ines").act(address, observer=jo, mode="live").status_code == 422
    made = course.browser("ines").act(address, observer=jo, mode="live", recorded="no", **TUESDAY)
    assert "It is proposed." in page(course, "ines", made.location).text
    for who in ("jo", "noor", "sam"):
        assert course.browser(who).get(address).status_code == 404


def test_ux_c3_one_other_observer_is_asked_without_a_reason_and_a_second_one_with_help(course: Course) -> None:
    course.world.grant(course.world.visitor("kim"), None)
    observation = f"/o/{course.asked()}"
    amara, kim = (str(course.world.visitor(who).person_id) for who in ("amara", "kim"))
    jo = str(course.world.visitor("jo").person_id)
    assert "No reason is asked" in page(course, "sam", f"{observation}/someone-else").text
    nobody = course.browser("sam").act(f"{observation}/someone-else", instead_of=jo)
    assert "Please choose whom you would like to ask." in Read(nobody.text).text
    course.browser("sam").act(f"{observation}/someone-else", observer=kim, instead_of=jo)
    read = page(course, "sam", observation)
    assert "Observation with Kim Example" in read.headings
    second = course.browser("sam").act(f"{observation}/someone-else", observer=amara, instead_of=kim)
    assert second.status_code == 422
    assert "please talk with an instructor" in Read(second.text).text


def test_ux_s8_ux_o2_either_side_pauses_goes_on_and_stops_and_nobody_says_why(course: Course) -> None:
    for who, other in (("sam", "jo"), ("jo", "sam")):
        observation = f"/o/{course.begun()}"
        assert "Pause" in page(course, who, observation).text
        course.browser(who).act(f"{observation}/pause")
        read = page(course, other, observation)
        assert "It is paused." in read.text
        assert "Since March 2, 2026" in read.text
        course.browser(other).act(f"{observation}/resume", "another-key-of-a-form")
        goes_on = page(course, other, observation).text
        assert "paused" not in goes_on
        assert "Since" not in goes_on
        assert "No reason is asked" in page(course, who, f"{observation}/end").text
        course.browser(who).act(f"{observation}/end")
        assert "nobody has to say why" in page(course, "sam", observation).text
        assert course.browser("noor").act(f"{observation}/end").status_code == 404


def test_ux_c5_what_goes_and_what_stays_is_said_before_taking_back_and_words_go_at_once_on_request(
    course: Course,
) -> None:
    observation = f"/o/{course.answered('I was nervous.')}"
    read = page(course, "sam", f"{observation}/withdraw")
    assert read.headings.index("What goes") < read.headings.index("What stays, and why")
    early = course.browser("sam").act(f"{observation}/take-away")
    assert early.status_code == 409
    course.browser("sam").act(f"{observation}/withdraw")
    assert f"{observation}/take-away" in page(course, "sam", observation).links
    assert "Every word goes" in page(course, "sam", f"{observation}/take-away").text
    gone = course.browser("sam").act(f"{observation}/take-away", "another-key-of-a-form")
    assert "Its words are taken away." in page(course, "sam", gone.location).text
    assert course.browser("jo").get(observation).status_code == 404


def test_what_came_too_late_for_a_time_is_said_and_nothing_is_agreed(course: Course, clock: Clock) -> None:
    first = asked_for_tuesday(course)
    course.browser("jo").act(f"{first}/agree")
    other = f"/o/{course.asked()}"
    busy = course.browser("sam").act(f"{other}/time", **TUESDAY)
    assert busy.status_code == 422
    assert "You already have an appointment with Jo Example at that time." in Read(busy.text).text
    course.browser("sam").act(f"{other}/withdraw")
    for path, fields in (
        ("time", TUESDAY),
        (
            "someone-else",
            {
                "observer": str(course.world.visitor("amara").person_id),
                "instead_of": str(course.world.visitor("jo").person_id),
            },
        ),
    ):
        late = course.browser("sam").act(f"{other}/{path}", "another-key-of-a-form", **fields)
        assert late.status_code == 409, path
    consent, yes = proposed(course), {"answer": "yes", "mode": "live", "recorded": "no"}
    course.browser("sam").act(f"{consent}/withdraw")
    assert course.browser("sam").act(f"{consent}/consent", **yes).status_code == 409
