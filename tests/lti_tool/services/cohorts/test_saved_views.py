"""Ways of looking at a matrix that somebody keeps: so many, each by a name of its own."""

from uuid import UUID

import pytest

from lti_tool.services.cohorts import saved_views
from lti_tool.services.cohorts.saved_views import MOST, Of
from lti_tool.services.courses.places import NotHere
from lti_tool.store.base import new_id
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda problem: problem.code == code)


def test_a_view_has_a_name_of_its_own_and_nobody_keeps_more_than_they_find_again(world: World) -> None:
    session, ines, now = world.session, world.visitor("ines"), world.now
    course_id = world.place(ines).course.id
    of = Of(course_id=course_id)

    def keep(name: str) -> UUID:
        return saved_views.keep(session, ines, of, name, {"state": ["open"]}, now)

    first, second = keep("Mine"), keep("Other")
    with refused("view_there"):
        keep("Mine")
    saved_views.rename(session, ines, first, "Mine", now)
    with refused("view_there"):
        saved_views.rename(session, ines, first, "Other", now)
    assert saved_views.found(session, ines, first).name == "Mine"
    with refused("view_name"):
        saved_views.rename(session, ines, second, " ", now)
    for number in range(2, MOST):
        keep(f"View {number}")
    with refused("views_many"):
        keep("One more")
    assert len(saved_views.mine(session, ines, of)) == MOST
    assert saved_views.activity_of(session, course_id) == world.activity_id
    with pytest.raises(NotHere):
        saved_views.activity_of(session, new_id())
