"""Drafts: a rubric that is being written keeps every step."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services import drafts
from lti_tool.services.drafts import Author
from lti_tool.services.places import NotHere
from lti_tool.store.base import new_id
from lti_tool.store.drafts import DraftStepRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.rubrics.making import a_criterion, a_rubric


@pytest.fixture
def lea(world: World) -> Author:
    return Author(world.organization_id, world.visitor("ines").person_id)


def begun(world: World, lea: Author) -> UUID:
    return drafts.begin(world.session, lea, a_rubric(), world.now)


def test_a_draft_is_read_as_the_rubric_that_it_began_with(world: World, lea: Author) -> None:
    found = drafts.draft(world.session, world.organization_id, begun(world, lea))
    assert found.rubric == a_rubric()
    assert (found.steps, found.based_on_id, found.changed_by) == (0, None, lea.person_id)


def test_a_rubric_has_one_draft_at_a_time(world: World, lea: Author) -> None:
    begun(world, lea)
    with pytest.raises(Refused) as refused:
        begun(world, lea)
    assert refused.value.code == "draft_open"


def test_rewriting_is_one_step_that_says_what_stood_there_before(world: World, lea: Author) -> None:
    draft_id = begun(world, lea)
    other = a_rubric(a_criterion("waits"), title="Other words")
    assert drafts.rewrite(world.session, lea, draft_id, other, world.now)
    assert drafts.draft(world.session, world.organization_id, draft_id).rubric == other
    (step,) = world.session.scalars(select(DraftStepRow).where(DraftStepRow.draft_id == draft_id))
    assert (step.number, step.by) == (1, lea.person_id)
    assert step.change["before"]["title"] == "One conversation"


def test_rewriting_with_the_same_words_changes_nothing(world: World, lea: Author) -> None:
    draft_id = begun(world, lea)
    assert not drafts.rewrite(world.session, lea, draft_id, a_rubric(), world.now)
    assert drafts.draft(world.session, world.organization_id, draft_id).steps == 0


def test_the_key_stays_whatever_the_new_words_are(world: World, lea: Author) -> None:
    draft_id = begun(world, lea)
    drafts.rewrite(world.session, lea, draft_id, replace(a_rubric(), key="another", title="T"), world.now)
    assert drafts.draft(world.session, world.organization_id, draft_id).rubric.key == "one-conversation"


def test_a_draft_of_another_organization_is_not_here(world: World, lea: Author) -> None:
    draft_id = begun(world, lea)
    with pytest.raises(NotHere):
        drafts.draft(world.session, new_id(), draft_id)
