"""The trainee's side of an appeal: beginning it, writing, sending, answering, taking more time, taking it back."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.appeals import (
    RUNNING,
    AppealState,
    AppealStepKind,
    Turn,
    clock_after_question,
    clock_when_sent,
    clock_with_more_time,
    is_late_to_send,
)
from lti_tool.services.certification import appeals
from lti_tool.services.certification.appeal_matters import About, Matter, about_of, hold, is_mentor, matter_of
from lti_tool.services.certification.appeal_terms import edition, editions, terms_in_force
from lti_tool.services.certification.appeals import Part, held, words_in
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.appeals import AppealRow, AppealStepRow
from lti_tool.store.base import new_id
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

WORDS = ("words", "wish", "why_late")
OPEN = frozenset({AppealState.DRAFT, *RUNNING})


def begun(session: Session, about: About, trainee_id: UUID) -> UUID | None:
    """The appeal about exactly this that is being written or runs; None where there is none."""
    asked = select(AppealRow.id).where(AppealRow.trainee_id == trainee_id, AppealRow.state.in_(OPEN))
    if about.decision_id is not None:
        asked = asked.where(AppealRow.decision_id == about.decision_id)
    else:
        same = AppealRow.criterion.is_(None) if about.criterion is None else AppealRow.criterion == about.criterion
        asked = asked.where(AppealRow.observation_id == about.observation_id, same)
    return session.scalars(asked.order_by(AppealRow.begun_at).limit(1)).first()


def begin(session: Session, visitor: Visitor, about: About, now: datetime, *, like: UUID | None = None) -> UUID:
    """Begin to write; where that was done already, the answer is that one. Nobody else knows of it yet.

    A mentor of the trainee may write for them; the trainee is told that there is a draft. `like` is an earlier
    appeal of the trainee's own whose words go along. Raises `NotHere`, and `Refused`: "no_appeal", "superseded".
    """
    hold(session, visitor.organization_id, about)
    matter = may_begin(session, visitor, about, now)
    there = begun(session, matter.about, matter.trainee_id)
    if there is not None:
        return _own(session, visitor, there)
    if not matter.stands:
        raise _superseded()
    terms = terms_in_force(session, visitor.organization_id, now)
    id_ = new_id()
    insert_once(
        session,
        AppealRow,
        id=id_,
        organization_id=visitor.organization_id,
        trainee_id=matter.trainee_id,
        decision_id=matter.about.decision_id,
        observation_id=matter.about.observation_id,
        criterion=matter.about.criterion,
        terms_id=terms.id,
        state=AppealState.DRAFT,
        begun_by=visitor.person_id,
        begun_at=now,
        file_by=matter.file_by(editions(session, visitor.organization_id)),
        **_words_of(session, visitor, like),
    )
    row = session.get(AppealRow, id_)
    if row is None:  # another one came first
        return begin(session, visitor, about, now)
    appeals.note(session, row, "appeal.begin", visitor.person_id, now)
    appeals.tell(session, row, {row.trainee_id}, now, by=visitor.person_id)
    return id_


def may_begin(session: Session, visitor: Visitor, about: About, now: datetime) -> Matter:
    """What it would be about, for the trainee or a mentor of theirs. Raises `NotHere`."""
    matter = matter_of(session, visitor.organization_id, about)
    if matter.at > now:
        raise NotHere
    own = matter.trainee_id == visitor.person_id
    if not own and not is_mentor(session, visitor.person_id, matter.trainee_id):
        raise NotHere
    return matter


def save(session: Session, visitor: Visitor, appeal_id: UUID, typed: Mapping[str, str], now: datetime) -> datetime:
    """Keep what stands in these fields of the draft; the others stay. Raises `NotHere`, `Refused`."""
    row = held(session, visitor, appeal_id, Part.TRAINEE, Part.HELPER)
    if row.state is not AppealState.DRAFT:
        raise Refused("sent_already", "This is sent already. What you would like to add can go into an answer.")
    keep(session, row, typed)
    return now


def keep(session: Session, row: AppealRow, typed: Mapping[str, str]) -> None:
    """The fields as they are kept in a draft that is locked. Raises `Refused`."""
    for name in WORDS:
        if name in typed:
            setattr(row, name, words_in(typed[name]))
    if "ground" in typed:
        known = edition(session, row.organization_id, row.terms_id).ground(typed["ground"])
        row.ground = known.key if known else None
    session.flush()


def send(session: Session, visitor: Visitor, appeal_id: UUID, now: datetime) -> AppealState:
    """Send it; only the trainee does. Twice changes nothing. The answer says how far it is.

    Raises `NotHere`, and `Refused`: "ground", "words" where these are still to come, and "superseded" for what no
    longer stands: then the words stay in the draft.
    """
    about = about_of(appeals.found(session, visitor, appeal_id))
    hold(session, visitor.organization_id, about)
    row = held(session, visitor, appeal_id, Part.TRAINEE)
    if row.state is not AppealState.DRAFT:
        return row.state
    if not matter_of(session, visitor.organization_id, about).stands:
        raise _superseded()
    published = edition(session, row.organization_id, row.terms_id)
    if published.ground(row.ground) is None:
        raise Refused("ground", "Please choose the reason that fits best. “Another reason” is one of them.")
    if not row.words:
        raise Refused("words", "Please write a sentence or two in your own words. Nothing on file has to be repeated.")
    late = is_late_to_send(row.file_by, now)
    row.state, row.sent_at = AppealState.LATE if late else AppealState.OPEN, now
    row.why_late = row.why_late if late else None
    clock = clock_when_sent(published.terms, now.date(), late=late)
    appeals.set_clock(row, clock)
    appeals.add_step(session, row, AppealStepKind.SENT, visitor.person_id, now, due_on=clock.until)
    appeals.tell(session, row, appeals.leads_of(session, row), now, by=visitor.person_id)
    return row.state


def answer(session: Session, visitor: Visitor, appeal_id: UUID, words: str, now: datetime) -> None:
    """Answer a question of the panel, or add something while it decides. Raises `NotHere`, `Refused`."""
    row = held(session, visitor, appeal_id, Part.TRAINEE)
    if row.state not in RUNNING:
        raise appeals.not_now()
    said = words_in(words, needed=("words", "Please write a sentence, or leave it as it is: no answer is needed."))
    clock = appeals.clock_of(row)
    if clock is not None and clock.turn is Turn.TRAINEE:
        appeals.set_clock(row, clock_after_question(clock, asked_on(session, row), now.date()))
    appeals.add_step(session, row, AppealStepKind.ANSWER, visitor.person_id, now, words=said, due_on=row.turn_until)
    appeals.tell(session, row, appeals.panel_of(session, row) or appeals.leads_of(session, row), now, by=row.trainee_id)


def take_more_time(session: Session, visitor: Visitor, appeal_id: UUID, now: datetime) -> bool:
    """As much time again: for each question once at once (True), then by asking (False). Raises `NotHere`, `Refused`.

    While it is being asked, the day stands still.
    """
    row = held(session, visitor, appeal_id, Part.TRAINEE)
    clock = appeals.clock_of(row)
    if clock is None or clock.turn is not Turn.TRAINEE:
        raise appeals.not_now()
    since = _since_question(session, row)
    if appeals.asks_for_time(since):
        return False
    at_once = all(step.kind is not AppealStepKind.MORE_TIME for step in since)
    if at_once:
        terms = edition(session, row.organization_id, row.terms_id).terms
        appeals.set_clock(row, clock_with_more_time(terms, clock, now.date()))
    due_on = row.turn_until if at_once else None
    appeals.add_step(session, row, AppealStepKind.MORE_TIME, visitor.person_id, now, due_on=due_on)
    to = appeals.panel_of(session, row) | appeals.leads_of(session, row)
    appeals.tell(session, row, to, now, by=row.trainee_id)
    return at_once


def withdraw(session: Session, visitor: Visitor, appeal_id: UUID, now: datetime) -> None:
    """Take it back, without a reason. Twice changes nothing. Raises `NotHere`, `Refused` once it is decided."""
    row = held(session, visitor, appeal_id, Part.TRAINEE)
    if row.state is AppealState.WITHDRAWN:
        return
    if row.state not in RUNNING:
        raise appeals.not_now()
    appeals.end(row, AppealState.WITHDRAWN, now)
    appeals.add_step(session, row, AppealStepKind.WITHDRAWN, visitor.person_id, now)
    to = appeals.panel_of(session, row) | appeals.leads_of(session, row)
    appeals.tell(session, row, to, now, by=row.trainee_id)


def asked_on(session: Session, row: AppealRow) -> date:
    """The day of the last question."""
    return _since_question(session, row)[0].at.date()


def _since_question(session: Session, row: AppealRow) -> list[AppealStepRow]:
    """The last question, and what came after it."""
    steps = list(
        session.scalars(select(AppealStepRow).where(AppealStepRow.appeal_id == row.id).order_by(AppealStepRow.number))
    )
    asked = [place for place, step in enumerate(steps) if step.kind is AppealStepKind.QUESTION]
    return steps[asked[-1] :] if asked else steps


def _own(session: Session, visitor: Visitor, appeal_id: UUID) -> UUID:
    """Whoever helps finds no draft of the trainee's own."""
    if not appeals.parts_of(session, visitor, appeals.found(session, visitor, appeal_id)):
        raise Refused("begun", "They have begun to write themselves. They can give you a link to their draft.")
    return appeal_id


def _words_of(session: Session, visitor: Visitor, like: UUID | None) -> dict[str, str | None]:
    """What was written before: nothing is told twice."""
    if like is None:
        return {}
    row = appeals.found(session, visitor, like)
    if row.trainee_id != visitor.person_id:
        raise NotHere
    return {"ground": row.ground, "words": row.words, "wish": row.wish}


def _superseded() -> Refused:
    return Refused(
        "superseded",
        "Something else has taken the place of this in the meantime. Your words are kept: you can use them for an "
        "appeal against the new one, or leave it.",
    )
