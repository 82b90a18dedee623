"""The observer after the trainee's words: answering them, or taking up again what was shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.access import Who
from lti_tool.services import audit
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.assessments import assessment_of, narrative, own_assessment, ratings_of
from lti_tool.services.observations.lines import ObservationLine, line
from lti_tool.services.observations.moves import held_by_observer, move_on, takes_part
from lti_tool.services.observations.read import Record
from lti_tool.services.observations.views import View, views_of
from lti_tool.services.practicum.accommodations import days_to_answer
from lti_tool.store.observations import (
    AssessmentRevisionRow,
    AssessmentRow,
    ObservationRow,
    RatingRow,
    SignOffRow,
    SignOffWithdrawalRow,
)
from rubrics import voice
from rubrics.assessment import Need, still_needed
from rubrics.assessment import share as check_complete
from rubrics.observation import Move, State
from rubrics.refusal import Refused
from rubrics.rubric import Rubric
from rubrics.sign_off import Lane


@dataclass(frozen=True, slots=True)
class Ways:
    """What the visitor can do about the trainee's words now."""

    own: View
    """Their own view, as it stands."""
    draft: str | None
    """An answer that they are writing, or gave."""
    may_reply: bool
    may_amend: bool
    signed: tuple[Lane, ...]
    """Lanes whose signatures stand: with one of them, neither is possible."""


@dataclass(frozen=True, slots=True)
class Again:
    """What would be shared again, for the one who shares it."""

    line: ObservationLine
    rubric: Rubric
    own: View
    needs: tuple[Need, ...]
    changed: bool
    """Whether anybody wrote since it was taken up."""
    others: tuple[str, ...]
    """Other observers who rewrote something, too."""
    until: datetime
    """Until when the trainee could answer then."""


def ways(session: Session, visitor: Visitor, record: Record) -> Ways | None:
    """For an observer who handed in, once the trainee has answered; None for everybody else, and at other times."""
    seen = record.line
    own = next((view for view in record.views if view.observer_id == visitor.person_id), None)
    if Who.OBSERVER not in record.who or own is None or seen.state not in (State.ANSWERED, State.AMENDING):
        return None
    signed = tuple(sorted(frozenset(record.lanes_needed) - seen.lanes_open))
    free = seen.state is State.ANSWERED and not signed
    return Ways(
        own=own,
        draft=own_assessment(session, seen.id, visitor.person_id).reply,
        may_reply=free and seen.answered_at is not None,
        may_amend=free,
        signed=signed,
    )


def save_reply(session: Session, visitor: Visitor, observation_id: UUID, words: str, now: datetime) -> datetime:
    """Keep what was typed; nobody else sees it until it is given. An answer that was given stays as it is."""
    observation = held_by_observer(session, visitor, observation_id)
    row = own_assessment(session, observation.id, visitor.person_id)
    _check_open(session, observation)
    if row.replied_at is None:
        row.reply = narrative(words)
        session.flush()
    return now


def reply(session: Session, visitor: Visitor, observation_id: UUID, words: str, now: datetime) -> None:
    """Answer the trainee's words. It is signed together with them; until then it can be given anew.

    Raises `Refused` without words, and once somebody has signed.
    """
    observation = held_by_observer(session, visitor, observation_id)
    row = own_assessment(session, observation.id, visitor.person_id)
    _check_open(session, observation)
    if observation.answered_at is None:
        raise Refused("no_words", "There are no words of the trainee to answer here. Nothing is needed from you.")
    text = narrative(words)
    if text is None:
        raise Refused(
            "nothing_written", "Please write a sentence or two, or go back: an answer of yours is not needed."
        )
    row.reply, row.replied_at = text, now
    observation.changed_at = now
    _audit(session, observation, "assessment.reply", visitor, now)
    notify.of_observation(session, observation, observation.trainee_id, now, by=visitor.person_id)


def amend(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Take up again what was shared, after the trainee's words; they read it again before anyone signs.

    Raises `Refused` once somebody has signed.
    """
    observation = held_by_observer(session, visitor, observation_id)
    own_assessment(session, observation.id, visitor.person_id)
    if observation.state is State.AMENDING:
        return
    _check_open(session, observation)
    move_on(session, observation, Move.AMEND, person_id=visitor.person_id, now=now)


def again(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> Again:
    """What would be shared again. Raises `NotHere` for all but its observers, `Refused` while nothing is rewritten."""
    seen = line(session, visitor.organization_id, observation_id)
    own = _own_view(session, visitor, seen)
    if own is None:
        raise NotHere
    row = session.get_one(ObservationRow, observation_id)
    if row.state is not State.AMENDING:
        raise _not_amending()
    rubric = rubric_of(session, row.rubric_version_id).rubric
    taken_up = _taken_up(session, row)
    names = {one.person_id: one.name for one in seen.taking_part}
    others = sorted(names[one.observer_id] for one, _ in taken_up if one.observer_id in names)
    return Again(
        line=seen,
        rubric=rubric,
        own=own,
        needs=still_needed(own.assessment, rubric),
        changed=bool(taken_up),
        others=tuple(name for name in others if name != names[visitor.person_id]),
        until=_next_window(session, row, now),
    )


def share_again(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Give what was rewritten to the trainee, whose words stay and can be changed; they get time to read it.

    Raises `Refused` while something is needed. Where nothing was rewritten it is left as it was.
    """
    observation = held_by_observer(session, visitor, observation_id)
    if observation.state is not State.AMENDING:
        raise _not_amending()
    taken_up = _taken_up(session, observation)
    if not taken_up:
        move_on(session, observation, Move.LEAVE, person_id=visitor.person_id, now=now)
        return
    rubric = rubric_of(session, observation.rubric_version_id).rubric
    for row, _ in taken_up:
        check_complete(assessment_of(row, ratings_of(session, row.id)), rubric)
    observation.respond_until = _next_window(session, observation, now)
    observation.shared_at = now
    observation.extensions = 0
    observation.talk_asked_at = observation.talk_held_at = None
    move_on(session, observation, Move.SHARE, person_id=visitor.person_id, now=now)
    notify.of_observation(session, observation, observation.trainee_id, now, by=visitor.person_id)


def leave(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Leave it as it was shared: what was rewritten since is taken away."""
    observation = held_by_observer(session, visitor, observation_id)
    if observation.state is not State.AMENDING:
        raise _not_amending()
    put_back(session, observation)
    move_on(session, observation, Move.LEAVE, person_id=visitor.person_id, now=now)


def put_back(session: Session, observation: ObservationRow, *, observer_id: UUID | None = None) -> None:
    """Take away what was rewritten since it was last shared: by this observer, or by all of them."""
    seen = line(session, observation.organization_id, observation.id)
    before = {view.observer_id: view for view in views_of(session, seen)}
    for row, revision in _taken_up(session, observation):
        if observer_id not in (None, row.observer_id):
            continue
        kept = next(one for one in before[row.observer_id].revisions if one.number == revision.number)
        session.execute(delete(RatingRow).where(RatingRow.assessment_id == row.id))
        row.strength, row.growth = kept.assessment.strength or None, kept.assessment.growth or None
        row.next_step = kept.assessment.next_step or None
        row.role_drift = kept.assessment.role_drift
        session.add_all(
            RatingRow(
                assessment_id=row.id,
                criterion=rating.criterion,
                organization_id=row.organization_id,
                level=rating.level,
                not_observed=rating.not_observed,
                evidence=rating.evidence or None,
            )
            for rating in kept.assessment.ratings
        )
        session.delete(revision)
    session.flush()


def _own_view(session: Session, visitor: Visitor, seen: ObservationLine) -> View | None:
    if not takes_part(session, seen.id, visitor.person_id) or seen.state is State.WITHDRAWN:
        return None
    standing_of(session, visitor.person_id, seen.course_id)
    return next((view for view in views_of(session, seen) if view.observer_id == visitor.person_id), None)


def _taken_up(session: Session, observation: ObservationRow) -> Sequence[tuple[AssessmentRow, AssessmentRevisionRow]]:
    """What was rewritten since it was last shared, with how it was then."""
    rows = session.execute(
        select(AssessmentRow, AssessmentRevisionRow)
        .join(AssessmentRevisionRow, AssessmentRevisionRow.assessment_id == AssessmentRow.id)
        .where(
            AssessmentRow.observation_id == observation.id,
            AssessmentRevisionRow.shared_at == observation.shared_at,
        )
    )
    return [(row[0], row[1]) for row in rows]


def _signed(session: Session, observation_id: UUID) -> tuple[Lane, ...]:
    lanes = session.scalars(
        select(SignOffRow.lane)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id == observation_id, SignOffWithdrawalRow.id.is_(None))
    )
    return tuple(sorted(lanes))


def _check_open(session: Session, observation: ObservationRow) -> None:
    if observation.state is not State.ANSWERED:
        raise Refused(
            "not_to_reply", "This waits for something else now, so there is nothing to answer or to rewrite here."
        )
    if _signed(session, observation.id):
        raise Refused(
            "signed_already",
            "Somebody has signed this as it is, so it is not changed any more. To change it, whoever signed "
            "takes their signature back first, on the page of the observation.",
        )


def _not_amending() -> Refused:
    return Refused("not_amending", "Nothing of this is being rewritten now. What was shared stays as it is.")


def _next_window(session: Session, observation: ObservationRow, now: datetime) -> datetime:
    days = days_to_answer(session, observation, now)
    return voice.after_amending(observation.respond_until or now, now, days)


def _audit(session: Session, observation: ObservationRow, act: str, visitor: Visitor, now: datetime) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"observation:{observation.id}",
        now=now,
    )
