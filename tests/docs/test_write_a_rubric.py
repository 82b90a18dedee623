"""What docs/write-a-rubric.md shows is so."""

import re
from pathlib import Path

from click.testing import CliRunner, Result

from lti_tool.cli import attune
from lti_tool.documents.example import read_examples
from lti_tool.documents.wording import read_rules
from tests.project import ROOT

TEXT = (ROOT / "docs" / "write-a-rubric.md").read_text(encoding="utf-8")
FIRST_DRAFT, IN_OTHER_WORDS, OWN_RULES, OWN_EXAMPLE = re.findall(
    r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL
)[:4]
REPORT = re.findall(r"^```text\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[0]


def checked(text: str, folder: Path, *options: str) -> Result:
    path = folder / "first-minutes.toml"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(attune, ["rubrics", "check", *options, str(path)])


def test_the_first_draft_has_the_report_that_is_shown(tmp_path: Path) -> None:
    result = checked(FIRST_DRAFT, tmp_path)
    assert result.exit_code == 1
    assert result.output.replace(f"{tmp_path}/", "") == REPORT


def test_in_other_words_nothing_is_found(tmp_path: Path) -> None:
    result = checked(IN_OTHER_WORDS, tmp_path, "--strict")
    assert result.exit_code == 0, result.output


def test_the_rules_of_ones_own_are_read_and_used(tmp_path: Path) -> None:
    (rule,) = read_rules(OWN_RULES, source="docs/write-a-rubric.md")
    rules = tmp_path / "rules.toml"
    rules.write_text(OWN_RULES, encoding="utf-8")
    result = checked(IN_OTHER_WORDS.replace("let a no stand", "spoke of rock bottom"), tmp_path, "--rules", str(rules))
    assert result.exit_code == 1
    assert rule.sentence in result.output


def test_the_example_of_ones_own_is_read() -> None:
    rubric, (example,) = read_examples(OWN_EXAMPLE, source="docs/write-a-rubric.md")
    assert rubric == "one-to-one-support"
    assert [rating.criterion for rating in example.ratings] == ["follows-their-lead", "lets-a-no-stand"]
