"""Who agreed to what, for one observation."""

from enum import StrEnum


class PersonServed(StrEnum):
    """Whether the person who was supported agreed; nothing more about them is kept."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
