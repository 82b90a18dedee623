"""Printed forms: each carries a code that finds its observation again when it is typed in."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.courses.places import NotHere, Place, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import TAKING_PART, ObservationLine, line, lines, listing
from lti_tool.services.observations.moves import held_by_observer
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from lti_tool.store.paper import PaperFormRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.writing import insert_once
from rubrics.observation import State
from rubrics.paper_code import LENGTH, LETTERS, complete
from rubrics.refusal import Refused

MOST_BLANK = 30
MOST_CRITERIA = 480
"""On all forms that are made at once: some hundred and fifty pages, which is a few seconds of work."""
MOST_TO_CHOOSE = 100
TRIES = 20
OPEN = frozenset({State.CONSENTED, State.IN_PROGRESS})
"""The trainee agreed, and nothing was shared yet: what is on paper can still be typed in."""


@dataclass(frozen=True, slots=True)
class OnPaper:
    """An observation as its observer would print it."""

    line: ObservationLine
    rubric_version_id: UUID
    code: str | None
    """Of the form that was printed for it or typed in with it; None while there is none."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a code leads to, for this visitor."""

    code: str
    observation: ObservationLine | None
    """None for a blank form whose code nobody typed in yet."""
    to_choose: tuple[ObservationLine, ...]
    """For a blank form: the visitor's own observations that it can belong to, oldest first."""


_TO_CHOOSE = listing(
    ObservationRow.organization_id == bindparam("organization_id"),
    exists(
        select(ObserverRow.id).where(
            ObserverRow.observation_id == ObservationRow.id,
            ObserverRow.person_id == bindparam("person_id"),
            ObserverRow.state.in_(TAKING_PART),
        )
    ),
    ObservationRow.rubric_version_id == bindparam("version_id"),
    ObservationRow.state.in_(OPEN),
    exists(
        select(MembershipRow.id).where(
            MembershipRow.course_id == ActivityRow.course_id,
            MembershipRow.person_id == bindparam("person_id"),
            MembershipRow.ended_at.is_(None),
        )
    ),
    limit=MOST_TO_CHOOSE,
)


def code_of(session: Session, observation_id: UUID) -> str | None:
    """The code of the paper form that belongs to the observation; None where there is none."""
    return session.scalars(select(PaperFormRow.code).where(PaperFormRow.observation_id == observation_id)).one_or_none()


def on_paper(session: Session, visitor: Visitor, observation_id: UUID) -> OnPaper:
    """The observation, for its observer. Raises `NotHere`, and `Refused` where it is not agreed or over."""
    seen = line(session, visitor.organization_id, observation_id)
    if not _observes(seen, visitor) or seen.state is State.WITHDRAWN:
        raise NotHere
    standing_of(session, visitor.person_id, seen.course_id)
    _check_open(seen.state)
    version_id = session.scalars(
        select(ObservationRow.rubric_version_id).where(ObservationRow.id == observation_id)
    ).one()
    return OnPaper(seen, version_id, code_of(session, observation_id))


def print_for(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> str:
    """The code for the form of this observation: the one that it has, or a new one. Raises `NotHere`, `Refused`."""
    observation = held_by_observer(session, visitor, observation_id)
    _check_open(observation.state)
    code = code_of(session, observation_id) or _new_code(session, visitor, observation.rubric_version_id, now)
    row = _held(session, visitor.organization_id, code)
    row.observation_id = observation_id
    session.flush()
    _note(session, visitor, "paper.print", f"observation:{observation_id}", now, forms=1)
    return code


def most_blank(session: Session, place: Place) -> int:
    """How many blank forms of the activity can be made at once: fewer of a long rubric."""
    criteria = len(rubric_of(session, place.activity.rubric_version_id).rubric.criteria)
    return max(1, min(MOST_BLANK, MOST_CRITERIA // max(1, criteria)))


def print_blank(session: Session, visitor: Visitor, place: Place, number: int, now: datetime) -> None:
    """Make codes for so many blank forms of the activity; `printed` finds them by the moment. Raises `Refused`."""
    most = most_blank(session, place)
    if not 1 <= number <= most:
        raise Refused("too_many_forms", "Please ask for between 1 and %(most)s forms at a time.", most=most)
    for _ in range(number):
        _new_code(session, visitor, place.activity.rubric_version_id, now)
    _note(session, visitor, "paper.print", f"activity:{place.activity.id}", now, forms=number)


def printed(session: Session, visitor: Visitor, place: Place, at: datetime) -> tuple[str, ...]:
    """The codes of the blank forms that the visitor had made for this activity at that moment. Raises `NotHere`."""
    codes = session.scalars(
        select(PaperFormRow.code)
        .where(
            PaperFormRow.organization_id == visitor.organization_id,
            PaperFormRow.printed_by == visitor.person_id,
            PaperFormRow.printed_at == at,
            PaperFormRow.rubric_version_id == place.activity.rubric_version_id,
            PaperFormRow.observation_id.is_(None),
        )
        .order_by(PaperFormRow.id)
        .limit(MOST_BLANK)
    ).all()
    if not codes:
        raise NotHere
    return tuple(codes)


def find(session: Session, visitor: Visitor, code: str) -> Found:
    """Where the code leads this visitor. Raises `NotHere` for a code that is unknown or not theirs to use."""
    form = session.execute(
        select(PaperFormRow.observation_id, PaperFormRow.rubric_version_id, PaperFormRow.printed_by).where(
            PaperFormRow.organization_id == visitor.organization_id, PaperFormRow.code == code
        )
    ).one_or_none()
    if form is None:
        raise NotHere
    observation_id, version_id, printed_by = form
    if observation_id is not None:
        return Found(code, _own(session, visitor, observation_id), ())
    to_choose = _to_choose(session, visitor, version_id)
    if not to_choose and printed_by != visitor.person_id:
        raise NotHere
    return Found(code, None, to_choose)


def belongs_to(session: Session, visitor: Visitor, code: str, observation_id: UUID, now: datetime) -> ObservationLine:
    """Tie a blank form to one of the visitor's observations; a form that this one had before is let go.

    Raises `NotHere` for a form or an observation that is not theirs to choose.
    """
    observation = held_by_observer(session, visitor, observation_id)
    row = _held(session, visitor.organization_id, code)
    fits = observation.rubric_version_id == row.rubric_version_id and observation.state in OPEN
    if row.observation_id not in (None, observation_id) or not fits:
        raise NotHere
    if row.observation_id is None:
        for former in session.scalars(select(PaperFormRow).where(PaperFormRow.observation_id == observation_id)):
            session.delete(former)
        session.flush()
        row.observation_id = observation_id
        session.flush()
        _note(session, visitor, "paper.belongs", f"observation:{observation_id}", now, form=str(row.id))
    return line(session, visitor.organization_id, observation_id)


def _own(session: Session, visitor: Visitor, observation_id: UUID) -> ObservationLine:
    found = line(session, visitor.organization_id, observation_id)
    if not _observes(found, visitor) or found.state is State.WITHDRAWN:
        raise NotHere
    standing_of(session, visitor.person_id, found.course_id)
    return found


def _observes(seen: ObservationLine, visitor: Visitor) -> bool:
    """Of several observers each finds the form by its code; it stands for the observation."""
    return any(one.person_id == visitor.person_id for one in seen.taking_part)


def _to_choose(session: Session, visitor: Visitor, version_id: UUID) -> tuple[ObservationLine, ...]:
    return lines(
        session,
        _TO_CHOOSE,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        version_id=version_id,
    )


def _held(session: Session, organization_id: UUID, code: str) -> PaperFormRow:
    row = session.scalars(
        select(PaperFormRow)
        .where(PaperFormRow.organization_id == organization_id, PaperFormRow.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _new_code(session: Session, visitor: Visitor, version_id: UUID, now: datetime) -> str:
    for _ in range(TRIES):
        code = complete("".join(secrets.choice(LETTERS) for _ in range(LENGTH - 1)))
        made = insert_once(
            session,
            PaperFormRow,
            id=new_id(),
            organization_id=visitor.organization_id,
            code=code,
            rubric_version_id=version_id,
            observation_id=None,
            printed_by=visitor.person_id,
            printed_at=now,
        )
        if made:
            return code
    raise RuntimeError("no code was free, which cannot happen by chance")


def _check_open(state: State) -> None:
    if state not in OPEN:
        raise Refused(
            "form_closed",
            "This form is closed: it was shared, stopped, or not begun yet. Nothing that was saved is lost.",
        )


def _note(session: Session, visitor: Visitor, act: str, subject: str, now: datetime, **facts: str | int) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=subject,
        now=now,
        **facts,
    )
