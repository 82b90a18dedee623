"""Two who act on the same entry in the same moment: nothing happens twice."""

from decimal import Decimal
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from grading.ledger import EntryState
from lti_tool.services.hours import ledger_correcting, ledger_signing, ledger_writing
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.hours.test_ledger_signing import handed
from tests.lti_tool.services.hours.test_ledger_writing import signed_by_jo, signer, written
from tests.lti_tool.services.signing.test_signing_at_once import at_once


def test_cap_d6_two_corrections_at_once_make_one(world: World, sessions: sessionmaker[Session]) -> None:
    sam, entry_id = world.visitor("sam"), signed_by_jo(world)
    new = written(world, amount=Decimal(1), signer=signer(world))
    world.session.commit()
    acts = [
        partial(
            ledger_correcting.correct, visitor=sam, entry_id=entry_id, written=new, why="A slip.", now=world.now
        )
    ] * 2  # fmt: skip
    assert at_once(sessions, *acts) == ["done", "reversed"]
    assert world.session.scalars(select(func.count(LedgerEntryRow.id))).one() == 2


def test_taking_an_entry_back_and_signing_it_at_once_leaves_one_of_both(
    world: World, sessions: sessionmaker[Session]
) -> None:
    sam, jo, entry_id = world.visitor("sam"), world.visitor("jo"), handed(world)
    digest = ledger_signing.preview(world.session, jo, entry_id, world.now, lane=None).digest
    world.session.commit()
    found = at_once(
        sessions,
        lambda session: ledger_writing.take_back(session, sam, entry_id, world.now),
        lambda session: ledger_signing.sign(session, jo, entry_id, digest=digest, now=world.now, lane=None),
    )
    assert found.count("done") == 1
    signatures = world.session.scalars(select(func.count(LedgerSignatureRow.id))).one()
    state = world.session.scalars(select(LedgerEntryRow.state)).one()
    assert (state, signatures) in {(EntryState.OPEN, 0), (EntryState.SIGNED, 1)}
