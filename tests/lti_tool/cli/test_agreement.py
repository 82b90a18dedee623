"""attune agreement: files long and wide, what it says and what it ends with; it needs nothing but the file."""

import json
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from grading.agreement.catalog import STATISTICS
from lti_tool.cli import attune
from lti_tool.cli.agreement import NAMES
from lti_tool.documents.agreement_json import agreement_schema
from tests.project import ROOT, text_of

VECTORS = json.loads(text_of(ROOT / "tests" / "grading" / "irr_vectors.json"))["vectors"]
FOUR = next(each for each in VECTORS if each["id"] == "kripp-2011-C-4raters-missing")
PUBLISHED = ROOT / "docs" / "schema" / "agreement-1.json"


def agreement(*arguments: object) -> Result:
    # Without any environment of Attune: no database, no settings.
    environment = dict.fromkeys(("ATTUNE_DATABASE_URL", "ATTUNE_PUBLIC_URL", "ATTUNE_SECRET_KEY"))
    return CliRunner().invoke(attune, ["agreement", *map(str, arguments)], env=environment)


def cells() -> list[tuple[str, str, int | None]]:
    return [
        (f"u{unit}", rater, cell)
        for rater, column in FOUR["data"]["raters"].items()
        for unit, cell in enumerate(column, start=1)
    ]


def long_file() -> str:
    rows = [f"{unit},{rater},{'' if cell is None else cell}" for unit, rater, cell in cells()]
    return "\n".join(["unit,rater,rating", *Random(3).sample(rows, len(rows))]) + "\n"


def wide_rows() -> list[list[str]]:
    raters = FOUR["data"]["raters"]
    rows = zip(*raters.values(), strict=True)
    body = [[f"u{at}", *("NA" if cell is None else str(cell) for cell in row)] for at, row in enumerate(rows, start=1)]
    return [["Unit", *raters], *body]


def written(folder: Path, text: str | bytes, name: str = "ratings.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def worked_out(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(agreement(*arguments, "--json").stdout)
    jsonschema.Draft202012Validator(json.loads(text_of(PUBLISHED))).validate(found)
    return found


def values(found: dict[str, Any], at: int = 0) -> dict[str, float | None]:
    return {each["name"]: each["value"] for each in found["rated"][at]["statistics"]}


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("form", ["long", "wide", "xlsx"])
def test_cap_e5_a_file_long_or_wide_gives_the_published_alpha(tmp_path: Path, form: str, level: str) -> None:
    if form == "xlsx":
        path = tmp_path / "ratings.xlsx"
        book = Workbook()
        for row in wide_rows():
            book.active.append(row)
        book.save(path)
    else:
        path = written(tmp_path, long_file() if form == "long" else "\n".join(";".join(row) for row in wide_rows()))
    found = worked_out(path, "--level", level)
    assert values(found)["alpha"] == pytest.approx(FOUR["expected"]["alpha"][level], abs=1e-9)
    assert [found["rated"][0][name] for name in ("units", "observers", "ratings")] == [12, 4, 41]


def test_cap_e5_the_declared_scale_counts_and_its_absence_is_told(tmp_path: Path) -> None:
    vector = next(each for each in VECTORS if each["id"] == "anxiety-2raters-unused-level")
    rows = zip(vector["data"]["rater2"], vector["data"]["rater3"], strict=True)
    path = written(tmp_path, "unit,A,B\n" + "\n".join(f"{at},{one},{other}" for at, (one, other) in enumerate(rows)))
    named = worked_out(path, "--scale", "1,2,3,4,5,6")
    assert values(named)["cohen-linear"] == pytest.approx(vector["expected"]["linear_scale"], abs=1e-9)
    assert named["rated"][0]["unused"] == ["5"]
    assert "nobody gave 5" in agreement(path, "--scale", "1,2,3,4,5,6").stdout
    used = worked_out(path)
    assert values(used)["cohen-linear"] == pytest.approx(vector["expected"]["linear_rank"], abs=1e-9)
    assert "name every level there is with --scale" in agreement(path).stdout


def test_cap_e5_a_programs_own_weights_come_from_a_file(tmp_path: Path) -> None:
    vector = next(each for each in VECTORS if each["id"] == "cohen-1968-custom-weights")
    pairs = [
        (one, other)
        for one, row in enumerate(vector["data"]["proportions"])
        for other, share in enumerate(row)
        for _ in range(round(share * 200))
    ]
    path = written(tmp_path, "unit,A,B\n" + "\n".join(f"{at},{one},{other}" for at, (one, other) in enumerate(pairs)))
    square = "\n".join(",".join(map(str, row)) for row in vector["data"]["disagreement_weights"])
    weights = written(tmp_path, square, "weights.csv")
    found = values(worked_out(path, "--weights", weights, "--scale", "0,1,2"))
    assert found["cohen-custom"] == pytest.approx(vector["expected"]["weighted"], abs=1e-9)
    small = agreement(path, "--weights", written(tmp_path, "0,1\n1,0", "small.csv"))
    assert (small.exit_code, "3 rows of 3 numbers" in small.stderr) == (2, True)
    odd = agreement(path, "--weights", written(tmp_path, "0,1,x\n1,0,1\n1,1,0", "odd.csv"))
    assert (odd.exit_code, "line 1, column 3: Found “x”" in odd.stderr) == (2, True)


def test_each_criterion_is_worked_out_by_itself(tmp_path: Path) -> None:
    text = "criterion,unit,rater,rating\n" + "".join(
        f"{name},{unit},{rater},{rating}\n"
        for name, other in (("pauses", 0), ("choices", 1))
        for unit in range(1, 4)
        for rater, rating in (("A", unit), ("B", unit % 3 + 1 if other else unit))
    )
    found = worked_out(written(tmp_path, text), "--statistic", "percent")
    assert [each["criterion"] for each in found["rated"]] == ["pauses", "choices"]
    assert [values(found, at)["percent"] for at in (0, 1)] == [1, 0]


def test_the_same_seed_gives_the_same_intervals_whatever_else_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, long_file())
    alone = worked_out(path, "--statistic", "alpha", "--bootstrap", "200", "--seed", "5")
    among = worked_out(path, "--bootstrap", "200", "--seed", "5")
    one = alone["rated"][0]["statistics"][0]["interval"]
    assert one == next(each["interval"] for each in among["rated"][0]["statistics"] if each["name"] == "alpha")
    assert one["draws"] <= 200
    assert "[" in agreement(path, "--statistic", "alpha", "--bootstrap", "200").stdout


def test_what_the_mean_of_more_observers_would_reach_is_told(tmp_path: Path) -> None:
    found = worked_out(written(tmp_path, long_file()), "--observers", "4")
    of = {each["name"]: each for each in found["rated"][0]["statistics"]}
    assert of["icc1"]["projected"] == pytest.approx(of["icc1k"]["value"], abs=1e-9)
    assert of["alpha"]["projected"] is None


def test_cap_e5_what_cannot_be_computed_says_why_and_never_a_number(tmp_path: Path) -> None:
    same = written(tmp_path, "unit,A,B\n1,2,2\n2,2,2\n")
    found = agreement(same)
    assert found.exit_code == 1
    assert "exact agreement" in found.stdout
    assert "cannot be computed: no variation: everybody used one level" in found.stdout
    assert values(worked_out(same))["alpha"] is None
    apart = agreement(written(tmp_path, "unit,A,B\n1,2,\n2,,2\n"), "--statistic", "alpha")
    assert (apart.exit_code, "nothing was rated by two observers" in apart.stdout) == (1, True)


def test_every_statistic_can_be_asked_for_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, "unit,A,B\n1,1,1\n2,2,3\n3,3,3\n4,1,2\n")
    asked = [part for name in NAMES for part in ("--statistic", name)]
    found = values(worked_out(path, *asked))
    assert list(found) == list(NAMES)
    assert all(found[name] is not None for name in STATISTICS)
    assert found["cohen-custom"] is None


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("", (), "This file is empty."),
        ("unit,rater,rating\n", (), "There is no rating in this file yet."),
        ("who,what\nA,1\n", (), "line 1: No column is called unit; found: who, what."),
        ("unit,rater,rating\n1,A,2\n1,A,3\n", (), "line 3, column rating: A rated 1 already in line 2."),
        ("unit,rater,rating\n1,,2\n", (), "line 2, column rater: Nothing stands here."),
        ("unit,A,A\n1,2,3\n", (), "line 1, column 2: Two columns are called “A”."),
        ("unit,A,\n1,2,3\n", (), "line 1, column 3: This column has no name."),
        ("unit,A,B\n,2,3\n", (), "line 2: This row does not say which unit it is of."),
        ("unit,A,B\n1,2,3,4\n", (), "line 2: “4” stands beyond the last column."),
        ("unit,A,B\n1,2,7\n", ("--scale", "1,2,3"), "line 2, column B: Found “7”. The scale is 1, 2, 3;"),
        ("unit,A,B\n1,low,2\n", ("--level", "interval"), "line 2, column A: Found “low”. The level interval needs"),
        ("unit,A,B\n1,low,high\n", ("--level", "ordinal"), "Please name it: --scale first,second"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_place_and_a_remedy(
    tmp_path: Path, text: str, arguments: tuple[str, ...], said: str
) -> None:
    found = agreement(written(tmp_path, text), *arguments)
    assert found.exit_code == 2
    assert said in found.stderr
    assert not found.stdout


def test_a_file_that_is_not_there_and_a_scale_that_is_none_are_told(tmp_path: Path) -> None:
    assert agreement(tmp_path / "none.csv").exit_code == 2
    found = agreement(written(tmp_path, "unit,A,B\n1,1,1\n"), "--scale", "1,1")
    assert (found.exit_code, "each level once" in found.stderr) == (2, True)


def test_words_are_nominal_and_an_order_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "unit,A,B\n1,low,mid\n2,high,high\n3,mid,mid\n")
    assert worked_out(path)["rated"][0]["level"] == "nominal"
    found = values(worked_out(path, "--level", "ordinal", "--scale", "low,mid,high"))
    assert found["within-one"] == 1
    assert "icc1" not in found


def test_the_published_schema_is_current() -> None:
    assert text_of(PUBLISHED) == agreement_schema(), "attune agreement --schema > docs/schema/agreement-1.json"
    assert agreement("--schema").stdout == agreement_schema()


def test_in_words_it_says_of_how_many_units_and_what_more_observers_would_reach(tmp_path: Path) -> None:
    said = agreement(written(tmp_path, long_file()), "--observers", "4").stdout
    assert "ICC and standard errors are of the " in said
    assert "the mean of 4: " in said


def test_where_too_few_draws_can_be_computed_there_is_no_interval_and_no_projection(tmp_path: Path) -> None:
    path = written(tmp_path, "unit,A,B\n1,1,1\n2,2,2\n")
    assert (
        "[no interval: too few draws could be computed]" in agreement(path, "--bootstrap", "20", "--seed", "1").stdout
    )
