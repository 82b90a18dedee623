"""A scenario for tests, to change."""

from dataclasses import replace
from typing import Any

from rubrics.practice import PracticeModel, Setting
from rubrics.scenario import Scenario


def a_scenario(**changes: Any) -> Scenario:
    """One whose words are whole."""
    scenario = Scenario(
        title="The key on the table",
        about="Somebody came home to an empty room.",
        words="They sit down. The key lies on the table.",
        roles="One plays the person, one the peer.",
        language="en-US",
        content_notes=("losing a home",),
        tags=("age", "housing"),
        models=(PracticeModel.ONE_TO_ONE,),
        settings=(Setting.COMMUNITY,),
        group="a first meeting",
        license="CC-BY-4.0",
        credits="Written for a test.",
    )
    return replace(scenario, **changes)
