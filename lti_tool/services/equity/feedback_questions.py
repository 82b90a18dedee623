"""What is asked about a supervisor, a site and feedback: few questions, each of which can be left out."""

from collections.abc import Mapping
from types import MappingProxyType

from grading.feedback_blocks import FeedbackAbout

SCALE = range(1, 6)
"""From "does not fit at all" to "fits completely"."""
QUESTIONS: Mapping[FeedbackAbout, tuple[str, ...]] = MappingProxyType(
    {
        FeedbackAbout.SUPERVISOR: ("listened", "say_no", "knew", "helped"),
        FeedbackAbout.SITE: ("safe", "role", "there"),
        FeedbackAbout.FEEDBACK: ("seen", "respectful", "next"),
    }
)
"""The keys, in the order in which they are asked. Their words stand where they are shown."""
