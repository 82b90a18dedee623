"""What stands on the certificates of a program, language by language: what comes with Attune, or the program's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.documents.certificate_pdf import Wording, wording, wordings
from lti_tool.services import audit
from lti_tool.services.authoring import wording as wording_rules
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs.program_versions import found_program
from lti_tool.store.base import new_id
from lti_tool.store.credentials import CertificateLook, CertificateRow
from lti_tool.store.people import PersonRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.rubric_texts import Text, Use
from rubrics.wording import Finding, lint_text

LONGEST = {"title": 120, "words": 600, "signed_by": 200}
"""Letters of each text: it stays one page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program would have on its certificates."""

    look: CertificateLook
    title: str
    words: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class Template:
    """How certificates of a program are in one language."""

    language: str
    asked: Asked
    own: bool
    """Whether the program says it itself; else it is what comes with Attune."""
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def since(self) -> str:
        """Names this state of it: a change says which one it began from."""
        return self.changed_at.isoformat() if self.changed_at else ""


def languages() -> tuple[str, ...]:
    """The languages that certificates can be in."""
    return tuple(wordings())


def templates(session: Session, organization_id: UUID, program_id: UUID) -> tuple[Template, ...]:
    """One for each language. Raises `NotHere` for a program of another organization."""
    found_program(session, organization_id, program_id)
    rows = session.execute(
        select(CertificateRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == CertificateRow.changed_by)
        .where(CertificateRow.program_id == program_id)
    )
    own = {row.language: _own(row, name) for row, name in rows}
    return tuple(own.get(each.language) or _shipped(each) for each in wordings().values())


def template(session: Session, organization_id: UUID, program_id: UUID, language: str) -> Template:
    """The one of a language. Raises `NotHere`, also for a language that there is not."""
    for each in templates(session, organization_id, program_id):
        if each.language == language:
            return each
    raise NotHere


def nearest(session: Session, organization_id: UUID, program_id: UUID, language: str) -> Template:
    """The one of the nearest language that there is."""
    return template(session, organization_id, program_id, wording(language).language)


def save(
    session: Session, visitor: Visitor, program_id: UUID, language: str, wanted: Asked, *, since: str, now: datetime
) -> None:
    """Have certificates say this from now on; those that people took along before stay as they are.

    `since` names the state that it began from. The same again changes nothing. Raises `NotHere`; `Refused` with the
    name of a field; "certificate_changed" where somebody changed it meanwhile.
    """
    wanted = _tidy(wanted)
    _check(session, visitor.organization_id, language, wanted)
    program = found_program(session, visitor.organization_id, program_id, locked=True)
    found = template(session, visitor.organization_id, program.id, language)
    if found.asked == wanted:
        return
    if found.since != since:
        raise Refused(
            "certificate_changed",
            "Somebody changed this certificate after you opened it. What you wrote stands below; please look at both.",
        )
    values = {
        "look": wanted.look, "title": wanted.title, "words": wanted.words, "signed_by": wanted.signed_by,
        "changed_by": visitor.person_id, "changed_at": now,
    }  # fmt: skip
    made = insert_once(
        session, CertificateRow, id=new_id(), organization_id=visitor.organization_id, program_id=program.id,
        language=language, **values,
    )  # fmt: skip
    if not made:
        row = session.scalars(_row_of(program.id, language)).one()
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
    _audit(session, visitor, "certificate.change", program.id, language, now)


def back_to_shipped(session: Session, visitor: Visitor, program_id: UUID, language: str, now: datetime) -> None:
    """Have what comes with Attune again; twice changes nothing. Raises `NotHere`."""
    program = found_program(session, visitor.organization_id, program_id, locked=True)
    template(session, visitor.organization_id, program.id, language)
    row = session.scalars(_row_of(program.id, language)).one_or_none()
    if row is None:
        return
    session.delete(row)
    session.flush()
    _audit(session, visitor, "certificate.as_shipped", program.id, language, now)


def wounding(session: Session, organization_id: UUID, language: str, asked: Asked) -> tuple[Finding, ...]:
    """The words in it for which others are needed, by the wording rules of the organization."""
    rules = wording_rules.rules(session, organization_id)
    return tuple(found for text in _texts(language, asked) for found in lint_text(text, rules) if found.blocks)


def _check(session: Session, organization_id: UUID, language: str, asked: Asked) -> None:
    for name in ("title", "words"):
        if not getattr(asked, name):
            raise Refused(name, "Please write this. It stands on every certificate of the program.")
    for name, most in LONGEST.items():
        if len(getattr(asked, name)) > most:
            raise Refused(name, "Please keep to %(most)s characters, so that it stays one page.", most=most)
    for found in wounding(session, organization_id, language, asked):
        raise Refused(found.place, found.sentence, **found.values)


def _texts(language: str, asked: Asked) -> Iterator[Text]:
    yield Text("title", Use.TITLE, language, asked.title)
    yield Text("words", Use.SUMMARY, language, asked.words)
    yield Text("signed_by", Use.SUMMARY, language, asked.signed_by)


def _tidy(asked: Asked) -> Asked:
    return Asked(asked.look, " ".join(asked.title.split()), asked.words.strip(), asked.signed_by.strip())


def _row_of(program_id: UUID, language: str) -> Select[CertificateRow]:
    return select(CertificateRow).where(CertificateRow.program_id == program_id, CertificateRow.language == language)


def _own(row: CertificateRow, name: str | None) -> Template:
    asked = Asked(row.look, row.title, row.words, row.signed_by)
    return Template(row.language, asked, True, display_name(row.changed_by, name), row.changed_at)


def _shipped(found: Wording) -> Template:
    return Template(found.language, Asked(CertificateLook.PLAIN, found.title, found.words, ""), False)


def _audit(session: Session, visitor: Visitor, act: str, program_id: UUID, language: str, now: datetime) -> None:
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act=act,
        subject=f"program:{program_id}", now=now, language=language,
    )  # fmt: skip
