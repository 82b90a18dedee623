"""`make torture`: thousands of sign-offs in a storm, and a record of what came of them in docs/torture.md."""

import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.databases import SqliteFiles
from tests.project import ROOT
from tests.torture.postgres import own_postgres
from tests.torture.record import write
from tests.torture.run import Order, Outcome, run

LOG = ROOT / "build" / "torture.log"
"""What the processes of the last run said."""
PROFILES = ("strict", "moodle", "canvas")
ROWS = 7_500
"""More than 10,000 sign-offs."""
SHOWN = 40


def main(seed: int, rows: int, profiles: tuple[str, ...], database: str) -> int:
    """One run for each profile; the exit status says whether all was well."""
    outcomes = []
    for number, profile in enumerate(profiles):
        print(f"{profile} on {database}, {rows} rows, seed {seed + number}", flush=True)
        outcome = _one(seed + number, rows, profile, database)
        outcomes.append(outcome)
        print("\n".join(outcome.problems[:SHOWN]) or "the gradebook is as it should be", flush=True)
    write(outcomes)
    return 1 if any(outcome.problems for outcome in outcomes) else 0


def _one(seed: int, rows: int, profile: str, database: str) -> Outcome:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="attune-torture-")))
        if database == "postgresql":
            server = stack.enter_context(own_postgres())
            order = Order(seed, rows, profile, server.address, server.restart)
        else:
            files = SqliteFiles(folder / "empty.db")
            order = Order(seed, rows, profile, stack.enter_context(files.fresh(folder)))
        try:
            return run(order, folder, lambda sentence: print(f"  {sentence}", flush=True))
        finally:
            LOG.parent.mkdir(exist_ok=True)
            LOG.write_bytes((folder / "log.txt").read_bytes())


if __name__ == "__main__":
    _, seed_, rows_, profile_, database_ = [*sys.argv, *[""] * 4][:5]
    sys.exit(
        main(
            int(seed_ or secrets.randbelow(1_000_000)),
            int(rows_ or ROWS),
            (profile_,) if profile_ else PROFILES,
            database_ or "postgresql",
        )
    )
