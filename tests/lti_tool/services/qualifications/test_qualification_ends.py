"""What somebody shows for a qualification, and that they are told before it ends."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.courses.places import NotHere
from lti_tool.services.qualifications import qualification_evidence, qualification_reminders, qualified
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.messages import MessageKind, MessageRow
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World


def recorded(world: World, kind: str, first: int, last: int | None) -> UUID:
    ines, jo, today = world.visitor("ines"), world.visitor("jo"), world.now.date()
    days = today + timedelta(days=first), None if last is None else today + timedelta(days=last)
    qualified.record(
        world.session, ines, world.place(ines), person_id=jo.person_id, kind=kind, days=days, now=world.now
    )
    return max(qualified.qualifications_of(world.session, jo.person_id), key=lambda one: one.id).id


def told(world: World) -> list[MessageRow]:
    rows = select(MessageRow).where(
        MessageRow.person_id == world.visitor("jo").person_id, MessageRow.kind == MessageKind.QUALIFICATION
    )
    return list(world.session.scalars(rows))


def test_cap_c3_the_owner_is_told_sixty_and_fourteen_days_before_once_each(world: World) -> None:
    recorded(world, "Bias", -300, 60)
    days = []
    for ahead in range(70):
        if qualification_reminders.tell_of_ends(world.session, world.now + timedelta(days=ahead)):
            days.append(60 - ahead)
    assert days == [60, 14]
    assert [row.path for row in told(world)] == ["/qualifications"]


def test_one_that_another_of_its_kind_continues_is_not_told(world: World) -> None:
    recorded(world, "Bias", -300, 30)
    recorded(world, "bias", 0, 400)
    assert qualification_reminders.tell_of_ends(world.session, world.now) == 0


def test_cap_c3_expired_bias_training_sign_off_refused_reason_shown(world: World) -> None:
    recorded(world, "Bias", -300, -1)
    world.session.get_one(ActivityRow, world.activity_id).qualifications = ["Bias"]
    observation_id = world.answered()
    with pytest.raises(Refused) as refused:
        world.sign("jo", observation_id)
    assert refused.value.code == "not_qualified"
    assert refused.value.values["kind"] == "Bias"
    assert world.now.date() - timedelta(days=1) in refused.value.values.values()


def an_evidence(world: World, who: str) -> UUID:
    row = EvidenceRow(
        id=new_id(), organization_id=world.organization_id, owner_id=world.visitor(who).person_id,
        kind=EvidenceKind.NOTE, state=EvidenceState.READY, sharing=Sharing.ONLY_ME, title="Certificate",
        made_at=world.now, moved_at=world.now,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row.id


def test_the_owner_names_what_they_keep_to_show_for_it(world: World) -> None:
    qualification_id, evidence_id = recorded(world, "Bias", 0, 100), an_evidence(world, "jo")
    jo = world.visitor("jo")
    for _twice in range(2):
        qualification_evidence.show(world.session, jo, qualification_id, evidence_id, world.now)
    (one,) = qualified.qualifications_of(world.session, jo.person_id)
    assert one.evidence_id == evidence_id
    qualification_evidence.show(world.session, jo, qualification_id, None, world.now)
    (one,) = qualified.qualifications_of(world.session, jo.person_id)
    assert one.evidence_id is None


def test_nobody_names_evidence_of_somebody_else_or_for_somebody_else(world: World) -> None:
    qualification_id = recorded(world, "Bias", 0, 100)
    with pytest.raises(NotHere):
        qualification_evidence.show(
            world.session, world.visitor("jo"), qualification_id, an_evidence(world, "sam"), world.now
        )
    with pytest.raises(NotHere):
        qualification_evidence.show(
            world.session, world.visitor("sam"), qualification_id, an_evidence(world, "sam"), world.now
        )
