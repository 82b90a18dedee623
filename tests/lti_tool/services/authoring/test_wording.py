"""An organization's wording rules: what they keep from being published, and who changes them."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from lti_tool.documents import DocumentProblems
from lti_tool.documents.wording import bundled_rules
from lti_tool.services import organizations
from lti_tool.services.authoring import author, wording
from lti_tool.services.authoring.wording import OwnRules
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.rubrics import WordingRow
from rubrics.refusal import Refused
from rubrics.rubric import Rubric
from rubrics.wording import Kind, Rule
from tests.lti_tool.services.conftest import World
from tests.rubrics.making import LEVELS, a_criterion, a_rubric

RULE = Rule("own-1", "en", Kind.BANNED, ("rock bottom",), sentence="100% of us: please say it otherwise.")


@pytest.fixture
def lea(world: World) -> Visitor:
    return world.visitor("ines")


def with_anchor(anchor: str) -> Rubric:
    return a_rubric(a_criterion(levels=(*LEVELS[:2], replace(LEVELS[2], anchor=anchor))), key="another")


def not_ready(world: World, rubric: Rubric) -> str:
    with pytest.raises(Refused) as refused:
        author.publish_rubric(world.session, world.organization_id, rubric, now=world.now)
    assert refused.value.code == "not_ready"
    return str(refused.value)


def test_cap_a4_a_rubric_with_a_word_that_wounds_is_not_published(world: World) -> None:
    said = not_ready(world, with_anchor("Failed to pause."))
    assert "criteria[1].levels[3].anchor: Please find other words for “Failed”" in said


def test_a_suggestion_keeps_nothing_from_being_published(world: World) -> None:
    rubric = with_anchor("Always paused.")
    assert wording.blocking(world.session, world.organization_id, rubric) == ()
    author.publish_rubric(world.session, world.organization_id, rubric, now=world.now)


def test_what_is_absent_is_told_by_the_checklist_and_not_as_wording(world: World) -> None:
    assert wording.blocking(world.session, world.organization_id, with_anchor("")) == ()
    assert "levels[3].anchor" in not_ready(world, with_anchor(""))


def test_own_rules_are_on_top_of_those_that_come_with_attune(world: World, lea: Visitor) -> None:
    assert wording.rules(world.session, world.organization_id) == bundled_rules()
    wording.save(world.session, lea, OwnRules("en", (RULE,)), world.now)
    assert wording.rules(world.session, world.organization_id) == (*bundled_rules(), RULE)
    assert "100% of us: please say it otherwise." in not_ready(world, with_anchor("Named the rock bottom."))
    assert wording.languages(world.session, world.organization_id) == ("ar", "en", "es")


def test_rules_of_one_organization_are_nothing_to_another(world: World, lea: Visitor) -> None:
    wording.save(world.session, lea, OwnRules("en", (RULE,)), world.now)
    other = organizations.organization_named(world.session, "Another", world.now)
    assert wording.rules(world.session, other) == bundled_rules()
    assert wording.own_rules(world.session, other, "en") == OwnRules("en")


def test_who_changed_them_and_when_is_known_and_recorded(world: World, lea: Visitor) -> None:
    wording.save(world.session, lea, OwnRules("en", (RULE,)), world.now)
    found = wording.own_rules(world.session, world.organization_id, "en")
    assert (found.rules, found.revision, found.changed_by, found.changed_at) == ((RULE,), 1, lea.name, world.now)
    (entry,) = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "wording.change"))
    assert entry.facts == {"language": "en", "rules": 1, "revision": 1}


def test_the_same_rules_again_change_nothing_even_from_an_older_page(world: World, lea: Visitor) -> None:
    for _ in range(2):
        wording.save(world.session, lea, OwnRules("en", (RULE,)), world.now)
    assert wording.own_rules(world.session, world.organization_id, "en").revision == 1


def test_no_rules_where_there_are_none_leave_no_trace(world: World, lea: Visitor) -> None:
    wording.save(world.session, lea, OwnRules("en"), world.now)
    assert world.session.scalars(select(func.count()).select_from(WordingRow)).one() == 0


def test_what_was_changed_meanwhile_is_not_overwritten(world: World, lea: Visitor) -> None:
    wording.save(world.session, lea, OwnRules("en", (RULE,)), world.now)
    mine = replace(RULE, words=("hopeless",))
    for revision in (0, 2):
        with pytest.raises(Refused) as refused:
            wording.save(world.session, lea, OwnRules("en", (mine,), revision), world.now)
        assert refused.value.code == wording.CHANGED_MEANWHILE
    wording.save(world.session, lea, OwnRules("en", (mine,), 1), world.now)
    assert wording.own_rules(world.session, world.organization_id, "en").rules == (mine,)


def test_rules_that_nobody_could_read_back_are_not_kept(world: World, lea: Visitor) -> None:
    for wanted in (OwnRules("English", (RULE,)), OwnRules("en", (replace(RULE, words=("*",)),))):
        with pytest.raises(DocumentProblems):
            wording.save(world.session, lea, wanted, world.now)
    assert wording.rules(world.session, world.organization_id) == bundled_rules()
