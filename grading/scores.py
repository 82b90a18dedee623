"""What the gradebook should show."""

from enum import StrEnum


class ColumnShows(StrEnum):
    """What an activity's gradebook column shows, as the instructor chose when placing it."""

    COMPLETION = "completion"
    """the share of the required observations that are finished"""
    RUBRIC_RESULT = "rubric_result"
    """the rubric's result of the finished observations"""
