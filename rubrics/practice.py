"""What kind of practice it is, and where it takes place: two lists that hours, observations and reports share."""

from enum import StrEnum


class PracticeModel(StrEnum):
    """How peers work with people."""

    ONE_TO_ONE = "one_to_one"
    GROUP = "group"
    WARM_LINE = "warm_line"
    YOUTH = "youth"
    FAMILY = "family"


class Setting(StrEnum):
    """Where it takes place."""

    MENTAL_HEALTH = "mental_health"
    ADDICTION = "addiction"
    HEALTHCARE = "healthcare"
    CRISIS = "crisis"
    COMMUNITY = "community"
    REENTRY = "reentry"
    """coming back from prison"""
    TRANSITION = "transition"
    """from inpatient care to the community"""


class Compensation(StrEnum):
    """Whether a trainee is paid for practicing somewhere. Not said is None: it is not unpaid."""

    PAID = "paid"
    STIPEND = "stipend"
    UNPAID = "unpaid"
