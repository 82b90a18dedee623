"""What became of the nightly jobs: which were done, which broke off or were not come to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.store.platforms import PeriodicTurnRow

NIGHT = "nightly"
"""The name of the turn, see `services.operating.turns`."""
TAKES_AT_MOST = timedelta(hours=3)
OVERDUE_AFTER = timedelta(hours=30)
_DONE, _BROKE_OFF = "nightly done: ", "nightly broke off: "


@dataclass(frozen=True, slots=True)
class Night:
    """The last night, as far as the database shows it."""

    began_at: datetime | None
    """None: there was none yet."""
    undone: Sequence[str]
    """Names of jobs that broke off, or that nobody came to within three hours."""

    def overdue(self, now: datetime) -> bool:
        """Whether a whole night was left out."""
        return self.began_at is not None and self.began_at < now - OVERDUE_AFTER


def note(session: Session, job: str, now: datetime, *, done: bool) -> None:
    """Write down that a job was done, or that it broke off."""
    session.merge(PeriodicTurnRow(name=(_DONE if done else _BROKE_OFF) + job, taken_at=now))


def last(session: Session, now: datetime, jobs: Collection[str]) -> Night:
    """The last night, as far as these jobs go: what a former version did besides is nothing that is left undone.

    A job that has never been noted is not told of: it may have come with this version.
    """
    noted = {row.name: row.taken_at for row in session.scalars(select(PeriodicTurnRow))}
    began_at = noted.get(NIGHT)
    return Night(began_at, tuple(name for name in sorted(jobs) if _undone(noted, name, began_at, now)))


def done(session: Session, jobs: Collection[str]) -> dict[str, datetime]:
    """When each of these jobs was done last, by its name; without those that never were."""
    rows = session.scalars(select(PeriodicTurnRow).where(PeriodicTurnRow.name.startswith(_DONE)))
    found = {row.name.removeprefix(_DONE): row.taken_at for row in rows}
    return {name: found[name] for name in sorted(jobs) if name in found}


def _undone(noted: dict[str, datetime], name: str, began_at: datetime | None, now: datetime) -> bool:
    was_done, broke_off = noted.get(_DONE + name), noted.get(_BROKE_OFF + name)
    if broke_off is not None and (was_done is None or broke_off > was_done):
        return True
    return was_done is not None and began_at is not None and was_done < began_at < now - TAKES_AT_MOST
