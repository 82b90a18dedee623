"""What to do when harm or danger is told: the program's own words, for each jurisdiction, readable by everybody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.care import GuidanceRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused

LONGEST_PLACE = 120
LONGEST = 20_000
MOST = 100


@dataclass(frozen=True, slots=True)
class Guidance:
    """What to do in one jurisdiction."""

    id: UUID
    jurisdiction: str
    words: str
    changed_by: str
    changed_at: datetime


def guidance_of(session: Session, organization_id: UUID) -> tuple[Guidance, ...]:
    """All that is in force, by the name of the jurisdiction."""
    return tuple(sorted(_found(session, organization_id, put_away=False), key=lambda one: one.jurisdiction.casefold()))


def put_away_of(session: Session, organization_id: UUID) -> tuple[Guidance, ...]:
    """What was put away, or stood there before it was rewritten: the latest first. Each can be brought back."""
    return _found(session, organization_id, put_away=True)


def one(session: Session, organization_id: UUID, guidance_id: UUID) -> Guidance:
    """What is in force, by its id. Raises `NotHere`."""
    found = next((one for one in guidance_of(session, organization_id) if one.id == guidance_id), None)
    if found is None:
        raise NotHere
    return found


def write(
    session: Session, visitor: Visitor, *, guidance_id: UUID | None, jurisdiction: str, words: str, now: datetime
) -> UUID:
    """Add what to do in a jurisdiction, or with `guidance_id` write that anew; what stood there before is kept.

    The answer is its id. Raises `NotHere`, and `Refused` ("place_needed", "words_needed", "too_long", "place_twice").
    """
    _hold(session, visitor)
    place, text = " ".join(_plain(jurisdiction).split()), _plain(words)
    _check(place, text)
    before = _standing(session, visitor, guidance_id) if guidance_id else None
    if before is not None and (before.jurisdiction, before.words) == (place, text):
        return before.id
    _check_place_is_free(session, visitor, place, but=before)
    if before is not None:
        before.ended_at = now
        session.flush()
    return _add(session, visitor, place, text, now)


def put_away(session: Session, visitor: Visitor, guidance_id: UUID, now: datetime) -> None:
    """Show it no more. It can be brought back. Raises `NotHere`."""
    _hold(session, visitor)
    row = _row(session, visitor, guidance_id)
    if row.ended_at is None:
        row.ended_at = now
        _audit(session, visitor, row, "guidance.put_away", now)


def bring_back(session: Session, visitor: Visitor, guidance_id: UUID, now: datetime) -> None:
    """Have it in force again; what stands for the same jurisdiction now is put away. Raises `NotHere`."""
    _hold(session, visitor)
    row = _row(session, visitor, guidance_id)
    if row.ended_at is None:
        return
    for other in _of_place(session, visitor, row.jurisdiction):
        other.ended_at = now
    session.flush()
    row.ended_at = None
    _audit(session, visitor, row, "guidance.bring_back", now)


def _found(session: Session, organization_id: UUID, *, put_away: bool) -> tuple[Guidance, ...]:
    rows = session.execute(
        select(GuidanceRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == GuidanceRow.changed_by)
        .where(
            GuidanceRow.organization_id == organization_id,
            GuidanceRow.ended_at.is_not(None) if put_away else GuidanceRow.ended_at.is_(None),
        )
        .order_by(GuidanceRow.ended_at.desc(), GuidanceRow.id)
        .limit(MOST)
    )
    return tuple(
        Guidance(row.id, row.jurisdiction, row.words, display_name(row.changed_by, name), row.changed_at)
        for row, name in rows
    )


def _hold(session: Session, visitor: Visitor) -> None:
    """Two who write at once come one after the other."""
    session.execute(select(OrganizationRow.id).where(OrganizationRow.id == visitor.organization_id).with_for_update())


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _check(place: str, text: str) -> None:
    if not place:
        raise Refused("place_needed", "Please say for which place this holds, for example a state or a country.")
    if not text:
        raise Refused("words_needed", "Please write what to do there. To show it no more, it can be put away.")
    if len(place) > LONGEST_PLACE:
        raise Refused("too_long", "Please shorten the name of the place to %(limit)s characters.", limit=LONGEST_PLACE)
    if len(text) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)


def _check_place_is_free(session: Session, visitor: Visitor, place: str, *, but: GuidanceRow | None) -> None:
    taken = [row for row in _of_place(session, visitor, place) if but is None or row.id != but.id]
    if taken:
        raise Refused("place_twice", "There is one for this place already. Please change that one instead.")


def _of_place(session: Session, visitor: Visitor, place: str) -> list[GuidanceRow]:
    rows = session.scalars(
        select(GuidanceRow).where(
            GuidanceRow.organization_id == visitor.organization_id, GuidanceRow.ended_at.is_(None)
        )
    )
    return [row for row in rows if row.jurisdiction.casefold() == place.casefold()]


def _standing(session: Session, visitor: Visitor, guidance_id: UUID) -> GuidanceRow:
    row = _row(session, visitor, guidance_id)
    if row.ended_at is not None:
        raise Refused(
            "rewritten",
            "Somebody changed this or put it away meanwhile. What you wrote is still here: please copy it, and look "
            "at the list again.",
        )
    return row


def _row(session: Session, visitor: Visitor, guidance_id: UUID) -> GuidanceRow:
    row = session.scalars(
        select(GuidanceRow)
        .where(GuidanceRow.id == guidance_id, GuidanceRow.organization_id == visitor.organization_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _add(session: Session, visitor: Visitor, place: str, text: str, now: datetime) -> UUID:
    row = GuidanceRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        jurisdiction=place,
        words=text,
        changed_at=now,
        changed_by=visitor.person_id,
    )
    session.add(row)
    session.flush()
    _audit(session, visitor, row, "guidance.write", now)
    return row.id


def _audit(session: Session, visitor: Visitor, row: GuidanceRow, act: str, now: datetime) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"guidance:{row.id}",
        now=now,
    )
