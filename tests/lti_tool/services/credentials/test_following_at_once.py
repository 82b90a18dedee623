"""Credentials that several follow in the same moment: each changes once, and nobody waits for ever."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from grading.evidence import Outcome
from lti_tool.services.certification import decision_release
from lti_tool.services.credentials import credential_following
from lti_tool.services.credentials.issuing import StateKind
from lti_tool.store.records import AuditEntryRow
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.credentials.test_issuing import decision, endorsed_path, issue, state
from tests.lti_tool.services.signing.test_signing_at_once import at_once


def test_the_worker_and_whoever_releases_a_decision_follow_it_once(
    world: World, sessions: sessionmaker[Session]
) -> None:
    row = endorsed_path(world)
    made = [
        issue(world, row, decision(world, row, days_ago=30)),
        issue(world, row, decision(world, row, days_ago=20, stage="forensic")),
    ]
    world.now += timedelta(days=1)
    suspended = decision(world, row, Outcome.SUSPENDED, decided_at=world.now, released_at=world.now).id
    world.session.commit()
    due = partial(credential_following.follow_due, now=world.now)
    assert at_once(sessions, due, lambda session: decision_release.release(session, suspended, world.now), due) == (
        ["done"] * 3
    )
    world.session.expire_all()
    assert [state(world, each) for each in made] == [StateKind.SUSPENDED] * 2
    acts = world.session.scalars(select(AuditEntryRow.act)).all()
    assert acts.count("credential.suspend") == 2
