"""Drafts: a rubric that is being written keeps every step."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.authoring import draft_beginnings, draft_endings, drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.store.base import new_id
from lti_tool.store.drafts import DraftEnd, DraftRow, DraftStepRow
from rubrics.refusal import Refused
from tests.lti_tool.published import version_of
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


def test_what_was_put_away_is_taken_up_again_unless_it_is_written_anew(world: World, lea: Author) -> None:
    session, draft_id = world.session, begun(world, lea)
    draft_endings.take_up(session, lea, draft_id, world.now)  # it is open
    with pytest.raises(NotHere):
        draft_endings.found_away(session, world.organization_id, draft_id)
    draft_endings.put_away(session, lea, draft_id, world.now)
    assert draft_endings.found_away(session, world.organization_id, draft_id).title == "One conversation"
    for find in (draft_endings.found_away, draft_endings.require_open):
        with pytest.raises(NotHere):
            find(session, world.organization_id, new_id())
    draft_endings.take_up(session, lea, draft_id, world.now)
    assert drafts.draft(session, world.organization_id, draft_id).rubric == a_rubric()
    row = session.get_one(DraftRow, draft_id)
    row.version_id = version_of(session, world.organization_id)
    row.ended_at, row.ended_as = world.now, DraftEnd.PUBLISHED
    session.flush()
    with pytest.raises(NotHere):
        draft_endings.take_up(session, lea, draft_id, world.now)


def test_nothing_is_begun_from_what_is_not_there_or_was_never_published(world: World, lea: Author) -> None:
    rubric_id = world.session.get_one(DraftRow, begun(world, lea)).rubric_id
    with pytest.raises(NotHere):
        draft_beginnings.begin_copy(world.session, lea, new_id(), "A copy", world.now)
    with pytest.raises(NotHere):
        draft_beginnings.begin_next(world.session, lea, new_id(), world.now)
    draft_endings.put_away(world.session, lea, drafts.open_draft_of(world.session, rubric_id), world.now)
    with pytest.raises(NotHere):
        draft_beginnings.begin_next(world.session, lea, rubric_id, world.now)
