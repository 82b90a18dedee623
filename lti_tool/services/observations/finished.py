"""The finished observations of an activity, as what its gradebook columns show is worked out from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from grading.scores import FinishedObservation
from lti_tool.documents.rubric import from_document
from lti_tool.store.observations import AssessmentRow, ObservationRow, RatingRow
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.observation import State
from rubrics.rubric import Rubric


@dataclass(slots=True)
class _Seen:
    trainee_id: UUID
    version_id: UUID
    agreed_for: datetime | None
    released_at: datetime | None
    handed_in: datetime
    ratings: list[tuple[str, int | None]] = field(default_factory=list)

    @property
    def held_at(self) -> datetime:
        """The time that was agreed; where there was none, the moment at which the first observer handed in."""
        return min(self.agreed_for, self.handed_in) if self.agreed_for else self.handed_in


@dataclass(frozen=True, slots=True)
class Edition:
    """What of a rubric's edition matters for scores."""

    tops: Mapping[str, int]
    must_be_met: Mapping[str, int]
    pilot: bool


def finished(
    session: Session, activity_id: UUID, people: Iterable[UUID] | None = None
) -> dict[UUID, tuple[FinishedObservation, ...]]:
    """By trainee, the released observations in the order in which they were held; of these people, or of all.

    As many questions to the database for all as for one. Who has none is not among them.
    """
    seen = _seen(session, activity_id, None if people is None else list(people))
    editions = editions_of(session, {one.version_id for one in seen.values()})
    found: dict[UUID, list[FinishedObservation]] = {}
    in_order = sorted(seen.items(), key=lambda item: (item[1].held_at, item[1].released_at or item[1].held_at, item[0]))
    for _, one in in_order:
        edition = editions[one.version_id]
        observation = FinishedObservation(tuple(one.ratings), edition.tops, edition.pilot, edition.must_be_met)
        found.setdefault(one.trainee_id, []).append(observation)
    return {person_id: tuple(observations) for person_id, observations in found.items()}


def _seen(session: Session, activity_id: UUID, people: list[UUID] | None) -> dict[UUID, _Seen]:
    which = () if people is None else (ObservationRow.trainee_id.in_(people),)
    rows = session.execute(
        select(
            ObservationRow.id,
            ObservationRow.trainee_id,
            ObservationRow.rubric_version_id,
            ObservationRow.starts_at,
            ObservationRow.proposed_by,
            ObservationRow.released_at,
            ObservationRow.requested_at,
            AssessmentRow.submitted_at,
            RatingRow.criterion,
            RatingRow.level,
        )
        .join(
            AssessmentRow,
            and_(
                AssessmentRow.observation_id == ObservationRow.id,
                AssessmentRow.of_oneself.is_(False),
                AssessmentRow.submitted_at.is_not(None),
            ),
        )
        .outerjoin(RatingRow, RatingRow.assessment_id == AssessmentRow.id)
        .where(ObservationRow.activity_id == activity_id, ObservationRow.state == State.RELEASED, *which)
    )
    seen: dict[UUID, _Seen] = {}
    for id_, trainee_id, version_id, starts_at, proposed_by, released_at, requested_at, submitted_at, *rating in rows:
        handed_in = submitted_at or requested_at
        agreed_for = starts_at if proposed_by is None else None
        one = seen.setdefault(id_, _Seen(trainee_id, version_id, agreed_for, released_at, handed_in))
        one.handed_in = min(one.handed_in, handed_in)
        if rating[0] is not None:
            one.ratings.append((rating[0], rating[1]))
    return seen


def editions_of(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, Edition]:
    """What of these editions matters for scores."""
    rows = session.execute(
        select(RubricVersionRow.id, RubricVersionRow.document).where(RubricVersionRow.id.in_(list(version_ids)))
    )
    return {version_id: _edition(from_document(document)) for version_id, document in rows}


def _edition(rubric: Rubric) -> Edition:
    return Edition(
        tops={each.key: max(level.number for level in each.levels) for each in rubric.criteria},
        must_be_met={each.key: each.met_at for each in rubric.criteria if each.must_be_met},
        pilot=rubric.pilot,
    )
