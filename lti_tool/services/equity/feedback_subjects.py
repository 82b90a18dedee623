"""About whom and what somebody can give feedback: who accompanied them, where they practiced, what was written."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from grading.feedback_blocks import FeedbackAbout
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.equity import FeedbackRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow, ObserverState, SignOffRow
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import PlacementRow, SiteRow
from lti_tool.store.supervision import SupervisionAgreementRow
from rubrics.observation import READ_BY_TRAINEE, UNCHANGEABLE


@dataclass(frozen=True, slots=True)
class Subject:
    """What something is said about."""

    about: FeedbackAbout
    name: str
    """Of the person, or of the site."""
    person_id: UUID | None = None
    site_id: UUID | None = None
    observation_id: UUID | None = None


def people(session: Session, visitor: Visitor) -> tuple[Subject, ...]:
    """Everybody who was assigned to the visitor, agreed with them, observed them or signed for them; by name.

    And of whom they said something: it can be taken back also where the observation was taken back meanwhile.
    """
    own = _own_ids(session, visitor)
    seen = select(ObservationRow.id).where(
        ObservationRow.trainee_id.in_(own), ObservationRow.state.in_(READ_BY_TRAINEE)
    )
    ids = union(
        select(AssignmentRow.person_id.label("id")).where(
            AssignmentRow.trainee_id.in_(own),
            AssignmentRow.assigned_as.in_((AssignedAs.OBSERVER, AssignedAs.SUPERVISOR)),
        ),
        select(SupervisionAgreementRow.supervisor_id).where(
            SupervisionAgreementRow.trainee_id.in_(own), SupervisionAgreementRow.in_force_at.is_not(None)
        ),
        select(ObserverRow.person_id).where(
            ObserverRow.observation_id.in_(seen), ObserverRow.state == ObserverState.AGREED
        ),
        select(SignOffRow.signer_id).where(SignOffRow.observation_id.in_(seen)),
        select(FeedbackRow.of_person_id).where(
            FeedbackRow.by_person_id.in_(own), FeedbackRow.about == FeedbackAbout.SUPERVISOR
        ),
    ).subquery()
    return _named(session, visitor, FeedbackAbout.SUPERVISOR, select(ids.c.id), own)


def sites(session: Session, visitor: Visitor) -> tuple[Subject, ...]:
    """Where the visitor was placed, or observed, or of what they said something; by name."""
    own = _own_ids(session, visitor)
    placed = select(PlacementRow.site_id).where(PlacementRow.trainee_id.in_(own))
    observed = select(ObservationRow.site_id).where(
        ObservationRow.trainee_id.in_(own),
        ObservationRow.state.in_(READ_BY_TRAINEE),
        ObservationRow.site_id.is_not(None),
    )
    spoken_of = select(FeedbackRow.site_id).where(
        FeedbackRow.by_person_id.in_(own), FeedbackRow.about == FeedbackAbout.SITE
    )
    rows = session.execute(
        select(SiteRow.id, SiteRow.name).where(
            SiteRow.organization_id == visitor.organization_id, SiteRow.id.in_(union(placed, observed, spoken_of))
        )
    )
    found = [Subject(FeedbackAbout.SITE, row.name, site_id=row.id) for row in rows]
    return tuple(sorted(found, key=lambda subject: (subject.name, subject.site_id)))


def writers(session: Session, visitor: Visitor, observation_id: UUID) -> tuple[Subject, ...]:
    """Whose words on a finished observation of the visitor's can be spoken of. Raises `NotHere` for any other."""
    own = _own_ids(session, visitor)
    row = session.get(ObservationRow, observation_id)
    if row is None or row.trainee_id not in own or row.state not in UNCHANGEABLE:
        raise NotHere
    wrote = select(AssessmentRow.observer_id).where(
        AssessmentRow.observation_id == observation_id,
        AssessmentRow.of_oneself.is_(False),
        AssessmentRow.submitted_at.is_not(None),
    )
    return _named(session, visitor, FeedbackAbout.FEEDBACK, wrote, own, observation_id)


def one_person(session: Session, visitor: Visitor, person_id: UUID) -> Subject:
    """One of `people`. Raises `NotHere`."""
    return _one([each for each in people(session, visitor) if each.person_id == person_id])


def one_site(session: Session, visitor: Visitor, site_id: UUID) -> Subject:
    """One of `sites`. Raises `NotHere`."""
    return _one([each for each in sites(session, visitor) if each.site_id == site_id])


def one_writer(session: Session, visitor: Visitor, observation_id: UUID, person_id: UUID) -> Subject:
    """One of `writers`. Raises `NotHere`."""
    return _one([each for each in writers(session, visitor, observation_id) if each.person_id == person_id])


def _one(found: list[Subject]) -> Subject:
    if not found:
        raise NotHere
    return found[0]


def _named(
    session: Session,
    visitor: Visitor,
    about: FeedbackAbout,
    ids: Any,
    own: Collection[UUID],
    observation_id: UUID | None = None,
) -> tuple[Subject, ...]:
    """Each human once, as they are known today, without the visitor."""
    today = select(func.coalesce(PersonRow.merged_into, PersonRow.id)).where(PersonRow.id.in_(ids))
    rows = session.execute(
        select(PersonRow.id, PersonRow.name).where(
            PersonRow.id.in_(today), PersonRow.organization_id == visitor.organization_id, PersonRow.id.not_in(own)
        )
    )
    found = [
        Subject(about, display_name(row.id, row.name), person_id=row.id, observation_id=observation_id) for row in rows
    ]
    return tuple(sorted(found, key=lambda subject: (subject.name, subject.person_id)))


def _own_ids(session: Session, visitor: Visitor) -> tuple[UUID, ...]:
    return tuple(all_ids(session, (visitor.person_id,)))
