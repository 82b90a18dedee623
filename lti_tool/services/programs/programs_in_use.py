"""Programs that an organization uses: looking at a document before it is, and publishing its editions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.checking.findings import Severity
from grading.program import Program
from grading.telling.differences import Difference, differences
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.program import read_program
from lti_tool.documents.program_check import Found, check_text
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.shipped_programs import MOST_BYTES
from lti_tool.services import audit
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.programs.program_versions import Version, found_program, versions
from lti_tool.store.base import new_id
from lti_tool.store.programs import ProgramRow, ProgramVersionRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import _N, Refused

LONGEST_WHY = 2_000
SOURCE = "program.toml"
_TOO_LONG = _N("It is larger than any such document. Please look whether it is the one.")


@dataclass(frozen=True, slots=True)
class Changed:
    """A published edition that the document says otherwise."""

    edition: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What publishing a document would do."""

    program_id: UUID | None
    """None: the organization has no program of this key yet."""
    editions: tuple[Program, ...]
    new: tuple[Program, ...]
    """Those that would be published."""
    changed: tuple[Changed, ...]
    found: tuple[Found, ...]
    """What the checker says of it, together with the editions that are published."""

    @property
    def to_mend(self) -> tuple[Found, ...]:
        """What keeps it from being published."""
        return tuple(each for each in self.found if each.finding.severity is Severity.MEND)


def look_at(session: Session, organization_id: UUID, text: str) -> Looked:
    """A document before it is published. Raises `DocumentProblems` where it cannot be read. Nothing is written."""
    editions = _read(text)
    row = _row(session, organization_id, editions[0].id)
    published = versions(session, row.id) if row else ()
    own = {each.edition for each in editions}
    beside = [each.program for each in published if each.program.edition not in own]
    known = {each.program.edition: each.program for each in published}
    compared = [(each, known.get(each.edition)) for each in editions]
    changed = [Changed(now.edition, _differences(was, now)) for now, was in compared if was is not None]
    return Looked(
        program_id=row.id if row else None,
        editions=editions,
        new=tuple(now for now, was in compared if was is None),
        changed=tuple(each for each in changed if each.differences),
        found=check_text(text, source=SOURCE, beside=beside).found,
    )


def publish(
    session: Session,
    visitor: Visitor | None,
    organization_id: UUID,
    text: str,
    *,
    why: str | None,
    now: datetime,
    shipped: bool = False,
) -> UUID:
    """Take the editions of a document into use, and only those that are new; the answer is the program's id.

    A document whose editions are all published already changes nothing. Raises `DocumentProblems` where it cannot be
    read, and `Refused` where something is to be mended, where a published edition would be changed, or where the
    program is only for comparison. Without a `visitor` the command line does it.
    """
    why = (why or "").strip() or None
    if why and len(why) > LONGEST_WHY:
        raise Refused("too_long", "Please keep it to %(longest)d characters.", longest=LONGEST_WHY)
    _check_may_be_used(look_at(session, organization_id, text))
    by = visitor.person_id if visitor else None
    row = _locked(session, organization_id, _read(text)[0], by, now, shipped=shipped)
    looked = look_at(session, organization_id, text)  # once more: others may have published meanwhile
    _check_may_be_used(looked)
    numbers = _add(session, row, looked.new, text, why=why, by=by, now=now)
    if numbers:
        row.name = looked.new[-1].name
        audit.write(
            session, organization_id=organization_id, person_id=by, act="program.publish", subject=f"program:{row.id}",
            now=now, first=numbers[0], last=numbers[-1], shipped=row.shipped,
        )  # fmt: skip
    session.flush()
    return row.id


def _read(text: str) -> tuple[Program, ...]:
    if len(text) > MOST_BYTES:
        raise DocumentProblems(DocumentProblem(SOURCE, "the whole file", Sentence(_TOO_LONG)))
    return read_program(text, source=SOURCE)


def _row(session: Session, organization_id: UUID, key: str) -> ProgramRow | None:
    mine = select(ProgramRow).where(ProgramRow.organization_id == organization_id, ProgramRow.key == key)
    return session.scalars(mine).one_or_none()


def _locked(
    session: Session, organization_id: UUID, program: Program, by: UUID | None, now: datetime, *, shipped: bool
) -> ProgramRow:
    insert_once(
        session, ProgramRow, id=new_id(), organization_id=organization_id, key=program.id, name=program.name,
        shipped=shipped, made_by=by, made_at=now,
    )  # fmt: skip
    mine = select(ProgramRow).where(ProgramRow.organization_id == organization_id, ProgramRow.key == program.id)
    return session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()


def _differences(was: Program, now: Program) -> tuple[Difference, ...]:
    """What the later text asks or promises otherwise; its name, sources and notes may change at any time."""
    if not now.transitions:
        now = replace(now, transitions=was.transitions)  # the edition before it stands in another document
    found = tuple(each for each in differences(was, now) if each.what != "program")
    return found if now.time_zone == was.time_zone else differences(was, now)


def _check_may_be_used(looked: Looked) -> None:
    if looked.editions[0].comparison_only:
        raise Refused(
            "for_comparison",
            "This program is there to compare with: nobody can be certified under it. Please choose another one.",
        )
    if looked.changed:
        raise Refused(
            "edition_published",
            "What is published stays as it is, and this document says it otherwise: %(editions)s. Please give what is "
            "new an edition of its own, with a key that is not used yet, or leave the published edition out.",
            editions=", ".join(each.edition for each in looked.changed),
        )
    if looked.to_mend:
        raise Refused(
            "to_mend", "Something is to be mended first: %(first)s", first=looked.to_mend[0].finding.in_english()
        )


def _add(
    session: Session,
    row: ProgramRow,
    new: Sequence[Program],
    text: str,
    *,
    why: str | None,
    by: UUID | None,
    now: datetime,
) -> tuple[int, ...]:
    first = 1 + max((each.number for each in _published(session, row)), default=0)
    for number, program in enumerate(new, first):
        session.add(
            ProgramVersionRow(
                id=new_id(), organization_id=row.organization_id, program_id=row.id, number=number,
                edition=program.edition, text=text, digest=hashlib.sha256(text.encode()).hexdigest(),
                effective_from=program.effective_from, effective_until=program.effective_until, why=why,
                published_by=by, published_at=now,
            )
        )  # fmt: skip
    return tuple(range(first, first + len(new)))


def _published(session: Session, row: ProgramRow) -> tuple[Version, ...]:
    return versions(session, row.id)


def change(
    session: Session, visitor: Visitor, program_id: UUID, *, open_to_ask: bool, closed: bool, now: datetime
) -> None:
    """Whether trainees may enroll themselves, and whether anybody new is enrolled at all. Raises `NotHere`."""
    row = found_program(session, visitor.organization_id, program_id, locked=True)
    if (row.open_to_ask, row.closed_at is not None) == (open_to_ask, closed):
        return
    row.open_to_ask = open_to_ask
    row.closed_at = (row.closed_at or now) if closed else None
    session.flush()
    audit.write(
        session, organization_id=row.organization_id, person_id=visitor.person_id, act="program.change",
        subject=f"program:{row.id}", now=now, open_to_ask=open_to_ask, closed=closed,
    )  # fmt: skip


def text_of(session: Session, version_id: UUID) -> str:
    """The document that an edition was published with. Whose it is, the caller asks."""
    return session.scalars(select(ProgramVersionRow.text).where(ProgramVersionRow.id == version_id)).one()
