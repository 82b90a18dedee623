"""The two peer specialists of Texas: acceptance cases 6 and 7 for each of them, and cases of our own."""

from datetime import date
from decimal import Decimal

import pytest

from grading.known import known
from grading.lifecycle.dates import Name
from grading.lifecycle.offers import Asking
from grading.lifecycle.status import Status
from grading.lifecycle.validity import valid_until
from grading.program import StageKind
from grading.proof import Answer, Why
from tests.programs.entries import decision, entry, event
from tests.programs.reading import DAY, evidence, open_in, program, stands
from tests.programs.texas import CERTIFIED, RECOMMENDED, TRACKS, Track, before_the_first, monthly, practice, weekly

ANY = pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.program)


def last_day(id_: str, written: str, on: date) -> date | None:
    found = known(program(id_), evidence(written, as_of=on), on)
    return valid_until(found.program, found.decisions, found.evidence, on)


@ANY
def test_with_everything_the_first_certificate_is_ready_for_a_decision(track: Track) -> None:
    found = stands(track.program, before_the_first(track))
    assert open_in(found, "initial") == {}
    assert open_in(found, track.endorsement) == {}


@ANY
def test_core_training_from_before_the_orientation_does_not_count(track: Track) -> None:
    found = stands(track.program, before_the_first(track, core_on="2025-07-14"))
    assert found.of("core").answer is Answer.NOT_YET
    assert [each.why for each in found.of("core").left_out] == [Why.TOO_EARLY]


@ANY
def test_supplemental_training_counts_from_the_day_on_which_the_core_training_was_complete(track: Track) -> None:
    on_the_day = stands(track.program, before_the_first(track, supplemental_on="2025-08-01"))
    assert on_the_day.of("supplemental").answer is Answer.MET
    early = stands(track.program, before_the_first(track, supplemental_on="2025-07-31"))
    assert open_in(early, "initial") == {"supplemental": Answer.NOT_YET, "assessments": Answer.NOT_YET}


@ANY
def test_training_of_the_other_track_is_for_a_second_endorsement_only(track: Track) -> None:
    other = entry(
        "training",
        "other",
        "2025-11-01",
        f"{track.second_hours} hours",
        part="supplemental",
        track=track.second_track,
    )
    found = stands(track.program, before_the_first(track) + other)
    assert open_in(found, track.second) == {}
    short = other.replace(f'"{track.second_hours} hours"', f'"{track.second_hours - 1} hours"')
    assert set(open_in(stands(track.program, before_the_first(track) + short), track.second)) == {"other-track"}


@ANY
def test_endorsements_say_what_the_holder_may_do_and_are_not_shown_to_everybody(track: Track) -> None:
    stages = [each for each in program(track.program).stages if each.kind is StageKind.ENDORSEMENT]
    assert [each.key for each in stages] == [track.endorsement, track.second]
    assert all(each.scope and each.reveals for each in stages)


@ANY
def test_case_6_of_thirty_hours_of_supervision_only_the_six_observed_at_work_count(track: Track) -> None:
    hours = practice(220) + practice(24, "meetings", "supervision_meeting") + practice(6, "observed", "observed_work")
    found = stands(track.program, CERTIFIED + hours).of("practice")
    assert found.answer is Answer.NOT_YET
    assert found.numbers is not None
    assert found.numbers.sure == Decimal(226)
    assert [each.amount for each in found.changes] == [Decimal(24)]
    assert [(each.item.id, each.why) for each in found.left_out] == [("meetings", Why.NOT_COUNTING)]


@ANY
def test_case_7_in_month_five_there_is_time_and_an_extension_does_not_come_by_itself(track: Track) -> None:
    found = stands(track.program, CERTIFIED + practice(180) + weekly(DAY), on=DAY)
    assert found.of("practice").changes[0].amount == Decimal(70)
    assert found.of("weekly-supervision").answer is Answer.MET
    assert last_day(track.program, CERTIFIED, DAY) == date(2026, 4, 1)
    extension = [each for each in found.facts.offers if each.what is Asking.EXTENSION]
    assert [(each.stage, each.until) for each in extension] == [("initial", date(2026, 4, 1))]
    assert (found.facts.extensions_used, found.facts.extensions_left) == (0, 1)
    assert last_day(track.program, CERTIFIED, date(2026, 5, 1)) == date(2026, 4, 1)


@ANY
def test_case_7_an_extension_that_was_decided_makes_it_six_months_longer_once(track: Track) -> None:
    extended = CERTIFIED + decision("extended", "2026-03-20", "initial")
    assert last_day(track.program, extended, date(2026, 4, 2)) == date(2026, 10, 1)
    facts = stands(track.program, extended, on=date(2026, 4, 2)).facts
    assert (facts.extensions_used, facts.extensions_left) == (1, 0)
    assert not [each for each in facts.offers if each.what is Asking.EXTENSION]


@ANY
def test_with_everything_the_certification_for_two_years_is_ready_for_a_decision(track: Track) -> None:
    written = CERTIFIED + practice(250) + RECOMMENDED + weekly(DAY)
    found = stands(track.program, written)
    assert open_in(found, "full") == {}
    assert found.status is Status.READY_FOR_DECISION
    assert found.facts.ready[0] == "full"


@ANY
def test_a_week_without_supervision_is_seen(track: Track) -> None:
    written = CERTIFIED + practice(250) + RECOMMENDED + weekly(DAY, without=3)
    found = stands(track.program, written)
    assert open_in(found, "full") == {"weekly-supervision": Answer.NOT_YET}
    weeks = [part.stretch for part in found.of("weekly-supervision").parts if part.answer is Answer.NOT_YET]
    assert [week.first for week in weeks if week] == [date(2025, 10, 20)]


@ANY
def test_practice_from_before_the_first_certificate_does_not_count(track: Track) -> None:
    found = stands(track.program, CERTIFIED + practice(250).replace("2026-02-20", "2025-09-30"))
    assert found.of("practice").answer is Answer.NOT_YET


@ANY
def test_after_the_full_certification_no_week_is_asked_for_any_more(track: Track) -> None:
    full = CERTIFIED + weekly(date(2026, 2, 28)) + decision("certified", "2026-03-01", "full")
    found = stands(track.program, full, on=date(2026, 6, 1))
    assert found.of("weekly-supervision").answer is Answer.MET
    assert last_day(track.program, full, date(2026, 6, 1)) == date(2028, 3, 1)


def renewal(months: int = 24) -> str:
    return "".join(
        [
            CERTIFIED,
            decision("certified", "2026-03-01", "full"),
            monthly(date(2026, 3, 1), months),
            entry("observations", "at work", "2026-09-10"),
            entry("education", "supervising", "2027-01-10", "6 hours", category="supervisor_renewal_training"),
            entry("education", "ethics", "2027-02-10", "3 hours", category="peer_ethics"),
            entry("education", "more", "2027-03-10", "11 hours"),
            entry("checks", "history again", "2028-02-01", name="criminal_history"),
            entry("checks", "registry again", "2028-02-01", name="registry"),
        ]
    )


@ANY
def test_with_everything_the_renewal_is_ready_and_hours_for_supervisors_count_among_the_twenty(track: Track) -> None:
    assert open_in(stands(track.program, renewal(), on=date(2028, 2, 20)), "renewal") == {}


@ANY
def test_a_month_without_supervision_is_seen_at_renewal(track: Track) -> None:
    found = stands(track.program, renewal(months=22), on=date(2028, 2, 20))
    assert open_in(found, "renewal") == {"monthly-supervision": Answer.NOT_YET}


@ANY
def test_supervision_by_somebody_of_whom_nothing_is_said_cannot_be_known(track: Track) -> None:
    silent = entry("supervision", "talk", "2026-03-20", "1 hour")
    written = CERTIFIED + decision("certified", "2026-03-01", "full") + silent
    found = stands(track.program, written, on=date(2026, 4, 1)).of("monthly-supervision")
    assert found.answer is Answer.UNKNOWN
    assert {each.name for part in found.parts for each in part.changes if each.name} >= {"supervisor_role"}


@ANY
def test_a_decision_comes_within_sixty_days_with_its_reasons_and_the_way_to_appeal(track: Track) -> None:
    found = stands(track.program, before_the_first(track) + event("application", "2026-01-10"))
    assert [each.on for each in found.dates if each.name is Name.DECISION_DUE] == [date(2026, 3, 11)]
    due = program(track.program).lifecycle.due_process
    assert due.notice_holds == ("the reasons", "how to appeal")
    assert due.appeal_levels
