"""A program in use and somebody on the way through it, for tests of what comes after that."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from grading.ledger import EntryKind, EntryState
from lti_tool.access import Capability
from lti_tool.documents.program import read_program
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.people import GrantRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow, ProgramVersionRow
from rubrics.sign_off import Assurance, Lane
from tests.lti_tool.services.conftest import World

SMALL = """
id = "small"
name = "Peer support"
body = "Our program"
time_zone = "UTC"

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "practice"
stage = "initial"
title = "10 hours of practice"
at_least = "10 hours"
of = { kind = "practice" }
"""


def program_in_use(world: World, text: str = SMALL) -> tuple[UUID, tuple[UUID, ...]]:
    """The program of this text with all its editions; the ids of both."""
    editions = read_program(text, source="test")
    program_id = new_id()
    world.session.add(
        ProgramRow(
            id=program_id, organization_id=world.organization_id, key=editions[0].id, name=editions[0].name,
            made_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    versions = []
    for number, edition in enumerate(editions, 1):
        versions.append(new_id())
        world.session.add(
            ProgramVersionRow(
                id=versions[-1], organization_id=world.organization_id, program_id=program_id, number=number,
                edition=edition.edition, text=text, digest=hashlib.sha256(text.encode()).hexdigest(),
                effective_from=edition.effective_from, effective_until=edition.effective_until, published_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()
    return program_id, tuple(versions)


def on_the_way(world: World, who: str = "sam", text: str = SMALL, *, entered_on: date | None = None) -> EnrollmentRow:
    """Somebody enrolled in the newest edition of a program of this text."""
    program_id, versions = program_in_use(world, text)
    person_id = world.visitor(who).person_id
    row = EnrollmentRow(
        id=new_id(), organization_id=world.organization_id, program_id=program_id, person_id=person_id,
        version_id=versions[-1], entered_on=entered_on or world.now.date() - timedelta(days=100),
        enrolled_by=person_id, enrolled_at=world.now,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row


def an_entry(world: World, who: str = "sam", amount: str = "2", *, signed_by: str | None = None, **values: Any) -> UUID:
    """An entry of practice three days ago, signed or not handed to anybody."""
    person_id, id_ = world.visitor(who).person_id, new_id()
    usual = {
        "kind": EntryKind.PRACTICE, "on_day": world.now.date() - timedelta(days=3), "amount": Decimal(amount),
        "state": EntryState.SIGNED if signed_by else EntryState.OPEN, "made_by": person_id, "made_at": world.now,
        "changed_at": world.now,
    }  # fmt: skip
    world.session.add(
        LedgerEntryRow(id=id_, organization_id=world.organization_id, person_id=person_id, **(usual | values))
    )
    world.session.flush()
    if signed_by:
        world.session.add(
            LedgerSignatureRow(
                id=new_id(), organization_id=world.organization_id, entry_id=id_,
                signer_id=world.visitor(signed_by).person_id, lane=Lane.PEER, salt="salt", digest="0" * 64,
                assurance=Assurance.LAUNCH, signed_at=world.now,
            )
        )  # fmt: skip
        world.session.flush()
    return id_


def program_lead(world: World, who: str = "lea") -> Visitor:
    """Somebody of no course who leads programs of the organization."""
    visitor = world.visitor(who, ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",))
    world.session.add(
        GrantRow(
            id=new_id(), organization_id=world.organization_id, person_id=visitor.person_id,
            capability=Capability.PROGRAM_LEAD, granted_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    return visitor
