"""attune rubrics check: its report, what it ends with, and that it needs nothing but the file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lti_tool.cli import attune
from lti_tool.documents import own_json, plain_rubric
from lti_tool.documents.brought import Brought
from lti_tool.documents.rubric import read_rubric
from lti_tool.paths import CONFIG

RUBRIC = """key = "one-conversation"
title = "One conversation"
summary = "For one observed conversation."
language = "en-US"
license = "CC0-1.0"
provenance = "Written for this test."

[[criteria]]
key = "pauses"
statement = "Offers a pause"
principles = ["choice"]
relational = true
met_at = 2
levels = [
  { number = 1, label = "Stepped in", anchor = "The observer made the pause." },
  { number = 2, label = "On their own", anchor = "Paused unaided." },
]

[[translations]]
language = "es"
title = "Una conversación"
summary = "Para una conversación observada."

[[translations.criteria]]
key = "pauses"
statement = "Ofrece una pausa"
levels = [
  { number = 1, label = "Intervino", anchor = "Quien observaba hizo la pausa." },
  { number = 2, label = "Por su cuenta", anchor = "Hizo una pausa sin ayuda." },
]
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(RUBRIC, encoding="utf-8")
    return path


def check(*arguments: object) -> Result:
    # Without any environment of Attune: no database, no settings.
    environment = dict.fromkeys(("ATTUNE_DATABASE_URL", "ATTUNE_PUBLIC_URL", "ATTUNE_SECRET_KEY"))
    return CliRunner().invoke(attune, ["rubrics", "check", *map(str, arguments)], env=environment)


def changed(path: Path, old: str, new: str) -> Path:
    assert old in RUBRIC
    path.write_text(RUBRIC.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_rubric_in_which_nothing_is_to_be_said_better_ends_with_0(written: Path) -> None:
    result = check(written)
    assert (result.exit_code, result.output) == (0, f"{written}: nothing to mend; 0 suggestions\n")


def test_cap_a4_a_level_called_fail_ends_with_1_and_says_line_place_and_other_words(written: Path) -> None:
    result = check(changed(written, "Stepped in", "Fail"))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{written}: 1 to mend before it can be published; 0 suggestions",
        "  to mend: line 15, criteria[1].levels[1].label",
        "    Please find other words for “Fail”. It can wound the people who read it.",
        "    For example: not yet shown; was shown with help",
    ]


def test_cap_b1_a_level_without_an_anchor_is_said_once(written: Path) -> None:
    result = check(changed(written, "Paused unaided.", ""))
    assert result.exit_code == 1
    assert result.output.count("criteria[1].levels[2].anchor") == 1
    assert "line 16" in result.output


def test_what_else_a_rubric_needs_is_said_too(written: Path) -> None:
    result = check(changed(written, 'license = "CC0-1.0"', 'license = ""'))
    assert result.exit_code == 1
    assert "to mend: line 5, license" in result.output


def test_suggestions_alone_end_with_0_and_with_strict_with_1(written: Path) -> None:
    changed(written, "Offers a pause", "Knows when to pause")
    assert "suggestion: line 10, criteria[1].statement" in check(written).output
    assert check(written).exit_code == 0
    assert check("--strict", written).exit_code == 1


def test_translations_are_looked_at_in_their_language_and_one_language_can_be_chosen(written: Path) -> None:
    changed(written, "Hizo una pausa sin ayuda.", "Es incompetente.")
    assert "line 29, translations[1].criteria[1].levels[2].anchor" in check(written).output
    assert check("--language", "es", written).exit_code == 1
    assert check("--language", "en", written).exit_code == 0


def test_json_is_read_by_its_content_and_findings_are_given_as_json(written: Path) -> None:
    rubric = read_rubric(changed(written, "Stepped in", "Fail").read_text(encoding="utf-8"), source="x")
    written.write_bytes(b"\xef\xbb\xbf" + own_json.write(Brought(rubrics=(rubric,))))
    result = check("--json", written)
    assert result.exit_code == 1
    said = json.loads(result.output)
    assert (said["blocks"], said["suggestions"]) == (1, 0)
    assert (said["files"][0]["file"], said["files"][0]["rubric"]) == (str(written), "one-conversation")
    assert said["files"][0]["findings"] == [
        {
            "place": "criteria[1].levels[1].label",
            "line": None,
            "code": "failure",
            "blocks": True,
            "sentence": "Please find other words for “Fail”. It can wound the people who read it.",
            "found": "Fail",
            "instead": ["not yet shown", "was shown with help"],
        }
    ]


def test_several_rubrics_of_one_file_and_spreadsheets_are_looked_at(written: Path, tmp_path: Path) -> None:
    rubric = read_rubric(RUBRIC, source="x")
    other = replace(rubric, key="other", title="Who failed?", translations=())
    written.write_bytes(own_json.write(Brought(rubrics=(rubric, other))))
    sheet = tmp_path / "sheet.xlsx"
    sheet.write_bytes(plain_rubric.write_xlsx(Brought(rubrics=(other,))))
    result = check(written, sheet)
    assert result.exit_code == 1
    assert f"{written}, one-conversation: nothing to mend" in result.output
    assert f"{written}, other: 1 to mend" in result.output
    assert f"{sheet}: 1 to mend" in result.output
    assert "to mend: title" in result.output


def test_a_file_without_a_rubric_ends_with_2(written: Path) -> None:
    written.write_text('key = "a"\ntitle = "A"\nlanguage = "en"\n[[competencies]]\nstatement = "S"\n', encoding="utf-8")
    assert check(written).exit_code == 2


def test_rules_of_a_program_are_added(written: Path, tmp_path: Path) -> None:
    rules = tmp_path / "ours.toml"
    rules.write_text(
        'language = "en"\n[[rules]]\nkind = "banned"\nwords = ["observer"]\nsentence = "Please say: partner."\n',
        encoding="utf-8",
    )
    result = check("--rules", rules, written)
    assert result.exit_code == 1
    assert "    Please say: partner." in result.output


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be opened"),
        (b"", "other"),
        (b'key = "open\n', "line 1, column"),
        (b'{"key": 1,}', "line 1, column"),
        (b'{"key": "a"}', "other"),
        (b"\xff\xfe\x00", "other"),
        (b'key = "a"', "title: This is still needed"),
        (b"[" * 100_000, "brackets"),
        (b"a = " + b"[" * 100_000, "brackets"),
        (b'{"a":' * 100_000, "brackets"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_others_are_looked_at_all_the_same(
    written: Path, tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "other"
    if content is not None:
        path.write_bytes(content)
    result = check(path, written)
    assert result.exit_code == 2
    assert f"{path}: cannot be read" in result.output
    assert says in result.output
    assert f"{written}: nothing to mend" in result.output


def test_rules_that_cannot_be_read_end_with_2(written: Path, tmp_path: Path) -> None:
    rules = tmp_path / "ours.toml"
    rules.write_text('language = "en"\n[[rules]]\nkind = "banned"\nwords = []\n', encoding="utf-8")
    result = check("--rules", rules, written)
    assert result.exit_code == 2
    assert "rules[1].words" in result.output


def test_every_rubric_that_comes_with_attune_has_nothing_to_mend() -> None:
    result = check(*sorted((CONFIG / "rubrics").glob("*.toml")))
    assert result.exit_code == 0, result.output
