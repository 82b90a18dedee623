"""Tables of a course, for its instructors: states, days and names; no ratings and no words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Field
from lti_tool.documents.table_stream import Cell
from lti_tool.services.exchange.exporting_tables import Asked, Of, Table, headings
from lti_tool.services.observations.lines import display_name
from lti_tool.store.calibration import DoubleObservationRow
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState, SignOffRow, SignOffWithdrawalRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.programs import PlacedProgramRow
from lti_tool.store.sites import PlacementRow, SiteRow
from lti_tool.store.supervision import SupervisionAgreementRow, SupervisionRequestRow
from rubrics.observation import State
from rubrics.refusal import _N

TRAINEE, OTHER, OF_COLUMN = aliased(PersonRow), aliased(PersonRow), aliased(ActivityRow)
WHO = (_N("Person id"), _N("Name"))
TAKING_PART = (ObserverState.ASKED, ObserverState.AGREED)


def _test_users(asked: Asked) -> Select[UUID]:
    return select(MembershipRow.person_id).where(MembershipRow.course_id == asked.subject_id, MembershipRow.test_user)


def _observations(asked: Asked) -> Select[*tuple[Any, ...]]:
    """What was withdrawn is its trainee's alone."""
    return (
        select(
            ObservationRow.id, ObservationRow.trainee_id, TRAINEE.name, ActivityRow.title, ObservationRow.state,
            ObservationRow.model, ObservationRow.setting, ObservationRow.requested_at, ObservationRow.starts_at,
            ObservationRow.shared_at, ObservationRow.answered_at, ObservationRow.released_at,
        )
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(TRAINEE, TRAINEE.id == ObservationRow.trainee_id)
        .where(
            ActivityRow.course_id == asked.subject_id,
            ObservationRow.state != State.WITHDRAWN,
            ObservationRow.trainee_id.not_in(_test_users(asked)),
        )
    )  # fmt: skip


def _observation_lines(session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    ids = [row[0] for row in rows]
    observers = session.execute(
        select(ObserverRow.observation_id, PersonRow.id, PersonRow.name)
        .join(PersonRow, PersonRow.id == ObserverRow.person_id)
        .where(ObserverRow.observation_id.in_(ids), ObserverRow.state.in_(TAKING_PART))
        .order_by(ObserverRow.asked_at, ObserverRow.id)
    )
    signed = session.execute(
        select(SignOffRow.observation_id, SignOffRow.lane)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id.in_(ids), SignOffWithdrawalRow.id.is_(None))
        .order_by(SignOffRow.signed_at)
    )
    names = _gathered((row[0], display_name(row[1], row[2])) for row in observers)
    lanes = _gathered((row[0], row[1].value) for row in signed)
    for id_, person_id, name, *rest in rows:
        yield (
            str(id_), str(person_id), display_name(person_id, name), *rest, names.get(id_, ""), lanes.get(id_, ""),
        )  # fmt: skip


def _gathered(pairs: Iterable[tuple[Any, str]]) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for key, text in pairs:
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _gradebook(asked: Asked) -> Select[*tuple[Any, ...]]:
    return (
        select(
            DeliveryRow.id, DeliveryRow.person_id, TRAINEE.name, LineItemRow.label, DeliveryRow.state,
            DeliveryRow.desired_score, DeliveryRow.desired_maximum, DeliveryRow.desired_at,
            DeliveryRow.accepted_score, DeliveryRow.accepted_maximum, DeliveryRow.accepted_at,
            DeliveryRow.lms_score, DeliveryRow.lms_maximum, DeliveryRow.lms_read_at,
        )
        .join(LineItemRow, LineItemRow.id == DeliveryRow.line_item_id)
        .join(TRAINEE, TRAINEE.id == DeliveryRow.person_id)
        .outerjoin(ActivityRow, ActivityRow.id == LineItemRow.activity_id)
        .outerjoin(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
        .outerjoin(OF_COLUMN, OF_COLUMN.id == ActivityColumnRow.activity_id)
        .outerjoin(PlacedProgramRow, PlacedProgramRow.id == LineItemRow.placed_program_id)
        .where(
            or_(
                ActivityRow.course_id == asked.subject_id,
                OF_COLUMN.course_id == asked.subject_id,
                PlacedProgramRow.course_id == asked.subject_id,
            ),
            DeliveryRow.person_id.not_in(_test_users(asked)),
        )
    )  # fmt: skip


def _placements(asked: Asked) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PlacementRow.id, PlacementRow.trainee_id, TRAINEE.name, SiteRow.name, PlacementRow.model,
            PlacementRow.setting, PlacementRow.compensation, PlacementRow.begins_on, PlacementRow.ends_on,
            PlacementRow.without_agreement, PlacementRow.ended_at,
        )
        .join(TRAINEE, TRAINEE.id == PlacementRow.trainee_id)
        .join(SiteRow, SiteRow.id == PlacementRow.site_id)
        .where(PlacementRow.course_id == asked.subject_id)
    )  # fmt: skip


def _supervision(asked: Asked) -> Select[*tuple[Any, ...]]:
    """What the two agreed on is theirs alone."""
    row = SupervisionAgreementRow
    return (
        select(
            row.id, row.trainee_id, TRAINEE.name, OTHER.id, OTHER.name, row.lane, row.written_at, row.in_force_at,
            row.ended_at,
        )
        .join(TRAINEE, TRAINEE.id == row.trainee_id)
        .join(OTHER, OTHER.id == row.supervisor_id)
        .where(row.course_id == asked.subject_id)
    )  # fmt: skip


def _two(_session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    for _id, person_id, name, other_id, other, *rest in rows:
        there = None if other_id is None else display_name(other_id, other)
        yield (str(person_id), display_name(person_id, name), there, *rest)


def _requests(asked: Asked) -> Select[*tuple[Any, ...]]:
    row = SupervisionRequestRow
    return (
        select(
            row.id, row.trainee_id, TRAINEE.name, OTHER.id, OTHER.name, row.lane, row.asked_at, row.answer_by,
            row.taken_at, row.ended_at,
        )
        .join(TRAINEE, TRAINEE.id == row.trainee_id)
        .outerjoin(OTHER, OTHER.id == row.taken_by)
        .where(row.course_id == asked.subject_id)
    )  # fmt: skip


def _double(asked: Asked) -> Select[*tuple[Any, ...]]:
    row = DoubleObservationRow
    return (
        select(
            row.id, ObservationRow.trainee_id, TRAINEE.name, OTHER.id, OTHER.name, ActivityRow.title,
            ObservationRow.state, row.chosen_at, row.reminded_at, row.ended_at,
        )
        .join(ObservationRow, ObservationRow.id == row.observation_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(TRAINEE, TRAINEE.id == ObservationRow.trainee_id)
        .outerjoin(OTHER, OTHER.id == row.person_id)
        .where(ActivityRow.course_id == asked.subject_id, ObservationRow.state != State.WITHDRAWN)
    )  # fmt: skip


def _one(_session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    for _id, person_id, name, *rest in rows:
        yield (str(person_id), display_name(person_id, name), *rest)


COURSE_TABLES: tuple[Table, ...] = (
    Table(
        name="observations", of=Of.COURSE, title=_N("Observations"),
        columns=headings(
            _N("Observation id"), *WHO, _N("Activity"), _N("State"), _N("Practice model"), _N("Setting"),
            _N("Asked for at (UTC)"), _N("To begin at (UTC)"), _N("Shared at (UTC)"), _N("Answered at (UTC)"),
            _N("Released at (UTC)"), _N("Observers"), _N("Lanes signed"),
        ),
        rows=_observations, key=ObservationRow.id, lines=_observation_lines, shows=frozenset({Field.STATUS}),
    ),
    Table(
        name="gradebook", of=Of.COURSE, title=_N("Gradebook columns, cell by cell"),
        columns=headings(
            *WHO, _N("Column"), _N("State"), _N("Score"), _N("Of"), _N("Since (UTC)"), _N("Accepted score"),
            _N("Accepted of"), _N("Accepted at (UTC)"), _N("Score in the LMS"), _N("Of in the LMS"),
            _N("LMS read at (UTC)"),
        ),
        rows=_gradebook, key=DeliveryRow.id, lines=_one, shows=frozenset({Field.SCORE}),
    ),
    Table(
        name="placements", of=Of.COURSE, title=_N("Placements"),
        columns=headings(
            *WHO, _N("Site"), _N("Practice model"), _N("Setting"), _N("Compensation"), _N("Begins on"),
            _N("Ends on"), _N("Without an agreement with the site"), _N("Ended at (UTC)"),
        ),
        rows=_placements, key=PlacementRow.id, lines=_one, shows=frozenset({Field.PLACEMENT}),
    ),
    Table(
        name="supervision", of=Of.COURSE, title=_N("Who supervises whom"),
        columns=headings(
            *WHO, _N("Supervisor"), _N("Lane"), _N("Written at (UTC)"), _N("In force since (UTC)"),
            _N("Ended at (UTC)"),
        ),
        rows=_supervision, key=SupervisionAgreementRow.id, lines=_two,
    ),
    Table(
        name="supervision_requests", of=Of.COURSE, title=_N("Who asked for supervision, and when it was answered"),
        columns=headings(
            *WHO, _N("Taken by"), _N("Lane"), _N("Asked for at (UTC)"), _N("Answer promised by (UTC)"),
            _N("Taken at (UTC)"), _N("Ended at (UTC)"),
        ),
        rows=_requests, key=SupervisionRequestRow.id, lines=_two, shows=frozenset({Field.SUPERVISION_REQUEST}),
    ),
    Table(
        name="double_observations", of=Of.COURSE, title=_N("Observations by two observers"),
        columns=headings(
            *WHO, _N("Second observer"), _N("Activity"), _N("State"), _N("Chosen at (UTC)"), _N("Reminded at (UTC)"),
            _N("Stays with one since (UTC)"),
        ),
        rows=_double, key=DoubleObservationRow.id, lines=_two, shows=frozenset({Field.STATUS}),
    ),
)  # fmt: skip
