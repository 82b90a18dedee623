"""What is packed so that anybody can check it offline: of one person, for a board, or for the person themselves.

What was written about somebody's practice, and why something was decided, is theirs to show: of observations and of
decisions a package for a board has the digests, and no text. What was signed of the ledger is in it word for word, its
note too: those are the hours that a board checks. Lived experience, and all that somebody says of themselves by a tick,
is in none that is made for a board.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from grading.evidence import Kind
from grading.program import Requirement
from grading.telling.said import number_text
from lti_tool.access import Field
from lti_tool.documents.package import signed_detached
from lti_tool.services import audit
from lti_tool.services.credentials import issuer_keys
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.exchange import packing
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.services.programs.my_programs import own_enrollment
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.services.standing.standings import Stands, found_enrollment, stands
from lti_tool.store.credentials import KeyAlgorithm
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow
from rubrics.refusal import _N

LIVED_EXPERIENCE = "lived_experience"
READ = frozenset({Field.STANDING, Field.LEDGER, Field.DECISION, Field.SIGN_OFF})
LEFT_OUT = _N(
    "What people say of themselves, such as that they have lived experience, is not in a package for a board."
)


@dataclass(frozen=True, slots=True)
class Packed:
    """All that a package says, before it is sealed."""

    content: Mapping[str, Any]
    """As `documents.package` has it, but for what lies beside it in the archive."""
    stands: Stands
    name: str


@dataclass(frozen=True, slots=True)
class Key:
    """What signs it."""

    kid: str
    private_pem: str
    public: Mapping[str, Any]

    def sign(self, payload: bytes) -> str:
        """A detached JWS."""
        return signed_detached(payload, self.private_pem, self.public, self.kid)


def for_board(
    session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime, *, public_url: str, leads: bool
) -> Packed:
    """For a board, by a program lead (`leads`) or by the person themselves. Raises `NotHere`."""
    if leads:
        row = found_enrollment(session, visitor.organization_id, enrollment_id)
        log_reading(session, visitor, trainee_id=row.person_id, seen={None: READ}, now=now)
    else:
        row = own_enrollment(session, visitor, enrollment_id)
    found = _packed(session, row, now, public_url=public_url, own=False)
    _note(session, visitor, row, "board", now)
    return found


def of_oneself(
    session: Session,
    visitor: Visitor,
    enrollment_id: UUID,
    documents: Mapping[str, str],
    now: datetime,
    *,
    public_url: str,
) -> Packed:
    """Somebody's own record, with every word that was signed of them and `documents`. Raises `NotHere`."""
    row = own_enrollment(session, visitor, enrollment_id)
    found = _packed(session, row, now, public_url=public_url, own=True)
    _note(session, visitor, row, "own", now)
    return Packed({**found.content, "documents": dict(documents)}, found.stands, found.name)


def key(session: Session, organization_id: UUID, public_url: str, now: datetime) -> Key:
    """The issuer's key of today."""
    row = issuer_keys.signing_key(session, organization_id, KeyAlgorithm.RS256, now)
    did = issuer_keys.did_of(public_url, organization_id)
    return Key(issuer_keys.key_address(did, row.kid), row.private, row.public)


def tells_of_oneself(requirement: Requirement) -> bool:
    """Whether it rests on what somebody says of themselves, or on lived experience however it is known."""
    return LIVED_EXPERIENCE in requirement.kinds or any(
        each is Kind.STATEMENT or (isinstance(each, str) and LIVED_EXPERIENCE in each)
        for each in _values(requirement.need)
    )


def _values(found: object) -> Iterable[object]:
    if is_dataclass(found):
        for each in fields(found):
            yield from _values(getattr(found, each.name))
    elif isinstance(found, Mapping):
        for name, value in found.items():
            yield name
            yield from _values(value)
    elif isinstance(found, tuple | list | frozenset | set):
        for each in found:
            yield from _values(each)
    else:
        yield found


def _packed(session: Session, row: EnrollmentRow, now: datetime, *, public_url: str, own: bool) -> Packed:
    found = stands(session, row, now, own=True)
    people = list(all_ids(session, {row.person_id}))
    person = session.get_one(PersonRow, row.person_id)
    signatures = packing.signatures(session, people, found.enrolled.program.time_zone, words=own)
    hidden = {each.stage.key for each in found.standing.stages if each.stage.reveals} if not own else set()
    titles = {each.stage.key: each.stage.title for each in found.standing.stages}
    decisions = packing.decisions(session, row.id, now, titles, hidden, words=own)
    entries, head = packing.chain(session, row.organization_id, [*signatures, *decisions])
    return Packed(
        content={
            "kind": "own" if own else "board",
            "made_at": packing.moment(now),
            "organization": {
                "id": str(row.organization_id),
                "name": session.get_one(OrganizationRow, row.organization_id).name,
                "did": issuer_keys.did_of(public_url, row.organization_id),
            },
            "person": {"id": str(person.id), "name": packing.named(person)},
            "program": _program(session, found),
            "status": _status(found, titles, hidden),
            "requirements": _requirements(found, own=own),
            "hours": packing.hours(session, people),
            "signatures": [packing.without_subject(each) for each in signatures],
            "decisions": [packing.without_subject(each) for each in decisions],
            "documents": {},
            "chain": {"organization": str(row.organization_id), "entries": entries, "head": head},
        },
        stands=found,
        name=packing.named(person),
    )


def _program(session: Session, found: Stands) -> dict[str, str]:
    program = found.enrolled.program
    row = session.get_one(ProgramRow, found.program_id)
    return {"key": row.key, "name": program.name, "body": program.body, "edition": program.edition}


def _status(found: Stands, titles: Mapping[str, str], hidden: set[str]) -> dict[str, str | None]:
    stage = found.standing.stage
    return {
        "on": found.today.isoformat(),
        "status": found.standing.status.value,
        "stage": None if stage in hidden or not stage else titles.get(stage, stage),
    }


def _requirements(found: Stands, *, own: bool) -> list[dict[str, str | None]]:
    return [
        {
            "stage": stage.stage.title,
            "title": each.requirement.title,
            "answer": each.proof.answer.value,
            "amount": _number(each.proof.numbers.sure) if each.proof.numbers else None,
            "asked": _asked(each.proof.numbers.need) if each.proof.numbers else None,
            "unit": each.proof.numbers.unit if each.proof.numbers else "",
        }
        for stage in found.standing.stages
        if own or not stage.stage.reveals
        for each in stage.requirements
        if own or not tells_of_oneself(each.requirement)
    ]


def _number(found: Decimal | None) -> str | None:
    return number_text(found) if found is not None and found.is_finite() else None


def _asked(found: object) -> str | None:
    return _number(found) if isinstance(found, Decimal) else None if found is None else str(found)


def _note(session: Session, visitor: Visitor, row: EnrollmentRow, kind: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act="package.make",
        subject=f"enrollment:{row.id}",
        now=now,
        kind=kind,
    )
