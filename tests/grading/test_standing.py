"""What a standing says beside its answers: of whom and what it is, how much is asked and met, who would help."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.evidence import Evidence, Kind
from grading.periods import Calendar, Period
from grading.program import Program, Requirement, Stage, Who
from grading.proof import Answer, Doing, next_change
from grading.requirements.needs import AllOf, Amount, AtLeast, Each, Measure, Need, Open, Share
from grading.requirements.selection import Anchor, Named, Selection, Window
from grading.standing import StageStanding, Standing, standing, what_if
from tests.grading.things import ENTERED, TODAY, asked, count, day, hours, thing

INITIAL = Stage("initial", "Certification")
MET, NOT_YET = hours(1), hours(40)
PRACTICE = Amount(Selection(frozenset({Kind.PRACTICE}), unit="hours"))
NOT_ASKED = Share(PRACTICE, PRACTICE, Decimal("0.5"))
"""There is no whole that it could be a share of."""


def requirement(key: str, need: Need, *, shown_only: bool = False) -> Requirement:
    return replace(Requirement(key, "initial", key, need), shown_only=shown_only)


def stands(*requirements: Requirement) -> Standing:
    program = Program("p", "Program", "Body", "3", "UTC", (INITIAL,), requirements)
    there = Evidence("somebody", (thing("a", "2025-05-01", 2),), entered_on=day("2025-01-06"))
    return standing(program, there, TODAY)


def of_stage(*requirements: Requirement) -> StageStanding:
    return stands(*requirements).stages[0]


def test_a_standing_says_of_whom_in_which_edition_of_which_program_and_on_which_day() -> None:
    found = stands(requirement("r", MET))
    assert (found.person, found.program, found.edition, found.on) == ("somebody", "p", "3", TODAY)


def test_what_is_only_shown_and_what_is_not_asked_of_somebody_stands_in_nobodys_way() -> None:
    there = (
        requirement("met", MET),
        requirement("met too", MET),
        requirement("not yet", NOT_YET),
        requirement("not asked", NOT_ASKED),
        requirement("shown", NOT_YET, shown_only=True),
        requirement("shown and met", MET, shown_only=True),
    )
    found = of_stage(*there)
    assert [each.proof.answer for each in found.requirements][3] is Answer.NOT_APPLICABLE
    assert (found.met, found.asked, found.answer) == (2, 3, Answer.NOT_YET)
    assert of_stage(*there[:2], *there[3:]).answer is Answer.MET


def test_the_proof_of_a_requirement_is_found_by_its_key() -> None:
    found = stands(requirement("one", MET), requirement("other", NOT_YET))
    assert (found.of("one").answer, found.of("other").answer) == (Answer.MET, Answer.NOT_YET)
    with pytest.raises(KeyError, match="third"):
        found.of("third")


def test_a_standing_says_when_time_alone_changes_an_answer_next() -> None:
    last_year = hours(1, windows=(Window(last=Period(months=12)),))
    assert stands(requirement("r", last_year), requirement("met", MET)).changes_on == day("2026-05-02")
    ends_today = Open(MET, until=TODAY)
    found = stands(requirement("r", last_year), requirement("way", ends_today))
    assert found.changes_on == next_change(found.of("way"), TODAY) == day("2026-03-02")
    over = Each(Calendar.WEEK, count(1), ENTERED, until=Anchor(Named.DAY, day=TODAY))
    assert stands(requirement("r", over)).changes_on is None
    assert stands(requirement("met", MET)).changes_on is None


def test_a_day_that_is_there_or_over_hides_no_day_to_come_of_the_same_requirement() -> None:
    last_year = hours(1, windows=(Window(last=Period(months=12)),))
    by_application = Anchor(Named.DAY, day=day("2025-06-01"))
    for last_day in ("2025-12-31", "2026-02-28"):  # it closed a while ago; it closed as today began
        way = Open(MET, until=day(last_day), at=by_application)
        assert stands(requirement("r", way)).changes_on is None
        assert stands(requirement("r", AllOf((last_year, way)))).changes_on == day("2026-05-02")


def test_what_if_is_where_somebody_would_stand_with_that_too() -> None:
    program = Program("p", "Program", "Body", "3", "UTC", (INITIAL,), (requirement("r", hours(3)),))
    there, more = (thing(id_, "2025-05-01", 2) for id_ in ("a", "b"))
    person = Evidence("somebody", (there,), entered_on=day("2025-01-06"))
    imagined = what_if(program, person, (more,), TODAY)
    assert imagined == standing(program, replace(person, items=(there, more)), TODAY)
    assert (imagined.stages[0].answer, standing(program, person, TODAY).stages[0].answer) == (
        Answer.MET,
        Answer.NOT_YET,
    )


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        (Kind.OBSERVATION, Who.OBSERVER),
        (Kind.RATING, Who.OBSERVER),
        (Kind.REFERENCE, Who.REFEREE),
        (Kind.ATTESTATION, Who.SUPERVISOR),
        (Kind.CHECK, Who.PROGRAM),
        (Kind.APPROVAL, Who.PROGRAM),
        (Kind.FINDING, Who.PROGRAM),
        (Kind.SUPERVISION, Who.TRAINEE),
        (Kind.TRAINING, Who.TRAINEE),
    ],
)
def test_what_is_missing_is_added_by_whoever_adds_things_of_its_kind(kind: Kind, who: Who) -> None:
    (change,) = asked(AtLeast(Amount(Selection(frozenset({kind})), Measure.COUNT), Decimal(2))).changes
    assert (change.who, change.doing, change.amount) == (who, Doing.ADD, Decimal(2))


def test_where_so_much_is_asked_in_each_term_the_first_whole_one_begins() -> None:
    each = Requirement("r", "initial", "r", Each(Calendar.TERM, count(1), ENTERED))
    program = Program("p", "Program", "Body", "1", "UTC", (INITIAL,), (each,), terms=((2, 1), (9, 1)))
    found = standing(program, Evidence("somebody", (), entered_on=day("2025-01-06")), TODAY)
    assert [part.stretch and part.stretch.first for part in found.of("r").parts] == [
        day("2025-02-01"),
        day("2025-09-01"),
        day("2026-02-01"),
    ]
