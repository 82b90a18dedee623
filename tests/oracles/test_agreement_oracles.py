"""Independent packages come to the same agreement as ours, over a few hundred tables.

They live in an environment of their own, `build/oracles`, which is made once for each state of `agreement.txt`.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from shutil import rmtree
from typing import Any

import pytest

from grading.agreement.alpha import alpha
from grading.agreement.beyond_chance import brennan_prediger, conger, fleiss, gwet
from grading.agreement.catalog import STATISTICS
from grading.agreement.estimates import Statistic, estimate
from grading.agreement.ratings import Level, Ratings, ratings_of
from grading.agreement.weights import Weighing
from tests.project import ROOT

HERE = Path(__file__).parent
REQUIREMENTS, SCRIPT = HERE / "agreement.txt", HERE / "agreement_oracle.py"
SEED, TABLES = 20261127, 240
SCALE = (1, 2, 3, 4, 5)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.version_info >= (3, 13), reason="irrCAC has no version for this Python"),
]


def of_level(level: Level, ratings: Ratings) -> float:
    return alpha(replace(ratings, level=level))


OURS: dict[str, Statistic] = {
    **{f"krippendorff alpha {level}": partial(of_level, level) for level in Level},
    "irrCAC conger": conger,
    "irrCAC bp": brennan_prediger,
    **{
        f"irrCAC {name}{suffix}": partial(statistic, weights=weights)
        for name, statistic in (("fleiss", fleiss), ("gwet", gwet))
        for suffix, weights in (
            ("", Weighing.UNWEIGHTED),
            ("-linear", Weighing.LINEAR),
            ("-quadratic", Weighing.QUADRATIC),
        )
    },
    **{f"statsmodels {name}": STATISTICS[name].work_out for name in ("fleiss", "randolph")},
    **{
        f"{package} {name}": STATISTICS[name].work_out
        for package in ("statsmodels", "scikit-learn")
        for name in ("cohen", "cohen-linear", "cohen-quadratic")
    },
    **{f"pingouin {name}": STATISTICS[name].work_out for name in ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")},
}


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python that has the packages."""
    digest = sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    folder = ROOT / "build" / "oracles" / digest
    found = folder / "bin" / "python"
    if not (folder / "made").exists():
        rmtree(folder.parent, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        pip = [sys.executable, "-m", "pip", "--python", found, "--disable-pip-version-check", "--no-input", "--quiet"]
        locked = ["--no-compile", "--only-binary", ":all:", "--require-hashes", "-r", REQUIREMENTS]
        subprocess.run([*pip, "install", *locked], check=True)
        (folder / "made").touch()
    return found


def made_up(chance: Random) -> list[list[int | None]]:
    """A table of two to five observers who more or less agree; every other one has cells that nobody filled in."""
    raters, units = chance.randint(2, 5), chance.randint(3, 25)
    sure, absent = chance.random(), chance.choice((0, chance.uniform(0.05, 0.5)))
    rows: list[list[int | None]] = []
    for _ in range(units):
        true = chance.choice(SCALE)
        row = [true if chance.random() < sure else chance.choice(SCALE) for _ in range(raters)]
        rows.append([None if chance.random() < absent else cell for cell in row])
    return rows


def asked(python: Path, tables: list[list[list[int | None]]]) -> list[dict[str, float | None]]:
    brought = json.dumps([{"rows": rows, "scale": SCALE} for rows in tables])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    found = subprocess.run(
        [python, SCRIPT],
        input=brought,
        capture_output=True,
        text=True,
        check=True,
        env=environment | {"MPLBACKEND": "Agg"},
    )
    answers: list[dict[str, Any]] = json.loads(found.stdout)
    return answers


def test_cap_e5_independent_packages_come_to_the_same_numbers(python: Path) -> None:
    chance = Random(SEED)
    tables = [made_up(chance) for _ in range(TABLES)]
    compared = Counter[str]()
    for rows, answers in zip(tables, asked(python, tables), strict=True):
        ratings = ratings_of(rows, Level.INTERVAL, SCALE)
        for name, theirs in answers.items():
            ours = estimate(OURS[name], ratings).value
            if ours is None or theirs is None:
                continue
            assert ours == pytest.approx(theirs, abs=1e-9), (name, rows)
            compared[name] += 1
    assert set(compared) == set(OURS)
    assert min(compared.values()) > 20, compared
    assert sum(compared.values()) > 4000
