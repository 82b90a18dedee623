"""Forms on paper: a code leads to one observation, and to nobody else's."""

import pytest
from sqlalchemy import select

from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import paper
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World


def test_a_blank_form_is_tied_to_one_observation_and_twice_is_once(world: World) -> None:
    session, jo, now = world.session, world.visitor("jo"), world.now
    observation_id, place = world.begin(), world.place(jo)
    paper.print_blank(session, jo, place, 2, now)
    first, second = paper.printed(session, jo, place, now)
    for _twice in range(2):
        assert paper.belongs_to(session, jo, first, observation_id, now).id == observation_id
    acts = list(session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act == "paper.belongs")))
    assert len(acts) == 1
    assert paper.print_for(session, jo, observation_id, now) == first
    paper.belongs_to(session, jo, second, observation_id, now)  # the form before is let go
    assert paper.code_of(session, observation_id) == second
    for gone in (first, "nothing"):
        with pytest.raises(NotHere):
            paper.find(session, jo, gone)
        with pytest.raises(NotHere):
            paper.belongs_to(session, jo, gone, observation_id, now)


def test_only_so_many_forms_are_made_at_a_time(world: World) -> None:
    jo = world.visitor("jo")
    place = world.place(jo)
    for number in (0, paper.most_blank(world.session, place) + 1):
        with pytest.raises(Refused) as refused:
            paper.print_blank(world.session, jo, place, number, world.now)
        assert refused.value.code == "too_many_forms"
    with pytest.raises(NotHere):
        paper.printed(world.session, jo, place, world.now)
