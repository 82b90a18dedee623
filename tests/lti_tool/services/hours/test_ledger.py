"""Entries of the ledger: who may see one, and what becomes of it."""

import pytest

from grading.ledger import EntryState
from lti_tool.access import Who
from lti_tool.services.courses.places import NotHere
from lti_tool.services.hours.ledger import entry_for
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import an_entry, program_lead


def test_ux_t1_an_entry_is_its_writers_alone_until_it_is_handed_over(world: World) -> None:
    entry_id = an_entry(world, asked_id=world.visitor("jo").person_id)
    assert entry_for(world.session, world.visitor("sam"), entry_id).mine
    for somebody in (world.visitor("jo"), world.visitor("noor"), program_lead(world)):
        with pytest.raises(NotHere):
            entry_for(world.session, somebody, entry_id)


def test_whoever_is_asked_and_program_leads_read_an_entry_that_was_handed_over(world: World) -> None:
    jo = world.visitor("jo")
    asked = {
        "asked_id": jo.person_id,
        "asked_at": world.now,
        "state": EntryState.WAITING,
        "said": {"category": ["own_care"]},
    }
    entry_id = an_entry(world, **asked)
    read = entry_for(world.session, jo, entry_id)
    assert read.who == {Who.SIGNER}
    assert (read.asked_name, read.said_in_words) == ("Jo Example", (("category", "own care"),))
    assert entry_for(world.session, program_lead(world), entry_id).who == {Who.PROGRAM_LEAD}
    for somebody in (world.visitor("noor"), world.visitor("amara"), world.visitor("ines")):
        with pytest.raises(NotHere):
            entry_for(world.session, somebody, entry_id)
