"""A program's fields: what is written in an odd way has no blanks, and what is typed is taken or told."""

import re
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.documents.program_blanks import Line, outline, path_of, sentence
from lti_tool.documents.program_editing import tables
from lti_tool.documents.program_field_texts import from_text
from lti_tool.documents.program_fields import Form
from lti_tool.documents.program_starts import condition
from lti_tool.documents.shipped_programs import SHIPPED
from rubrics.refusal import Refused

TRAINING = {"kind": "training"}
PROGRAMS = [tables(path.read_text()) for path in sorted(SHIPPED.glob("*.toml"))]


def lines_of(said: Any, number: int) -> tuple[Line, ...]:
    return sentence(said, ("requirements", number))


def lines(need: dict[str, Any]) -> tuple[Line, ...]:
    return lines_of({"requirements": [{"key": "x", **need}]}, 0)


@pytest.mark.parametrize(
    "need",
    [
        {"at_least": 1},
        {"covers": ["a"], "by": "category"},
        {"all_of": ["x"]},
        {"held_for": "2 years"},
        {"at_least": 1, "of": {**TRAINING, "caps": [{"where": {"a": 1, "b": 2}, "at_most": 3}]}},
        {"at_least": 1, "of": {**TRAINING, "caps": [{"where": {"a": {"at_least": 2}}, "at_most": 3}]}},
        {"something": "else"},
    ],
)
def test_a_need_that_is_written_in_an_odd_way_says_that_it_has_no_blanks(need: dict[str, Any]) -> None:
    assert any(line.beyond for line in lines(need))


def test_so_many_of_several_areas_are_a_line_of_their_own_that_can_be_taken_out() -> None:
    found = lines({"covers": ["a", "b", "c"], "some": 2, "by": "category", "of": TRAINING})
    (line,) = (line for line in found if line.template == "for at least %(blank)s of them")
    assert (line.blanks["blank"].text, line.removes) == ("2", "requirements/x/some")


def test_a_share_without_its_whole_and_a_time_without_its_need_are_told_as_far_as_they_are_written() -> None:
    assert [line.template for line in lines({"share_at_least": "50 %", "of": TRAINING})][:2] == [
        "At least %(number)s percent of the whole",
        "the part: %(kind)s",
    ]
    assert len(lines({"each": "year", "how": "each", "need": "x"})) == 3


@pytest.mark.parametrize("place", ["stages/first/title", "requirements/x/any_of/2", "requirements/x/any_of/one"])
def test_nothing_is_called_so(place: str) -> None:
    assert path_of({"requirements": [{"key": "x", "any_of": [TRAINING]}]}, place) is None


@pytest.mark.parametrize(
    ("form", "typed", "value"),
    [
        (Form.LIST, "a, b, a", ["a", "b"]),
        (Form.COUNT, "2", 2),
        (Form.DATE, "2026-05-01", date(2026, 5, 1)),
        (Form.MONTH_DAY, "07-01", "07-01"),
    ],
)
def test_what_is_typed_is_the_value_that_is_meant(form: Form, typed: str, value: Any) -> None:
    assert from_text(form, ("lifecycle", "x"), {}, typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("62,5", "62.5 hours"),
        ("٦٢٫٥", "62.5 hours"),
        ("0,125", "0.125 hours"),
        ("1250", "1250 hours"),
        ("7.25", "7.25 hours"),
    ],
)
def test_the_number_of_an_amount_is_read_with_the_comma_of_any_language(typed: str, value: str) -> None:
    said = {"requirements": [{"at_least": "40 hours"}]}
    assert from_text(Form.NUMBER, ("requirements", 0, "at_least", "number"), said, typed) == value
    assert from_text(Form.TEXT, ("x",), {"x": 2}, typed) == float(value.removesuffix(" hours"))


@pytest.mark.parametrize("typed", ["1,250", "1.250", "١٫٢٥٠"])
def test_an_amount_that_can_be_read_in_two_ways_is_asked_about_and_never_guessed(typed: str) -> None:
    for form, path, said in (
        (Form.NUMBER, ("x", "at_least", "number"), {"x": {"at_least": "40 hours"}}),
        (Form.TEXT, ("x",), {"x": 2}),
    ):
        with pytest.raises(Refused, check=lambda problem: problem.code == "two_ways"):
            from_text(form, path, said, typed)
    with pytest.raises(Refused, check=lambda problem: problem.code == "two_ways"):
        condition({"what": "cap", "name": "format", "value": "online", "amount": f"{typed} hours"})


@pytest.mark.parametrize(
    ("form", "typed", "code"),
    [
        (Form.LIST, " , ,", "still_needed"),
        (Form.COUNT, "some", "not_a_number"),
        (Form.COUNT, "1234567", "not_a_number"),
        (Form.DATE, "2026-02-30", "please_check"),
        (Form.DAY, "2026-02-30", "please_check"),
        (Form.MONTH_DAY, "13-01", "please_check"),
        (Form.PERIOD, "soon", "please_check"),
        (Form.LONG, "x" * 4001, "too_long"),
    ],
)
def test_what_is_typed_and_means_nothing_is_told(form: Form, typed: str, code: str) -> None:
    with pytest.raises(Refused, check=lambda problem: problem.code == code):
        from_text(form, ("lifecycle", "x"), {}, typed)


@pytest.mark.parametrize(
    ("typed", "where", "value"),
    [
        ({"what": "since", "value": "certified"}, ("since",), "certified"),
        ({"what": "where", "name": "in  person", "value": "yes"}, ("where", "in_person"), True),
        (
            {"what": "where", "name": "format", "value": "on line, by phone"},
            ("where", "format"),
            ["on_line", "by_phone"],
        ),
        ({"what": "where_at_least", "name": "level", "value": "3"}, ("where", "level"), {"at_least": 3}),
        ({"what": "not_counting", "name": "format", "value": "online"}, ("not_counting",), {"format": "online"}),
        (
            {"what": "cap", "name": "format", "value": "online", "amount": "10 hours"},
            ("caps",),
            {"where": {"format": "online"}, "at_most": "10 hours"},
        ),
        (
            {"what": "cap", "name": "format", "value": "online", "amount": "7,5 hours"},
            ("caps",),
            {"where": {"format": "online"}, "at_most": "7.5 hours"},
        ),
        (
            {"what": "cap", "name": "format", "value": "online", "amount": "2"},
            ("caps",),
            {"where": {"format": "online"}, "at_most": 2},
        ),
    ],
)
def test_a_condition_goes_where_it_belongs(typed: dict[str, str], where: tuple[str, ...], value: Any) -> None:
    assert condition(typed) == (where, value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"what": "since", "value": ""}, "still_needed"),
        ({"what": "where", "name": "", "value": "x"}, "still_needed"),
        ({"what": "cap", "name": "format", "value": "online"}, "still_needed"),
        ({"what": "where_at_least", "name": "level", "value": "high"}, "not_a_number"),
        ({"what": "where", "name": "format", "value": " , "}, "still_needed"),
    ],
)
def test_a_condition_that_lacks_something_is_told(typed: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, check=lambda problem: problem.code == code):
        condition(typed)


ODD = st.sampled_from([5, "x", ["x"], [5], {}, {"a": "x"}, [{"a": {"at_least": 1, "b": 2}}], True])


@settings(max_examples=60, deadline=None)
@given(data=st.data(), odd=ODD)
def test_whatever_a_requirement_says_its_sentence_can_be_shown(data: st.DataObject, odd: Any) -> None:
    said = deepcopy(data.draw(st.sampled_from(PROGRAMS)))
    number = data.draw(st.integers(0, len(said["requirements"]) - 1))
    holder: Any = said["requirements"][number]
    while True:
        place = data.draw(st.sampled_from(list(holder if isinstance(holder, dict) else range(len(holder)))))
        if not isinstance(holder[place], dict | list) or not holder[place] or data.draw(st.booleans()):
            break
        holder = holder[place]
    holder[place] = odd
    assert all(set(line.blanks) <= set(re.findall(r"%\((\w+)\)s", line.template)) for line in lines_of(said, number))


@pytest.mark.parametrize(
    "text",
    [
        "[lifecycle]\n", "requirements = 1\n", 'stages = ["a"]\n', "names = 1\n", '[names]\ncategory = "x"\n', "x =",
        "[[requirements]]\nkey = []\n", "[[stages]]\nkind = {}\n", "[[editions]]\nkey = [1]\n",
        "[[requirements]]\nstage = {}\n", '[[requirements]]\neditions = "2026"\n',
    ],
)  # fmt: skip
def test_a_text_whose_parts_are_in_another_shape_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"list|value|word"):
        outline(text)


def test_every_program_that_comes_with_attune_has_the_shape_that_fields_have() -> None:
    for path, said in zip(sorted(SHIPPED.glob("*.toml")), PROGRAMS, strict=True):
        assert outline(path.read_text()) == said
