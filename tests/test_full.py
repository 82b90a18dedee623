"""What `make test` leaves to `make test-all` is never all of a test."""

import re

from tests.full import left_on_postgres
from tests.project import ROOT

SERVICES = "tests/lti_tool/services"
WHOLE_TESTS = re.compile(r"^\s*@pytest\.mark\.full\b|^pytestmark\b.*\bfull\b", re.MULTILINE)


def both(name: str) -> list[str]:
    return [f"{name}[sqlite]", f"{name}[postgres]"]


def test_of_a_test_on_both_databases_only_that_on_postgresql_is_left() -> None:
    names = [name for number in range(100) for name in both(f"{SERVICES}/test_sites.py::test_{number}")]
    left = left_on_postgres(names)
    assert all(name.endswith("[postgres]") for name in left)
    assert 70 < len(left) < 100


def test_what_is_left_stays_the_same_whatever_else_is_collected() -> None:
    some = [name for number in range(50) for name in both(f"{SERVICES}/test_sites.py::test_{number}")]
    others = [name for number in range(50) for name in both(f"{SERVICES}/test_scope.py::test_{number}")]
    assert left_on_postgres([*some, *others]) & set(some) == left_on_postgres(some)


def test_what_runs_on_postgresql_alone_is_not_left() -> None:
    assert not left_on_postgres(f"{SERVICES}/test_sites.py::test_{number}[postgres]" for number in range(100))


def test_where_the_database_matters_both_are_tried_each_time() -> None:
    places = (
        "tests/migrations/test_migrations.py", "tests/lti_tool/store/test_engine.py",
        f"{SERVICES}/test_signing_at_once.py", f"{SERVICES}/test_send_lane.py", f"{SERVICES}/test_audit.py",
    )  # fmt: skip
    assert not left_on_postgres(name for place in places for n in range(50) for name in both(f"{place}::test_{n}"))


def test_other_parameters_beside_the_database_are_kept_apart() -> None:
    names = [f"{SERVICES}/test_sites.py::test_{n}[{kind}-{way}]" for n in range(50) for kind, way in
             (("sqlite", "up"), ("postgres", "up"), ("postgres", "down"))]  # fmt: skip
    left = left_on_postgres(names)
    assert left
    assert all(name.endswith("[postgres-up]") for name in left)


def test_no_test_is_left_as_a_whole() -> None:
    """The mark is for one of several parameters."""
    marked = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if WHOLE_TESTS.search(path.read_text(encoding="utf-8"))
    ]
    assert not marked
