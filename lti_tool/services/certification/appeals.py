"""One appeal: how somebody stands to it, holding it while something is done, and what happened in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.appeals import AppealOutcome, AppealState, AppealStepKind, Clock, Turn
from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services import audit
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses import places
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.store.appeals import AppealMemberRow, AppealRow, AppealStepRow
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import GrantRow, PersonRow
from rubrics.refusal import Refused

LONGEST = 10_000


class Part(StrEnum):
    """How somebody stands to one appeal."""

    TRAINEE = "trainee"
    HELPER = "helper"
    """a mentor who writes the draft; only until it is sent"""
    LEAD = "lead"
    """a program lead of the organization, without a conflict with the trainee"""
    INVITED = "invited"
    """asked to sit on the panel, and has not answered: reads what it is about, and none of the words"""
    MEMBER = "member"


READS = frozenset({Part.TRAINEE, Part.HELPER, Part.LEAD, Part.MEMBER})
"""Who reads the words."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened."""

    number: int
    kind: AppealStepKind
    by_id: UUID | None
    by_name: str | None
    """None where only time did it."""
    at: datetime
    words: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who was invited to the panel, and has not stepped aside."""

    id: UUID
    person_id: UUID
    name: str
    accepted: bool
    agrees: bool


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal as one reader may see it: what is not theirs to read is None or empty."""

    id: UUID
    trainee_id: UUID
    trainee_name: str
    decision_id: UUID | None
    observation_id: UUID | None
    criterion: str | None
    terms_id: UUID
    state: AppealState
    parts: frozenset[Part]
    ground: str | None
    words: str | None
    wish: str | None
    why_late: str | None
    begun_by: UUID
    begun_at: datetime
    sent_at: datetime | None
    file_by: date
    clock: Clock | None
    outcome: AppealOutcome | None
    """Until it is decided, only members read it."""
    reasons: str | None
    written_by: UUID | None
    ended_at: datetime | None
    steps: tuple[Step, ...]
    members: tuple[Member, ...]

    @property
    def accepted(self) -> tuple[Member, ...]:
        """Who sits on the panel."""
        return tuple(member for member in self.members if member.accepted)

    @property
    def question(self) -> Step | None:
        """The last question, while it is the trainee's turn."""
        asked = [step for step in self.steps if step.kind is AppealStepKind.QUESTION]
        return asked[-1] if asked and self.clock is not None and self.clock.turn is Turn.TRAINEE else None

    @property
    def wished_for_time(self) -> bool:
        """Whether the trainee asked for more time and nobody has answered that yet."""
        return asks_for_time(self.steps)


def asks_for_time(steps: Sequence[Step] | Sequence[AppealStepRow]) -> bool:
    """Whether the last of these acts is that the trainee asked for more time, without a day so far."""
    own = [step for step in steps if step.kind is not AppealStepKind.INSTITUTION_LATE]
    return bool(own) and own[-1].kind is AppealStepKind.MORE_TIME and own[-1].due_on is None


def waits_for_time(session: Session, row: AppealRow) -> bool:
    """The same of a row."""
    asked = select(AppealStepRow).where(AppealStepRow.appeal_id == row.id).order_by(AppealStepRow.number)
    return asks_for_time(list(session.scalars(asked)))


def read(session: Session, visitor: Visitor, appeal_id: UUID) -> Appeal:
    """The appeal for this reader. Raises `NotHere`."""
    row = found(session, visitor, appeal_id)
    parts = parts_of(session, visitor, row)
    if not parts:
        raise NotHere
    reads = bool(parts & READS)
    draft = row.state is not AppealState.DECIDED and Part.MEMBER not in parts
    name = session.scalars(select(PersonRow.name).where(PersonRow.id == row.trainee_id)).one()
    return Appeal(
        id=row.id,
        trainee_id=row.trainee_id,
        trainee_name=display_name(row.trainee_id, name),
        decision_id=row.decision_id,
        observation_id=row.observation_id,
        criterion=row.criterion,
        terms_id=row.terms_id,
        state=row.state,
        parts=parts,
        ground=row.ground if reads else None,
        words=row.words if reads else None,
        wish=row.wish if reads else None,
        why_late=row.why_late if reads else None,
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        sent_at=row.sent_at,
        file_by=row.file_by,
        clock=clock_of(row),
        outcome=None if draft else row.outcome,
        reasons=None if draft else row.reasons,
        written_by=None if draft else row.written_by,
        ended_at=row.ended_at,
        steps=_steps(session, row.id) if reads else (),
        members=members_of(session, row),
    )


def found(session: Session, visitor: Visitor, appeal_id: UUID, *, locked: bool = False) -> AppealRow:
    """An appeal of the organization, whoever's it is. Raises `NotHere`."""
    asked = select(AppealRow).where(AppealRow.id == appeal_id, AppealRow.organization_id == visitor.organization_id)
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise NotHere
    return row


def held(session: Session, visitor: Visitor, appeal_id: UUID, *ways: Part) -> AppealRow:
    """The appeal, locked, for somebody who stands in one of these ways to it. Raises `NotHere` for others."""
    row = found(session, visitor, appeal_id, locked=True)
    if not parts_of(session, visitor, row) & set(ways):
        raise NotHere
    return row


def parts_of(session: Session, visitor: Visitor, row: AppealRow) -> frozenset[Part]:
    """How the visitor stands to it; empty for those who stand in no way."""
    if visitor.person_id == row.trainee_id:
        return frozenset({Part.TRAINEE})
    if visitor.person_id in conflicts_of(session, row.trainee_id):
        return frozenset()
    if row.state is AppealState.DRAFT:
        return frozenset({Part.HELPER}) if visitor.person_id == row.begun_by else frozenset()
    parts = set()
    if Capability.PROGRAM_LEAD in places.in_organization(session, visitor):
        parts.add(Part.LEAD)
    member = next((one for one in members_of(session, row) if one.person_id == visitor.person_id), None)
    if member is not None:
        parts.add(Part.MEMBER if member.accepted else Part.INVITED)
    return frozenset(parts)


def members_of(session: Session, row: AppealRow) -> tuple[Member, ...]:
    """Who was invited, has not stepped aside and has no conflict with the trainee, first invited first."""
    apart = conflicts_of(session, row.trainee_id)
    rows = session.execute(
        select(AppealMemberRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == AppealMemberRow.person_id)
        .where(AppealMemberRow.appeal_id == row.id, AppealMemberRow.ended_at.is_(None))
        .order_by(AppealMemberRow.invited_at, AppealMemberRow.id)
    )
    return tuple(
        Member(
            one.id, one.person_id, display_name(one.person_id, name), one.accepted_at is not None,
            one.agrees_at is not None,
        )
        for one, name in rows
        if one.person_id not in apart
    )  # fmt: skip


def _steps(session: Session, appeal_id: UUID) -> tuple[Step, ...]:
    rows = session.execute(
        select(AppealStepRow, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == AppealStepRow.by)
        .where(AppealStepRow.appeal_id == appeal_id)
        .order_by(AppealStepRow.number)
    )
    return tuple(
        Step(row.number, row.kind, row.by, display_name(row.by, name) if row.by else None, row.at, row.words,
             row.due_on)
        for row, name in rows
    )  # fmt: skip


def readers(appeal: Appeal | None = None) -> tuple[Reader, ...]:
    """Who can see an appeal once it is sent; of one that is there, the members of its panel by name."""
    names = {Who.PANEL: tuple(member.name for member in appeal.accepted)} if appeal is not None else {}
    if appeal is not None:
        names[Who.TRAINEE] = (appeal.trainee_name,)
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.APPEAL].see)


def clock_of(row: AppealRow) -> Clock | None:
    """Who holds it now and until when; None while nobody does."""
    if row.turn is None or row.turn_until is None:
        return None
    return Clock(row.turn, row.turn_until, row.decide_by)


def set_clock(row: AppealRow, clock: Clock | None) -> None:
    """From now on this is who holds it; None: nobody any more."""
    row.turn, row.turn_until = (clock.turn, clock.until) if clock else (None, None)
    row.decide_by = clock.decide_by if clock else row.decide_by


def end(row: AppealRow, state: AppealState, now: datetime) -> None:
    """Nobody's turn any more. What a panel had written without deciding goes."""
    row.state, row.ended_at = state, now
    if state is not AppealState.DECIDED:
        row.outcome = row.reasons = row.written_by = None
    set_clock(row, None)


def add_step(
    session: Session,
    row: AppealRow,
    kind: AppealStepKind,
    by: UUID | None,
    now: datetime,
    *,
    words: str | None = None,
    due_on: date | None = None,
) -> None:
    """Write down what happened, for both sides and in the audit; the appeal is locked by the caller."""
    last = session.scalars(select(func.max(AppealStepRow.number)).where(AppealStepRow.appeal_id == row.id)).one()
    number = (last or 0) + 1
    session.add(
        AppealStepRow(
            id=new_id(), organization_id=row.organization_id, appeal_id=row.id, number=number, kind=kind, by=by, at=now,
            words=words, due_on=due_on,
        )
    )  # fmt: skip
    session.flush()
    note(session, row, f"appeal.{kind}", by, now)


def note(session: Session, row: AppealRow, act: str, by: UUID | None, now: datetime, **facts: str | int | None) -> None:
    """Write it in the audit."""
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=by,
        act=act,
        subject=f"appeal:{row.id}",
        now=now,
        state=row.state.value,
        **facts,
    )


def tell(session: Session, row: AppealRow, people: set[UUID], now: datetime, *, by: UUID | None) -> None:
    """Have these people told that there is something new; never what."""
    for person_id in sorted(people - {by}):
        notify.news(
            session,
            organization_id=row.organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.APPEAL,
            path=f"/appeals/{row.id}",
            sender_id=by,
        )


def leads_of(session: Session, row: AppealRow) -> set[UUID]:
    """The program leads who see to it: all but those with whom a conflict stands."""
    leads = session.scalars(
        select(GrantRow.person_id).where(
            GrantRow.organization_id == row.organization_id,
            GrantRow.capability == Capability.PROGRAM_LEAD,
            GrantRow.revoked_at.is_(None),
        )
    )
    return set(leads) - conflicts_of(session, row.trainee_id) - {row.trainee_id}


def panel_of(session: Session, row: AppealRow) -> set[UUID]:
    """Who sits on its panel."""
    return {member.person_id for member in members_of(session, row) if member.accepted}


def words_in(text: str, *, needed: tuple[str, str] | None = None) -> str | None:
    """Words as they are kept; None for none. Raises `Refused`: "too_long", and `needed` (code, sentence) for none."""
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not words and needed is not None:
        raise Refused(*needed)
    if len(words) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    return words or None


def not_now() -> Refused:
    """For an act that the appeal is not ready for, or not any more."""
    return Refused("not_now", "This has moved on meanwhile. Please open the appeal again: it says how far it is.")
