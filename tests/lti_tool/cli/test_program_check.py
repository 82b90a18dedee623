"""attune programs check: what it prints, where it points, and how it ends."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lti_tool.cli.program_check import check
from lti_tool.documents.program_check import check_files
from lti_tool.paths import CONFIG
from tests.grading.checked import HEAD, NAMES, STAGES, requirement

SHIPPED = sorted((CONFIG / "programs").glob("*.toml"))
GOOD = HEAD + NAMES + STAGES + requirement('at_least = "40 hours"\nof = { kind = "training" }')
ODD = (
    HEAD
    + NAMES
    + STAGES
    + """
[[requirements]]
key = "parts"
stage = "initial"
title = "In each area [of two]"  # a bracket ] in a comment
all_of = [
  { at_least = "30 hours", of = { kind = "training", where = { category = "ethics" } } },
  { at_least = "20 hours", of = { kind = "training", where = { category = "advocasy" } } },
]

[[requirements]]
key = "total"
stage = "initial"
title = "In all"
at_least = "40 hours"
of = { kind = "training" }
"""
)


def run(folder: Path, *texts: str, options: Sequence[str] = ()) -> Result:
    paths = []
    for number, text in enumerate(texts, 1):
        path = folder / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return CliRunner().invoke(check, [*options, *paths])


def line_with(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_program_with_nothing_to_mend_ends_with_0(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD)
    assert (result.exit_code, result.output) == (0, f"{tmp_path}/1.toml: nothing to mend\n")


def test_each_finding_says_where_and_what_to_do(tmp_path: Path) -> None:
    result = run(tmp_path, ODD)
    assert result.exit_code == 1
    value, total = (line_with(ODD, words) for words in ('category = "advocasy"', '{ at_least = "30 hours"'))
    assert f"to mend: line {value}, parts: all_of[2].of.where.category" in result.output
    assert "Is it meant to be “advocacy”?" in result.output
    assert f"to choose: line {total}, parts: all_of[1].at_least" in result.output


def test_what_is_only_worth_a_look_ends_with_0_and_strictly_with_1(tmp_path: Path) -> None:
    text = GOOD + requirement('at_least = "1 hours"\nof = { kind = "training", last = "6 years" }', key="recent")
    assert run(tmp_path, text).exit_code == 0
    assert run(tmp_path, text, options=["--strict"]).exit_code == 1


def test_for_machines_each_finding_is_an_object(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, ODD, options=["--json"]).output)
    assert (found["mend"], found["choose"], found["look"]) == (1, 1, 1)
    (program,) = found["programs"]
    assert (program["program"], program["unreadable"]) == ("ours", [])
    first = program["findings"][0]
    assert (first["code"], first["severity"], first["requirement"]) == ("unknown_value", "mend", "parts")
    assert first["line"] == line_with(ODD, 'category = "advocasy"')
    assert set(first) == {
        "code", "severity", "requirement", "place", "file", "line", "sentence", "also", "editions",
    }  # fmt: skip


def test_what_cannot_be_read_is_told_with_its_line_and_the_others_are_looked_at(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD.replace('name = "Ours"', 'name = "Ours'), GOOD)
    assert result.exit_code == 2
    assert f"{tmp_path}/1.toml: cannot be read" in result.output
    assert "line 3, column" in result.output
    assert f"{tmp_path}/2.toml: nothing to mend" in result.output


def test_everything_that_keeps_it_from_being_read_is_told_at_once(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD.replace("40 hours", "forty hours").replace('"UTC"', '"Mars"'))
    assert result.exit_code == 2
    assert "requirements[2].at_least: Found “forty hours”" in result.output
    assert "time_zone: There is no time zone “Mars”" in result.output


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(check, [str(tmp_path / "none.toml")])
    assert result.exit_code == 2
    assert "cannot be opened" in result.output


def test_files_with_one_id_are_editions_of_one_program(tmp_path: Path) -> None:
    edition = '[[editions]]\nkey = "{}"\nfrom = {}\nuntil = {}\n'
    old, new = (
        GOOD.replace("[[stages]]", edition.format(*said) + "[[stages]]", 1)
        for said in (("old", "2020-01-01", "2026-06-30"), ("new", "2026-01-01", "2030-12-31"))
    )
    result = run(tmp_path, old, new, options=["--strict"])
    assert result.exit_code == 1
    assert f"{tmp_path}/1.toml, {tmp_path}/2.toml: 1 worth a look" in result.output
    line = line_with(old, "until = 2026-06-30")
    assert f"worth a look: {tmp_path}/1.toml, line {line}, editions.old.until" in result.output


@pytest.mark.parametrize(
    ("written", "place", "words"),
    [
        ("[requirements.of]\nkind = 'training'\nwhere = { category = 'law' }", "of.where.category", "category = 'law'"),
        ("of = { kind = 'training', not_counting = [{ category = 'ethics' },\n {category = 'law' }] }",
         "of.not_counting[2].category", "category = 'law'"),
        ("[requirements.of]\nkind = 'training'\n"
         "[[requirements.of.not_counting]]\ncategory = 'ethics'\n[[requirements.of.not_counting]]\ncategory = 'law'",
         "of.not_counting[2].category", "category = 'law'"),
        ("of.kind = 'training'\nof.where.category = 'law'", "of.where.category", "[[requirements]]\nkey = 'other'"),
    ],
)  # fmt: skip
def test_the_line_is_found_however_it_is_written(tmp_path: Path, written: str, place: str, words: str) -> None:
    text = GOOD + f"\n[[requirements]]\nkey = 'other'\nstage = 'initial'\ntitle = 'It'\nat_least = 1\n{written}\n"
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    (checked,) = check_files([path])
    (found,) = [each for each in checked.found if each.finding.code == "unknown_value"]
    assert (found.finding.place, found.line) == (place, line_with(text, words))


def test_the_line_is_that_of_the_edition_in_which_it_is_so(tmp_path: Path) -> None:
    editions = '[[editions]]\nkey = "1"\nfrom = 2020-01-01\n[[editions]]\nkey = "2"\nfrom = 2026-01-01\n'
    both = "".join(
        requirement(f'editions = ["{key}"]\nat_least = {count}\ndistinct = "category"\nof = {{ kind = "training" }}')
        for key, count in (("1", 3), ("2", 4))
    )
    text = HEAD + NAMES + editions + STAGES + both
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    (checked,) = check_files([path])
    assert [each.line for each in checked.found] == [line_with(text, "at_least = 4") + 1]


def test_the_lifecycle_of_an_edition_is_found_in_its_own_table(tmp_path: Path) -> None:
    editions = '[[editions]]\nkey = "1"\nfrom = 2020-01-01\n[[editions]]\nkey = "2"\nfrom = 2026-01-01\n'
    table = '[[lifecycle]]\neditions = ["{}"]\nvalid_for = "1 year"\nruns_from = "{}"\n'
    text = GOOD + editions + table.format(1, "expiry") + table.format(2, "decision")
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    (checked,) = check_files([path])
    assert [each.line for each in checked.found] == [line_with(text, 'runs_from = "decision"')]


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_nothing_must_be_mended_in_a_program_that_comes_with_attune(path: Path) -> None:
    (checked,) = check_files([path])
    assert checked.unreadable == ()
    found = [(each.finding.requirement, each.finding.in_english()) for each in checked.found]
    severities = {each.finding.severity.value for each in checked.found}
    assert "mend" not in severities, found


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_every_finding_in_a_program_that_comes_with_attune_has_its_line(path: Path) -> None:
    (checked,) = check_files([path])
    assert [each.finding.place for each in checked.found if each.line is None] == []
