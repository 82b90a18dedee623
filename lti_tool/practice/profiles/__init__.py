"""The kinds of LMS that the practice LMS can be."""

from lti_tool.practice.profile import Profile
from lti_tool.practice.profiles.canvas import CANVAS, OLDER_CANVAS
from lti_tool.practice.profiles.moodle import MOODLE
from lti_tool.practice.profiles.strict import STRICT

PROFILES = {profile.name: profile for profile in (STRICT, MOODLE, CANVAS, OLDER_CANVAS)}


def profile_named(name: str) -> Profile:
    """The profile with this name. Raises LookupError with a sentence."""
    if name not in PROFILES:
        raise LookupError(f"there is no profile {name}; there are {', '.join(PROFILES)}")
    return PROFILES[name]
