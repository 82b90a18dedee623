"""Recovery Support Peer Specialist: cases of our own for its track; `test_tx_mhps` has what both of Texas share."""

from decimal import Decimal

from grading.proof import Answer
from tests.programs.reading import open_in, stands
from tests.programs.texas import SUBSTANCE_USE, before_the_first


def test_forty_hours_of_its_track_are_six_short() -> None:
    written = before_the_first(SUBSTANCE_USE).replace('"46 hours"', '"40 hours"')
    found = stands("tx-rsps", written)
    assert set(open_in(found, "initial")) == {"supplemental", "assessments"}
    assert [each.amount for each in found.of("supplemental").changes] == [Decimal(6)]


def test_training_of_the_other_track_does_not_count_for_its_own() -> None:
    written = before_the_first(SUBSTANCE_USE).replace('track = "substance_use"', 'track = "mental_health_condition"')
    assert stands("tx-rsps", written).of("supplemental").answer is Answer.NOT_YET


def test_training_of_which_nobody_says_the_track_cannot_be_known() -> None:
    written = before_the_first(SUBSTANCE_USE).replace(
        'part = "supplemental", track = "substance_use"', 'part = "supplemental"'
    )
    found = stands("tx-rsps", written).of("supplemental")
    assert found.answer is Answer.UNKNOWN
    assert [each.name for each in found.changes] == ["track"]
