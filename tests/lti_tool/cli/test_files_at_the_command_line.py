"""attune rubrics and attune frameworks: import, export, list; their reports and their exit status."""

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from lti_tool.documents import formats
from lti_tool.documents.brought import Options
from lti_tool.documents.formats import Format
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine
from lti_tool.store.organizations import OrganizationRow
from tests.lti_tool.cli.test_commands import SECRET, Run, environment, run
from tests.lti_tool.documents.test_canvas_outcomes import HEADER, A, B, C
from tests.lti_tool.services.exchange.test_bringing import A1, FRAMEWORK, RUBRIC
from tests.school import BEGUN

__all__ = ["environment", "run"]


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    return written(tmp_path / "rubric.toml", RUBRIC)


@pytest.fixture
def framework(tmp_path: Path) -> Path:
    return written(tmp_path / "framework.toml", FRAMEWORK)


def written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_a_dry_run_says_row_by_row_what_would_change_and_changes_nothing(run: Run, rubric: Path) -> None:
    said = run("rubrics", "import", "--dry-run", str(rubric))
    assert said.exit_code == 0
    assert "2 new, 0 changed, 0 the same, 0 not in the file any more" in said.output
    assert "new       criterion  pauses  Offers a pause when it becomes too much" in said.output
    assert "Nothing was written" in said.output
    assert "2 new" in run("rubrics", "import", str(rubric)).output


def test_a_second_import_has_nothing_to_do(run: Run, rubric: Path, framework: Path) -> None:
    for group, file in (("rubrics", rubric), ("frameworks", framework)):
        assert "Done." in run(group, "import", str(file)).output
        again = run(group, "import", str(file))
        assert again.exit_code == 0
        assert "Everything stands there already." in again.output


def test_an_open_draft_is_not_touched_without_being_told_so(run: Run, rubric: Path) -> None:
    run("rubrics", "import", str(rubric))
    written(rubric, RUBRIC.replace("One conversation", "One talk"))
    asked = run("rubrics", "import", str(rubric))
    assert asked.exit_code == 1
    assert "Add --drafts leave, or --drafts rewrite" in asked.output
    assert run("rubrics", "import", "--drafts", "rewrite", str(rubric)).exit_code == 0
    assert "one-conversation  One talk  draft" in run("rubrics", "list").output


def test_machines_get_one_json_object(run: Run, framework: Path) -> None:
    said = json.loads(run("frameworks", "import", "--json", str(framework)).output)
    assert (said["counts"], said["format"], said["written"]) == ({"new": 3}, "toml", True)
    assert said["result"]["frameworks"][0]["new"] == 2
    written(framework, FRAMEWORK.replace(A1, ""))
    said = json.loads(run("frameworks", "import", "--json", "--dry-run", str(framework)).output)
    assert said["counts"] == {"same": 2, "gone": 1}
    listed = json.loads(run("frameworks", "list", "--json").output)["frameworks"]
    assert {"key": "mine", "competencies": 2}.items() <= next(one for one in listed if one["key"] == "mine").items()


def test_what_is_to_be_mended_ends_with_1_and_changes_nothing(run: Run, rubric: Path) -> None:
    written(rubric, RUBRIC.replace("met_at = 3", 'met_at = "three"'))
    said = run("rubrics", "import", str(rubric))
    assert said.exit_code == 1
    assert "criteria[1].met_at" in said.output
    said = run("rubrics", "import", "--json", str(rubric))
    assert json.loads(said.output)["problems"][0]["place"] == "criteria[1].met_at"
    assert "one-conversation" not in run("rubrics", "list").output


def test_what_cannot_be_read_ends_with_2(run: Run, tmp_path: Path) -> None:
    unknown = written(tmp_path / "letter.txt", "Dear colleague,\nhere is our list.")
    assert run("rubrics", "import", str(unknown)).exit_code == 2
    assert run("rubrics", "import", str(tmp_path / "nothing.toml")).exit_code == 2


@pytest.mark.parametrize("kind", ["toml", "json", "case", "rubrics-xlsx", "rubrics-csv", "canvas-rubrics"])
def test_a_rubric_is_exported_in_each_format(run: Run, rubric: Path, tmp_path: Path, kind: str) -> None:
    run("rubrics", "import", str(rubric))
    file = tmp_path / "out"
    assert run("rubrics", "export", "one-conversation", "--format", kind, "--output", str(file)).exit_code == 0
    assert formats.recognize(file.read_bytes(), source="out", options=Options()) is Format(kind)


def test_the_ending_says_the_format_and_without_a_file_it_is_printed(run: Run, framework: Path, tmp_path: Path) -> None:
    run("frameworks", "import", str(framework))
    file = tmp_path / "mine.case.json"
    run("frameworks", "export", "mine", "--output", str(file))
    assert '"CFDocument"' in file.read_text(encoding="utf-8")
    assert "Listens more than they speak" in run("frameworks", "export", "mine").output


def test_what_is_not_there_is_told(run: Run, rubric: Path) -> None:
    assert "There is no organization" in run("rubrics", "export", "nothing").output
    run("rubrics", "import", str(rubric))
    said = run("rubrics", "export", "nothing")
    assert said.exit_code == 1
    assert "There is nothing with the key nothing" in said.output


def test_what_an_organization_has_is_listed_for_people_and_for_programs(
    run: Run, rubric: Path, framework: Path
) -> None:
    assert "There is no organization called Our organization" in run("frameworks", "list").output
    run("frameworks", "import", str(framework))
    run("rubrics", "import", str(rubric))
    assert "mine  " in run("frameworks", "list").output
    assert "one-conversation  " in run("rubrics", "list").output
    rubrics = json.loads(run("rubrics", "list", "--json").output)["rubrics"]
    (mine,) = [each for each in rubrics if each["key"] == "one-conversation"]
    assert (mine["edition"], mine["draft"], mine["retired"]) == (None, True, False)


def test_a_file_that_cannot_be_read_is_named(run: Run) -> None:
    said = run("frameworks", "import", "/proc/self/mem")
    assert said.exit_code == 2
    assert "/proc/self/mem: it cannot be opened: " in said.output


def test_an_organization_that_has_nothing_yet_is_told_how_to_begin(
    run: Run, environment: dict[str, str | None]
) -> None:
    engine = open_engine(environment["ATTUNE_DATABASE_URL"] or "", (SECRET,))
    with Session(engine) as session, session.begin():
        session.add(OrganizationRow(id=new_id(), name="Valley", created_at=BEGUN, leave_page_url="", support_text=""))
    engine.dispose()
    for kind in ("rubrics", "frameworks"):
        assert f"Begin with: attune {kind} import FILE" in run(kind, "list", "--organization", "Valley").output


def test_what_another_form_holds_and_is_not_kept_is_noted(run: Run, tmp_path: Path) -> None:
    said = run("frameworks", "import", str(written(tmp_path / "outcomes.csv", HEADER + A + B + C)))
    assert said.exit_code == 0, said.output
    assert "Ratings, and how Canvas calculates with them, are not kept." in said.output
    assert "note: " in said.output
