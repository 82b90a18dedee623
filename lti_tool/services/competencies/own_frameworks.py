"""What program leads do with frameworks: look at one for their people, remove it, write one of their own."""

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.competency import Competency, Framework, Kind
from lti_tool.services import audit
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks
from lti_tool.services.competencies.framework_tree import standing
from lti_tool.services.courses.places import NotHere
from lti_tool.store.frameworks import FrameworkRow
from lti_tool.store.people import PersonRow
from rubrics.keys import key_for
from rubrics.refusal import Refused

LONGEST_STATEMENT = 2_000
LONGEST_CODE = 40
LONGEST_TITLE = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Written:
    """A competency as a form has it."""

    statement: str
    code: str = ""
    notes: str = ""
    kind: Kind | None = None
    observable: bool = True


def look_at(session: Session, by: Author, framework_id: UUID, now: datetime) -> None:
    """Note that this person looked at it for their people, with the day."""
    row = _row(session, by, framework_id)
    name = session.scalars(select(PersonRow.name).where(PersonRow.id == by.person_id)).one_or_none()
    who = f"{name}, {now.date().isoformat()}" if name else now.date().isoformat()
    row.document = {**row.document, "reviewed_by_your_people": who}
    row.changed_at = now
    _note(session, by, row, "framework.look_at", now)


def remove(session: Session, by: Author, framework_id: UUID, now: datetime) -> None:
    """Offer it no more. Rubrics that name it keep what they say."""
    row = _row(session, by, framework_id)
    if row.removed_at is None:
        row.removed_at = now
        _note(session, by, row, "framework.remove", now)


def bring_back(session: Session, by: Author, framework_id: UUID, now: datetime) -> None:
    """Offer it again."""
    row = _row(session, by, framework_id)
    if row.removed_at is not None:
        row.removed_at = None
        _note(session, by, row, "framework.bring_back", now)


def begin(session: Session, by: Author, title: str, language: str, now: datetime) -> UUID:
    """A framework of the organization's own, empty. Raises `Refused` where title or language are not there."""
    title = title.strip()
    if not title:
        raise Refused("title_missing", "Please give the framework a title.")
    if len(title) > LONGEST_TITLE:
        raise Refused("too_long", "Please keep it to %(longest)d characters.", longest=LONGEST_TITLE)
    if not _LANGUAGE.fullmatch(language.strip()):
        raise Refused("language_code", "Please name the language by its code, such as en-US.")
    taken = set(session.scalars(select(FrameworkRow.key).where(FrameworkRow.organization_id == by.organization_id)))
    framework = Framework(
        identifier=str(uuid.uuid4()),
        key=key_for(title, taken, otherwise="framework"),
        title=title,
        language=language.strip(),
    )
    framework_id = frameworks.save(session, by.organization_id, framework, bundled=False, now=now).framework_id
    _note(session, by, _row(session, by, framework_id), "framework.begin", now)
    return framework_id


def add(session: Session, by: Author, framework_id: UUID, written: Written, *, under: str | None, now: datetime) -> str:
    """A new competency, last of those below `under`; its identifier. Raises `Refused`, `NotHere`."""
    framework = _own(session, by, framework_id)
    if under is not None and all(each.identifier != under for each in framework.competencies):
        raise NotHere
    new = _as_written(Competency(identifier=str(uuid.uuid4()), statement="", parent=under), written, framework)
    _keep(session, by, framework_id, replace(framework, competencies=(*framework.competencies, new)), now=now)
    return new.identifier


def change(
    session: Session,
    by: Author,
    framework_id: UUID,
    identifier: str,
    written: Written,
    *,
    was: str,
    now: datetime,
) -> None:
    """Give a competency other words. `was` is the `fingerprint` of those that the form began with.

    Raises `Refused`, also where someone else changed them since; and `NotHere`.
    """
    framework = _own(session, by, framework_id)
    mine = _one(framework, identifier)
    if fingerprint(mine) != was:
        raise Refused(
            "changed_meanwhile",
            "Someone changed this since you opened it. It says now: “%(stands)s”. "
            "To have your words there, save again.",
            stands=mine.statement,
        )
    changed = _as_written(mine, written, framework)
    others = tuple(changed if each is mine else each for each in framework.competencies)
    _keep(session, by, framework_id, replace(framework, competencies=others), now=now)


def fingerprint(competency: Competency) -> str:
    """Tells whether what a form shows of it still stands."""
    shown = (competency.statement, competency.code, competency.notes, competency.kind, competency.observable)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def move(session: Session, by: Author, framework_id: UUID, identifier: str, *, down: bool, now: datetime) -> None:
    """Change places with the one before it, or after it, among those beside it."""
    framework = _own(session, by, framework_id)
    mine = _one(framework, identifier)
    beside = [
        place
        for place, each in enumerate(framework.competencies)
        if each.parent == mine.parent and each.deprecated_on is None
    ]
    here = beside.index(framework.competencies.index(mine)) if mine.deprecated_on is None else -1
    there = here + (1 if down else -1)
    if here < 0 or not 0 <= there < len(beside):
        return
    order = list(framework.competencies)
    order[beside[here]], order[beside[there]] = order[beside[there]], order[beside[here]]
    _keep(session, by, framework_id, replace(framework, competencies=tuple(order)), now=now)


def take_out(session: Session, by: Author, framework_id: UUID, identifier: str, now: datetime) -> None:
    """It is not offered any more, nor is what belongs to it; what names it keeps what it says."""
    framework = _own(session, by, framework_id)
    _one(framework, identifier)
    out = {identifier}
    for _ in framework.competencies:
        more = {each.identifier for each in framework.competencies if each.parent in out} - out
        if not more:
            break
        out |= more
    changed = tuple(_out(each, now) if each.identifier in out else each for each in framework.competencies)
    _keep(session, by, framework_id, replace(framework, competencies=changed), now=now)


def _out(competency: Competency, now: datetime) -> Competency:
    return replace(competency, deprecated_on=competency.deprecated_on or now.date())


def _as_written(competency: Competency, written: Written, framework: Framework) -> Competency:
    statement, code, notes = written.statement.strip(), written.code.strip(), written.notes.strip()
    if not statement:
        raise Refused("statement_missing", "Please say what people are to be able to do, know or hold dear.")
    for text, longest in ((statement, LONGEST_STATEMENT), (notes, LONGEST_STATEMENT), (code, LONGEST_CODE)):
        if len(text) > longest:
            raise Refused("too_long", "Please keep it to %(longest)d characters.", longest=longest)
    others: Sequence[Competency] = framework.competencies
    if code and any(each.code == code and each.identifier != competency.identifier for each in others):
        raise Refused("code_taken", "Another competency has the code %(found)s. Please choose another one.", found=code)
    return replace(
        competency, statement=statement, code=code, notes=notes, kind=written.kind, observable=written.observable
    )


def _keep(session: Session, by: Author, framework_id: UUID, framework: Framework, *, now: datetime) -> None:
    if frameworks.save(session, by.organization_id, framework, bundled=False, now=now).anything:
        _note(session, by, _row(session, by, framework_id), "framework.write", now)


def _own(session: Session, by: Author, framework_id: UUID) -> Framework:
    _row(session, by, framework_id)
    if not standing(session, by.organization_id, framework_id).own:
        raise Refused("not_own", "This framework is kept elsewhere. Please write one of your own beside it.")
    return frameworks.framework_of(session, by.organization_id, framework_id)


def _one(framework: Framework, identifier: str) -> Competency:
    found = next((each for each in framework.competencies if each.identifier == identifier), None)
    if found is None:
        raise NotHere
    return found


def _row(session: Session, by: Author, framework_id: UUID) -> FrameworkRow:
    row = session.scalars(
        select(FrameworkRow)
        .where(FrameworkRow.id == framework_id, FrameworkRow.organization_id == by.organization_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _note(session: Session, by: Author, row: FrameworkRow, act: str, now: datetime) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act=act,
        subject=f"framework:{row.id}",
        now=now,
    )
