"""Words for a holder: offered by who signed for them, read first, shown only while both want it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.lti.jws import take_apart
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import endorsement_lists, endorsements, holding, holding_acts, holding_pages
from lti_tool.services.credentials.holding_acts import Wish
from lti_tool.store.base import new_id
from lti_tool.store.credentials import CredentialRow, EndorsementRow
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.holding_rows import HERE, carried, certified
from tests.lti_tool.services.path_rows import an_entry, program_lead


@pytest.fixture
def credential(world: World) -> CredentialRow:
    """Sam carries it; Jo signed for Sam, Amara did not."""
    return world.session.get_one(CredentialRow, world.reached(("a credential",), lambda: _carried(world)))


def _carried(world: World) -> UUID:
    an_entry(world, signed_by="jo")
    return carried(world, certified(world)[1]).id


def offer(
    world: World, row: CredentialRow, who: str = "jo", name: str = "Jo, peer supporter", words: str = "Sam waits."
):  # type: ignore[no-untyped-def]
    return endorsements.offer(world.session, world.visitor(who), row.id, name=name, words=words, now=world.now)


def answer(world: World, id_: UUID, *, agrees: bool = True, digest: str | None = None, who: str = "sam") -> UUID:
    row = world.session.get_one(EndorsementRow, id_)
    shown = endorsement_lists.digest_of(row) if digest is None else digest
    return endorsements.answer(
        world.session, world.visitor(who), id_, agrees=agrees, digest=shown, public_url=HERE, now=world.now
    )


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def said(world: World, row: CredentialRow) -> list[str]:
    return [each.words for each in endorsement_lists.agreed(world.session, row.id)]


def test_words_are_shown_only_once_the_holder_agreed_and_silence_is_no(world: World, credential: CredentialRow) -> None:
    id_ = offer(world, credential)
    assert offer(world, credential) == id_
    assert said(world, credential) == []
    for agrees in (True, True, False, False, True):  # twice is once
        answer(world, id_, agrees=agrees)
        assert said(world, credential) == (["Sam waits."] if agrees else [])
    acts = select(AuditEntryRow.act).where(AuditEntryRow.subject == f"endorsement:{id_}").order_by(AuditEntryRow.number)
    told = [act for act in world.session.scalars(acts) if act in ("endorsement.agree", "endorsement.decline")]
    assert told == ["endorsement.agree", "endorsement.decline", "endorsement.agree"]


def test_whoever_wrote_them_takes_them_back_at_once(world: World, credential: CredentialRow) -> None:
    id_ = offer(world, credential)
    answer(world, id_)
    for moment in (world.now, world.now + timedelta(days=1)):
        endorsements.take_back(world.session, world.visitor("jo"), id_, moment)
    assert world.session.get_one(EndorsementRow, id_).taken_back_at == world.now
    assert said(world, credential) == []
    with pytest.raises(NotHere):
        answer(world, id_)
    with pytest.raises(NotHere):
        endorsements.answer(
            world.session, world.visitor("sam"), new_id(), agrees=False, digest="", public_url=HERE, now=world.now
        )
    credential.withdrawn_at, credential.why = world.now, "Given back."
    world.session.flush()
    with pytest.raises(NotHere):
        offer(world, credential)
    assert world.session.get_one(EndorsementRow, id_).document is None


@pytest.mark.parametrize("who", ["amara", "noor", "sam", "ines"])
def test_only_who_signed_or_leads_programs_may_say_something(world: World, credential: CredentialRow, who: str) -> None:
    with pytest.raises(NotHere):
        offer(world, credential, who)
    program_lead(world)
    assert offer(world, credential, "lea")


def test_the_holder_agrees_to_exactly_what_they_read(world: World, credential: CredentialRow) -> None:
    id_ = offer(world, credential)
    before = endorsement_lists.digest_of(world.session.get_one(EndorsementRow, id_))
    assert offer(world, credential, words="Sam hurries.") == id_
    assert code(lambda: answer(world, id_, digest=before)) == "changed_since_shown"
    answer(world, id_)
    assert code(lambda: offer(world, credential, words="Something else.")) == "shown_now"


def test_nobody_but_the_holder_answers(world: World, credential: CredentialRow) -> None:
    id_ = offer(world, credential)
    for who in ("jo", "noor"):
        with pytest.raises(NotHere):
            answer(world, id_, who=who)
    with pytest.raises(NotHere):
        endorsements.take_back(world.session, world.visitor("sam"), id_, world.now)


def test_a_writer_does_not_learn_that_words_were_declined_and_the_holder_is_not_asked_again(
    world: World, credential: CredentialRow
) -> None:
    id_ = offer(world, credential)
    answer(world, id_, agrees=False)
    for row in world.session.scalars(select(MessageRow)):
        row.read_at = world.now
    world.session.flush()
    assert offer(world, credential, words="Once more.") == id_
    unread = select(MessageRow).where(MessageRow.kind == MessageKind.CREDENTIAL, MessageRow.read_at.is_(None))
    assert world.session.scalars(unread).all() == []
    assert not endorsement_lists.written(world.session, world.visitor("jo"))[0].own.agreed  # type: ignore[union-attr]


def test_agreed_words_are_a_credential_of_the_issuer_about_the_holders(world: World, credential: CredentialRow) -> None:
    id_ = offer(world, credential)
    answer(world, id_)
    claims = take_apart(world.session.get_one(EndorsementRow, id_).document or "").claims
    assert claims["type"] == ["VerifiableCredential", "EndorsementCredential"]
    assert claims["credentialSubject"]["id"] == f"urn:uuid:{credential.id}"
    assert claims["credentialSubject"]["endorsementComment"] == "Sam waits."
    assert take_apart(credential.document).claims["id"] == f"urn:uuid:{credential.id}"


def test_ux_n1_words_go_along_when_a_credential_is_made_again(world: World, credential: CredentialRow) -> None:
    id_ = offer(world, credential)
    answer(world, id_)
    made = holding_acts.again(
        world.session, world.visitor("sam"), credential.id, Wish("Samira", "en"), public_url=HERE, now=world.now
    )
    assert said(world, world.session.get_one(CredentialRow, made)) == ["Sam waits."]
    claims = take_apart(world.session.get_one(EndorsementRow, id_).document or "").claims
    assert claims["credentialSubject"]["id"] == f"urn:uuid:{made}"


@pytest.mark.parametrize(
    ("name", "words", "refused"),
    [("", "Words", "name"), ("Jo", " ", "words"), ("x" * 201, "Words", "name"), ("Jo", "x" * 2001, "words"),
     ("Jo", "Sam was noncompliant.", "words")],
)  # fmt: skip
def test_words_that_cannot_stand_are_told_at_their_field(
    world: World, credential: CredentialRow, name: str, words: str, refused: str
) -> None:
    assert code(lambda: offer(world, credential, name=name, words=words)) == refused


def test_the_page_shows_words_only_where_the_holder_wants_them_on_it(world: World, credential: CredentialRow) -> None:
    sam = world.visitor("sam")
    answer(world, offer(world, credential))
    for wanted in (False, True):
        holding_pages.show(world.session, sam, credential.id, name=True, said=wanted, agreed=False, now=world.now)
        page = holding.own(world.session, sam, credential.id, world.now).page
        assert page is not None
        assert bool(holding_pages.public(world.session, page.link, world.now).said) is wanted


def test_only_who_signed_can_be_asked(world: World, credential: CredentialRow) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    assert [each.person_id for each in endorsement_lists.signers(world.session, sam, credential.id)] == [jo.person_id]
    endorsements.ask(world.session, sam, credential.id, jo.person_id, world.now)
    told = world.session.scalars(select(MessageRow).where(MessageRow.person_id == jo.person_id)).all()
    assert [each.path for each in told] == [f"/credentials/{credential.id}/say"]
    with pytest.raises(NotHere):
        endorsements.ask(world.session, sam, credential.id, world.visitor("amara").person_id, world.now)
