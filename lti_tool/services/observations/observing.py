"""How far several observers are with one observation, for one reader of its record."""

from dataclasses import dataclass
from uuid import UUID

from lti_tool.access import Who
from lti_tool.services.observations.read import Record
from lti_tool.services.observations.self_assessment import is_open
from rubrics.observation import State


@dataclass(frozen=True, slots=True)
class Observing:
    """What the record's page says about it, and which ways on it shows."""

    several: bool
    others: tuple[str, ...]
    """The names of the other observers, for one of them."""
    still_to_come: tuple[str, ...]
    """Who has not handed in; for those who may know it."""
    may_go_on: bool
    """Whether the reader may wait no longer for somebody."""
    may_take_up_again: bool
    may_meet: bool
    """Whether the reader takes part in a meeting that is open."""
    may_assess_oneself: bool


def observing(record: Record, person_id: UUID) -> Observing:
    """From the record as this person reads it."""
    line, is_observer = record.line, Who.OBSERVER in record.who
    several = line.needed_observers > 1 or len(line.taking_part) > 1
    goes_on = line.state is State.IN_PROGRESS and several
    instructs = Who.INSTRUCTOR in record.who
    knows = record.handed_in or (instructs and not is_observer)
    return Observing(
        several=several,
        others=tuple(one.name for one in line.taking_part if one.person_id != person_id),
        still_to_come=tuple(one.name for one in line.taking_part if not one.handed_in) if knows else (),
        may_go_on=goes_on and knows and (instructs or line.observer_id == person_id),
        may_take_up_again=goes_on and record.handed_in,
        may_meet=_may_meet(record),
        may_assess_oneself=Who.TRAINEE in record.who and is_open(line),
    )


def _may_meet(record: Record) -> bool:
    match record.line.state:
        case State.IN_MODERATION:
            return Who.OBSERVER in record.who
        case State.IN_RECONCILIATION:
            return bool(record.who & {Who.OBSERVER, Who.SUPERVISOR})
        case _:
            return False
