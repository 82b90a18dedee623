"""What `make test` leaves to `make test-all` is one more of something, or stands in a list of such tests."""

import re

from tests.certification.cases import all_cases, is_there, shown_by
from tests.full import JOURNEYS, LEFT, TAKE_LONG, TRIED_JOURNEYS, left_as_a_whole, left_on_other_lmss, left_on_postgres
from tests.project import ROOT
from tests.security.lists import every, items, threats

SERVICES = "tests/lti_tool/services"
WHOLE_TESTS = re.compile(r"^\s*@pytest\.mark\.full\b|^pytestmark\b.*\bfull\b", re.MULTILINE)


def both(name: str) -> list[str]:
    return [f"{name}[sqlite]", f"{name}[postgres]"]


def test_of_a_test_on_both_databases_only_that_on_postgresql_is_left() -> None:
    names = [name for number in range(100) for name in both(f"{SERVICES}/test_sites.py::test_{number}")]
    left = left_on_postgres(names)
    assert all(name.endswith("[postgres]") for name in left)
    assert 80 < len(left) < 100


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


def test_of_a_test_on_several_lmss_one_kind_is_tried_and_each_has_its_turn() -> None:
    kinds = ("strict", "moodle", "canvas")
    names = [f"tests/lti_tool/test_x.py::test_{n}[{kind}-{way}]" for n in range(30) for kind in kinds for way in "ab"]
    tried = [name for name in names if name not in left_on_other_lmss(names)]
    assert len(tried) == 60
    assert {kind for kind in kinds for name in tried if f"[{kind}-" in name} == set(kinds)


def test_of_journeys_those_of_the_list_are_made_once() -> None:
    made, other = f"{JOURNEYS}{TRIED_JOURNEYS[0]}", f"{JOURNEYS}test_x.py::test_y"
    assert left_as_a_whole([*both(made), other]) == {f"{made}[postgres]", other}


def test_what_the_list_leaves_is_left_with_all_parameters_and_nothing_else_is() -> None:
    left, kept = next(iter(LEFT)), f"{SERVICES}/test_sites.py::test_x"
    assert left_as_a_whole([left, *both(left), *both(kept)]) == {left, *both(left)}


def test_every_name_in_the_lists_is_that_of_a_test() -> None:
    named = [*LEFT, *(f"{JOURNEYS}{name}" for name in TRIED_JOURNEYS)]
    assert not [name for name in named if not is_there(name)]
    assert not [path for path in TAKE_LONG if not (ROOT / path).exists()]


def test_of_each_threat_and_of_each_item_a_test_is_tried() -> None:
    named = {one.what: {f"tests/{place}" for place in one.tests} for one in (*every(threats()), *every(items()))}
    assert not [what for what, places in named.items() if places and not places - left_as_a_whole(places)]


def test_of_each_case_of_the_certification_a_test_is_tried() -> None:
    named = {
        case.id: {*(found.place for found in shown_by().get(case.id, ())), *([case.test] if case.test else [])}
        for case in all_cases().values()
    }
    assert not [case for case, places in named.items() if places and not places - left_as_a_whole(places)]


def test_beyond_the_lists_no_test_is_left_as_a_whole() -> None:
    """The mark itself is for one of several parameters."""
    marked = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if WHOLE_TESTS.search(path.read_text(encoding="utf-8"))
    ]
    assert not marked
