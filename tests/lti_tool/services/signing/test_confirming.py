"""The code that signing may ask for, below the pages: how it is kept, and that the database asks for it too."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.entering.codes import ATTEMPTS
from lti_tool.services.entering.visitors import Visitor, digest_of, who_is_it
from lti_tool.services.signing import confirming, sign_off
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.ledger import LedgerSignatureRow
from lti_tool.store.mail import ContactRow, MailRow, Wanted
from lti_tool.store.observations import SignOffRow
from lti_tool.store.people import SessionRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane, Meaning
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.copying import copied
from tests.lti_tool.services.path_rows import an_entry
from tests.lti_tool.services.signing.test_signing_at_once import at_once

OLD, NEW = "an-old-key-of-thirty-two-letters-", "a-new-key-of-thirty-two-letters--"


@pytest.fixture
def jo(world: World) -> Visitor:
    """Jo, who has an address of her own, at an activity that asks for a code."""
    jo = world.visitor("jo")
    world.session.get_one(ActivityRow, world.activity_id).code_since = world.now
    world.session.add(
        ContactRow(
            organization_id=jo.organization_id, person_id=jo.person_id, email="jo@home.example",
            confirmed_at=world.now - timedelta(days=1), wanted=Wanted.DAILY, quiet_from=20, quiet_until=8,
        )
    )  # fmt: skip
    world.session.flush()
    return jo


def code_for(world: World, visitor: Visitor, key: str = OLD) -> str:
    mail_id = confirming.send_code(world.session, visitor, world.now, secret_keys=(key,))
    return world.session.get_one(MailRow, mail_id).code or ""


def again(world: World, visitor: Visitor) -> Visitor:
    """The visitor as their next request sees them."""
    token = f"{visitor.session_id}"
    world.session.execute(
        update(SessionRow).where(SessionRow.id == visitor.session_id).values(token_digest=digest_of(token))
    )
    found = who_is_it(world.session, token, world.now)
    assert found is not None
    return found


def signature(world: World, visitor: Visitor, assurance: Assurance, **changes: object) -> SignOffRow:
    """A row of a signature, as somebody might write it who goes around the services."""
    values = {
        "id": new_id(), "organization_id": visitor.organization_id, "observation_id": world.answered(),
        "signer_id": visitor.person_id, "lane": Lane.PEER, "meaning": Meaning.OBSERVED, "attestation": "Seen.",
        "assurance": assurance, "digest": "0" * 64, "signed_at": world.now,
    }  # fmt: skip
    return SignOffRow(**(values | changes))


def test_a_code_of_six_digits_works_also_after_the_keys_were_changed(world: World, jo: Visitor) -> None:
    code = code_for(world, jo)
    assert len(code) == confirming.DIGITS
    assert confirming.confirm(world.session, jo, code, world.now, secret_keys=(NEW, OLD))
    assert again(world, jo).confirmed_until == world.now + confirming.CONFIRMED_FOR


def test_its_digest_is_keyed_so_that_a_stolen_database_does_not_tell_it(world: World, jo: Visitor) -> None:
    code = code_for(world, jo)
    assert not confirming.confirm(world.session, jo, code, world.now, secret_keys=(NEW,))
    assert confirming.confirm(world.session, jo, code, world.now, secret_keys=(OLD,))


def test_a_signature_without_a_code_is_refused_and_with_one_the_way_in_stays_known(world: World, jo: Visitor) -> None:
    observation_id = world.answered()
    with pytest.raises(Refused) as refused:
        world.sign("jo", observation_id)
    assert refused.value.code == "code_first"
    assert confirming.confirm(world.session, jo, code_for(world, jo), world.now, secret_keys=(OLD,))
    world.visitors["jo"] = again(world, jo)
    world.sign("jo", observation_id)
    assert world.session.scalars(select(SignOffRow.assurance)).one() is Assurance.LAUNCH_CONFIRMED


@pytest.mark.parametrize("assurance", [Assurance.LAUNCH, Assurance.LINK_WITH_CODE])
def test_sec_17_the_database_refuses_a_signature_below_what_the_activity_asks_for(
    world: World, jo: Visitor, assurance: Assurance
) -> None:
    world.session.add(signature(world, jo, assurance))
    with pytest.raises(DatabaseError, match="not taken"):
        world.session.flush()


def test_what_was_signed_before_the_activity_asked_can_be_copied_from_one_database_to_another(
    world: World, jo: Visitor
) -> None:
    before = world.now - timedelta(seconds=1)
    world.session.add(signature(world, jo, Assurance.LAUNCH, signed_at=before))
    world.session.add(signature(world, jo, Assurance.LAUNCH_CONFIRMED))
    world.session.flush()


@pytest.mark.parametrize("assurance", [Assurance.LAUNCH, Assurance.LINK_WITH_CODE])
def test_sec_17_the_database_refuses_a_signature_of_hours_below_what_an_activity_of_the_course_asks_for(
    world: World, jo: Visitor, assurance: Assurance
) -> None:
    world.session.add(of_hours(world, jo, assurance))
    with pytest.raises(DatabaseError, match="not taken"):
        world.session.flush()


def test_hours_are_taken_with_a_code_in_a_lane_that_asks_for_none_and_from_before(world: World, jo: Visitor) -> None:
    before = world.now - timedelta(seconds=1)
    for row in (
        of_hours(world, jo, Assurance.LAUNCH_CONFIRMED),
        of_hours(world, jo, Assurance.LAUNCH, lane=Lane.CLINICAL),
        of_hours(world, jo, Assurance.LAUNCH, signed_at=before),
    ):
        world.session.add(row)
        world.session.flush()


def of_hours(world: World, visitor: Visitor, assurance: Assurance, **changes: object) -> LedgerSignatureRow:
    """The same of an entry of Sam's ledger that waits for this signer."""
    course_id = world.place(world.visitor("ines")).course.id
    values = {
        "organization_id": visitor.organization_id, "signer_id": visitor.person_id, "lane": Lane.PEER,
        "entry_id": an_entry(world, course_id=course_id), "salt": "s", "digest": "0" * 64, "document": "{}",
        "assurance": assurance, "signed_at": world.now,
    }  # fmt: skip
    return LedgerSignatureRow(**(values | changes))


def test_a_code_counts_in_person_for_nothing(world: World, jo: Visitor) -> None:
    confirming.confirm(world.session, jo, code_for(world, jo), world.now, secret_keys=(OLD,))
    reader = sign_off.Reader(device_of=world.visitor("sam").person_id)
    world.session.execute(update(ActivityRow).values(least_assurance=Assurance.IN_PERSON))
    with pytest.raises(Refused) as refused:
        sign_off.preview(world.session, again(world, jo), world.answered(), Lane.PEER, world.now, reader=reader)
    assert refused.value.code == "code_first"


@pytest.mark.parametrize("asks", [True, False])
def test_a_copy_of_the_activity_asks_as_its_origin_does(world: World, *, asks: bool) -> None:
    world.session.get_one(ActivityRow, world.activity_id).code_since = world.now if asks else None
    _, _, copy_id = copied(world)
    assert copy_id is not None
    assert (world.session.get_one(ActivityRow, copy_id).code_since is not None) is asks


def test_of_two_who_type_the_same_code_in_the_same_moment_one_uses_it_up(
    world: World, jo: Visitor, sessions: sessionmaker[Session]
) -> None:
    code, fitted = code_for(world, jo), []
    world.session.commit()

    def types_it(session: Session) -> None:
        fitted.append(confirming.confirm(session, jo, code, world.now, secret_keys=(OLD,)))

    assert at_once(sessions, types_it, types_it) == ["done", "done"]
    assert sorted(fitted) == [False, True]


def test_of_two_who_ask_for_a_code_in_the_same_moment_one_is_sent_it(
    world: World, jo: Visitor, sessions: sessionmaker[Session]
) -> None:
    world.session.commit()

    def asks(session: Session) -> None:
        confirming.send_code(session, jo, world.now, secret_keys=(OLD,))

    assert at_once(sessions, asks, asks) == ["code_wait", "done"]


def test_tries_in_the_same_moment_are_all_counted(world: World, jo: Visitor, sessions: sessionmaker[Session]) -> None:
    code = code_for(world, jo)
    wrong = "123456" if code != "123456" else "654321"
    world.session.commit()

    def guesses(session: Session) -> None:
        assert not confirming.confirm(session, jo, wrong, world.now, secret_keys=(OLD,))

    assert at_once(sessions, *[guesses] * ATTEMPTS) == ["done"] * ATTEMPTS
    assert not confirming.confirm(world.session, jo, code, world.now, secret_keys=(OLD,))
