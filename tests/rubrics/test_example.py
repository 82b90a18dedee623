"""Example performances: when people can agree on their ratings, and what goes along to another edition."""

from dataclasses import replace
from datetime import date

import pytest

from rubrics.assessment import Rating
from rubrics.example import Example, Medium, Origin, carried_over, hints, problems
from rubrics.rubric import Alignment, Rubric
from tests.rubrics.examples import RATINGS, an_example
from tests.rubrics.making import LEVELS, a_criterion, a_rubric, in_spanish


def places(example: Example, rubric: Rubric | None = None) -> list[str]:
    return [problem.place for problem in problems(example, rubric or a_rubric())]


def rated(criterion: str, level: int | None, *, not_observed: bool = False, reason: str = "So.") -> Example:
    others = tuple(rating for rating in RATINGS if rating.criterion != criterion)
    return an_example(ratings=(*others, Rating(criterion, level, not_observed=not_observed, evidence=reason)))


def test_people_can_agree_on_a_finished_example() -> None:
    assert places(an_example()) == []


def test_each_criterion_is_rated_with_a_reason() -> None:
    assert places(an_example(ratings=())) == ["ratings.pauses", "ratings.listens"]
    assert places(rated("pauses", 3, reason=" ")) == ["ratings.pauses.reason"]
    assert places(rated("pauses", None, not_observed=True, reason="")) == ["ratings.pauses.reason"]


def test_not_rated_yet_and_not_observed_are_two_things() -> None:
    assert places(rated("pauses", None)) == ["ratings.pauses"]
    assert places(rated("pauses", None, not_observed=True)) == []


def test_what_is_looked_at_every_time_is_not_left_out_of_an_example() -> None:
    assert places(rated("listens", None, not_observed=True)) == ["ratings.listens"]


def test_a_level_or_criterion_that_the_rubric_does_not_have_is_named() -> None:
    assert places(rated("pauses", 9)) == ["ratings.pauses"]
    assert places(rated("dances", 1)) == ["ratings.dances"]


def test_cap_c12_a_video_without_captions_is_kept_and_not_used() -> None:
    video = an_example(medium=Medium.VIDEO, address="https://video.example/1", text="")
    assert places(video) == ["captions"]
    assert places(replace(video, captions=True)) == []


@pytest.mark.parametrize(
    "address", ["", "http://video.example/1", "https://", "javascript:alert(1)", "https://[", "https://a b"]
)
def test_a_video_is_opened_over_https_only(address: str) -> None:
    assert places(an_example(medium=Medium.VIDEO, address=address, captions=True)) == ["address"]


def test_a_recording_needs_the_place_where_its_permission_is_kept() -> None:
    assert places(an_example(origin=Origin.RECORDING)) == ["permission"]
    assert places(an_example(origin=Origin.RECORDING, permission="Folder 12")) == []


def test_what_an_example_is_has_to_be_said() -> None:
    assert places(an_example(title=" ", language="English", text="")) == ["title", "language", "text"]


@pytest.mark.parametrize(
    "text", ["Write to kim@x.example", "Call 555 010 9999", "“Good morning, Mrs. Ortega”", "la Sra. Ortega"]
)
def test_a_text_that_may_tell_who_somebody_is_gets_a_hint_and_nothing_more(text: str) -> None:
    assert len(hints(an_example(text=text))) == 1
    assert places(an_example(text=text)) == []


def test_a_text_that_names_nobody_gets_no_hint() -> None:
    assert hints(an_example(text="In 2026, at 10:30, 24 people came. “Dr?” he asked.")) == ()


def test_a_criterion_has_one_master_rating() -> None:
    with pytest.raises(ValueError, match="one rating"):
        an_example(ratings=(RATINGS[0], RATINGS[0]))


def test_ratings_go_along_where_the_criterion_is_what_it_was() -> None:
    listens = a_rubric().criteria[1]
    after = a_rubric(listens, a_criterion(statement="Offers a rest"), a_criterion("waits"), title="Another title")
    moved = carried_over(an_example(), a_rubric(), after)
    assert moved.rating("listens") == RATINGS[1]
    assert moved.rating("pauses") == Rating("pauses", None, not_observed=False, evidence=RATINGS[0].evidence)
    assert places(moved, after) == ["ratings.pauses", "ratings.waits"]


@pytest.mark.parametrize(
    ("changes", "anew"),
    [
        ({"levels": (*LEVELS[:2], replace(LEVELS[2], anchor="Paused in time."))}, True),
        ({"guide": "Look at the hands."}, True),
        ({"may_be_not_observed": False}, True),
        ({"alignments": (Alignment("starter:A1"),)}, False),
        ({"met_at": 2, "must_be_met": True}, False),
        ({"principles": frozenset()}, False),
    ],
)
def test_only_what_is_rated_asks_anew(changes: dict[str, object], anew: bool) -> None:
    after = a_rubric(a_criterion(**changes), a_rubric().criteria[1])
    rating = carried_over(an_example(), a_rubric(), after).rating("pauses")
    assert rating is not None
    assert (rating.level is None) is anew


def test_other_words_in_a_translation_ask_anew_too() -> None:
    before = in_spanish(a_rubric())
    words = before.translations[0]
    other = replace(words, criteria=(replace(words.criteria[0], statement="Ofrece una pausa"), *words.criteria[1:]))
    rating = carried_over(an_example(), before, replace(before, translations=(other,))).rating("pauses")
    assert rating is not None
    assert rating.level is None


def test_what_the_new_edition_does_not_have_stays_with_the_old_one() -> None:
    after = a_rubric(a_rubric().criteria[1])
    assert [rating.criterion for rating in carried_over(an_example(), a_rubric(), after).ratings] == ["listens"]


@pytest.mark.parametrize("same", [True, False])
def test_nobody_agreed_yet_on_what_was_carried_over(same: bool) -> None:
    agreed = an_example(agreed_by="The peer council", agreed_on=date(2026, 3, 2))
    after = a_rubric() if same else a_rubric(summary="Other words.")
    moved = carried_over(agreed, a_rubric(), after)
    assert (moved.agreed_by, moved.agreed_on) == ("", None)
    assert moved.ratings == agreed.ratings
