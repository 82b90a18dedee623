"""Fieldwork Performance Evaluation, Level II: acceptance cases 15, 16 and 17, and cases of our own."""

from collections.abc import Mapping

from grading.proof import Answer, Why
from tests.programs.entries import entry, event
from tests.programs.observations import items, observation
from tests.programs.reading import open_in, program, stands


def review(point: str, by: str, on: str, ratings: Mapping[str, int | None]) -> str:
    return observation(f"{point}-{by}", on, ratings, name="fieldwork_evaluation", point=point, rated_by=by)


def final(ratings: Mapping[str, int | None]) -> str:
    """The whole way of the edition of 2020, with these ratings at the end."""
    return "".join([
        review("midterm", "self", "2025-10-01", {}),
        review("midterm", "supervisor", "2025-10-01", {}),
        review("final", "self", "2025-12-01", {}),
        review("final", "supervisor", "2025-12-02", ratings),
        event("final_meeting", "2025-12-03"),
        entry("signatures", "supervisor-signs", "2025-12-03", name="fieldwork_evaluation", role="supervisor"),
        entry("signatures", "trainee-signs", "2025-12-04", name="fieldwork_evaluation", role="trainee"),
    ])  # fmt: skip


def test_case_15_one_item_at_one_is_not_yet_whatever_the_sum() -> None:
    ratings = items(37, 3) | {f"item_{number}": 4 for number in range(10, 19)} | {"item_20": 1}
    found = stands("ot-fwpe", final(ratings))
    total = found.of("sum").numbers
    assert total is not None
    assert total.sure == 118
    assert open_in(found, "initial") == {"no-item-at-1": Answer.NOT_YET}


def test_case_16_with_every_item_at_three_the_sum_is_111_and_everything_is_met() -> None:
    found = stands("ot-fwpe", final(items(37, 3)))
    assert open_in(found, "initial") == {}
    total = found.of("sum").numbers
    assert total is not None
    assert (total.need, total.sure) == (111, 111)


def test_case_17_an_item_left_blank_is_not_yet_whatever_the_sum() -> None:
    found = stands("ot-fwpe", final(items(37, 4) | {"item_30": None}))
    assert open_in(found, "initial") == {"items": Answer.NOT_YET}
    blank = [part for part in found.of("items").parts if part.answer is not Answer.MET]
    assert [part.name for part in blank] == ["item_30"]


def test_safety_and_ethics_are_at_three_whatever_the_sum() -> None:
    found = stands("ot-fwpe", final(items(37, 4) | {"item_2": 2}))
    assert open_in(found, "initial") == {"safety-and-ethics": Answer.NOT_YET}


def test_a_sum_of_110_is_one_short() -> None:
    found = stands("ot-fwpe", final(items(37, 3) | {"item_9": 2})).of("sum")
    assert (found.answer, found.changes[0].amount) == (Answer.NOT_YET, 1)


def test_ratings_of_oneself_never_make_the_sum() -> None:
    own = review("final", "self", "2025-12-01", items(37, 4))
    found = stands("ot-fwpe", own)
    assert found.of("sum").answer is Answer.NOT_YET
    assert found.of("sum").counted == ()


def test_a_rating_that_was_not_signed_waits() -> None:
    unsigned = review("final", "supervisor", "2025-12-02", items(37, 3)).replace("signed = 2025-12-02\n", "")
    assert stands("ot-fwpe", unsigned).of("sum").answer is Answer.WAITING
    assert {each.why for each in stands("ot-fwpe", unsigned).of("sum").left_out} == {Why.WAITS}


def test_whoever_signs_before_the_meeting_signs_again() -> None:
    early = final(items(37, 3)).replace("on = 2025-12-04", "on = 2025-12-02")
    assert open_in(stands("ot-fwpe", early), "initial") == {"sign-off": Answer.NOT_YET}


def test_without_rating_oneself_at_midterm_a_review_is_missing() -> None:
    text = final(items(37, 3)).replace(review("midterm", "self", "2025-10-01", {}), "")
    assert open_in(stands("ot-fwpe", text), "initial") == {"reviews": Answer.NOT_YET}


def older(midterm: int, *, plan: bool = False, last: int = 3) -> str:
    first = review("midterm", "supervisor", "2025-10-01", items(42, 2) | items(midterm - 84, 3))
    written = entry("documents", "plan", "2025-10-02", name="action_plan") if plan else ""
    return first + written + review("final", "supervisor", "2025-12-02", items(42, last))


def test_under_the_edition_of_2002_other_numbers_are_asked() -> None:
    assert open_in(stands("ot-fwpe", older(90), edition="2002"), "initial") == {}
    assert open_in(stands("ot-fwpe", older(89), edition="2002"), "initial") == {"midterm": Answer.NOT_YET}


def test_under_the_edition_of_2002_an_action_plan_keeps_the_way_open() -> None:
    assert open_in(stands("ot-fwpe", older(89, plan=True), edition="2002"), "initial") == {}


def test_under_the_edition_of_2002_an_item_at_one_may_be_made_up_for() -> None:
    low = older(90).replace('criterion = "item_40"\nlevel = 3', 'criterion = "item_40"\nlevel = 1')
    assert open_in(stands("ot-fwpe", low, edition="2002"), "initial") == {}


def test_an_evaluation_is_no_certification_that_would_end() -> None:
    assert program("ot-fwpe").lifecycle.validity is None
