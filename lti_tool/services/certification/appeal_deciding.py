"""The institution's side of an appeal: acknowledging it, asking, deciding, and what follows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rfc8785
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grading.appeals import (
    RUNNING,
    AppealOutcome,
    AppealState,
    AppealStepKind,
    Turn,
    clock_when_asked,
    clock_with_more_time,
    clock_with_panel,
    is_decided,
)
from lti_tool.services.certification import appeal_panels, appeals
from lti_tool.services.certification.appeal_matters import About, about_of, had_part, hold, matter_of
from lti_tool.services.certification.appeal_terms import edition
from lti_tool.services.certification.appeals import Part, held, words_in
from lti_tool.services.entering.visitors import Visitor, digest_of
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.observations.moves import move_on
from lti_tool.services.scores import deliver, program_columns
from lti_tool.store.appeals import AppealMemberRow, AppealRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.observations import ObservationRow
from rubrics.observation import Move, State
from rubrics.refusal import Refused

REASON = ("reasons", "Please say why, in words that you would like to read yourself.")


@dataclass(frozen=True, slots=True)
class Done:
    """What writing or agreeing led to."""

    decided: bool
    to_look_at: tuple[UUID, ...] = ()
    """Scores to look at."""


def acknowledge(session: Session, visitor: Visitor, appeal_id: UUID, now: datetime) -> None:
    """Say that it has arrived. Twice changes nothing. Raises `NotHere`, `Refused`."""
    row = held(session, visitor, appeal_id, Part.LEAD)
    if row.state is AppealState.WITH_PANEL:
        return
    if row.state is not AppealState.OPEN:
        raise appeals.not_now()
    _with_panel(session, row, AppealStepKind.ACKNOWLEDGED, visitor, now)


def take_up(session: Session, visitor: Visitor, appeal_id: UUID, now: datetime) -> None:
    """Take up one that came late: any program lead may. Raises `NotHere`, `Refused`."""
    row = held(session, visitor, appeal_id, Part.LEAD)
    if row.state is not AppealState.LATE:
        raise appeals.not_now()
    _with_panel(session, row, AppealStepKind.TAKEN_UP_LATE, visitor, now)


def do_not_take_up(session: Session, visitor: Visitor, appeal_id: UUID, reasons: str, now: datetime) -> None:
    """Say, with a reason, why one that came late is not taken up: somebody who had no part in the matter.

    Raises `NotHere`, and `Refused`: "reasons", "had_part", "not_now".
    """
    row = held(session, visitor, appeal_id, Part.LEAD)
    if row.state is not AppealState.LATE:
        raise appeals.not_now()
    matter = matter_of(session, row.organization_id, about_of(row))
    if same_human(session, visitor.person_id) in had_part(session, matter):
        raise Refused(
            "had_part",
            "You had part in this matter, so somebody else says this. You can take it up, or leave it to them.",
        )
    words = words_in(reasons, needed=REASON)
    appeals.end(row, AppealState.NOT_TAKEN_UP, now)
    appeals.add_step(session, row, AppealStepKind.NOT_TAKEN_UP, visitor.person_id, now, words=words)
    appeals.tell(session, row, {row.trainee_id}, now, by=visitor.person_id)


def ask(session: Session, visitor: Visitor, appeal_id: UUID, question: str, now: datetime) -> None:
    """Ask the trainee something; they have the promised days. Raises `NotHere`, `Refused`."""
    row = _held_by_member(session, visitor, appeal_id)
    words = words_in(question, needed=("question", "Please write what you would like to know, and what for."))
    clock = appeals.clock_of(row)
    if clock is None or clock.turn is Turn.TRAINEE:
        raise Refused("asked_already", "A question is with them already. Please wait for the answer to that one.")
    terms = edition(session, row.organization_id, row.terms_id).terms
    clock = clock_when_asked(terms, clock, now.date())
    appeals.set_clock(row, clock)
    appeals.add_step(session, row, AppealStepKind.QUESTION, visitor.person_id, now, words=words, due_on=clock.until)
    appeals.tell(session, row, {row.trainee_id}, now, by=visitor.person_id)


def give_time(session: Session, visitor: Visitor, appeal_id: UUID, now: datetime) -> None:
    """Give the trainee as much time again. Twice changes nothing. Raises `NotHere`, `Refused`."""
    row = held(session, visitor, appeal_id, Part.LEAD, Part.MEMBER)
    clock = appeals.clock_of(row)
    if row.state not in RUNNING or clock is None or clock.turn is not Turn.TRAINEE:
        raise appeals.not_now()
    if not appeals.waits_for_time(session, row):
        return
    terms = edition(session, row.organization_id, row.terms_id).terms
    clock = clock_with_more_time(terms, clock, now.date())
    appeals.set_clock(row, clock)
    appeals.add_step(session, row, AppealStepKind.MORE_TIME, visitor.person_id, now, due_on=clock.until)
    appeals.tell(session, row, {row.trainee_id}, now, by=visitor.person_id)


def write(
    session: Session, visitor: Visitor, appeal_id: UUID, outcome: AppealOutcome, reasons: str, now: datetime
) -> Done:
    """Write the outcome with its reasons: every other member is asked whether they agree with exactly this.

    Writing the same again asks nobody again. Raises `NotHere`, and `Refused`: "reasons", "panel_not_complete",
    "had_part", "conflict", "with_the_trainee".
    """
    _hold_matter(session, visitor, appeal_id)
    row = _held_by_member(session, visitor, appeal_id)
    words = words_in(reasons, needed=REASON)
    clock = appeals.clock_of(row)
    if clock is not None and clock.turn is Turn.TRAINEE:
        raise Refused(
            "with_the_trainee",
            "A question is with them, and they have time to answer. The outcome can be written once they answered or "
            "their day is over.",
        )
    if len(appeals.panel_of(session, row)) < edition(session, row.organization_id, row.terms_id).terms.panel_size:
        raise Refused(
            "panel_not_complete",
            "More members have to accept before an outcome can be written. The program leads invite them.",
        )
    if (row.outcome, row.reasons) != (outcome, words):
        row.outcome, row.reasons = outcome, words
        _agrees(session, row, None, when=None)
    row.written_by = visitor.person_id
    _agrees(session, row, visitor.person_id, when=now)
    appeals.note(session, row, "appeal.write", visitor.person_id, now)
    done = _decide_if_all_agree(session, row, now)
    if not done.decided:
        appeals.tell(session, row, appeals.panel_of(session, row), now, by=visitor.person_id)
    return done


def agree(session: Session, visitor: Visitor, appeal_id: UUID, digest: str, now: datetime) -> Done:
    """Agree with exactly the outcome that was shown. With the last member's word it is decided.

    Raises `NotHere`, and `Refused` ("changed_since_shown").
    """
    _hold_matter(session, visitor, appeal_id)
    row = held(session, visitor, appeal_id, Part.MEMBER)
    if row.state is AppealState.DECIDED:
        return Done(True)
    if row.state is not AppealState.WITH_PANEL or row.outcome is None:
        raise appeals.not_now()
    appeal_panels.check(session, row, visitor.person_id)
    if digest_of_outcome(row.id, row.outcome, row.reasons or "") != digest:
        raise Refused("changed_since_shown", "This changed after the page was shown. Please read it again first.")
    _agrees(session, row, visitor.person_id, when=now)
    appeals.note(session, row, "appeal.agree", visitor.person_id, now)
    return _decide_if_all_agree(session, row, now)


def digest_of_outcome(appeal_id: UUID, outcome: AppealOutcome, reasons: str) -> str:
    """Of exactly what the members read."""
    text = rfc8785.dumps({"appeal": str(appeal_id), "outcome": outcome.value, "reasons": reasons})
    return digest_of(text.decode())


def overtake(session: Session, decision_id: UUID, now: datetime) -> None:
    """The decision was just superseded, in this transaction: appeals against it that run end, and are told so.

    Their words stay for an appeal against the new one. Twice changes nothing.
    """
    organization_id = session.scalars(select(DecisionRow.organization_id).where(DecisionRow.id == decision_id)).one()
    hold(session, organization_id, About(decision_id=decision_id))
    row = session.scalars(
        select(AppealRow)
        .where(AppealRow.decision_id == decision_id, AppealRow.state.in_(RUNNING))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return
    appeals.end(row, AppealState.OVERTAKEN, now)
    appeals.add_step(session, row, AppealStepKind.OVERTAKEN, None, now)
    appeals.tell(session, row, {row.trainee_id} | appeals.panel_of(session, row), now, by=None)


def _with_panel(session: Session, row: AppealRow, kind: AppealStepKind, visitor: Visitor, now: datetime) -> None:
    clock = appeals.clock_of(row)
    if clock is None:
        raise appeals.not_now()
    terms = edition(session, row.organization_id, row.terms_id).terms
    clock = clock_with_panel(terms, clock, now.date())
    row.state = AppealState.WITH_PANEL
    appeals.set_clock(row, clock)
    appeals.add_step(session, row, kind, visitor.person_id, now, due_on=clock.until)
    appeals.tell(session, row, {row.trainee_id}, now, by=visitor.person_id)


def _hold_matter(session: Session, visitor: Visitor, appeal_id: UUID) -> None:
    """What it is about is locked before the appeal, as everywhere, so that nobody waits for each other."""
    hold(session, visitor.organization_id, about_of(appeals.found(session, visitor, appeal_id)))


def _held_by_member(session: Session, visitor: Visitor, appeal_id: UUID) -> AppealRow:
    row = held(session, visitor, appeal_id, Part.MEMBER)
    if row.state is not AppealState.WITH_PANEL:
        if row.state is AppealState.OPEN:
            raise Refused("not_acknowledged", "A program lead acknowledges it first. It can go on after that.")
        raise appeals.not_now()
    appeal_panels.check(session, row, visitor.person_id)
    return row


def _agrees(session: Session, row: AppealRow, person_id: UUID | None, *, when: datetime | None) -> None:
    """That this member agrees, or with None for both that nobody does yet."""
    which = [AppealMemberRow.appeal_id == row.id]
    if person_id is not None:
        which += [AppealMemberRow.person_id == person_id]
    session.flush()
    session.execute(update(AppealMemberRow).where(*which).values(agrees_at=when))
    session.expire_all()


def _decide_if_all_agree(session: Session, row: AppealRow, now: datetime) -> Done:
    members = [member for member in appeals.members_of(session, row) if member.accepted]
    size = edition(session, row.organization_id, row.terms_id).terms.panel_size
    agreeing = [str(member.person_id) for member in members if member.agrees]
    if not is_decided([str(member.person_id) for member in members], agreeing, size):
        return Done(False)
    outcome = row.outcome
    appeals.end(row, AppealState.DECIDED, now)
    appeals.add_step(session, row, AppealStepKind.DECIDED, row.written_by, now)
    appeals.tell(session, row, {row.trainee_id}, now, by=None)
    appeals.tell(session, row, appeals.leads_of(session, row), now, by=None)
    return Done(True, _reconsider(session, row, now) if outcome is AppealOutcome.CHANGED else ())


def _reconsider(session: Session, row: AppealRow, now: datetime) -> tuple[UUID, ...]:
    """An observation about which a panel decided otherwise counts no more; nothing of what was signed is changed.

    One that is to be looked at again goes on counting until the new one is there (`observed_again`).
    """
    if row.observation_id is None:
        return ()
    observation = session.get_one(ObservationRow, row.observation_id, populate_existing=True)
    if observation.state not in (State.FINAL, State.RELEASED):
        return ()
    move_on(session, observation, Move.RECONSIDER, person_id=row.written_by, now=now)
    return (
        *deliver.desire(session, observation.activity_id, observation.trainee_id, now),
        *program_columns.desire_for(session, observation.trainee_id, now),
    )
