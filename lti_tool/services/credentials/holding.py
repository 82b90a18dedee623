"""What somebody carries of their certification, or could carry if they like. All of it is for the holder alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from grading.lifecycle.status import Status
from grading.program import Program, Stage, StageKind
from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import achievements, issuing, issuing_possible
from lti_tool.services.credentials.achievements import Certified
from lti_tool.services.credentials.issuing import CredentialState
from lti_tool.services.credentials.issuing_possible import ABOUT, Possible
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.program_versions import Version, day_in
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.services.standing.standings import stands
from lti_tool.services.wellbeing.safeguarding import leads_of
from lti_tool.store.base import Keyed
from lti_tool.store.credentials import CredentialRow, CredentialShareRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow

Row = TypeVar("Row", bound=Keyed)
HOLDS = frozenset({Status.CERTIFIED, Status.RENEWAL_OPEN})
"""Only what holds now can be carried anew; what was issued before says by itself how it stands."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A decision about which its person can carry a credential, if they like."""

    decision_id: UUID
    enrollment_id: UUID
    title: str
    program: Program
    valid_from: date
    valid_until: date | None
    reveals: bool
    """Its name tells of health or family."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page that the holder opened for one."""

    link: str
    shows_name: bool
    shows_endorsements: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """One credential, as its holder reads it."""

    id: UUID
    enrollment_id: UUID
    decision_id: UUID
    program_id: UUID
    program: Program
    """The edition that it was decided by."""
    stage: str
    """The title of what is certified."""
    reveals: bool
    issuer: str
    name: str
    language: str
    state: CredentialState
    valid_from: date
    valid_until: date | None
    issued_at: datetime
    why: str
    """Why it was withdrawn; "" where it was not."""
    by_holder: bool
    """Whether the holder withdrew it themselves."""
    replaced: bool
    """Whether another one was issued in its place."""
    has_integrity: bool
    """Whether there is one with a Data Integrity proof beside the JWT."""
    page: Page | None


@dataclass(frozen=True, slots=True)
class Mine:
    """All that somebody carries, and could."""

    offers: tuple[Offer, ...]
    held: tuple[Held, ...]


def mine(session: Session, visitor: Visitor, now: datetime) -> Mine:
    """The visitor's own, over all programs, also those that they left; the newest first."""
    ids = all_ids(session, {visitor.person_id})
    about = exists().where(DecisionRow.enrollment_id == EnrollmentRow.id, DecisionRow.outcome.in_(ABOUT))
    enrollments = session.scalars(
        select(EnrollmentRow)
        .where(EnrollmentRow.person_id.in_(ids), about)
        .order_by(EnrollmentRow.enrolled_at.desc(), EnrollmentRow.id)
    ).all()
    offers = [offer for each in enrollments for offer in _offers(session, each, now)]
    rows = session.scalars(
        select(CredentialRow)
        .where(CredentialRow.person_id.in_(ids))
        .order_by(CredentialRow.issued_at.desc(), CredentialRow.id)
    ).all()
    return Mine(tuple(offers), described(session, rows, now))


def offer(session: Session, visitor: Visitor, decision_id: UUID, now: datetime) -> Offer:
    """What the visitor can carry about one decision. Raises `NotHere` where it is nothing, or another's."""
    enrollment = enrollment_of(session, visitor, decision_id)
    for each in _offers(session, enrollment, now):
        if each.decision_id == decision_id:
            return each
    raise NotHere


def can_carry(session: Session, visitor: Visitor, decision_id: UUID, now: datetime) -> bool:
    """The same as a question."""
    try:
        offer(session, visitor, decision_id, now)
    except NotHere:
        return False
    return True


def enrollment_of(session: Session, visitor: Visitor, decision_id: UUID) -> EnrollmentRow:
    """The visitor's own path that a decision belongs to. Raises `NotHere` for another's."""
    decision = session.get(DecisionRow, decision_id)
    if decision is None or decision.organization_id != visitor.organization_id:
        raise NotHere
    enrollment = session.get_one(EnrollmentRow, decision.enrollment_id)
    if enrollment.person_id not in all_ids(session, {visitor.person_id}):
        raise NotHere
    return enrollment


def own(session: Session, visitor: Visitor, credential_id: UUID, now: datetime) -> Held:
    """One of the visitor's. Raises `NotHere` for another's."""
    return described(session, [own_row(session, visitor, credential_id)], now)[0]


def own_row(session: Session, visitor: Visitor, credential_id: UUID, *, locked: bool = False) -> CredentialRow:
    """The row of it. Raises `NotHere`."""
    row = found(session, visitor.organization_id, credential_id, locked=locked)
    if row.person_id not in all_ids(session, {visitor.person_id}):
        raise NotHere
    return row


def found(session: Session, organization_id: UUID, credential_id: UUID, *, locked: bool = False) -> CredentialRow:
    """A credential of the organization, whoever's it is. Raises `NotHere`."""
    asked = select(CredentialRow).where(
        CredentialRow.id == credential_id, CredentialRow.organization_id == organization_id
    )
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise NotHere
    return row


def described(session: Session, rows: Sequence[CredentialRow], now: datetime) -> tuple[Held, ...]:
    """Credentials with what their rows do not say, in their order: as many questions for many as for one."""
    if not rows:
        return ()
    decisions = _by_id(session, DecisionRow, {each.decision_id for each in rows})
    enrollments = _by_id(session, EnrollmentRow, {each.enrollment_id for each in rows})
    programs = {each.program_id for each in enrollments.values()}
    versions = {
        each.id: each for every in program_versions.versions_of(session, list(programs)).values() for each in every
    }
    ids = [each.id for each in rows]
    replaced = set(session.scalars(select(CredentialRow.replaces_id).where(CredentialRow.replaces_id.in_(ids))))
    shares = session.scalars(
        select(CredentialShareRow).where(
            CredentialShareRow.credential_id.in_(ids), CredentialShareRow.ended_at.is_(None)
        )
    )
    pages = {each.credential_id: _page(each) for each in shares}
    issuers = {
        each.id: each.name for each in _by_id(session, OrganizationRow, {r.organization_id for r in rows}).values()
    }
    return tuple(
        _held(
            row,
            decisions[row.decision_id],
            versions[decisions[row.decision_id].version_id],
            issuers[row.organization_id],
            now,
            replaced=row.id in replaced,
            page=pages.get(row.id),
        )
        for row in rows
    )


def stage_of(program: Program, key: str) -> Stage | None:
    """What a decision about a stage certifies: a renewal renews the stage that it follows."""
    stages = {each.key: each for each in program.stages}
    seen = stages.get(key)
    while seen is not None and seen.kind in (StageKind.RENEWAL, StageKind.REINSTATEMENT):
        seen = stages.get(seen.after)
    return seen


def holds(session: Session, enrollment: EnrollmentRow, now: datetime) -> bool:
    """Whether the certification holds now, as its person may read it."""
    return stands(session, enrollment, now, own=True).standing.facts.holds in HOLDS


def readers(session: Session, organization_id: UUID, holder: str, *, page: bool) -> tuple[Reader, ...]:
    """Who can see a credential; anybody only while its holder keeps a page open."""
    leads = tuple(each.name for each in leads_of(session, organization_id, Capability.PROGRAM_LEAD))
    names = {Who.TRAINEE: (holder,), Who.PROGRAM_LEAD: leads}
    seen = ACCESS[Field.CREDENTIAL].see - (frozenset() if page else {Who.ANYBODY})
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in seen)


def newest(session: Session, enrollment: EnrollmentRow, now: datetime) -> Iterable[tuple[Possible, Version]]:
    """The newest decision about the certification itself, and each further one, while the certification holds."""
    standing = stands(session, enrollment, now, own=True)
    if standing.standing.facts.holds not in HOLDS:
        return
    seen: set[str] = set()
    for each in issuing_possible.possible_as(session, enrollment, standing):
        version = program_versions.version(session, enrollment.organization_id, each.decision.version_id)
        stage = stage_of(version.program, each.stage)
        what = each.stage if stage is not None and stage.kind is StageKind.ENDORSEMENT else ""
        if what not in seen:
            seen.add(what)
            yield each, version


def _offers(session: Session, enrollment: EnrollmentRow, now: datetime) -> Iterable[Offer]:
    """Those of them about which nothing was issued yet, or the holder withdrew it themselves."""
    return [_offer(each, version) for each, version in newest(session, enrollment, now) if each.can_be_issued]


def _offer(each: Possible, version: Version) -> Offer:
    return Offer(
        decision_id=each.decision.id,
        enrollment_id=each.decision.enrollment_id,
        title=each.title,
        program=version.program,
        valid_from=each.valid_from,
        valid_until=each.valid_until,
        reveals=each.reveals,
    )


def _held(
    row: CredentialRow,
    decision: DecisionRow,
    version: Version,
    issuer: str,
    now: datetime,
    *,
    replaced: bool,
    page: Page | None,
) -> Held:
    stage = stage_of(version.program, decision.stage)
    return Held(
        id=row.id,
        enrollment_id=row.enrollment_id,
        decision_id=row.decision_id,
        program_id=version.program_id,
        program=version.program,
        stage=stage.title if stage else version.program.name,
        reveals=stage is not None and stage.reveals,
        issuer=issuer,
        name=row.name,
        language=row.language,
        state=issuing.credential_state(row, day_in(version.program, now)),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        why=row.why or "",
        by_holder=row.withdrawn_by == row.person_id,
        replaced=replaced,
        has_integrity=row.integrity is not None,
        page=page,
    )


def _page(row: CredentialShareRow) -> Page:
    return Page(row.link, row.shows_name, row.shows_endorsements, row.opened_at)


def _by_id(session: Session, row: type[Row], ids: Iterable[UUID]) -> dict[UUID, Row]:
    return {each.id: each for each in session.scalars(select(row).where(row.id.in_(list(ids))))}


def contents(session: Session, visitor: Visitor, decision_id: UUID, public_url: str, now: datetime) -> Certified:
    """What a credential about this decision says is certified, word for word. Raises `NotHere`."""
    enrollment = enrollment_of(session, visitor, decision_id)
    for each, version in newest(session, enrollment, now):
        if each.decision.id == decision_id:
            key = session.get_one(ProgramRow, enrollment.program_id).key
            return achievements.of_stage(
                session, enrollment.organization_id, public_url, version=version, key=key, stage=each.stage
            )
    raise NotHere
