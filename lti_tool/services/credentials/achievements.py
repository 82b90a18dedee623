"""What is certified, as credentials say it: a stage of a program's edition, in the program's words."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.evidence import Kind
from grading.program import Program, Stage, StageKind
from grading.requirements.walking import selections, walk
from lti_tool.documents.badge import Achievement, Alignment
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials.issuer_keys import address_of
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.program_versions import Version
from lti_tool.services.standing.evidence_people import word
from lti_tool.store.frameworks import CompetencyRow, FrameworkRow
from lti_tool.store.programs import ProgramRow
from lti_tool.store.rubrics import RubricRow, RubricVersionRow

MOST_ALIGNMENTS = 60
OBSERVED = frozenset({Kind.OBSERVATION, Kind.RATING})
"""Kinds of evidence whose name may be that of a rubric."""


@dataclass(frozen=True, slots=True)
class Certified:
    """What its page shows."""

    achievement: Achievement
    program: Program
    stage: Stage
    requirements: tuple[str, ...]
    """The titles of all that it asks, also by the stages before it."""


def certified(
    session: Session, organization_id: UUID, public_url: str, *, program: str, stage: str, number: int
) -> Certified:
    """What the address names: a program by its key, a stage, the number of an edition. Raises `NotHere`."""
    row = session.scalars(
        select(ProgramRow).where(ProgramRow.organization_id == organization_id, ProgramRow.key == program)
    ).one_or_none()
    every = program_versions.versions(session, row.id) if row else ()
    version = next((each for each in every if each.number == number), None)
    if version is None:
        raise NotHere
    return of_stage(session, organization_id, public_url, version=version, key=program, stage=stage)


def of_stage(
    session: Session, organization_id: UUID, public_url: str, *, version: Version, key: str, stage: str
) -> Certified:
    """The same of an edition that is at hand; `key` is that of its program. Raises `NotHere`."""
    program = version.program
    found = next((each for each in program.stages if each.key == stage), None)
    if found is None or found.kind in (StageKind.RENEWAL, StageKind.REINSTATEMENT):
        raise NotHere
    asked = tuple(_asked(program, found))
    achievement = Achievement(
        url=f"{address_of(public_url, organization_id)}/achievements/{key}/{stage}/{version.number}",
        name=f"{program.name}: {found.title}",
        description=_description(program, found),
        criteria="\n".join(f"- {each}" for each in asked) or _description(program, found),
        language=program.language,
        version=program.edition,
        alignments=_alignments(session, organization_id, program, found),
    )
    return Certified(achievement, program, found, asked)


def _way(program: Program, stage: Stage) -> Iterator[Stage]:
    """The stages that come before it on its way, the first one first, then itself."""
    before = next((each for each in program.stages if each.key == stage.after), None)
    if before is not None:
        yield from _way(program, before)
    yield stage


def _asked(program: Program, stage: Stage) -> Iterator[str]:
    for each in _way(program, stage):
        yield from (one.title for one in program.of_stage(each.key) if not one.shown_only)


def _description(program: Program, stage: Stage) -> str:
    said = (f"{program.name}: {stage.title}. {program.body}, edition {program.edition}.", stage.scope, program.summary)
    return " ".join(each.strip() for each in said if each.strip())


def _alignments(session: Session, organization_id: UUID, program: Program, stage: Stage) -> tuple[Alignment, ...]:
    """The competencies that the requirements name, themselves or by the rubrics that they ask for."""
    competencies, rubrics = _named(program, stage)
    competencies |= _of_rubrics(session, organization_id, rubrics)
    if not competencies:
        return ()
    rows = session.execute(
        select(FrameworkRow.key, FrameworkRow.document, CompetencyRow)
        .join(CompetencyRow, CompetencyRow.framework_id == FrameworkRow.id)
        .where(
            FrameworkRow.organization_id == organization_id,
            FrameworkRow.key.in_({each.partition(":")[0] for each in competencies}),
            CompetencyRow.code.in_({each.partition(":")[2] for each in competencies}),
        )
        .order_by(FrameworkRow.key, CompetencyRow.position)
    )
    found = [
        Alignment(
            name=row.document.get("short") or row.statement,
            url=row.document.get("uri") or f"urn:uuid:{row.identifier}",
            code=row.code,
            framework=framework.get("title", key),
        )
        for key, framework, row in rows
        if f"{key}:{row.code}" in competencies
    ]
    return tuple(found[:MOST_ALIGNMENTS])


def _named(program: Program, stage: Stage) -> tuple[set[str], set[str]]:
    """What the requirements name as competencies, and as names of what is observed."""
    needs = [part for each in _way(program, stage) for one in program.of_stage(each.key) for part in walk(one.need)]
    wheres = [(of, where) for need in needs for of in selections(need) for where in of.where]
    competencies = {each for _, where in wheres if where.name == "competency" for each in where.any_of}
    rubrics = {each for of, where in wheres if where.name == "name" and of.kinds & OBSERVED for each in where.any_of}
    return {each for each in competencies if ":" in each}, rubrics


def _of_rubrics(session: Session, organization_id: UUID, named: set[str]) -> set[str]:
    """The competencies to which the newest versions of these rubrics are aligned; they are named as evidence is."""
    if not named:
        return set()
    rows = session.execute(
        select(RubricRow.key, RubricVersionRow.document)
        .join(RubricVersionRow, RubricVersionRow.rubric_id == RubricRow.id)
        .where(RubricRow.organization_id == organization_id)
        .order_by(RubricRow.key, RubricVersionRow.number)
    )
    newest = {key: document for key, document in rows if word(key) in named}
    return {
        one if isinstance(one, str) else one["competency"]
        for document in newest.values()
        for criterion in document.get("criteria", ())
        for one in criterion.get("alignments", ())
    }
