"""Adding a site, changing it, its contacts; putting it away and bringing it back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere, in_organization
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.practicum.sites import found_site
from lti_tool.store.base import new_id
from lti_tool.store.sites import SiteContactRow, SiteRow
from lti_tool.store.writing import insert_once
from rubrics.practice import Compensation, PracticeModel, Setting
from rubrics.refusal import Refused

LONGEST_NAME = 200
LONGEST_LINE = 300
LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class SiteWords:
    """What a person says of a site."""

    name: str
    address: str = ""
    crisis_plan: str = ""
    models: frozenset[PracticeModel] = frozenset()
    settings: frozenset[Setting] = frozenset()
    compensation: Compensation | None = None


@dataclass(frozen=True, slots=True)
class ContactWords:
    """What a person says of somebody to speak with."""

    name: str
    what_for: str = ""
    phone: str = ""
    email: str = ""


def may_change(session: Session, visitor: Visitor, made_by: UUID) -> bool:
    """Program leads change every site; an instructor the ones that they added."""
    mine = in_organization(session, visitor)
    return Capability.PROGRAM_LEAD in mine or (Capability.INSTRUCTOR in mine and made_by == visitor.person_id)


def add(session: Session, visitor: Visitor, words: SiteWords, now: datetime) -> UUID:
    """Add a site of the organization. Raises `Refused` ("name_needed", "name_taken", "too_long")."""
    id_ = new_id()
    values = _values(words)
    _name_free(session, visitor, values["name"], None)
    made = insert_once(
        session,
        SiteRow,
        id=id_,
        organization_id=visitor.organization_id,
        made_by=visitor.person_id,
        made_at=now,
        changed_at=now,
        **values,
    )
    if not made:
        raise _taken()
    _audit(session, visitor, "site.add", id_, now)
    return id_


def change(session: Session, visitor: Visitor, site_id: UUID, words: SiteWords, now: datetime) -> None:
    """Change what is said of a site. Raises `Refused` as `add` does, `NotHere` for whoever may not."""
    row = held(session, visitor, site_id)
    values = _values(words)
    _name_free(session, visitor, values["name"], row.id)
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = now
    session.flush()
    _audit(session, visitor, "site.change", row.id, now)


def put_away(session: Session, visitor: Visitor, site_id: UUID, now: datetime) -> None:
    """Nobody new is placed there; who is there stays, and all that was noted. Twice changes nothing."""
    row = _held_by_lead(session, visitor, site_id)
    if row.ended_at is None:
        row.ended_at = now
        _audit(session, visitor, "site.put_away", row.id, now)


def bring_back(session: Session, visitor: Visitor, site_id: UUID, now: datetime) -> None:
    """Have it in use again. Raises `Refused` ("name_taken") where another one has its name now."""
    row = _held_by_lead(session, visitor, site_id)
    if row.ended_at is not None:
        _name_free(session, visitor, row.name, row.id)
        row.ended_at = None
        session.flush()
        _audit(session, visitor, "site.bring_back", row.id, now)


def add_contact(session: Session, visitor: Visitor, site_id: UUID, words: ContactWords, now: datetime) -> UUID:
    """Add somebody to speak with. Raises `Refused` ("name_needed", "too_long"), `NotHere`."""
    site = held(session, visitor, site_id)
    row = SiteContactRow(id=new_id(), organization_id=site.organization_id, site_id=site.id, **_of_contact(words))
    session.add(row)
    session.flush()
    _audit(session, visitor, "site.add_contact", site.id, now, contact=str(row.id))
    return row.id


def change_contact(
    session: Session, visitor: Visitor, site_id: UUID, contact_id: UUID, words: ContactWords, now: datetime
) -> None:
    """Change what is said of a contact. Raises as `add_contact` does."""
    row = _contact(session, visitor, site_id, contact_id)
    for name, value in _of_contact(words).items():
        setattr(row, name, value)
    _audit(session, visitor, "site.change_contact", site_id, now, contact=str(row.id))


def take_contact_away(session: Session, visitor: Visitor, site_id: UUID, contact_id: UUID, now: datetime) -> None:
    """The contact is not shown any more. Twice changes nothing. Raises `NotHere`."""
    row = _contact(session, visitor, site_id, contact_id)
    if row.ended_at is None:
        row.ended_at = now
        _audit(session, visitor, "site.take_contact_away", site_id, now, contact=str(row.id))


def held(session: Session, visitor: Visitor, site_id: UUID) -> SiteRow:
    """The site, locked, for who may change it. Raises `NotHere` for others."""
    row = found_site(session, visitor.organization_id, site_id, locked=True)
    if not may_change(session, visitor, row.made_by):
        raise NotHere
    return row


def _held_by_lead(session: Session, visitor: Visitor, site_id: UUID) -> SiteRow:
    if Capability.PROGRAM_LEAD not in in_organization(session, visitor):
        raise NotHere
    return found_site(session, visitor.organization_id, site_id, locked=True)


def _contact(session: Session, visitor: Visitor, site_id: UUID, contact_id: UUID) -> SiteContactRow:
    held(session, visitor, site_id)
    row = session.scalars(
        select(SiteContactRow).where(SiteContactRow.id == contact_id, SiteContactRow.site_id == site_id)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _values(words: SiteWords) -> dict[str, object]:
    name = one_line(words.name, LONGEST_NAME)
    if not name:
        raise Refused("name_needed", "Please say what the site is called.")
    return {
        "name": name,
        "address": some_text(words.address),
        "crisis_plan": some_text(words.crisis_plan),
        "models": sorted(model.value for model in words.models),
        "settings": sorted(setting.value for setting in words.settings),
        "compensation": words.compensation,
    }


def _of_contact(words: ContactWords) -> dict[str, str | None]:
    name = one_line(words.name, LONGEST_NAME)
    if not name:
        raise Refused("name_needed", "Please say whom one speaks with: a name, or what they do there.")
    rest = {field: one_line(getattr(words, field), LONGEST_LINE) or None for field in ("what_for", "phone", "email")}
    return {"name": name, **rest}


def one_line(text: str, longest: int) -> str:
    """What was typed as one line. Raises `Refused` ("too_long")."""
    line = " ".join(text.replace("\x00", "").split())
    if len(line) > longest:
        raise Refused("too_long", "Please shorten this to %(limit)s characters: %(start)s…", limit=longest,
                      start=line[:40])  # fmt: skip
    return line


def some_text(text: str) -> str | None:
    """What was typed, its lines kept; None for nothing. Raises `Refused` ("too_long")."""
    found = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(found) > LONGEST_TEXT:
        raise Refused("too_long", "Please shorten this to %(limit)s characters: %(start)s…", limit=LONGEST_TEXT,
                      start=found[:40])  # fmt: skip
    return found or None


def _name_free(session: Session, visitor: Visitor, name: object, but_not: UUID | None) -> None:
    taken = session.scalars(
        select(SiteRow.id).where(
            SiteRow.organization_id == visitor.organization_id, SiteRow.name == name, SiteRow.ended_at.is_(None)
        )
    ).first()
    if taken is not None and taken != but_not:
        raise _taken()


def _taken() -> Refused:
    return Refused("name_taken", "There is a site of this name already. Please open that one, or choose another name.")


def _audit(session: Session, visitor: Visitor, act: str, site_id: UUID, now: datetime, **facts: str) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"site:{site_id}",
        now=now,
        **facts,
    )
