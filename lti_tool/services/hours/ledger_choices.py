"""What somebody can choose from when they write an entry: their sites, evidence, programs, and who may sign it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from grading.ledger import EntryKind
from grading.program import Program
from lti_tool.access import Capability
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs.program_versions import versions_of
from lti_tool.services.standing.standings import enrollments_of
from lti_tool.store.assignments import AssignmentRow
from lti_tool.store.courses import CourseRow
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.sites import PlacementRow, SiteRow
from rubrics.evidence import EvidenceState
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Lane

Value = TypeVar("Value")

MOST_PROGRAMS = 3
MOST_SIGNERS = 200
MOST_SITES = 30
MOST_EVIDENCE = 50
MOST_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who may be asked to sign, in one course of the trainee."""

    course_id: UUID
    course_title: str
    person_id: UUID
    name: str
    lanes: frozenset[Lane]
    assigned: bool
    """Whether they were assigned to this trainee."""

    @property
    def key(self) -> str:
        """Names both, in a form."""
        return f"{self.course_id}:{self.person_id}"


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site at which the trainee is or was placed."""

    id: UUID
    name: str
    model: PracticeModel | None
    setting: Setting | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Usual:
    """What the next entry is likely to have in common with the last one."""

    kind: EntryKind | None = None
    site_id: UUID | None = None
    model: PracticeModel | None = None
    setting: Setting | None = None
    signer: str | None = None
    """The key of a `Signer` that may still be asked."""


@dataclass(frozen=True, slots=True)
class Choices:
    """All of it."""

    signers: tuple[Signer, ...]
    sites: tuple[SiteChoice, ...]
    evidence: tuple[tuple[UUID, str], ...]
    programs: tuple[Program, ...]
    """The editions that the trainee is enrolled in, the newest first."""


def choices_of(session: Session, visitor: Visitor, today: date) -> Choices:
    """What the visitor can choose from."""
    return Choices(
        signers=signers_of(session, visitor),
        sites=_sites(session, visitor, today),
        evidence=_evidence(session, visitor),
        programs=programs_of(session, visitor),
    )


def signers_of(session: Session, visitor: Visitor) -> tuple[Signer, ...]:
    """Who signs in a course in which the visitor is a trainee: those assigned to them first, then by name.

    Never the visitor, and nobody with whom a conflict stands. Who was invited signs for whom they are assigned to, in
    the lanes of that.
    """
    courses = (
        select(MembershipRow.course_id)
        .join(CourseRow, CourseRow.id == MembershipRow.course_id)
        .where(
            MembershipRow.person_id == visitor.person_id,
            MembershipRow.capability == Capability.TRAINEE,
            MembershipRow.ended_at.is_(None),
            CourseRow.archived_at.is_(None),
        )
    )
    rows = session.execute(
        select(CourseRow.id, CourseRow.title, PersonRow.id, PersonRow.name, MembershipRow.external, GrantRow.lane)
        .join(MembershipRow, MembershipRow.course_id == CourseRow.id)
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .join(GrantRow, and_(GrantRow.person_id == PersonRow.id, GrantRow.course_id == CourseRow.id))
        .where(
            CourseRow.id.in_(courses),
            PersonRow.id != visitor.person_id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            GrantRow.capability == Capability.SUPERVISOR,
            GrantRow.revoked_at.is_(None),
        )
        .order_by(CourseRow.id, PersonRow.id)
        .limit(MOST_SIGNERS)
    ).all()
    assigned, apart = _assigned(session, visitor), conflicts_of(session, visitor.person_id)
    found: dict[tuple[UUID, UUID], Signer] = {}
    for course_id, title, person_id, name, external, lane in rows:
        mine = assigned.get((course_id, person_id), frozenset())
        if person_id in apart or lane is None or (external and lane not in mine):
            continue
        before = found.get((course_id, person_id))
        lanes = frozenset({lane}) | (before.lanes if before else frozenset())
        called = display_name(person_id, name)
        found[course_id, person_id] = Signer(course_id, title, person_id, called, lanes, bool(mine))
    return tuple(sorted(found.values(), key=lambda one: (not one.assigned, one.name.casefold(), one.course_title)))


def programs_of(session: Session, visitor: Visitor) -> tuple[Program, ...]:
    """The editions that the visitor entered, of the programs they entered last."""
    enrolled = own_enrollments(session, visitor)
    editions = versions_of(session, [row.program_id for row in enrolled])
    return tuple(
        version.program for row in enrolled for version in editions[row.program_id] if version.id == row.version_id
    )


def own_enrollments(session: Session, visitor: Visitor) -> tuple[EnrollmentRow, ...]:
    """What the visitor is enrolled in, the newest first: so many as a page can look at."""
    return tuple(row for row, _ in enrollments_of(session, visitor.person_id)[:MOST_PROGRAMS])


def usual(session: Session, visitor: Visitor, kind: EntryKind | None, choices: Choices) -> Usual:
    """What the last entries of this kind had; without one, those of any.

    With one signer, or somebody assigned, it is them; with one site, it is that, as the placement there says.
    """
    rows = session.scalars(
        select(LedgerEntryRow)
        .where(LedgerEntryRow.person_id == visitor.person_id)
        .order_by(LedgerEntryRow.made_at.desc(), LedgerEntryRow.id.desc())
        .limit(MOST_LOOKED_AT)
    ).all()
    signers, keys = choices.signers, [one.key for one in choices.signers]
    first = keys[0] if len(keys) == 1 or (signers and signers[0].assigned) else None
    here = [site for site in choices.sites if not site.is_over]
    site = Usual(None, here[0].id, here[0].model, here[0].setting) if len(here) == 1 else Usual()
    if not rows:
        return replace(site, kind=kind, signer=first)
    wanted = kind or rows[0].kind
    like = [row for row in rows if row.kind is wanted] or rows
    asked = next((key for row in rows if row.asked_id and (key := f"{row.course_id}:{row.asked_id}") in keys), first)
    return Usual(
        kind=wanted,
        site_id=_last([*(row.site_id for row in like), site.site_id]),
        model=_last([*(row.model for row in like), site.model]),
        setting=_last([*(row.setting for row in like), site.setting]),
        signer=asked,
    )


def _last(values: Iterable[Value | None]) -> Value | None:
    """The newest that there is."""
    return next((each for each in values if each is not None), None)


def _assigned(session: Session, visitor: Visitor) -> dict[tuple[UUID, UUID], frozenset[Lane]]:
    rows = session.execute(
        select(AssignmentRow.course_id, AssignmentRow.person_id, AssignmentRow.lane).where(
            AssignmentRow.trainee_id == visitor.person_id,
            AssignmentRow.lane.is_not(None),
            AssignmentRow.ended_at.is_(None),
        )
    )
    found: dict[tuple[UUID, UUID], frozenset[Lane]] = {}
    for course_id, person_id, lane in rows:
        if lane is not None:
            found[course_id, person_id] = found.get((course_id, person_id), frozenset()) | {lane}
    return found


def _sites(session: Session, visitor: Visitor, today: date) -> tuple[SiteChoice, ...]:
    """Those of today first: hours of before may still be written down."""
    rows = session.execute(
        select(PlacementRow, SiteRow.name)
        .join(SiteRow, SiteRow.id == PlacementRow.site_id)
        .where(PlacementRow.trainee_id == visitor.person_id)
        .order_by(PlacementRow.begins_on.desc(), PlacementRow.id)
        .limit(MOST_SITES)
    )
    found: dict[UUID, SiteChoice] = {}
    for row, name in rows:
        is_over = row.ended_at is not None or (row.ends_on is not None and row.ends_on < today)
        found.setdefault(row.site_id, SiteChoice(row.site_id, name, row.model, row.setting, is_over))
    return tuple(sorted(found.values(), key=lambda site: site.is_over))


def _evidence(session: Session, visitor: Visitor) -> tuple[tuple[UUID, str], ...]:
    rows = session.execute(
        select(EvidenceRow.id, EvidenceRow.title)
        .where(
            EvidenceRow.owner_id == visitor.person_id,
            EvidenceRow.state == EvidenceState.READY,
            EvidenceRow.title.is_not(None),
            EvidenceRow.from_journal.is_(False),
        )
        .order_by(EvidenceRow.made_at.desc(), EvidenceRow.id.desc())
        .limit(MOST_EVIDENCE)
    )
    return tuple((id_, title or "") for id_, title in rows)
