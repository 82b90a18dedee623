"""attune bench: how fast, as a ratio to the same server doing nothing."""

import json
import logging
from collections.abc import Callable, Iterable

import click

from lti_tool.cli import (
    bench_authoring,
    bench_evidence,
    bench_exports,
    bench_launch,
    bench_pages,
    bench_standing,
    bench_sync,
    bench_words,
)
from lti_tool.logs import set_up_logs


@click.group()
def bench() -> None:
    """Measure on this machine; every figure is a ratio to a floor measured in the same run."""


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="More and longer runs.")
def launch(as_json: bool, long: bool) -> None:
    """Complete launches (login, launch, page) against as many bare Flask requests on the same server."""
    result = bench_launch.measure(runs=9 if long else 5, launches=400 if long else 150)
    _say(result, as_json, bench_words.of_launch)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="More and longer runs.")
def authoring(as_json: bool, long: bool) -> None:
    """Bring in a framework of 5,000 competencies and a rubric of 60 criteria, and ask for their pages."""
    set_up_logs(logging.WARNING)
    result = bench_authoring.measure(runs=9 if long else 3, requests=60 if long else 20)
    _say(result, as_json, bench_words.of_authoring)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--megabytes", default=200, show_default=True, help="How large the file is.")
def files(as_json: bool, megabytes: int) -> None:
    """Send a large file up and down, and see by how much the web process grows."""
    result = bench_evidence.measure(megabytes=megabytes)
    _say(result, as_json, bench_words.of_files)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def exports(as_json: bool) -> None:
    """Write 10,000 and 100,000 rows as CSV and XLSX, and see by how much memory grows."""
    set_up_logs(logging.WARNING)
    result = bench_exports.measure()
    _say(result, as_json, bench_exports.in_words)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="100,000 people too, and more runs.")
def standing(as_json: bool, long: bool) -> None:
    """Say where 1,000 and 10,000 people stand in a program of 60 requirements, beside fetching the same rows."""
    people = (1_000, 10_000, 100_000) if long else (1_000, 10_000)
    result = bench_standing.measure(people=people, runs=5 if long else 3)
    _say(result, as_json, bench_words.of_standing)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="20,000 people too, and more and longer runs.")
@click.option("--people", "numbers", multiple=True, type=int, help="Among so many people, instead; can be given twice.")
def pages(as_json: bool, long: bool, numbers: tuple[int, ...]) -> None:
    """Ask for the pages of trainees, supervisors, instructors and program leads, among 200 and 2,000 people."""
    sizes = bench_pages.sizes_of(numbers) or (bench_pages.LONG if long else bench_pages.SIZES)
    set_up_logs(logging.WARNING)
    result = bench_pages.measure(runs=7 if long else 3, requests=100 if long else 20, sizes=sizes)
    _say(result, as_json, bench_words.of_pages)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="20,000 scores, and a backlog of 100,000.")
@click.option(
    "--postgresql",
    metavar="URL",
    help="Also in this PostgreSQL server, in databases of its own; `own` starts one, as the tests do.",
)
def sync(as_json: bool, long: bool, postgresql: str | None) -> None:
    """Deliver scores that wait to a platform that answers at once, and to a slow one, beside the bare HTTP client."""
    result = bench_sync.measure(bench_sync.LONG if long else bench_sync.NORMAL, postgresql=postgresql)
    _say(result, as_json, bench_sync.in_words)


def _say(result: bench_words.Result, as_json: bool, words: Callable[[bench_words.Result], Iterable[str]]) -> None:
    click.echo(json.dumps(result) if as_json else "\n".join(words(result)))
