"""A sample program: what a running program looks like, with people who do not exist.

An organization has it or not (`organization.sample_since`). Its rules and its people lie in files, and where they
stand is worked out when somebody looks. Nothing of it is in the tables of programs, people and evidence: so it is
counted nowhere, nobody can be enrolled in it or decided on by it, and taking it away leaves nothing behind.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grading.editions import enrolled
from grading.evidence import Evidence
from grading.program import Program, Who
from grading.standing import standing
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.shipped_programs import program_in, text_in
from lti_tool.paths import CONFIG
from lti_tool.services import audit
from lti_tool.services.cohorts.cohort_matrix import Cell, Line
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.programs.program_versions import Version, day_in
from lti_tool.services.standing.kept_standings import kept_of
from lti_tool.services.standing.standings import Stands
from lti_tool.store.organizations import OrganizationRow

FOLDER = CONFIG / "sample"
NOWHERE = UUID(int=0)
"""In place of every id: no row has it."""
DRAWN_UP = datetime.fromisoformat("2026-03-01T00:00:00Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A person who does not exist, and where they stand."""

    key: str
    name: str
    stands: Stands


def is_in_place(session: Session, organization_id: UUID) -> bool:
    """Whether program leads of the organization see it."""
    asked = select(OrganizationRow.sample_since).where(OrganizationRow.id == organization_id)
    return session.scalars(asked).one() is not None


def require(session: Session, organization_id: UUID) -> None:
    """Raises `NotHere` where it is not in place."""
    if not is_in_place(session, organization_id):
        raise NotHere


def put_in_place(session: Session, visitor: Visitor, now: datetime) -> None:
    """Show it to everybody who leads programs of the organization. Twice changes nothing."""
    _change(session, visitor, since=now, act="sample_program.put_in_place", now=now)


def take_away(session: Session, visitor: Visitor, now: datetime) -> None:
    """Show it no more. Twice changes nothing; it can be put in place again."""
    _change(session, visitor, since=None, act="sample_program.take_away", now=now)


def program() -> InUse:
    """The program, as if it were in use."""
    version = Version(NOWHERE, NOWHERE, 1, _program(), None, DRAWN_UP)
    return InUse(
        NOWHERE, NOWHERE, version.program.id, version.program.name, shipped=False, open_to_ask=False, closed_at=None,
        versions=(version,),
    )  # fmt: skip


def people(now: datetime) -> tuple[MadeUp, ...]:
    """The made-up people, by name, with their days moved so that what they did is as fresh as today."""
    version = program().versions[0]
    today = day_in(version.program, now)
    return tuple(_made_up(key, version, today) for key in _keys())


def person(key: str, now: datetime) -> MadeUp:
    """One of them. Raises `NotHere`."""
    found = next((each for each in people(now) if each.key == key), None)
    if found is None:
        raise NotHere
    return found


def line(person: MadeUp) -> Line:
    """One of them as a line of a cohort."""
    kept, stands = kept_of(person.stands, program().versions), person.stands
    values = kept.values
    return Line(
        enrollment_id=NOWHERE,
        person_id=NOWHERE,
        name=person.name,
        entered_on=stands.enrolled.since or stands.today,
        edition=stands.version.program.edition,
        status=values["status"],
        stage=values["stage"],
        paused=values["paused"],
        met=values["met"],
        waiting=values["waiting"],
        asked=values["asked"],
        waits_for=tuple(Who(each) for each in values["waits_for"]),
        due_on=values["due_on"],
        due=values["due"],
        new_on=values["new_on"],
        as_of=stands.today,
        is_stale=False,
        cells={
            each["requirement"]: Cell(each["answer"], each["sure"], each["with_waiting"], each["asked_for"])
            for each in kept.answers
        },
    )


def _change(session: Session, visitor: Visitor, *, since: datetime | None, act: str, now: datetime) -> None:
    column = OrganizationRow.sample_since
    is_so = column.is_(None) if since is None else column.is_not(None)
    changed = session.execute(
        update(OrganizationRow)
        .where(OrganizationRow.id == visitor.organization_id, ~is_so)
        .values(sample_since=since)
        .returning(OrganizationRow.id)
    ).all()
    if changed:
        audit.write(
            session, organization_id=visitor.organization_id, person_id=visitor.person_id, act=act,
            subject=f"organization:{visitor.organization_id}", now=now,
        )  # fmt: skip


def _made_up(key: str, version: Version, today: date) -> MadeUp:
    evidence = _evidence(key, today)
    on = enrolled([version.program], evidence, today)
    return MadeUp(
        key,
        evidence.person,
        Stands(
            enrollment_id=NOWHERE,
            program_id=NOWHERE,
            person_id=NOWHERE,
            version=version,
            enrolled=on,
            today=today,
            standing=standing(on.program, on.evidence, today),
        ),
    )


@lru_cache(maxsize=1)
def _program() -> Program:
    return program_in(FOLDER / "program.toml")[0]


@lru_cache(maxsize=1)
def _keys() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (FOLDER / "people").glob("*.toml")))


@lru_cache(maxsize=32)
def _evidence(key: str, today: date) -> Evidence:
    zone = ZoneInfo(_program().time_zone)
    text = text_in(FOLDER / "people" / f"{key}.toml")
    written_on = read_evidence(text, zone=zone, source=key)[1]
    return read_evidence(_moved(text, today - written_on), zone=zone, source=key)[0]


def _moved(text: str, days: timedelta) -> str:
    """A document with each of its days so much later."""
    return _DAY.sub(lambda found: (date.fromisoformat(found[0]) + days).isoformat(), text)
