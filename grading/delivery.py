"""From what the gradebook should show to what has to be sent, and when to try again."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """How a score stands with the LMS, in the words of docs/glossary.md."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    NEEDS_PERSON = "needs_person"
