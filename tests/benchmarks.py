"""Every figure of speed that the documents give, measured by the command beside it; writes docs/benchmarks.md.

`make benchmarks`, or `make benchmarks BENCHMARKS="launch pages"` for some of them: each is `attune bench NAME --json`.
What was measured is kept in tests/benchmarks.json, so that one can be measured anew by itself, on a machine that rests.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lti_tool.cli.bench import bench
from tests.project import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
KEPT = ROOT / "tests" / "benchmarks.json"
MORE: Mapping[str, tuple[str, ...]] = {"sync": ("--postgresql", "own")}
"""What is asked for beyond `--json`."""

HEAD = """\
# Benchmarks

How fast Attune is, as ratios: each command measures Attune beside a floor, in the same run and on the same machine, \
so that the figure can be compared with yours. A ratio of 0.5 to a floor means half as fast. `growth` says how many \
times as long something takes with the most data as with the least. `make benchmarks` measures all of it anew and \
writes this file; `make benchmarks BENCHMARKS=pages` measures one. No test depends on any of them: what a test counts \
is statements.

Other figures, each with its command: [many people at work while things go wrong](soak.md) (`make soak`), [scores \
under fire](torture.md) (`make torture`), [odd requests](fuzz.md) (`make fuzz`), [rules changed bit by \
bit](mutation.md) (`make mutation`), [how hard texts are to read](plain-language.md) (`make reading-grade`).
"""


def measure(name: str) -> dict[str, Any]:
    """What one command says, and when and on what it was run. Raises `subprocess.CalledProcessError`."""
    command = [name, "--json", *MORE.get(name, ())]
    said = subprocess.run(
        [sys.executable, "-m", "lti_tool", "bench", *command], check=True, stdout=subprocess.PIPE, cwd=ROOT
    ).stdout
    return {
        "command": " ".join(["attune bench", *command]),
        "on": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[2], 1),
        "result": json.loads(said),
    }


def written(kept: Mapping[str, Mapping[str, Any]]) -> str:
    """The document."""
    return "\n".join([HEAD, *(line for name in sorted(kept) for line in _section(name, kept[name]))])


def _section(name: str, one: Mapping[str, Any]) -> Iterator[str]:
    result = one["result"]
    yield f"## {name.capitalize()}\n"
    yield f"{bench.commands[name].help}\n"
    yield (
        f"`{one['command']}`, on {one['on']}, with {one['cores']} cores (load over the last quarter of an hour: "
        f"{one['load']}). In {result['unit']}.\n"
    )
    rows = [dict(_ratios(case)) for case in result["cases"]]
    if name == "pages":
        rows = list(_pages(result))
    if rows:
        yield from _table(rows)
    for label, value in _beyond(result):
        yield f"- {label}: {_said(value)}"
    yield ""


def _ratios(case: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Of one case what is no absolute time."""
    label = case.get("name") or ", ".join(f"{case[key]} {key}" for key in ("people", "rows", "form") if key in case)
    yield "what", label
    for key in ("ratio", "statements", "memory_growth"):
        if key in case:
            yield key, case[key]


def _pages(result: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    few, many = min(result["people"]), max(result["people"])
    of = {(case["name"], case["people"]): case for case in result["cases"]}
    for name, growth in result["growth_of_pages"].items():
        yield {
            "page": name,
            f"ratio, {few} people": of[name, few]["ratio"],
            f"ratio, {many} people": of[name, many]["ratio"],
            f"statements, {few}": of[name, few]["statements"],
            f"statements, {many}": of[name, many]["statements"],
            "growth of p95": growth,
        }


def _beyond(result: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if "memory_growth" in result:
        yield "growth of the most memory, from the fewest rows to the most", result["memory_growth"]
    if "growth" in result:
        yield "the largest growth", result["growth"]


def _table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    for row in rows:
        yield f"| {' | '.join(_said(row.get(column, '')) for column in columns)} |"
    yield ""


def _said(value: Any) -> str:
    """Of a figure three digits: more is not measured."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(each)}" for name, each in value.items())
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def kept() -> dict[str, Any]:
    """What was measured so far."""
    found: dict[str, Any] = json.loads(KEPT.read_text())
    return found


def main(names: Sequence[str], document: Path = DOCUMENT) -> None:
    """Measure these, or all, one after the other, and write the document."""
    found = kept() if KEPT.exists() else {}
    for name in names or sorted(bench.commands):
        print(f"{name} ...", flush=True)
        found[name] = measure(name)
        KEPT.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    document.write_text(written(found))


if __name__ == "__main__":
    main(sys.argv[1:])
