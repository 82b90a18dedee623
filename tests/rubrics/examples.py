"""An example performance for tests, to change."""

from dataclasses import replace

from rubrics.assessment import Rating
from rubrics.example import Example

RATINGS = (
    Rating("pauses", 3, not_observed=False, evidence="She asks whether to go on."),
    Rating("listens", 2, not_observed=False, evidence="He waits after a sign."),
)


def an_example(**changes: object) -> Example:
    """One that fits `a_rubric()` and that people can agree on."""
    example = Example(
        key="by-the-window",
        title="By the window",
        language="en-US",
        text="They sit by the window. “Shall we stop for a moment?”",
        ratings=RATINGS,
    )
    return replace(example, **changes)
