"""`make fuzz`: many odd requests, and a record of what came of them in docs/fuzz.md."""

import platform
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.databases import SqliteFiles
from tests.fuzz.lab import Lab, open_lab
from tests.fuzz.properties import PROPERTIES
from tests.fuzz.running import run
from tests.project import ROOT

DOCUMENT = ROOT / "docs" / "fuzz.md"
REQUESTS = 20_000
EXAMPLES = 400

TEXT = """\
# Odd requests

What anyone may send to Attune was sent to it, thousands of times, with odd values in it: parameters that are absent, \
doubled, endless or no text; broken bodies; tokens that are signed rightly around claims that are not as they should \
be; key sets, configurations and answers of an LMS with something changed in them. Whatever came, it was never a \
fault of ours (no status 500 and above; 502 and 503 only where the LMS itself was garbled), every refusal had a \
reference, and nobody was signed in without a launch that was as it should be. `make test` does some hundred of \
these; [the properties](../tests/fuzz/properties.py) say what is sent.

`make fuzz` writes this file. Requests go through Flask's test client, not over a wire, so that there can be many.

| | |
|---|---|
| day | {day} |
| command | `make fuzz` (`python -m tests.fuzz {seed}` sends the same values again) |
| seed | {seed} |
| Python | {python} |
| requests | {requests:,} |
| seconds | {seconds:.0f} |

| address | status: how often |
|---|---|
{rows}
"""


def main(seed: int) -> None:
    """Send at least REQUESTS requests, and write the record. A property that does not hold ends it with its example."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name, SqliteFiles(Path(name) / "empty.db").fresh(Path(name)) as url:
        lab = open_lab(url)
        rounds = 0
        while lab.counts.total() < REQUESTS:
            for property_name in PROPERTIES:
                run(property_name, lab, examples=EXAMPLES, seed=seed + rounds)
            rounds += 1
        lab.sessions.engine.dispose()
    DOCUMENT.write_text(_record(lab, seed, time.monotonic() - began), encoding="utf-8")
    print(f"{lab.counts.total()} requests, see docs/fuzz.md")


def _record(lab: Lab, seed: int, seconds: float) -> str:
    addresses = sorted({address for address, _status in lab.counts})
    return TEXT.format(
        day=datetime.now(UTC).date(),
        seed=seed,
        python=platform.python_version(),
        requests=lab.counts.total(),
        seconds=seconds,
        rows="\n".join(f"| {address} | {_statuses(lab, address)} |" for address in addresses),
    )


def _statuses(lab: Lab, address: str) -> str:
    found = sorted((status, count) for (where, status), count in lab.counts.items() if where == address)
    return ", ".join(f"{status}: {count:,}" for status, count in found)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else secrets.randbelow(2**32))
