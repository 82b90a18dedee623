"""Two editions of a text beside each other."""

from hypothesis import given
from hypothesis import strategies as st

from rubrics.side_by_side import Pair, paragraphs, side_by_side

TEXTS = st.lists(st.sampled_from(["We listen.", "We share.", "We do not diagnose.", "", "  "]), max_size=8).map(
    "\n".join
)


def test_what_changed_is_beside_what_stood_there() -> None:
    assert side_by_side("We listen.\nWe advise.\nWe care.", "We listen.\nWe do not advise.\nWe care.") == (
        Pair("We listen.", "We listen."),
        Pair("We advise.", "We do not advise."),
        Pair("We care.", "We care."),
    )


@given(TEXTS, TEXTS)
def test_nothing_of_either_edition_is_left_out(before: str, now: str) -> None:
    pairs = side_by_side(before, now)
    assert [one.before for one in pairs if one.before is not None] == paragraphs(before)
    assert [one.now for one in pairs if one.now is not None] == paragraphs(now)


@given(TEXTS)
def test_the_same_text_has_no_change(text: str) -> None:
    assert all(one.same for one in side_by_side(text, text))
