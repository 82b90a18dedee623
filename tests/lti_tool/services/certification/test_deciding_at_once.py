"""Two who decide, appeal or take in the same file in the same moment: nothing happens twice, nobody waits for ever."""

from datetime import timedelta
from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from grading.appeals import AppealOutcome, AppealState, AppealStepKind
from grading.deciding import Words
from grading.evidence import Outcome
from lti_tool.services.certification import appeal_deciding, appeal_sending, deciding, decision_release
from lti_tool.services.certification.appeal_matters import About
from lti_tool.services.certification.deciding import Asked
from lti_tool.services.hours import ledger_import
from lti_tool.store.appeals import AppealRow, AppealStepRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import LedgerEntryRow
from tests.lti_tool.services.appealing import Appealing
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.hours.test_ledger_import import brought, planned
from tests.lti_tool.services.path_rows import on_the_way, program_lead
from tests.lti_tool.services.signing.test_signing_at_once import Act, at_once


def decides(world: World, who: str, enrollment_id: object, *, replaces: object = None, number: int = 1) -> Act:
    """Decides with what was shown before the other one did."""
    words = Words(reasons="A reason.", what_next="A step.", on=world.now.date(), why_replaced="So." if replaces else "")
    asked = Asked(Outcome.NOT_YET, "initial", words, number, replaces)  # type: ignore[arg-type]
    visitor = world.visitor(who)
    digest = deciding.prepare(world.session, visitor, enrollment_id, asked, world.now).digest  # type: ignore[arg-type]
    return lambda session: deciding.decide(
        session, visitor, enrollment_id, asked, digest=digest, now=world.now  # type: ignore[arg-type]
    )  # fmt: skip


def steps(world: World, kind: AppealStepKind) -> int:
    asked = select(func.count(AppealStepRow.id)).where(AppealStepRow.kind == kind)
    return world.session.scalars(asked).one()


def test_cap_d4_of_two_who_decide_at_once_one_decides(world: World, sessions: sessionmaker[Session]) -> None:
    program_lead(world)
    program_lead(world, "leah")
    enrollment = on_the_way(world)
    acts = [decides(world, who, enrollment.id) for who in ("lea", "leah")]
    world.session.commit()
    assert at_once(sessions, *acts) == ["decided_meanwhile", "done"]
    assert world.session.scalars(select(func.count(DecisionRow.id))).one() == 1


def test_a_decision_is_replaced_while_it_is_released_and_neither_waits_for_the_other(
    world: World, sessions: sessionmaker[Session]
) -> None:
    it = Appealing(world)
    first = it.decision()
    second = it.decision(supersedes=first)
    world.session.execute(update(DecisionRow).where(DecisionRow.id == second).values(told_at=None))
    act = decides(world, "leah", it.enrollment_id, replaces=second, number=3)
    world.session.commit()
    release = partial(decision_release.release_due, now=world.now + timedelta(minutes=1))
    assert at_once(sessions, act, release, release) == ["done"] * 3
    world.session.expire_all()
    assert world.session.get_one(DecisionRow, second).told_at is not None


def test_an_appeal_that_is_sent_twice_at_once_is_sent_once(world: World, sessions: sessionmaker[Session]) -> None:
    it = Appealing(world)
    appeal_id, sam = it.draft(), it.who("sam")
    world.session.commit()
    acts = [lambda session: appeal_sending.send(session, sam, appeal_id, world.now)] * 2
    assert at_once(sessions, *acts) == ["done", "done"]
    assert steps(world, AppealStepKind.SENT) == 1


def test_cap_d4_an_appeal_that_is_sent_while_its_decision_is_superseded_ends_or_stays_a_draft(
    world: World, sessions: sessionmaker[Session]
) -> None:
    it = Appealing(world)
    first, sam = it.decision(), it.who("sam")
    appeal_id = it.draft(About(decision_id=first))
    second = it.decision(by="leah", supersedes=first)
    world.session.execute(update(DecisionRow).where(DecisionRow.id == second).values(told_at=None))
    world.session.commit()
    found = at_once(
        sessions,
        lambda session: appeal_sending.send(session, sam, appeal_id, world.now),
        lambda session: decision_release.release_due(session, world.now),
    )
    world.session.expire_all()
    state = world.session.get_one(AppealRow, appeal_id).state
    assert (found, state) in (
        (["done", "done"], AppealState.OVERTAKEN),
        (["done", "superseded"], AppealState.DRAFT),
    )


def test_cap_d4_two_members_who_agree_at_once_decide_once(world: World, sessions: sessionmaker[Session]) -> None:
    it = Appealing(world)
    appeal_id = it.with_panel("kim", "uma", "vic")
    appeal_deciding.write(world.session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)
    digest = appeal_deciding.digest_of_outcome(appeal_id, AppealOutcome.STANDS, "Because.")
    acts = [
        partial(appeal_deciding.agree, visitor=it.who(who), appeal_id=appeal_id, digest=digest, now=it.now)
        for who in ("uma", "vic", "vic")
    ]
    world.session.commit()
    assert at_once(sessions, *acts) == ["done"] * 3
    assert steps(world, AppealStepKind.DECIDED) == 1


def test_a_file_that_is_taken_in_twice_at_once_is_there_once(world: World, sessions: sessionmaker[Session]) -> None:
    import_id, sam = brought(world), world.visitor("sam")
    shown = planned(world, import_id).digest
    world.session.commit()
    acts = [
        partial(ledger_import.take_in, visitor=sam, import_id=import_id, shown=shown, signer="", now=world.now)
    ] * 2  # fmt: skip
    assert at_once(sessions, *acts) == ["done", "not_here"]
    assert world.session.scalars(select(func.count(LedgerEntryRow.id))).one() == 3
