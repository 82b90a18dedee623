"""The basket of a deep linking request, when two tabs of one instructor work on it at the same moment."""

from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.claims import DeepLinkingSettings
from lti_tool.lti.names import DEEP_LINKING_REQUEST, RESOURCE_LINK_ITEM
from lti_tool.services.authoring import author
from lti_tool.services.linking import basket, deep_link
from lti_tool.services.linking.basket import Chosen
from lti_tool.store.courses import ActivityRow
from rubrics.refusal import Refused
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import INSTRUCTOR, ISSUER, World

pytestmark = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""On SQLite the second tab waits before it reads anything."""


@pytest.fixture
def asked(world: World) -> UUID:
    """A request with one activity in its basket."""
    wanted = DeepLinkingSettings(
        return_url=f"{ISSUER}/return", accept_types=(RESOURCE_LINK_ITEM,), accept_multiple=True,
        accept_line_item=True, data=None, title=None, text=None,
    )  # fmt: skip
    path = world.enter("ines", INSTRUCTOR, message_type=DEEP_LINKING_REQUEST, deep_linking=wanted).path
    request_id = UUID(path.rpartition("/")[2])
    version_id = version_of(world.session, world.organization_id)
    choice = author.ActivityChoice(version_id=version_id, title="Warm line")
    ines = world.visitor("ines")
    basket.add(world.session, ines, request_id, Chosen(choice.title, make=choice), world.now)
    world.session.commit()
    return request_id


def test_what_was_answered_while_a_tab_looked_at_it_is_made_once(
    world: World, asked: UUID, sessions: sessionmaker[Session]
) -> None:
    ines = world.visitor("ines")
    with sessions.begin() as second:
        page = deep_link.request_of(second, ines, asked, world.now)
        assert page.answered_at is None
        with sessions.begin() as first:
            basket.finish(first, ines, asked, world.now)
            made = first.scalars(select(func.count()).select_from(ActivityRow)).one()
        with pytest.raises(Refused, match="has its answer"):
            basket.finish(second, ines, asked, world.now)
        assert second.scalars(select(func.count()).select_from(ActivityRow)).one() == made


def test_what_another_tab_chose_meanwhile_stays_in_the_basket(
    world: World, asked: UUID, sessions: sessionmaker[Session]
) -> None:
    ines = world.visitor("ines")
    with sessions.begin() as second:
        page = deep_link.request_of(second, ines, asked, world.now)
        with sessions.begin() as first:
            basket.add(first, ines, asked, Chosen("One", place="queue"), world.now)
        basket.add(second, ines, asked, Chosen("Two", place="queue"), world.now)
        assert [one.title for one in basket.in_basket(page)] == ["Warm line", "One", "Two"]
