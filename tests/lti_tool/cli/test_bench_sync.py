"""attune bench sync: what it measures is what it says; how fast is for the bench to say."""

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, make_url, text

from lti_tool.cli import attune, bench_sync, bench_sync_filled, bench_sync_floor, bench_sync_platform
from lti_tool.cli.bench_run import Place
from lti_tool.cli.bench_sync import Sizes
from tests.databases import PostgresServer
from tests.lti_tool.cli.serving import working_here

FEW = Sizes(scores=40, slow_scores=4, runs=1, tries=2, backlog=12, cold=1, pauses=(0.0, 0.01), beside=2)


def test_every_score_comes_once_and_is_accepted_before_the_clock_is_stopped(place: Place) -> None:
    found = bench_sync.measure(FEW, postgresql=None, working=working_here, place=place)
    assert [(case["name"], case["scores"], case["runs"]) for case in found["cases"]] == [
        ("sqlite, answers at once", 40, 1),
        ("sqlite, answers after 150 ms", 4, 1),
    ]
    assert 0 < found["ratio"] == min(case["ratio"] for case in found["cases"])
    (latency,), (beside,) = found["latency"], found["beside_a_backlog"]
    assert latency["tries"] == 2
    assert 0 < latency["p50"] <= latency["longest"]
    assert (beside["backlog"], beside["scores"]) == (12, 2)
    assert beside["left_of_it_afterwards"] < 12
    assert beside["seconds"]["longest"] >= bench_sync.SLOW
    assert len(list(bench_sync.in_words(found))) == 4


def test_the_floor_posts_as_many_at_once_and_waits_for_each_answer() -> None:
    with bench_sync_platform.running() as platform:
        platform.forget(0.05)
        took = bench_sync_floor.seconds(f"{platform.url}/scores", posts=12, at_once=4)
        seen = platform.seen()
    assert took >= 3 * 0.05
    assert (seen["people"], seen["most_at_once"]) == (12, 4)


def test_what_a_person_reads_begins_with_ratios() -> None:
    result = {
        "at_once": 4,
        "cases": [{"name": "sqlite, answers at once", "ours": 9, "floor": 10, "ratio": 0.9, "scores": 40, "runs": 1}],
        "latency": [{"name": "sqlite", "p50": 100.0, "p95": 200.0, "longest": 300.0, "tries": 50}],
        "beside_a_backlog": [{"name": "sqlite", "backlog": 9, "seconds": {"median": 0.5, "longest": 1.0}}],
    }
    first, soon, beside = bench_sync.in_words(result)
    assert first.startswith("sqlite, answers at once: ratio 0.9")
    assert "100 ms, p95 200 ms" in soon
    assert "0.5 s" in beside


def test_the_command_is_there_and_says_what_it_can_do() -> None:
    said = CliRunner().invoke(attune, ["bench", "sync", "--help"]).output
    assert "--postgresql" in said
    assert "--long" in said


@pytest.mark.postgres
def test_in_a_postgresql_server_it_has_a_database_of_its_own_that_goes_at_the_end(postgres: PostgresServer) -> None:
    with postgres.fresh() as server:
        with bench_sync_filled._fresh(server) as url:
            assert url is not None
            name = make_url(url).database
            assert name != make_url(server).database
            engine = create_engine(url)
            with engine.connect() as connection:
                assert connection.scalar(text("SELECT current_database()")) == name
            engine.dispose()
        engine = create_engine(server)
        with engine.connect() as connection:
            assert name not in connection.scalars(text("SELECT datname FROM pg_database")).all()
        engine.dispose()
