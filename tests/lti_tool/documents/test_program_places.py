"""The line in which a place of a program stands, in whatever way of TOML it is written."""

import pytest

from lti_tool.documents.program_places import line_of_document, line_of_requirement

TEXT = """\
id = "ours"
lifecycle = { valid_for = "2 years", grace = "1 month" }
sources = [
  "one, with a comma and a ]",
  "two",
]

[[stages]]
key = "first"

[[requirements]]
key = "ways" # its key
stage = "first"

  [[requirements.any_of]]
  at_least = 1
  of = { kind = "exam" }

  [[requirements.any_of]]
  at_least = 2
  of = { kind = "exam" }

[[requirements]]
key = "all"
all_of = [
  { at_least = 1, of = { kind = "exam" } },
  { at_least = 2, of = { kind = "training" } },
]

[[requirements]]
key = "areas"
covers = [
  "ethics",
  "support"
]
by = "category"
"""


def written_in(line: int | None) -> str | None:
    return None if line is None else TEXT.split("\n")[line - 1].strip()


@pytest.mark.parametrize(
    ("requirement", "place", "line"),
    [
        ("ways", "any_of[2].at_least", "at_least = 2"),
        ("ways", "any_of[1]", "[[requirements.any_of]]"),
        ("ways", "any_of[3]", "[[requirements.any_of]]"),
        ("all", "all_of[2].of.kind", '{ at_least = 2, of = { kind = "training" } },'),
        ("all", "all_of[3].of.kind", "all_of = ["),
        ("all", "all_of[0]", "all_of = ["),
        ("areas", "covers[1]", '"ethics",'),
        ("areas", "covers[2]", '"support"'),
        ("areas", "by[2]", 'by = "category"'),
        ("areas", "since", "[[requirements]]"),
        ("nobody", "title", None),
    ],
)
def test_a_place_of_a_requirement_is_found_or_what_lies_around_it(
    requirement: str, place: str, line: str | None
) -> None:
    assert written_in(line_of_requirement(TEXT, requirement, place)) == line


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("lifecycle.grace", 'lifecycle = { valid_for = "2 years", grace = "1 month" }'),
        ("sources[2]", '"two",'),
        ("stages[1].key", 'key = "first"'),
        ("stages[4].key", None),
        ("names", None),
        ("", None),
    ],
)
def test_a_place_of_the_document_is_found_where_it_is_written(place: str, line: str | None) -> None:
    assert written_in(line_of_document(TEXT, place)) == line


def test_brackets_that_never_close_lead_no_further_than_to_what_lies_around() -> None:
    text = '[[requirements]]\nkey = "x"\nall_of = [\n  { at_least = 1,\n'
    assert line_of_requirement(text, "x", "all_of[1].of") == 4
