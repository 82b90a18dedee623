"""`make soak`: many people at work while things go wrong, and a record of it in docs/soak.md."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.databases import SqliteFiles
from tests.project import ROOT
from tests.soak.disk import small_disk
from tests.soak.record import write
from tests.soak.run import Order, Outcome, run
from tests.torture.postgres import own_postgres

LOG = ROOT / "build" / "soak.log"
"""What the processes of the last run said."""
PEOPLE, MINUTES = 200, 10.0
SHOWN = 40


def main(people: int, minutes: float, databases: tuple[str, ...]) -> int:
    """One run for each database; the exit status says whether all was well."""
    outcomes = []
    for database in databases:
        print(f"{people} people for {minutes:g} minutes on {database}", flush=True)
        outcomes.append(one(people, minutes, database, say=lambda sentence: print(f"  {sentence}", flush=True)))
        print("\n".join(outcomes[-1].problems[:SHOWN]) or "nothing was lost, and no error was met", flush=True)
    write(outcomes)
    return 1 if any(outcome.problems for outcome in outcomes) else 0


def one(people: int, minutes: float, database: str, **further) -> Outcome:  # type: ignore[no-untyped-def]
    """One run, on a disk of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="attune-soak-")))
        disk = stack.enter_context(small_disk(folder / "disk"))
        if database == "postgresql":
            server = stack.enter_context(own_postgres(disk.folder, min_wal_size="32MB", max_wal_size="64MB"))
            order = Order(people, minutes, server.address, disk, server)
        else:
            files = SqliteFiles(folder / "empty.db")
            order = Order(people, minutes, stack.enter_context(files.fresh(disk.folder)), disk)
        try:
            return run(order, folder, **further)
        finally:
            LOG.parent.mkdir(exist_ok=True)
            LOG.write_bytes((folder / "log.txt").read_bytes())


if __name__ == "__main__":
    _, people_, minutes_, database_ = [*sys.argv, *[""] * 3][:4]
    sys.exit(
        main(
            int(people_ or PEOPLE),
            float(minutes_ or MINUTES),
            (database_,) if database_ else ("postgresql", "sqlite"),
        )
    )
