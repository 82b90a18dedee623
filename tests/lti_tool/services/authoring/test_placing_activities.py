"""An activity is placed as it can be held: what does not fit is said with what would."""

from dataclasses import replace

import pytest

from lti_tool.services.authoring import author
from lti_tool.services.courses.places import NotHere
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import World


def test_a_choice_that_does_not_fit_says_what_would_and_places_nothing(world: World) -> None:
    ines, session = world.visitor("ines"), world.session
    place = world.place(ines)
    usual = author.ActivityChoice(version_id=place.activity.rubric_version_id, title="Warm line")
    for odd, code in (
        ({"title": " "}, "title_needed"),
        ({"title": "x" * 256}, "title_needed"),
        ({"required_observations": 0}, "required_observations"),
        ({"required_observations": 51}, "required_observations"),
        ({"lanes": ()}, "lanes_needed"),
        ({"lanes": (Lane.PEER, Lane.PEER)}, "lanes_needed"),
        ({"response_days": 61}, "response_days"),
        ({"observers": 11}, "observers"),
        ({"version_id": new_id()}, "rubric_gone"),
    ):
        with pytest.raises(Refused) as refused:
            author.place_activity(session, ines, place.course.id, replace(usual, **odd), now=world.now)
        assert refused.value.code == code
    assert session.query(ActivityRow).count() == 1


def test_a_version_that_nobody_published_is_not_here(world: World) -> None:
    with pytest.raises(NotHere):
        author.rubric_of(world.session, new_id())
