"""What somebody may ask for on a day. An offer is no promise, and nothing of it comes by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grading.lifecycle.clocks import Clocks
from grading.lifecycle.dates import Name, dates_of
from grading.program import StageKind


class Asking(StrEnum):
    """For what one may ask."""

    EXTENSION = "extension"
    """A stage for a limited time made longer; a person of the program decides."""
    RENEWAL = "renewal"
    LATE_RENEWAL = "late_renewal"
    REINSTATEMENT = "reinstatement"
    NEW_APPLICATION = "new_application"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to ask for, by its last day. None: the program names none."""

    what: Asking
    stage: str = ""
    until: date | None = None
    fee: str = ""


def offers(clocks: Clocks, opened: Sequence[str], extensions_left: int) -> tuple[Offer, ...]:
    """All that stands open."""
    return (*_extension(clocks, extensions_left), *_of_stages(clocks, opened), *_appeals(clocks))


def _extension(clocks: Clocks, left: int) -> Iterator[Offer]:
    held = clocks.course.held
    if held is not None and left and held.extension and not clocks.is_lapsed and clocks.course.end:
        yield Offer(Asking.EXTENSION, held.key, clocks.course.end.on)


def _of_stages(clocks: Clocks, opened: Sequence[str]) -> Iterator[Offer]:
    for stage in clocks.program.stages:
        if stage.key not in opened:
            continue
        match stage.kind:
            case StageKind.RENEWAL if clocks.is_lapsed and clocks.program.lifecycle.lapse:
                continue  # who applied in time waits for a decision
            case StageKind.RENEWAL if clocks.is_late:
                until = None if clocks.is_lapsed else clocks.late_until
                grace = clocks.program.lifecycle.grace
                yield Offer(Asking.LATE_RENEWAL, stage.key, until, grace.late_fee if grace else "")
            case StageKind.RENEWAL:
                yield Offer(Asking.RENEWAL, stage.key, clocks.renewal_closes)
            case StageKind.REINSTATEMENT:
                yield Offer(Asking.REINSTATEMENT, stage.key, clocks.reinstatement_until)
            case StageKind.CERTIFICATION if clocks.is_lapsed or clocks.course.ended is not None:
                yield Offer(Asking.NEW_APPLICATION, stage.key)


def _appeals(clocks: Clocks) -> Iterator[Offer]:
    if clocks.appeal_since is None:
        for each in dates_of(clocks):
            if each.name is Name.APPEAL_UNTIL and each.counted_from <= clocks.day <= each.on:
                yield Offer(Asking.APPEAL, each.stage, each.on)
