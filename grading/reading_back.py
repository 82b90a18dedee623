"""What it means for a score that the LMS shows this in its cell, when nothing is on its way there."""

from enum import StrEnum

from grading.delivery import Cell, Compared, DeliveryState, Shown, compared


class Means(StrEnum):
    """What a reading says about one cell."""

    AS_IT_WAS = "as_it_was"
    IN_STEP = "in_step"
    """The LMS shows what it should: that counts as accepted."""
    SEND = "send"
    """It shows an older one of ours: the newer one goes out."""
    ASK = "ask"
    """It shows something else, or was emptied: a person says what stands."""
    TAKEN_OUT = "taken_out"
    """What nothing stands behind any more was taken out by a person there."""
    SET_THERE = "set_there"
    """In its place a person there set a score of their own, which stands."""


def means(cell: Cell, shown: Shown | None, *, in_course: bool = True) -> Means:
    """What to make of it. Nothing is ever filled in again that a person emptied, or set to something else.

    Of somebody who left the course many LMSs show nothing, which says nothing. What waits, or is being sent, is
    looked at by whoever sends it.
    """
    if cell.state in (DeliveryState.WAITING, DeliveryState.CLEARED) or cell.under_way or not cell.ever_sent:
        return Means.AS_IT_WAS
    found = compared(cell.desired, cell.accepted, cell.sent, shown)
    if cell.nothing_left:
        return _nothing_left(cell, found, in_course)
    match found:
        case Compared.SAME:
            return Means.IN_STEP
        case Compared.OURS if cell.state in (DeliveryState.ACCEPTED, DeliveryState.DIFFERS):
            return Means.SEND
        case Compared.EMPTY if in_course and cell.state is DeliveryState.ACCEPTED:
            return Means.ASK
        case Compared.DIFFERS if cell.state is not DeliveryState.LET_STAND:
            return Means.ASK
        case _:
            return Means.AS_IT_WAS


def _nothing_left(cell: Cell, found: Compared, in_course: bool) -> Means:
    if cell.state is not DeliveryState.NEEDS_PERSON:
        return Means.AS_IT_WAS
    match found:
        case Compared.EMPTY if in_course:
            return Means.TAKEN_OUT
        case Compared.DIFFERS:
            return Means.SET_THERE
        case _:
            return Means.AS_IT_WAS
