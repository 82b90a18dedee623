"""Publishing rubrics and placing activities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.scores import LAST, ColumnShows
from lti_tool.access import Capability
from lti_tool.documents.rubric import digest, from_document, to_document
from lti_tool.services import audit
from lti_tool.services.authoring import library, rubric_lists, wording
from lti_tool.services.courses import archived
from lti_tool.services.courses.places import NotHere, Place, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, ResourceLinkRow
from lti_tool.store.rubrics import RubricRow, RubricVersionRow
from lti_tool.store.writing import insert_once
from rubrics.publication import problems
from rubrics.refusal import Refused
from rubrics.rubric import Rubric, RubricVersion
from rubrics.sign_off import Lane


@dataclass(frozen=True, slots=True)
class RubricChoice:
    """A published rubric as the picker shows it; `reviewed` is None while no one with lived experience has."""

    version_id: UUID
    title: str
    summary: str
    language: str
    """Of the title and the summary."""
    criteria_count: int
    reviewed: str | None


def publish_rubric(
    session: Session, organization_id: UUID, rubric: Rubric, *, now: datetime, person_id: UUID | None = None
) -> UUID:
    """Freeze the rubric as a new version; the same content twice is one version. Raises `Refused`.

    Whether it was reviewed is asked where a draft is published: what comes with Attune says that it was not yet.
    """
    _require_ready(session, organization_id, rubric)
    return freeze(session, organization_id, rubric, now=now, person_id=person_id)


def freeze(
    session: Session, organization_id: UUID, rubric: Rubric, *, now: datetime, person_id: UUID | None = None
) -> UUID:
    """Make a version of the rubric, which was found ready before; the same content twice is one version."""
    insert_once(session, RubricRow, id=new_id(), organization_id=organization_id, key=rubric.key)
    rubric_id = session.scalars(
        select(RubricRow.id)
        .where(RubricRow.organization_id == organization_id, RubricRow.key == rubric.key)
        .with_for_update()
    ).one()
    content = digest(rubric)
    same = select(RubricVersionRow.id).where(
        RubricVersionRow.rubric_id == rubric_id, RubricVersionRow.digest == content
    )
    known = session.scalars(same).one_or_none()
    if known is not None:
        return known
    latest = session.scalars(
        select(func.max(RubricVersionRow.number)).where(RubricVersionRow.rubric_id == rubric_id)
    ).one()
    version = RubricVersionRow(
        id=new_id(),
        organization_id=organization_id,
        rubric_id=rubric_id,
        number=(latest or 0) + 1,
        document=to_document(rubric),
        digest=content,
        published_at=now,
    )
    session.add(version)
    session.flush()
    audit.write(
        session,
        organization_id=organization_id,
        person_id=person_id,
        act="rubric.publish",
        subject=f"rubric_version:{version.id}",
        now=now,
        digest=content,
    )
    return version.id


def _require_ready(session: Session, organization_id: UUID, rubric: Rubric) -> None:
    found = [(problem.place, problem.sentence) for problem in problems(rubric)] or [
        (finding.place, finding.in_english()) for finding in wording.blocking(session, organization_id, rubric)
    ]
    if found:
        place, problem = found[0]
        raise Refused(
            "not_ready",
            "The rubric is not ready to be published: %(place)s: %(problem)s",
            place=place,
            problem=problem,
        )


def choices(session: Session, organization_id: UUID, wanted: Sequence[str] = ()) -> tuple[RubricChoice, ...]:
    """The newest version of each rubric that is offered, by title in the first of the wanted languages."""
    return tuple(
        RubricChoice(
            version_id=each.version_id,
            title=each.title,
            summary=each.summary,
            language=each.language,
            criteria_count=each.criteria_count,
            reviewed=each.reviewed,
        )
        for each in rubric_lists.published(session, organization_id, wanted)
        if each.retired_at is None
    )


def rubric_of(session: Session, version_id: UUID) -> RubricVersion:
    """A published version. Raises `NotHere`."""
    row = session.execute(
        select(RubricVersionRow.document, RubricVersionRow.number, RubricVersionRow.digest).where(
            RubricVersionRow.id == version_id
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    document, number, content = row
    return RubricVersion(from_document(document), number, content)


@dataclass(frozen=True, slots=True)
class ActivityChoice:
    """What an instructor chose for an activity."""

    version_id: UUID
    title: str
    column_shows: ColumnShows = ColumnShows.COMPLETION
    required_observations: int = 1
    lanes: tuple[Lane, ...] = (Lane.PEER,)
    response_days: int = 7
    observers: int = 1
    column_last: int = LAST


def place_activity(
    session: Session, visitor: Visitor, course_id: UUID, choice: ActivityChoice, *, now: datetime
) -> UUID:
    """Make the activity. Raises `Refused` for a choice that does not fit, `NotHere` without instructor capability."""
    require_instructor(session, visitor, course_id)
    check(session, visitor.organization_id, choice)
    activity = ActivityRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        course_id=course_id,
        rubric_version_id=choice.version_id,
        title=choice.title.strip(),
        column_shows=choice.column_shows,
        column_last=choice.column_last,
        required_observations=choice.required_observations,
        lanes=[lane.value for lane in choice.lanes],
        response_days=choice.response_days,
        observers=choice.observers,
        created_by=visitor.person_id,
        created_at=now,
    )
    session.add(activity)
    session.flush()
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="activity.place",
        subject=f"activity:{activity.id}",
        now=now,
        column_shows=choice.column_shows.value,
        required=choice.required_observations,
        lanes=",".join(activity.lanes),
    )
    return activity.id


def use_edition(session: Session, visitor: Visitor, place: Place, number: int, *, now: datetime) -> None:
    """From now on observations of the activity are asked for with this edition of its rubric.

    Those that were asked for keep theirs. Raises `Refused`, `NotHere`.
    """
    require_instructor(session, visitor, place.course.id)
    activity = session.get_one(ActivityRow, place.activity.id, with_for_update=True, populate_existing=True)
    newer = library.newer(session, activity.rubric_version_id)
    if newer is None or not newer.used < number <= newer.newest:
        raise Refused("no_newer_edition", "This edition cannot be chosen any more. The activity stays as it is.")
    chosen = library.edition(session, place.organization_id, newer.rubric_id, number)
    activity.rubric_version_id = chosen.id
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act="activity.use_edition",
        subject=f"activity:{activity.id}",
        now=now,
        before=newer.used,
        after=number,
    )


def link_to_choose_for(session: Session, visitor: Visitor, link_id: UUID) -> ResourceLinkRow:
    """A link of a course in which the visitor is an instructor. Raises `NotHere`."""
    link = session.scalars(
        select(ResourceLinkRow).where(
            ResourceLinkRow.id == link_id, ResourceLinkRow.organization_id == visitor.organization_id
        )
    ).one_or_none()
    if link is None:
        raise NotHere
    standing_of(session, visitor.person_id, link.course_id)
    return link


def choose_for_link(
    session: Session, visitor: Visitor, link_id: UUID, choice: ActivityChoice, *, now: datetime
) -> UUID:
    """Place an activity behind a link that was added without deep linking. Raises `Refused`, `NotHere`."""
    link = link_to_choose_for(session, visitor, link_id)
    session.refresh(link, with_for_update=True)  # two instructors at once place one activity
    if link.activity_id is not None:
        return link.activity_id
    require_offered(session, choice.version_id)
    link.activity_id = place_activity(session, visitor, link.course_id, choice, now=now)
    return link.activity_id


def require_instructor(session: Session, visitor: Visitor, course_id: UUID) -> None:
    """Raises `Refused` unless the visitor is an instructor of the course, and it goes on."""
    if Capability.INSTRUCTOR not in standing_of(session, visitor.person_id, course_id).capabilities:
        raise Refused("instructors_only", "Setting up an activity is for the instructors of the course.")
    archived.check_course(session, course_id)


def require_offered(session: Session, version_id: UUID) -> None:
    """Raises `Refused` for a rubric that was retired, for whoever still had it on their page."""
    offered = select(RubricVersionRow.id).join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
    offered = offered.where(RubricVersionRow.id == version_id, RubricRow.retired_at.is_(None))
    if session.scalars(offered).one_or_none() is None:
        raise Refused("rubric_gone", "This rubric is not available. Please choose one from the list.")


def check(session: Session, organization_id: UUID, choice: ActivityChoice) -> None:
    """Raises `Refused` for a choice that does not fit, or a rubric of elsewhere."""
    owner = session.scalars(
        select(RubricVersionRow.organization_id).where(RubricVersionRow.id == choice.version_id)
    ).one_or_none()
    if owner != organization_id:
        raise Refused("rubric_gone", "This rubric is not available. Please choose one from the list.")
    if not choice.title.strip() or len(choice.title) > 255:
        raise Refused("title_needed", "Please give the activity a title of at most 255 characters.")
    if not 1 <= choice.required_observations <= 50:
        raise Refused("required_observations", "Please ask for between 1 and 50 observations.")
    if not choice.lanes or len(set(choice.lanes)) != len(choice.lanes):
        raise Refused("lanes_needed", "Please choose at least one lane that signs.")
    if not 1 <= choice.response_days <= 60:
        raise Refused("response_days", "Please give between 1 and 60 days to answer.")
    if not 1 <= choice.observers <= 10:
        raise Refused("observers", "Please let between 1 and 10 people watch one observation.")
