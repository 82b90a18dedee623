"""Asking for a decision: certification, renewal, the way back. Nothing comes by itself, and a person decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.evidence import Item, Kind
from grading.ledger import Source
from grading.lifecycle.applying import APPLICATION
from grading.lifecycle.dates import Due, Name
from grading.lifecycle.offers import Asking, Offer
from grading.lifecycle.rules import AfterLapse, Lifecycle
from grading.lifecycle.status import Status
from grading.program import StageKind
from grading.proof import Answer
from grading.standing import StageStanding, standing
from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.programs.own_path import note, own_path
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.services.standing.standings import Stands, stands
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import AttestationRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import GrantRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused

UNDO = timedelta(hours=24)
AT_ANY_TIME = frozenset({StageKind.RENEWAL, StageKind.REINSTATEMENT})
"""To ask in time counts here, also while something is still to come."""


@dataclass(frozen=True, slots=True)
class Applied:
    """That somebody asked for a decision, which is still to come."""

    attestation_id: UUID
    on: date
    stage: str
    """The title of what they asked for; "" where nobody said."""
    decision_due: date | None
    undo_until: datetime | None
    """Until when it can be taken back; None: that time is over."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that can be asked for now."""

    standing: StageStanding
    what: Asking | None
    """None: it is no renewal and no way back, but the next stage."""
    until: date | None
    fee: str
    is_ready: bool
    """Everything is met, as far as the person can see to it."""
    may_apply: bool


@dataclass(frozen=True, slots=True)
class RenewalPage:
    """Where the certificate stands in time, what can be asked for, and what was."""

    stands: Stands
    holds: Status
    paused_since: date | None
    dates: dict[Name, Due]
    """Of each name the last."""
    asks: tuple[Ask, ...]
    later: tuple[StageStanding, ...]
    """Renewal, where it is not open yet: what will be asked."""
    applied: Applied | None
    more_time: Offer | None
    """A stage for a limited time can be made longer, where a person of the program agrees."""
    readers: tuple[Reader, ...]

    @property
    def lifecycle(self) -> Lifecycle:
        """What the program says of time."""
        return self.stands.enrolled.program.lifecycle

    @property
    def is_as_new(self) -> bool:
        """Whether the way back begins as for somebody new."""
        lapse = self.lifecycle.lapse
        until = self.dates.get(Name.REINSTATEMENT_UNTIL)
        over = until is not None and until.on < self.stands.today
        return lapse is not None and (lapse.then is AfterLapse.AS_NEW or over)


def page(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> RenewalPage:
    """The page, for whose path it is. Raises `NotHere` for everybody else."""
    enrollment = own_path(session, visitor, enrollment_id)
    found = stands(session, enrollment, now, own=True)
    facts = found.standing.facts
    asks = tuple(_asks(found))
    offers = (each for each in facts.offers if each.what is Asking.EXTENSION)
    return RenewalPage(
        stands=found,
        holds=facts.holds,
        paused_since=facts.paused_since,
        dates={due.name: due for due in found.standing.dates},
        asks=asks,
        later=tuple(
            each
            for each in found.standing.stages
            if each.stage.kind is StageKind.RENEWAL
            and each.stage.key not in facts.open
            and facts.holds is Status.CERTIFIED
        ),
        applied=_applied(session, enrollment, found, now),
        more_time=next(offers, None),
        readers=_readers(visitor),
    )


def apply_for(session: Session, visitor: Visitor, enrollment_id: UUID, stage: str, now: datetime) -> None:
    """Ask for a decision on a stage; program leads are told. While one is waited for, this changes nothing.

    Raises `NotHere` for another's path, `Refused` ("not_open", "still_to_come").
    """
    enrollment = own_path(session, visitor, enrollment_id, locked=True)
    found = stands(session, enrollment, now, own=True)
    if _applied(session, enrollment, found, now) is not None:
        return
    ask = next((each for each in _asks(found) if each.standing.stage.key == stage), None)
    if ask is None:
        raise Refused("not_open", "This cannot be asked for now. Your path says from when on it can.")
    if not ask.may_apply:
        raise Refused("still_to_come", "Something is still to come first. Your path says what, and who can help.")
    row = AttestationRow(
        id=new_id(),
        organization_id=enrollment.organization_id,
        person_id=enrollment.person_id,
        program_id=enrollment.program_id,
        kind=Kind.EVENT,
        on_day=found.today,
        said={"name": [APPLICATION], "stage": [stage]},
        source=Source.SEEN,
        said_by=visitor.person_id,
        said_at=now,
    )
    session.add(row)
    session.flush()
    note(session, visitor, enrollment, "application.made", now, stage=stage)
    _tell_leads(session, enrollment, now)


def take_back(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> None:
    """Take an application back within a day. Where none waits, this changes nothing.

    Raises `NotHere` for another's path, `Refused` ("undo_over") later.
    """
    enrollment = own_path(session, visitor, enrollment_id, locked=True)
    row = _application(session, enrollment, now)
    if row is None:
        return
    if now >= row.said_at + UNDO:
        raise Refused(
            "undo_over",
            "You applied more than a day ago, so it stays. The program leads can tell you how to step back from it.",
        )
    row.taken_back_at, row.taken_back_by = now, visitor.person_id
    session.flush()
    note(session, visitor, enrollment, "application.taken_back", now)


def _asks(found: Stands) -> Iterator[Ask]:
    """What stands open, with how it would be if the person applied today."""
    program, evidence = found.enrolled.program, found.enrolled.evidence
    event = Item(
        "application of today", Kind.EVENT, found.today, has={"name": frozenset({APPLICATION})}, stands_from=found.today
    )
    then = standing(program, evidence.with_items([event]), found.today)
    offers = {each.stage: each for each in found.standing.facts.offers if each.what is not Asking.EXTENSION}
    for each in found.standing.stages:
        key = each.stage.key
        if key not in found.standing.facts.open:
            continue
        offer = offers.get(key)
        ready = key in then.facts.ready or _answer(then.stages, key) is Answer.WAITING
        yield Ask(
            standing=each,
            what=offer.what if offer else None,
            until=offer.until if offer else None,
            fee=offer.fee if offer else "",
            is_ready=ready,
            may_apply=ready or each.stage.kind in AT_ANY_TIME,
        )


def _answer(stages: Sequence[StageStanding], key: str) -> Answer:
    return next(each.answer for each in stages if each.stage.key == key)


def _applied(session: Session, enrollment: EnrollmentRow, found: Stands, now: datetime) -> Applied | None:
    row = _application(session, enrollment, now)
    if row is None:
        return None
    titles = {each.stage.key: each.stage.title for each in found.standing.stages}
    due = (each.on for each in found.standing.dates if each.name is Name.DECISION_DUE)
    key = next(iter(row.said.get("stage", ())), "")
    until = row.said_at + UNDO
    return Applied(row.id, row.on_day, titles.get(key, ""), next(due, None), until if now < until else None)


def _application(session: Session, enrollment: EnrollmentRow, now: datetime) -> AttestationRow | None:
    """The last one that no decision followed that the person has read, or may read."""
    decided = (
        select(func.max(DecisionRow.decided_at))
        .where(DecisionRow.enrollment_id == enrollment.id, DecisionRow.released_at <= now)
        .scalar_subquery()
    )
    rows = session.execute(
        select(AttestationRow, decided)
        .where(
            AttestationRow.person_id.in_(all_ids(session, {enrollment.person_id})),
            AttestationRow.program_id == enrollment.program_id,
            AttestationRow.kind == Kind.EVENT,
            AttestationRow.taken_back_at.is_(None),
        )
        .order_by(AttestationRow.said_at.desc())
    )
    for row, last in rows:
        decided_at: datetime | None = last  # the largest of no moments is none
        if APPLICATION in row.said.get("name", ()) and (decided_at is None or row.said_at > decided_at):
            return row
    return None


def _tell_leads(session: Session, enrollment: EnrollmentRow, now: datetime) -> None:
    leads = session.scalars(
        select(GrantRow.person_id).where(
            GrantRow.organization_id == enrollment.organization_id,
            GrantRow.capability == Capability.PROGRAM_LEAD,
            GrantRow.revoked_at.is_(None),
        )
    )
    apart = conflicts_of(session, enrollment.person_id) | {enrollment.person_id}
    for person_id in sorted(set(leads) - apart):
        notify.news(
            session,
            organization_id=enrollment.organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.PROGRAM,
            path=f"/people-of/{enrollment.id}",
            sender_id=enrollment.person_id,
        )


def _readers(visitor: Visitor) -> tuple[Reader, ...]:
    names = {Who.TRAINEE: (display_name(visitor.person_id, visitor.name),)}
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.STANDING].see)
