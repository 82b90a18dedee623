"""Where in a TOML file the words stand that a place names."""

import pytest

from lti_tool.documents.rubric import read_rubric
from lti_tool.documents.toml_lines import line_of
from lti_tool.documents.wording import bundled_rules
from lti_tool.paths import CONFIG
from rubrics.rubric_texts import texts
from rubrics.wording import lint

WRITTEN = '''# title = "not this one"
key = "one-conversation"
title = "One conversation"
summary = """
For one observed
conversation."""
language = "en"
license = "CC0-1.0"
provenance = "Written for this test."

[[criteria]]
key = "pauses"
statement = "Offers a pause"
principles = ["choice"]
met_at = 2
example = "Shall we?"
levels = [
  { number = 1, label = "Stepped in", anchor = "The observer paused." },
  { number = 2, label = "On their own", anchor = "Paused unaided.", example = "Shall we stop?" },
]

[[criteria]]
key = "listens"
statement = "Listens"
principles = ["trust"]
met_at = 2
watch_for = [
  "Interrupts",
  "Gives advice",
]

[[criteria.levels]]
number = 1
label = "Stepped in"
anchor = ""

[[criteria.levels]]
number = 2
label = "On their own"
anchor = "Listened."

[[translations]]
language = "es"
title = "Una"

[[translations.criteria]]
key = "listens"
statement = "Escucha"

[[translations.criteria]]
key = "pauses"
statement = "Ofrece una pausa"
levels = [
  { number = 2, label = "Por su cuenta", anchor = "Paró." },
  { number = 1, label = "Intervino", anchor = "Paró quien observaba." },
]
'''


@pytest.mark.parametrize(
    ("place", "found", "line"),
    [
        ("title", "", 3),
        ("summary", "", 4),
        ("summary", "conversation", 6),
        ("criteria[1].statement", "", 13),
        ("criteria[1].example", "", 16),
        ("criteria[1].levels[2].anchor", "", 19),
        ("criteria[1].levels[2].example", "", 19),
        ("criteria[1].levels[1].example", "", None),
        ("criteria[2].watch_for[2]", "advice", 29),
        ("criteria[2].levels[1].anchor", "", 35),
        ("translations[1].title", "", 44),
        ("translations[1].criteria[1].statement", "", 52),
        ("translations[1].criteria[1].levels[1].anchor", "observaba", 55),
        ("translations[1].criteria[2].guide", "", None),
        ("translations[2].title", "", None),
        ("criteria", "", None),
        ("somewhere else", "", None),
    ],
)
def test_a_place_is_found_in_its_table(place: str, found: str, line: int | None) -> None:
    rubric = read_rubric(WRITTEN, source="mine.toml")
    assert line_of(WRITTEN, rubric, place, found) == line


def test_words_and_levels_that_a_translation_leaves_out_have_no_line() -> None:
    rubric = read_rubric(WRITTEN, source="mine.toml")
    last = '  { number = 1, label = "Intervino", anchor = "Paró quien observaba." },\n'
    assert line_of(WRITTEN.replace(last, ""), rubric, "translations[1].criteria[1].levels[1].anchor") is None
    others = '"other"'.join(WRITTEN.rsplit('"listens"', 1))
    assert line_of(others, rubric, "translations[1].criteria[2].statement") is None


def test_criteria_that_are_written_as_one_list_have_no_line_of_their_own() -> None:
    head, _, _ = WRITTEN.partition("[[criteria]]")
    text = head + 'criteria = [{ key = "a", statement = "Asks", principles = [], met_at = 1, levels = [] }]'
    assert line_of(text, read_rubric(text, source="x"), "criteria[1].statement") is None


@pytest.mark.parametrize("path", sorted((CONFIG / "rubrics").glob("*.toml")), ids=lambda path: path.stem)
def test_what_is_found_stands_in_the_line_that_is_named(path: object) -> None:
    assert isinstance(path, type(CONFIG))
    text = path.read_text(encoding="utf-8")
    rubric = read_rubric(text, source=path.name)
    lines = text.split("\n")
    for finding in lint(rubric, bundled_rules()):
        line = line_of(text, rubric, finding.place, finding.found)
        assert line is not None
        assert finding.found in lines[line - 1]
    for place in (each.place for each in texts(rubric) if each.words and not each.place.startswith("translations")):
        assert line_of(text, rubric, place) is not None, place
