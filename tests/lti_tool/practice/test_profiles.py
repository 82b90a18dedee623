"""One LMS is one kind of LMS, and stays that."""

from pathlib import Path

import pytest

from lti_tool.practice import StateProblem, running_practice_lms
from lti_tool.practice.profiles import PROFILES


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_is_kept_and_said_on_the_first_page(tmp_path: Path, profile: str) -> None:
    with running_practice_lms(tmp_path, profile=profile) as lms:
        assert f"behaves like {PROFILES[profile].title}." in lms.visitor().get(lms.base_url).words
    others = [name for name in PROFILES if name != profile]
    for other in others:
        with pytest.raises(StateProblem, match=f"--profile {profile}"), running_practice_lms(tmp_path, profile=other):
            pass


def test_an_unknown_profile_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(LookupError, match="no profile blackboard"),
        running_practice_lms(tmp_path, profile="blackboard"),
    ):
        pass
