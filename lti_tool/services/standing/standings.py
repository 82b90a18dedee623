"""Where somebody stands in a program of the organization: what the engine says of what Attune knows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from grading.editions import Enrolled, enrolled
from grading.evidence import Evidence, Item
from grading.standing import Standing, standing
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.edition_choices import Choices, choices_of, entered_first, of_their_edition
from lti_tool.services.programs.program_versions import Version, day_in
from lti_tool.services.standing.person_evidence import Asked, evidence_of_many
from lti_tool.store.programs import EnrollmentRow, ProgramRow


@dataclass(frozen=True, slots=True)
class Stands:
    """One enrollment, with its whole standing on a day."""

    enrollment_id: UUID
    program_id: UUID
    person_id: UUID
    version: Version
    """The edition that they entered; `enrolled.program` may be a later one since a renewal."""
    enrolled: Enrolled
    today: date
    """In the time zone of the program."""
    standing: Standing


def found_enrollment(
    session: Session, organization_id: UUID, enrollment_id: UUID, *, locked: bool = False
) -> EnrollmentRow:
    """An enrollment of the organization, whoever's it is. Raises `NotHere`."""
    asked = select(EnrollmentRow).where(
        EnrollmentRow.id == enrollment_id, EnrollmentRow.organization_id == organization_id
    )
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise NotHere
    return found


def stands(
    session: Session, enrollment: EnrollmentRow, now: datetime, imagined: Iterable[Item] = (), *, own: bool = False
) -> Stands:
    """Where the person of this enrollment stands; with `imagined` things, where they would. Nothing is written.

    `own`: as they read it themselves, without decisions that are released to them later.
    """
    return many_stands(session, [enrollment], now, imagined, own=own)[0]


def many_stands(
    session: Session,
    enrollments: Sequence[EnrollmentRow],
    now: datetime,
    imagined: Iterable[Item] = (),
    *,
    own: bool = False,
    without: frozenset[str] = frozenset(),
) -> tuple[Stands, ...]:
    """The same of several, in their order: as many questions to the database as for one.

    Things whose ids are in `without` are left out, as if they were not there.
    """
    programs = program_versions.versions_of(session, list({each.program_id for each in enrollments}))
    entered = {
        each.id: next(one for one in programs[each.program_id] if one.id == each.version_id) for each in enrollments
    }
    choices = choices_of(session, enrollments, programs)
    asked = [Asked(each, entered[each.id].program.edition, _zone(entered[each.id])) for each in enrollments]
    evidence = evidence_of_many(session, asked, released_by=now if own else None)
    more = tuple(imagined)
    return tuple(
        _stands(
            each,
            programs[each.program_id],
            entered[each.id],
            choices[each.id],
            _but(evidence[each.id], without, more),
            day_in(entered[each.id].program, now),
        )
        for each in enrollments
    )


def _but(evidence: Evidence, without: frozenset[str], more: tuple[Item, ...]) -> Evidence:
    kept = tuple(item for item in evidence.items if item.id not in without) if without else evidence.items
    return replace(evidence, items=(*kept, *more))


def _stands(
    enrollment: EnrollmentRow,
    every: Sequence[Version],
    entered: Version,
    choices: Choices,
    evidence: Evidence,
    today: date,
) -> Stands:
    editions = [each.program for each in every]
    on = of_their_edition(enrolled(editions, entered_first(evidence, choices), today, choices.chosen))
    return Stands(
        enrollment_id=enrollment.id,
        program_id=enrollment.program_id,
        person_id=enrollment.person_id,
        version=entered,
        enrolled=on,
        today=today,
        standing=standing(on.program, on.evidence, today),
    )


def _zone(version: Version) -> ZoneInfo:
    return ZoneInfo(version.program.time_zone)


_ENROLLMENTS = (
    select(EnrollmentRow, ProgramRow)
    .join(ProgramRow, ProgramRow.id == EnrollmentRow.program_id)
    .where(EnrollmentRow.person_id == bindparam("person_id"), EnrollmentRow.ended_at.is_(None))
    .order_by(EnrollmentRow.enrolled_at.desc())
)


def enrollments_of(session: Session, person_id: UUID) -> tuple[tuple[EnrollmentRow, ProgramRow], ...]:
    """What somebody is enrolled in, the newest first."""
    rows = session.execute(_ENROLLMENTS, {"person_id": person_id})
    return tuple((row[0], row[1]) for row in rows)
