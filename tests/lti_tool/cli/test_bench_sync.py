"""attune bench sync: what it measures is what it says; how fast is for the bench to say."""

from click.testing import CliRunner

from lti_tool.cli import attune, bench_sync, bench_sync_floor, bench_sync_platform
from lti_tool.cli.bench_sync import Sizes

FEW = Sizes(scores=40, slow_scores=4, runs=1, tries=1, backlog=1)


def test_every_score_comes_once_and_is_accepted_before_the_clock_is_stopped() -> None:
    with bench_sync_platform.running() as platform:
        case = bench_sync._throughput("sqlite", None, platform, FEW, 0.0)
    assert (case["scores"], case["runs"], case["name"]) == (40, 1, "sqlite, answers at once")
    assert case["ours"] > 0
    assert case["ratio"] > 0


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
