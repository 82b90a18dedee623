"""What a benchmark found, in words for people."""

from collections.abc import Iterator, Mapping
from typing import Any

Result = Mapping[str, Any]


def of_launch(result: Result) -> Iterator[str]:
    """Launches a second beside the floor, and how long each step takes."""
    yield (
        f"{result['ours']:.0f} complete launches a second; the same server without Attune: {result['floor']:.0f}. "
        f"Ratio {result['ratio']:.2f} (median of {result['runs']} runs)."
    )
    yield (
        f"Login p50 {result['login_ms']['p50']:.1f} ms, p95 {result['login_ms']['p95']:.1f} ms; "
        f"launch p50 {result['launch_ms']['p50']:.1f} ms, p95 {result['launch_ms']['p95']:.1f} ms."
    )


def of_authoring(result: Result) -> Iterator[str]:
    """What was brought in, then the pages."""
    for name, took in result["imports"].items():
        yield f"{name}: read and compared in {took['read_seconds']} s, taken in in {took['take_in_seconds']} s"
    for case in result["cases"]:
        yield f"{case['name']}: ratio {case['ratio']} to a bare request, {case['statements']} statements"


def of_files(result: Result) -> Iterator[str]:
    """The way up, then the way down."""
    yield f"A file of {result['megabytes']} MB, in a web process that has {result['before_mb']} MB at rest."
    for case in result["cases"]:
        yield f"{case['name']}: {case['seconds']} s; at most {case['grew_mb']} MB more (ratio {case['ratio']})"


def of_standing(result: Result) -> Iterator[str]:
    """Many people, one person with very much, and what one event causes."""
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


def of_pages(result: Result) -> Iterator[str]:
    """A table, each page with few people and with many; then how much each grew."""
    yield f"{'page':<26}{'people':>8}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>9}{'statements':>12}"
    for case in sorted(result["cases"], key=lambda case: (case["name"], case["people"])):
        yield (
            f"{case['name']:<26}{case['people']:>8}{case['p50']:>9}{case['p95']:>9}{case['ratio']:>9}"
            f"{case['statements']:>12}"
        )
    for name, growth in result["growth_of_pages"].items():
        yield f"{name}: p95 grew {growth} times from the fewest people to the most."
