"""Who practices where, in a course: as each reader may see it, and where an observation takes place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import ACCESS, Capability, Field, Who, may_change, may_see
from lti_tool.services.caseload.relations import relations_of
from lti_tool.services.courses import people_list
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.courses.readers import people_around
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import TAKING_PART, display_name
from lti_tool.services.observations.read import Record
from lti_tool.services.personal_data.record_access import Reader, log_reading
from lti_tool.services.practicum import sites
from lti_tool.services.practicum.sites import Site, not_over
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import PlacementRow, SiteRow
from rubrics.observation import NEVER_SEEN, State
from rubrics.practice import Compensation, PracticeModel, Setting

MOST_OF_ONE = 50


@dataclass(frozen=True, slots=True)
class Placement:
    """A trainee practices at a site."""

    id: UUID
    trainee_id: UUID
    site_id: UUID
    site_name: str
    model: PracticeModel | None
    setting: Setting | None
    compensation: Compensation | None
    """None: not said, or not for this reader."""
    begins_on: date
    ends_on: date | None
    without_agreement: bool
    """Whether it was made although no agreement was in force; said to instructors only."""
    ended_at: datetime | None

    def is_over(self, today: date) -> bool:
        """Whether it ended, or its last day is past."""
        return self.ended_at is not None or (self.ends_on is not None and self.ends_on < today)


@dataclass(frozen=True, slots=True)
class OnePlacement:
    """A placement with its site, for a reader who may see it."""

    placement: Placement
    trainee_name: str
    site: Site
    who: frozenset[Who]

    @property
    def may_change(self) -> bool:
        """Whether the reader may end it."""
        return may_change(Field.PLACEMENT, self.who)


@dataclass(frozen=True, slots=True)
class Where:
    """Where and in which kind of practice an observation takes place."""

    site: Site | None
    model: PracticeModel | None
    setting: Setting | None
    interpreter: bool | None
    """Whether an interpreter was present."""


def trainees(session: Session, visitor: Visitor, place: Place, search: str = "") -> Sequence[tuple[UUID, str]]:
    """The trainees of the course of whom the visitor sees where they practice, by name; not the visitor."""
    reach = _Reach.of(session, visitor, place)
    wanted = search.casefold()
    return [
        (person_id, name)
        for person_id, name in people_list.trainees(session, place)
        if person_id != visitor.person_id
        and may_see(Field.PLACEMENT, reach.ways(person_id))
        and wanted in name.casefold()
    ]


def of_trainees(
    session: Session, place: Place, trainee_ids: Collection[UUID], today: date
) -> Mapping[UUID, Sequence[Placement]]:
    """Where these practice now or will, by trainee. Whether the reader may see it, `trainees` says."""
    found: dict[UUID, list[Placement]] = {trainee_id: [] for trainee_id in trainee_ids}
    rows = session.execute(
        select(PlacementRow, SiteRow.name)
        .join(SiteRow, SiteRow.id == PlacementRow.site_id)
        .where(
            PlacementRow.course_id == place.course.id,
            PlacementRow.trainee_id.in_(found),
            PlacementRow.ended_at.is_(None),
            not_over(today),
        )
        .order_by(PlacementRow.begins_on, PlacementRow.id)
    )
    whole = Capability.INSTRUCTOR in place.capabilities
    for row, site_name in rows:
        found[row.trainee_id].append(_placement(row, site_name, whole=whole))
    return found


def own(session: Session, visitor: Visitor, place: Place, today: date) -> tuple[OnePlacement, ...]:
    """The visitor's own placements in the course, those of today first, with all about their sites."""
    rows = session.execute(
        select(PlacementRow, SiteRow.name)
        .join(SiteRow, SiteRow.id == PlacementRow.site_id)
        .where(PlacementRow.course_id == place.course.id, PlacementRow.trainee_id == visitor.person_id)
        .order_by(PlacementRow.begins_on.desc())
        .limit(MOST_OF_ONE)
    )
    mine = [_placement(row, site_name) for row, site_name in rows]
    name = display_name(visitor.person_id, visitor.name)
    who = frozenset({Who.TRAINEE})
    where_to = sites.sites_by_id(session, place.organization_id, {one.site_id for one in mine})
    ordered = sorted(mine, key=lambda one: one.is_over(today))
    return tuple(OnePlacement(one, name, where_to[one.site_id], who) for one in ordered)


def placement(session: Session, visitor: Visitor, place: Place, placement_id: UUID) -> OnePlacement:
    """One placement with its site. Raises `NotHere` for whoever may not see it."""
    found = session.execute(
        select(PlacementRow, SiteRow.name, PersonRow.name)
        .join(SiteRow, SiteRow.id == PlacementRow.site_id)
        .join(PersonRow, PersonRow.id == PlacementRow.trainee_id)
        .where(PlacementRow.id == placement_id, PlacementRow.course_id == place.course.id)
    ).one_or_none()
    if found is None:
        raise NotHere
    row, site_name, name = found
    who = _Reach.of(session, visitor, place).ways(row.trainee_id)
    if not may_see(Field.PLACEMENT, who):
        raise NotHere
    whole = bool(who & {Who.TRAINEE, Who.INSTRUCTOR})
    return OnePlacement(
        placement=_placement(row, site_name, whole=whole),
        trainee_name=display_name(row.trainee_id, name),
        site=sites.site(session, place.organization_id, row.site_id),
        who=who,
    )


def readers(session: Session, place: Place, trainee_id: UUID, trainee_name: str) -> tuple[Reader, ...]:
    """Who sees where this trainee practices, by name."""
    names: dict[Who, tuple[str, ...]] = {Who.TRAINEE: (trainee_name,)}
    for person in people_around(session, place.course.id, place.activity.id, trainee_id):
        names[person.who] = (*names.get(person.who, ()), person.name)
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.PLACEMENT].see)


def where_of(session: Session, visitor: Visitor, record: Record, now: datetime) -> Where | None:
    """Where the observation takes place, for this reader of its record; the read log has it. None: not said."""
    if not may_see(Field.PLACEMENT, record.who):
        return None
    found = where(session, record.line.id)
    if found is not None:
        log_reading(
            session,
            visitor,
            trainee_id=record.line.trainee_id,
            seen={record.line.id: [Field.PLACEMENT]},
            now=now,
        )
    return found


def where(session: Session, observation_id: UUID) -> Where | None:
    """Where it takes place; None: not said. Who may read it, the caller asks."""
    row = session.get_one(ObservationRow, observation_id)
    if (row.site_id, row.model, row.setting, row.interpreter) == (None, None, None, None):
        return None
    site = sites.site(session, row.organization_id, row.site_id) if row.site_id else None
    return Where(site, row.model, row.setting, row.interpreter)


@dataclass(frozen=True, slots=True)
class _Reach:
    """Of whom somebody sees where they practice."""

    person_id: UUID
    instructs: bool
    signs_for_all: bool
    """In a lane that the activity needs, as somebody whom the LMS has in the course."""
    supervises: frozenset[UUID]
    observes: frozenset[UUID]
    conflicts: frozenset[UUID]

    @classmethod
    def of(cls, session: Session, visitor: Visitor, place: Place) -> "_Reach":
        """As the visitor stands in the course."""
        relations = relations_of(session, visitor.person_id, place.course.id)
        lanes = place.lanes & frozenset(place.activity.lanes)
        return cls(
            person_id=visitor.person_id,
            instructs=Capability.INSTRUCTOR in place.capabilities,
            signs_for_all=bool(lanes) and not place.external,
            supervises=frozenset(trainee_id for trainee_id, lane in relations.supervises if lane in lanes),
            observes=relations.observes | _observed(session, visitor, place),
            conflicts=relations.conflicts,
        )

    def ways(self, trainee_id: UUID) -> frozenset[Who]:
        """How they stand to this trainee."""
        if trainee_id == self.person_id:
            return frozenset({Who.TRAINEE})
        free = trainee_id not in self.conflicts
        ways = {
            Who.INSTRUCTOR: self.instructs,
            Who.SUPERVISOR: free and (self.signs_for_all or trainee_id in self.supervises),
            Who.OBSERVER: free and trainee_id in self.observes,
        }
        return frozenset(who for who, stands in ways.items() if stands)


def _observed(session: Session, visitor: Visitor, place: Place) -> frozenset[UUID]:
    return frozenset(
        session.scalars(
            select(ObservationRow.trainee_id)
            .join(ObserverRow, ObserverRow.observation_id == ObservationRow.id)
            .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
            .where(
                ActivityRow.course_id == place.course.id,
                ObserverRow.person_id == visitor.person_id,
                ObserverRow.state.in_(TAKING_PART),
                ObservationRow.state.not_in(NEVER_SEEN | {State.WITHDRAWN}),
            )
            .distinct()
        )
    )


def _placement(row: PlacementRow, site_name: str, *, whole: bool = True) -> Placement:
    return Placement(
        id=row.id,
        trainee_id=row.trainee_id,
        site_id=row.site_id,
        site_name=site_name,
        model=row.model,
        setting=row.setting,
        compensation=row.compensation if whole else None,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
        without_agreement=row.without_agreement,
        ended_at=row.ended_at,
    )
