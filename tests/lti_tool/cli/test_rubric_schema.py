"""attune rubrics schema."""

from click.testing import CliRunner

from lti_tool.cli.rubric_schema import schema
from tests.project import ROOT, text_of


def test_the_schema_that_is_printed_is_the_one_that_is_published() -> None:
    result = CliRunner().invoke(schema)
    assert result.exit_code == 0
    assert result.output == text_of(ROOT / "docs" / "schema" / "attune-1.json")
