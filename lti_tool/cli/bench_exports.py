"""The benchmark of exports: rows a second beside reading the same rows, and memory at 10,000 and 100,000 rows."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from grading.ledger import EntryKind, EntryState
from lti_tool import migrations
from lti_tool.cli.bench_run import DATABASE, Place, new_place
from lti_tool.services.exchange import exporting, exporting_tables
from lti_tool.services.exchange.exporting_tables import Asked
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.exports import ExportForm
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow

SIZES = (10_000, 100_000)
SECRET = ("the secret of a benchmark, long enough for anything",)
IN_A_LOT = 5_000
CHILD = "import sys; from lti_tool.cli import bench_exports; bench_exports.child(*sys.argv[1:])"

Took = dict[str, Any]
"""How many rows, how many seconds, and the most that the process had in memory."""


def export(url: str, organization_id: UUID, person_id: UUID, form: str) -> Took:
    """One export in this process; `none` as form reads the same rows and writes nothing."""
    engine = open_engine(url, SECRET)
    asked = Asked(organization_id, person_id, None, datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as directory, open_sessions(engine)() as session:
        began = time.perf_counter()
        rows = _read(session, asked) if form == "none" else _written(session, asked, ExportForm(form), Path(directory))
        took = time.perf_counter() - began
    engine.dispose()
    return {"rows": rows, "seconds": took, "peak_mb": _peak_mb()}


def child(url: str, organization_id: str, person_id: str, form: str) -> None:
    """The same, called from a process that reads what is printed."""
    print(json.dumps(export(url, UUID(organization_id), UUID(person_id), form)))  # noqa: T201


def apart(url: str, organization_id: UUID, person_id: UUID, form: str) -> Took:
    """The same in a process of its own, whose memory is its own."""
    asked = [sys.executable, "-c", CHILD, url, str(organization_id), str(person_id), form]
    made = subprocess.run(asked, check=True, capture_output=True, text=True)  # noqa: S603  # ourselves
    return dict(json.loads(made.stdout.splitlines()[-1]))


def measure(
    sizes: Sequence[int] = SIZES,
    *,
    exporting_one: Callable[[str, UUID, UUID, str], Took] = apart,
    place: Place = new_place,
) -> dict[str, Any]:
    """Each number of rows in a new SQLite database; the floor reads the same rows and writes none."""
    cases = []
    for rows in sizes:
        with place() as directory:
            url = f"sqlite:///{directory / DATABASE}"
            ids = _fill(url, rows)
            floor = exporting_one(url, *ids, "none")
            cases += [_case(rows, form.value, exporting_one(url, *ids, form.value), floor) for form in exporting.FORMS]
    grown = {
        form.value: round(_peak(cases, max(sizes), form.value) / _peak(cases, min(sizes), form.value), 3)
        for form in exporting.FORMS
    }
    return {
        "name": "exports",
        "unit": "rows per second; floor: the same rows read page by page and not written",
        "ours": min(case["ours"] for case in cases),
        "floor": min(case["floor"] for case in cases),
        "ratio": min(case["ratio"] for case in cases),
        "memory_growth": grown,
        "cases": cases,
    }


def _peak_mb() -> float:
    """The most that this process had in memory. What `getrusage` says would begin with what its parent had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def in_words(result: Mapping[str, Any]) -> list[str]:
    """For people."""
    lines = [
        f"{case['rows']} rows as {case['form']}: {case['ours']:.0f} a second, read alone {case['floor']:.0f}; "
        f"ratio {case['ratio']}; at most {case['peak_mb']:.0f} MB"
        for case in result["cases"]
    ]
    return [*lines, f"Memory of the largest beside the smallest: {result['memory_growth']}"]


def _read(session: Session, asked: Asked) -> int:
    return sum(len(rows) for rows, _ in exporting_tables.pages(session, exporting.TABLES["ledger"], asked))


def _written(session: Session, asked: Asked, form: ExportForm, directory: Path) -> int:
    table, written = exporting.TABLES["ledger"], 0
    with exporting.writer(form, directory / "table", table.title, table.columns(session, asked), "en") as into:
        for rows, lines in exporting_tables.pages(session, table, asked):
            written += len(rows)
            for line in lines:
                into.write(line)
    return written


def _case(rows: int, form: str, ours: dict[str, Any], floor: dict[str, Any]) -> dict[str, Any]:
    if ours["rows"] != rows or floor["rows"] != rows:
        raise RuntimeError(f"{rows} rows were to be written, and {ours['rows']} were")
    return {
        "rows": rows,
        "form": form,
        "ours": round(rows / ours["seconds"], 1),
        "floor": round(rows / floor["seconds"], 1),
        "ratio": round(floor["seconds"] / ours["seconds"], 4),
        "peak_mb": round(ours["peak_mb"], 1),
    }


def _peak(cases: list[dict[str, Any]], rows: int, form: str) -> float:
    return next(float(case["peak_mb"]) for case in cases if (case["rows"], case["form"]) == (rows, form))


def _fill(url: str, rows: int) -> tuple[UUID, UUID]:
    engine = open_engine(url, SECRET)
    migrations.upgrade(engine)
    organization_id, person_id, now = new_id(), new_id(), datetime.now(UTC)
    with open_sessions(engine).begin() as session:
        session.add(
            OrganizationRow(id=organization_id, name="Bench", created_at=now, leave_page_url="", support_text="")
        )
        session.flush()
        session.add(PersonRow(id=person_id, organization_id=organization_id, name="Sam", created_at=now))
        session.flush()
        for first in range(0, rows, IN_A_LOT):
            session.execute(
                insert(LedgerEntryRow),
                [
                    {
                        "id": new_id(), "organization_id": organization_id, "person_id": person_id,
                        "kind": EntryKind.PRACTICE, "on_day": date(2026, 1, 1) + timedelta(days=number % 365),
                        "amount": Decimal("2.5"), "title": f"A night on the warm line, number {number}",
                        "said": {"category": ["advocacy"]}, "state": EntryState.OPEN, "made_by": person_id,
                        "made_at": now, "changed_at": now,
                    }
                    for number in range(first, min(first + IN_A_LOT, rows))
                ],
            )  # fmt: skip
    engine.dispose()
    return organization_id, person_id
