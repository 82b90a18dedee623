"""What the LMS shows beside what it should show, and what becomes of a cell, whatever happens to it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from grading.delivery import (
    Cell,
    Compared,
    Delivered,
    DeliveryState,
    Shown,
    Step,
    alike,
    compared,
    next_timestamp,
    plan,
    step,
    unwanted,
    wanted_again,
)
from grading.scores import DesiredScore

NOW = datetime(2026, 3, 2, 9, 0, 0, 500_000, tzinfo=UTC)
SENT_ONCE = {DeliveryState.WAITING, DeliveryState.ACCEPTED, DeliveryState.NEEDS_PERSON, DeliveryState.DIFFERS}


def of_100(score: str) -> DesiredScore:
    return DesiredScore(Decimal(score), Decimal(100))


def shown(score: str, maximum: str = "100") -> Shown:
    return Shown(Decimal(score), Decimal(maximum))


def cell(state: DeliveryState, desired: str = "75", accepted: str | None = None, **more: bool) -> Cell:
    known = None if accepted is None else of_100(accepted)
    ever = {"ever_sent": accepted is not None, **more}
    return Cell(state=state, desired=of_100(desired), accepted=known, sent=known, **ever)


@pytest.mark.parametrize(
    ("lms", "found"),
    [
        (None, Compared.EMPTY),
        (shown("80"), Compared.SAME),
        (shown("8", "10"), Compared.SAME),
        (shown("79.999999999"), Compared.SAME),
        (shown("60"), Compared.OURS),
        (shown("70"), Compared.OURS),
        (shown("80.01"), Compared.DIFFERS),
        (shown("0"), Compared.DIFFERS),
        (shown("110"), Compared.DIFFERS),
        (shown("80", "0"), Compared.DIFFERS),
    ],
)
def test_lti_a34_what_the_lms_shows_is_compared_with_what_it_should_show_and_what_we_sent(
    lms: Shown | None, found: Compared
) -> None:
    assert compared(of_100("80"), of_100("60"), of_100("70"), lms) is found


@given(st.integers(0, 10_000), st.sampled_from([1, 3, 5, 10, 20, 50, 100, 1000]))
def test_what_moodle_keeps_of_a_score_with_five_decimals_is_the_same_score(hundredths: int, column: int) -> None:
    ours = DesiredScore(Decimal(hundredths) / 100, Decimal(100))
    kept = (ours.score * column / 100).quantize(Decimal("0.00001"))
    assert alike(ours, Shown(kept, Decimal(column)))
    assert not alike(ours, DesiredScore(abs(ours.score - Decimal("0.01")), Decimal(100)))


def test_what_an_lms_lost_by_rounding_is_less_than_half_a_hundredth() -> None:
    assert alike(of_100("80"), shown("80.00499"))
    assert not alike(of_100("80"), shown("80.005"))


def test_a_column_of_one_point_shows_the_same_shares_as_one_of_a_hundred() -> None:
    assert alike(of_100("100"), shown("1", "1"))
    assert alike(shown("1", "1"), of_100("100"))


def test_where_a_column_has_no_maximum_only_the_very_same_is_the_same() -> None:
    assert alike(shown("80", "0"), shown("80", "0"))
    assert not alike(shown("80", "0"), shown("70", "0"))
    assert not alike(shown("80", "0"), shown("80"))
    assert not alike(shown("80"), shown("80", "0"))


def test_what_is_due_is_sent_where_the_lms_shows_nothing_or_what_was_ours() -> None:
    assert step(of_100("80"), of_100("60"), of_100("70"), None) is Step.SEND
    assert step(of_100("80"), of_100("60"), of_100("70"), shown("60")) is Step.SEND
    assert step(of_100("80"), of_100("60"), of_100("70"), shown("70")) is Step.SEND


def test_lti_a31_a_score_that_arrived_though_its_answer_was_lost_is_not_sent_again() -> None:
    assert step(of_100("80"), None, of_100("80"), shown("80")) is Step.ALREADY_THERE
    assert step(of_100("80"), of_100("60"), of_100("80"), shown("80")) is Step.ALREADY_THERE


def test_lti_a23_a_revert_is_sent_even_though_the_lms_shows_it_while_another_one_may_still_arrive() -> None:
    assert step(of_100("60"), of_100("60"), of_100("80"), shown("60")) is Step.SEND


def test_lti_a34_what_a_person_set_in_the_lms_is_never_overwritten_unless_a_person_says_so() -> None:
    assert step(of_100("80"), of_100("60"), of_100("60"), shown("95")) is Step.ASK
    assert step(of_100("80"), of_100("60"), of_100("60"), shown("95"), decided_over=shown("95")) is Step.SEND
    assert step(of_100("80"), of_100("60"), of_100("60"), shown("97"), decided_over=shown("95")) is Step.ASK


@pytest.mark.parametrize("state", [DeliveryState.DIFFERS, DeliveryState.LET_STAND])
def test_a_new_score_does_not_go_out_by_itself_over_what_a_person_set(state: DeliveryState) -> None:
    assert wanted_again(cell(state, "75", "75"), of_100("80")) is DeliveryState.DIFFERS


@pytest.mark.parametrize(
    "state", [DeliveryState.ACCEPTED, DeliveryState.NEEDS_PERSON, DeliveryState.CLEARED, DeliveryState.WAITING]
)
def test_a_new_score_is_due_at_once_in_every_other_state(state: DeliveryState) -> None:
    assert wanted_again(cell(state, "75", "75"), of_100("80")) is DeliveryState.WAITING


@pytest.mark.parametrize("state", DeliveryState)
def test_wanting_the_same_again_changes_nothing(state: DeliveryState) -> None:
    assert wanted_again(cell(state, "75", "75"), of_100("75.00")) is None


def test_the_same_score_counts_as_new_once_something_counts_again() -> None:
    for state in (DeliveryState.NEEDS_PERSON, DeliveryState.CLEARED):
        assert wanted_again(cell(state, "75", "75", nothing_left=True), of_100("75")) is DeliveryState.WAITING


def test_lti_a23_a_change_that_never_left_is_taken_back_without_sending() -> None:
    changed = cell(DeliveryState.WAITING, "80", "60")
    assert wanted_again(changed, of_100("60")) is DeliveryState.ACCEPTED
    held = cell(DeliveryState.WAITING, "80", "60", under_way=True)
    assert wanted_again(held, of_100("60")) is DeliveryState.WAITING
    left = Cell(
        state=DeliveryState.WAITING, desired=of_100("80"), accepted=of_100("60"), sent=of_100("80"), ever_sent=True
    )
    assert wanted_again(left, of_100("60")) is DeliveryState.WAITING


def test_what_never_left_goes_where_nothing_counts_any_more_and_everything_else_asks_a_person() -> None:
    assert unwanted(cell(DeliveryState.WAITING)) is None
    for state in SENT_ONCE:
        assert unwanted(cell(state, "75", "75")) is DeliveryState.NEEDS_PERSON


@pytest.mark.parametrize("state", [DeliveryState.LET_STAND, DeliveryState.CLEARED])
def test_what_a_person_decided_stays_where_nothing_counts_any_more(state: DeliveryState) -> None:
    assert unwanted(cell(state, "75", "75")) is state
    assert unwanted(cell(DeliveryState.WAITING, "75", "75", to_clear=True)) is DeliveryState.WAITING


def test_lti_a24_what_empties_a_cell_is_later_than_all_before() -> None:
    later = NOW + timedelta(minutes=1)
    assert next_timestamp(Delivered(of_100("75"), NOW, later), NOW) == later + timedelta(seconds=1)
    assert next_timestamp(None, NOW) == NOW


class Gradebook(RuleBasedStateMachine):
    """One cell, an LMS that keeps whole seconds, a clock that jumps, answers that get lost, people who edit there."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.cell: Cell | None = None
        self.wanted: DesiredScore | None = None
        self.delivered = Delivered(None, None)
        self.lms: Shown | None = None
        self.lms_at: datetime | None = None
        self.last_sent_at: datetime | None = None
        self.edited = False
        self.decided_over: Shown | None = None

    def _with(self, **changed: object) -> None:
        assert self.cell is not None
        values = {name: getattr(self.cell, name) for name in self.cell.__slots__}
        self.cell = Cell(**{**values, **changed})

    @rule(score=st.integers(0, 3))
    def desire(self, score: int) -> None:
        self.wanted = of_100(str(score))
        if self.cell is None:
            self.cell = Cell(
                state=DeliveryState.WAITING, desired=self.wanted, accepted=None, sent=None, ever_sent=False
            )
            return
        state = wanted_again(self.cell, self.wanted)
        if state is not None:
            self._with(state=state, desired=self.wanted, nothing_left=False)

    @precondition(lambda self: self.cell is not None)
    @rule()
    def nothing_counts(self) -> None:
        assert self.cell is not None
        self.wanted = None
        state = unwanted(self.cell)
        if state is None:
            self.cell = None
        else:
            self._with(state=state, nothing_left=True)

    @precondition(lambda self: self.cell is not None and self.cell.state is DeliveryState.WAITING)
    @rule(outcome=st.sampled_from(["accepted", "answer lost", "lost on the way"]))
    def send(self, outcome: str) -> None:
        assert self.cell is not None
        if self.cell.ever_sent:
            found = step(
                self.cell.desired, self.cell.accepted, self.cell.sent, self.lms, decided_over=self.decided_over
            )
            self.delivered = Delivered(self.delivered.accepted, self.delivered.sent_at, self.lms_at)
            if found is Step.ASK:
                return self._with(state=DeliveryState.DIFFERS)
            if found is Step.ALREADY_THERE:
                return self._with(state=DeliveryState.ACCEPTED, accepted=self.cell.desired)
        planned = plan(self.cell.desired, Delivered(None, self.delivered.sent_at, self.delivered.lms_at), self.now)
        assert planned is not None
        if self.last_sent_at is not None:
            assert int(planned.timestamp.timestamp()) > int(self.last_sent_at.timestamp())
        self.last_sent_at = planned.timestamp
        self.delivered = Delivered(self.delivered.accepted, planned.timestamp)
        self._with(sent=planned.send, ever_sent=True)
        if outcome == "lost on the way":
            return None
        assert self.lms_at is None or int(planned.timestamp.timestamp()) > int(self.lms_at.timestamp())
        self.lms, self.lms_at = Shown(planned.send.score, planned.send.maximum), planned.timestamp
        self.edited, self.decided_over = False, None
        if outcome == "accepted":
            self._with(state=DeliveryState.ACCEPTED, accepted=planned.send)
        return None

    @precondition(lambda self: self.last_sent_at is not None)
    @rule(score=st.integers(40, 41), ahead=st.integers(-90, 90))
    def a_person_edits_in_the_lms(self, score: int, ahead: int) -> None:
        self.lms, self.lms_at = shown(str(score)), self.now + timedelta(seconds=ahead)
        self.edited = True

    @precondition(lambda self: self.cell is not None and self.cell.state is DeliveryState.DIFFERS)
    @rule(ours=st.booleans())
    def a_person_decides(self, ours: bool) -> None:
        self._with(state=DeliveryState.WAITING if ours else DeliveryState.LET_STAND)
        self.decided_over = self.lms if ours else None

    @rule(seconds=st.integers(-7200, 7200))
    def the_clock_jumps(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def an_edit_of_a_person_is_never_overwritten_silently(self) -> None:
        if self.edited:
            assert self.lms is not None
            assert self.lms.score >= 40

    def teardown(self) -> None:
        """Once all is quiet: what is due goes out, and the LMS shows it, unless a person has to say, or said so."""
        for _ in range(2):
            if self.cell is not None and self.cell.state is DeliveryState.WAITING:
                self.send("accepted")
        if self.wanted is None:
            assert self.cell is None or self.cell.nothing_left
            return
        assert self.cell is not None
        assert self.cell.desired == self.wanted
        if self.cell.state in (DeliveryState.DIFFERS, DeliveryState.LET_STAND) or self.edited:
            return
        assert self.cell.state is DeliveryState.ACCEPTED
        assert self.lms is not None
        assert alike(self.lms, self.wanted)


TestGradebook = Gradebook.TestCase
TestGradebook.settings = settings(max_examples=150, stateful_step_count=30)
