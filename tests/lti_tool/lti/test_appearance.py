"""What a platform says of contrast and colors: taken where it is understood, never a reason to keep anyone out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.appearance import LONGEST, brand, high_contrast


@pytest.mark.parametrize(("said", "wanted"), [("true", True), ("false", False), ("", False), ("1", False)])
def test_more_contrast_is_given_where_the_platform_says_that_it_is_preferred(said: str, wanted: bool) -> None:
    assert high_contrast({"attune_high_contrast": said}) is wanted
    assert not high_contrast({})


def test_the_color_of_a_canvas_brand_is_taken() -> None:
    said = {"ic-brand-primary": "#0374B5", "ic-brand-global-nav-bgd": "#394B58", "ic-brand-watermark": ""}
    assert brand({"attune_brand": json.dumps(said)}) == {"accent": "#0374b5"}


@pytest.mark.parametrize(
    "color",
    ["red", "#03b", "#0374B5;}", "#0374B5 ", "\n#0374b5", "url(x)", "rgb(1,2,3)", "#0374BG", "", None, 5, ["#0374b5"]],
)
def test_what_is_no_plain_color_is_no_brand(color: object) -> None:
    assert brand({"attune_brand": json.dumps({"ic-brand-primary": color})}) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "null", "[" * 100_000, "x" * (LONGEST + 1)])
def test_what_is_no_object_is_no_brand(text: str) -> None:
    assert brand({"attune_brand": text}) is None
    assert brand({}) is None


@given(st.text() | st.recursive(st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner)).map(json.dumps))
def test_whatever_a_platform_sends_a_brand_holds_only_colors(text: str) -> None:
    found = brand({"attune_brand": text})
    assert found is None or all(len(color) == 7 and color[0] == "#" for color in found.values())
