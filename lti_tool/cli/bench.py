"""attune bench: how fast, as a ratio to the same server doing nothing."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from lti_tool.cli import (
    bench_authoring,
    bench_evidence,
    bench_exports,
    bench_launch,
    bench_pages,
    bench_standing,
    bench_sync,
)


@click.group()
def bench() -> None:
    """Measure on this machine; every figure is a ratio to a floor measured in the same run."""


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="More and longer runs.")
def launch(as_json: bool, long: bool) -> None:
    """Complete launches (login, launch, page) against as many bare Flask requests on the same server."""
    result = bench_launch.measure(runs=9 if long else 5, launches=400 if long else 150)
    click.echo(json.dumps(result) if as_json else _in_words(result))


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="More and longer runs.")
def authoring(as_json: bool, long: bool) -> None:
    """Bring in a framework of 5,000 competencies and a rubric of 60 criteria, and ask for their pages."""
    result = bench_authoring.measure(runs=9 if long else 3, requests=60 if long else 20)
    click.echo(json.dumps(result) if as_json else "\n".join(_of_authoring(result)))


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--megabytes", default=200, show_default=True, help="How large the file is.")
def files(as_json: bool, megabytes: int) -> None:
    """Send a large file up and down, and see by how much the web process grows."""
    result = bench_evidence.measure(megabytes=megabytes)
    click.echo(json.dumps(result) if as_json else "\n".join(_of_files(result)))


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def exports(as_json: bool) -> None:
    """Write 10,000 and 100,000 rows as CSV and XLSX, and see by how much memory grows."""
    result = bench_exports.measure()
    click.echo(json.dumps(result) if as_json else "\n".join(bench_exports.in_words(result)))


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="100,000 people too, and more runs.")
def standing(as_json: bool, long: bool) -> None:
    """Say where 1,000 and 10,000 people stand in a program of 60 requirements, beside fetching the same rows."""
    people = (1_000, 10_000, 100_000) if long else (1_000, 10_000)
    result = bench_standing.measure(people=people, runs=5 if long else 3)
    click.echo(json.dumps(result) if as_json else "\n".join(_of_standing(result)))


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--long", "long", is_flag=True, help="20,000 people too, and more and longer runs.")
@click.option("--people", "numbers", multiple=True, type=int, help="Among so many people, instead; can be given twice.")
def pages(as_json: bool, long: bool, numbers: tuple[int, ...]) -> None:
    """Ask for the pages of trainees, supervisors, instructors and program leads, among 200 and 2,000 people."""
    sizes = bench_pages.sizes_of(numbers) or (bench_pages.LONG if long else bench_pages.SIZES)
    result = bench_pages.measure(runs=7 if long else 3, requests=100 if long else 20, sizes=sizes)
    click.echo(json.dumps(result) if as_json else "\n".join(_of_pages(result)))


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
    click.echo(json.dumps(result) if as_json else "\n".join(bench_sync.in_words(result)))


def _of_pages(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"{'page':<26}{'people':>8}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>9}{'statements':>12}"
    for case in sorted(result["cases"], key=lambda case: (case["name"], case["people"])):
        yield (
            f"{case['name']:<26}{case['people']:>8}{case['p50']:>9}{case['p95']:>9}{case['ratio']:>9}"
            f"{case['statements']:>12}"
        )
    for name, growth in result["growth_of_pages"].items():
        yield f"{name}: p95 grew {growth} times from the fewest people to the most."


def _of_standing(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"A program of {result['requirements']} requirements, {result['items_each']} things of evidence a person."
    for case in result["cases"]:
        yield (
            f"{case['people']} people: {case['ours']:.0f} a second, fetched alone {case['floor']:.0f}; "
            f"ratio {case['ratio']}; memory grew by {case['memory_grew_mb']} MB"
        )
    one, after = result["one_person"], result["after_one_event"]
    yield f"One person with {one['items']} things of evidence: {one['milliseconds']} ms."
    yield (
        f"After one entry, among {after['people']} people: {after['people_evaluated']} looked at, "
        f"{after['rows_read']} rows, {after['statements']} statements, {after['milliseconds']} ms."
    )


def _of_files(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"A file of {result['megabytes']} MB, in a web process that has {result['before_mb']} MB at rest."
    for case in result["cases"]:
        yield f"{case['name']}: {case['seconds']} s; at most {case['grew_mb']} MB more (ratio {case['ratio']})"


def _of_authoring(result: Mapping[str, Any]) -> Iterator[str]:
    for name, took in result["imports"].items():
        yield f"{name}: read and compared in {took['read_seconds']} s, taken in in {took['take_in_seconds']} s"
    for case in result["cases"]:
        yield f"{case['name']}: ratio {case['ratio']} to a bare request, {case['statements']} statements"


def _in_words(result: Mapping[str, Any]) -> str:
    return (
        f"{result['ours']:.0f} complete launches a second; the same server without Attune: {result['floor']:.0f}. "
        f"Ratio {result['ratio']:.2f} (median of {result['runs']} runs).\n"
        f"Login p50 {result['login_ms']['p50']:.1f} ms, p95 {result['login_ms']['p95']:.1f} ms; "
        f"launch p50 {result['launch_ms']['p50']:.1f} ms, p95 {result['launch_ms']['p95']:.1f} ms."
    )
