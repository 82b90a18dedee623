"""Somebody who is certified and carries a credential, for tests of what comes of it."""

from datetime import timedelta
from uuid import UUID

from lti_tool.services.credentials import holding_acts
from lti_tool.services.credentials.holding_acts import Wish
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.programs import EnrollmentRow
from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import on_the_way

HERE = "https://attune.school.example"
TELLS = RENEWED.replace('title = "Certification"', 'title = "Family partner"\nreveals = true')


def certified(world: World, who: str = "sam", text: str = RENEWED) -> tuple[EnrollmentRow, UUID]:
    """On the way for a hundred days, and certified ten days ago: the enrollment and the decision."""
    row = on_the_way(world, who, text, entered_on=world.now.date() - timedelta(days=100))
    return row, decided(world, row, world.now.date() - timedelta(days=10))


def carried(world: World, decision_id: UUID, who: str = "sam", name: str = "Sam Example") -> CredentialRow:
    """The credential that its holder had made."""
    made = holding_acts.ask(
        world.session, world.visitor(who), decision_id, Wish(name, "en"), public_url=HERE, now=world.now
    )
    return world.session.get_one(CredentialRow, made)
