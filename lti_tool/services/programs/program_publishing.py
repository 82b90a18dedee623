"""Publishing a program's draft: what is new in it, for whom it matters, and taking it into use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.program import Program
from grading.telling.differences import Difference, differences
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.notify import news
from lti_tool.services.programs import program_drafts, programs_in_use
from lti_tool.services.programs.program_drafts import Draft
from lti_tool.services.programs.program_versions import found_program, versions
from lti_tool.services.programs.programs_in_use import Looked
from lti_tool.store.drafts import DraftEnd
from lti_tool.store.messages import MessageKind
from lti_tool.store.programs import EnrollmentRow, ProgramVersionRow
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Ahead:
    """What publishing a draft would do."""

    looked: Looked | None
    """None where the text cannot be read."""
    problems: tuple[DocumentProblem, ...]
    before: Program | None
    """The edition that people enter now; None for a new program."""
    differences: tuple[Difference, ...]
    enrolled: Mapping[str, int]
    """How many people are on the way, by edition."""
    another_id: bool
    """Whether the text names another program than the one that is written."""

    @property
    def ready(self) -> bool:
        """Whether it can be published as it stands."""
        looked = self.looked
        return (
            looked is not None
            and bool(looked.new)
            and not (looked.to_mend or looked.changed or self.another_id or looked.editions[0].comparison_only)
        )


def ahead(session: Session, draft: Draft, organization_id: UUID) -> Ahead:
    """What would be so. Nothing is written."""
    program = found_program(session, organization_id, draft.program_id)
    published = versions(session, program.id)
    before = published[-1].program if published else None
    by_edition = session.execute(
        select(ProgramVersionRow.edition, func.count())
        .join(EnrollmentRow, EnrollmentRow.version_id == ProgramVersionRow.id)
        .where(EnrollmentRow.program_id == program.id, EnrollmentRow.ended_at.is_(None))
        .group_by(ProgramVersionRow.edition)
        .order_by(ProgramVersionRow.edition)
    ).all()
    enrolled = {str(edition): count for edition, count in by_edition}
    try:
        looked = programs_in_use.look_at(session, organization_id, draft.text)
    except DocumentProblems as unreadable:
        return Ahead(None, unreadable.problems, before, (), enrolled, another_id=False)
    found = differences(before, looked.editions[-1]) if before is not None else ()
    return Ahead(looked, (), before, found, enrolled, another_id=looked.editions[0].id != program.key)


def publish(session: Session, visitor: Visitor, program_id: UUID, *, step: int, why: str, now: datetime) -> UUID:
    """Take the draft's edition into use; the answer is the program's id. Twice the same changes nothing.

    `step` is the step of the draft that was looked over: what came since is not published unseen. Raises `Refused`,
    `DocumentProblems` and `NotHere`.
    """
    by = Author(visitor.organization_id, visitor.person_id)
    row = program_drafts.open_row(session, visitor.organization_id, program_id, to_change=True)
    if row.step != step:
        raise Refused("changed_meanwhile", "The draft was changed since you looked it over. Please look again.")
    draft = program_drafts.draft(session, visitor.organization_id, program_id)
    found = ahead(session, draft, visitor.organization_id)
    if found.another_id:
        key = found_program(session, visitor.organization_id, program_id).key
        raise Refused(
            "another_id", "The id in the text is another one. Please write id = “%(key)s” in the TOML.", key=key
        )
    if found.looked is not None and not found.looked.new:
        raise Refused("edition_there", "This edition is published already. Please give the new one a key of its own.")
    programs_in_use.publish(session, visitor, visitor.organization_id, row.text, why=why, now=now)
    newest = versions(session, program_id)[-1]
    row.ended_at, row.ended_as, row.version_id = now, DraftEnd.PUBLISHED, newest.id
    row.changed_at, row.changed_by = now, visitor.person_id
    session.flush()
    program_drafts.note(session, by, "program_draft.publish", row.id, now, number=newest.number)
    _tell(session, visitor, program_id, now)
    return program_id


def _tell(session: Session, visitor: Visitor, program_id: UUID, now: datetime) -> None:
    """Everybody who is on the way hears of it, and stays where they are."""
    people = session.execute(
        select(EnrollmentRow.id, EnrollmentRow.person_id).where(
            EnrollmentRow.program_id == program_id, EnrollmentRow.ended_at.is_(None)
        )
    ).all()
    for enrollment_id, person_id in people:
        news(
            session, organization_id=visitor.organization_id, person_id=person_id, now=now, kind=MessageKind.PROGRAM,
            path=f"/path/{enrollment_id}", sender_id=visitor.person_id,
        )  # fmt: skip
