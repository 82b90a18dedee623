"""The scope of practice: editions, and that it is acknowledged before anything is asked for or signed."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from lti_tool.services.asking import ask
from lti_tool.services.authoring import authors
from lti_tool.services.courses.places import NotHere
from lti_tool.services.editions import scope, scope_writing
from lti_tool.services.editions.edition_writing import digest
from lti_tool.services.languages import first_words, languages
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageRow
from lti_tool.store.people import PersonRow
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.sites import AcknowledgedAs, ScopeStatementRow
from rubrics.observation import Mode
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World


def published(world: World, words: str = "We listen.\nWe do not diagnose.") -> UUID:
    ines = world.visitor("ines")
    if scope.in_force(world.session, world.organization_id) is None:
        authors.begin(world.session, ines, world.now)
    statement_id = scope_writing.begin(world.session, ines, world.now)
    before = scope_writing.edition_of(world.session, world.organization_id, statement_id).words
    scope_writing.write(world.session, ines, statement_id, words, digest(before), world.now)
    scope_writing.publish(world.session, ines, statement_id, digest(words), world.now)
    return statement_id


def acknowledge(world: World, who: str, statement_id: UUID, acknowledged_as: AcknowledgedAs) -> None:
    scope.acknowledge(world.session, world.visitor(who), statement_id, acknowledged_as, world.now)


def asks(world: World, who: str) -> bool:
    person_id = world.visitor(who).person_id
    return scope.to_acknowledge(world.session, world.organization_id, person_id) is not None


def test_cap_a7_without_an_edition_in_force_nothing_is_asked(world: World) -> None:
    assert not asks(world, "sam")
    world.ask()


def test_cap_a7_no_acknowledgment_observation_cannot_be_scheduled(world: World) -> None:
    statement_id = published(world)
    with pytest.raises(Refused) as refused:
        world.ask()
    assert refused.value.code == "scope_first"
    acknowledge(world, "sam", statement_id, AcknowledgedAs.TRAINEE)
    world.ask()


def test_cap_a7_no_acknowledgment_a_proposal_cannot_be_consented_to(world: World) -> None:
    ines, sam, jo = world.visitor("ines"), world.visitor("sam"), world.visitor("jo")
    proposal = ask.Proposal(sam.person_id, (jo.person_id,), Mode.ROLE_PLAY, recorded=False)
    observation_id = ask.propose(world.session, ines, world.place(ines), proposal, world.now)
    statement_id = published(world)
    with pytest.raises(Refused) as refused:
        ask.consent(world.session, sam, observation_id, mode=Mode.ROLE_PLAY, recorded=False, now=world.now)
    assert refused.value.code == "scope_first"
    acknowledge(world, "sam", statement_id, AcknowledgedAs.TRAINEE)
    ask.consent(world.session, sam, observation_id, mode=Mode.ROLE_PLAY, recorded=False, now=world.now)


def test_cap_a7_no_acknowledgment_nothing_is_signed(world: World) -> None:
    observation_id = world.answered()
    statement_id = published(world)
    with pytest.raises(Refused) as refused:
        world.sign("jo", observation_id)
    assert refused.value.code == "scope_first"
    acknowledge(world, "jo", statement_id, AcknowledgedAs.SUPERVISOR)
    world.sign("jo", observation_id)


def test_cap_a7_a_newer_edition_asks_again(world: World) -> None:
    first = published(world)
    acknowledge(world, "sam", first, AcknowledgedAs.TRAINEE)
    assert not asks(world, "sam")
    published(world, "We listen.\nWe do not prescribe.")
    assert asks(world, "sam")
    with pytest.raises(Refused) as refused:
        acknowledge(world, "sam", first, AcknowledgedAs.TRAINEE)
    assert refused.value.code == "newer_edition"


def test_acknowledging_twice_is_once(world: World) -> None:
    statement_id = published(world)
    for _ in range(2):
        acknowledge(world, "sam", statement_id, AcknowledgedAs.TRAINEE)
    (edition,) = scope_writing.editions(world.session, world.organization_id)
    assert (edition.people, edition.sites) == (1, 0)


def test_two_accounts_that_were_made_one_have_acknowledged_it_once(world: World) -> None:
    statement_id = published(world)
    acknowledge(world, "sam", statement_id, AcknowledgedAs.TRAINEE)
    into = world.visitor("noor").person_id
    gone = world.visitor("sam").person_id
    world.session.execute(update(PersonRow).where(PersonRow.id == gone).values(merged_into=into))
    assert not asks(world, "noor")
    acknowledge(world, "noor", statement_id, AcknowledgedAs.TRAINEE)
    (edition,) = scope_writing.editions(world.session, world.organization_id)
    assert edition.people == 1


def test_what_is_published_never_changes(world: World) -> None:
    statement_id = published(world)
    with pytest.raises(Refused):
        scope_writing.write(world.session, world.visitor("ines"), statement_id, "Other words.", "x", world.now)
    with pytest.raises(DBAPIError):
        world.session.execute(
            update(ScopeStatementRow).where(ScopeStatementRow.id == statement_id).values(words="Other words.")
        )


def test_cap_a7_it_begins_with_a_text_that_says_what_peers_can_and_cannot_promise(world: World) -> None:
    authors.begin(world.session, world.visitor("ines"), world.now)
    scope_writing.begin(world.session, world.visitor("ines"), world.now)
    draft = scope_writing.draft(world.session, world.organization_id)
    assert draft is not None
    assert "Peer support is not clinical. It does not replace therapy" in draft.words
    assert scope_writing.begin(world.session, world.visitor("ines"), world.now) == draft.id


def test_it_begins_in_the_language_of_whoever_begins_it(world: World) -> None:
    authors.begin(world.session, world.visitor("ines"), world.now)
    scope_writing.begin(world.session, world.visitor("ines"), world.now, language="ar")
    draft = scope_writing.draft(world.session, world.organization_id)
    assert draft is not None
    assert draft.words == first_words("scope", "ar")
    texts = {first_words("scope", language) for language in languages()}
    assert len(texts) == len(languages())
    assert len({len(text.splitlines()) for text in texts}) == 1


def test_only_program_leads_write_it(world: World) -> None:
    with pytest.raises(NotHere):
        scope_writing.begin(world.session, world.visitor("ines"), world.now)


def test_an_edition_that_is_put_out_of_use_asks_nothing(world: World) -> None:
    statement_id, ines = published(world), world.visitor("ines")
    for _ in range(2):
        scope_writing.end(world.session, ines, statement_id, world.now)
    assert not asks(world, "sam")
    ended = select(AuditEntryRow).where(AuditEntryRow.act == "scope.end")
    assert len(world.session.scalars(ended).all()) == 1
    with pytest.raises(NotHere):  # what is only being written is in nobody's use
        scope_writing.end(world.session, ines, scope_writing.begin(world.session, ines, world.now), world.now)
    with pytest.raises(NotHere):
        scope_writing.edition_of(world.session, world.organization_id, new_id())


def test_ux_t8_whoever_knew_an_earlier_edition_is_told_once_that_there_is_a_newer_one(world: World) -> None:
    acknowledge(world, "sam", published(world), AcknowledgedAs.TRAINEE)
    assert scope_writing.tell(world.session, world.now) == 0
    published(world, "We listen.\nWe do not prescribe.")
    assert scope_writing.tell(world.session, world.now) == 1
    message = world.session.scalars(
        select(MessageRow).where(MessageRow.person_id == world.visitor("sam").person_id)
    ).one()
    assert message.path == "/scope/read?edition=2"
    message.read_at = world.now
    assert scope_writing.tell(world.session, world.now + timedelta(days=1)) == 0


def test_cap_a7_a_scope_of_practice_says_something(world: World) -> None:
    statement_id, ines = published(world), world.visitor("ines")
    draft_id = scope_writing.begin(world.session, ines, world.now)
    with pytest.raises(Refused, match="what peers can and cannot promise"):
        scope_writing.write(world.session, ines, draft_id, " \n ", "", world.now)
    assert draft_id != statement_id
