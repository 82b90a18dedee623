"""What somebody takes along: their evidence, the program's text, and where they stand, so that anybody can check it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.editions import Enrolled, enrolled
from grading.evidence import Evidence
from grading.program import Program
from grading.standing import standing
from lti_tool.documents import DocumentProblems
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.evidence_out import evidence_json
from lti_tool.documents.program import read_program
from lti_tool.documents.shipped_programs import edition_of
from lti_tool.documents.standing_json import standing_json
from lti_tool.documents.transcript import EVIDENCE, PROGRAM, STANDING, command
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs.my_programs import own_enrollment
from lti_tool.services.programs.path_pages import PathPage, path_page
from lti_tool.services.standing.person_evidence import evidence_of
from lti_tool.services.standing.standings import stands
from lti_tool.store.programs import ProgramVersionRow
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Transcript:
    """All of it."""

    person_name: str
    page: PathPage
    made_at: datetime
    files: Mapping[str, str]
    """By their names; exactly these characters, in UTF-8, are what the digests are of."""
    command: str
    """What anybody can run to come to the same standing; "": it cannot be reached from one document alone."""


def transcript(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> Transcript:
    """The visitor's own, of today. Raises `NotHere`."""
    enrollment = own_enrollment(session, visitor, enrollment_id)
    found = stands(session, enrollment, now, own=True)
    entered = found.version.program
    evidence = evidence_of(
        session, enrollment, edition=entered.edition, zone=ZoneInfo(entered.time_zone), released_by=now
    )
    program = found.enrolled.program
    text = _text_of(session, found.program_id, program.edition)
    written = evidence_json(evidence, found.today)
    own = standing_json(found.standing, program)
    reached, how = _reached(text, written, own, program.edition)
    return Transcript(
        person_name=display_name(visitor.person_id, visitor.name),
        page=path_page(found),
        made_at=now,
        files={PROGRAM: text, EVIDENCE: written, STANDING: reached},
        command=how,
    )


def _text_of(session: Session, program_id: UUID, edition: str) -> str:
    asked = select(ProgramVersionRow.text).where(
        ProgramVersionRow.program_id == program_id, ProgramVersionRow.edition == edition
    )
    return session.scalars(asked).one()


def _reached(text: str, written: str, own: str, edition: str) -> tuple[str, str]:
    """The standing as it follows from the two documents, and the command that leads to it.

    Somebody who came from an edition of another document stands as no single document can say: then it is the one
    that Attune says, without a command.
    """
    try:
        editions = read_program(text, source=PROGRAM)
        evidence, day = read_evidence(written, zone=ZoneInfo(editions[-1].time_zone), source=EVIDENCE)
        for named in (None, edition):
            here = _enrolled(editions, named, evidence, day)
            found = standing_json(standing(here.program, here.evidence, day), here.program)
            if found == own:
                return found, command(named)
    except (DocumentProblems, Refused):
        pass
    return own, ""


def _enrolled(editions: Sequence[Program], named: str | None, evidence: Evidence, day: date) -> Enrolled:
    if named is not None:
        return Enrolled(edition_of(editions, named), evidence, evidence.entered_on)
    return enrolled(editions, evidence, day)
