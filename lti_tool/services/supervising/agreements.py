"""Supervision agreements: written by either of the two, signed by both, in force until one of them ends it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services import audit
from lti_tool.services.caseload.supervisors import team_of
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.supervising.agreement_lines import AgreementLine, Pair, lines, of_pair, signers_of
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.supervision import AgreementSignatureRow
from lti_tool.store.supervision import SupervisionAgreementRow as Row
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.sign_off import Lane, digest_of
from rubrics.supervision import Terms, check_terms


@dataclass(frozen=True, slots=True)
class Agreement:
    """One edition as the two of them read it."""

    line: AgreementLine
    terms: Terms
    digest: str
    """Of exactly what is shown, for signing it."""
    signatures: tuple[tuple[str, datetime], ...]
    """Who signed, and when."""
    readers: tuple[Reader, ...]


def in_force(session: Session, *, course_id: UUID, trainee_id: UUID, supervisor_id: UUID, lane: Lane) -> bool:
    """Whether an agreement of these two stands in this lane."""
    found = select(Row.id).where(
        Row.course_id == course_id,
        *of_pair(Pair(trainee_id=trainee_id, supervisor_id=supervisor_id, lane=lane)),
        Row.in_force_at.is_not(None),
        Row.ended_at.is_(None),
    )
    return session.scalars(found).first() is not None


def pair_of(session: Session, visitor: Visitor, place: Place, other_id: UUID, lane: Lane, now: datetime) -> Pair:
    """The visitor and the other one: who of them supervises, their standing says. Raises `NotHere`, `Refused`."""
    team = team_of(session, place.course.id, now.date(), [visitor.person_id, other_id])
    if (visitor.person_id, other_id) in team.conflicts:
        raise Refused("conflict", "Someone else does this for this person. Nothing is needed here.")
    trainees = _trainees(session, place.course.id, [visitor.person_id, other_id])
    if other_id in trainees and lane in team.lanes_for(visitor.person_id, other_id):
        return Pair(trainee_id=other_id, supervisor_id=visitor.person_id, lane=lane)
    if visitor.person_id in trainees and lane in team.lanes_for(other_id, visitor.person_id):
        return Pair(trainee_id=visitor.person_id, supervisor_id=other_id, lane=lane)
    raise NotHere


def last_terms(session: Session, place: Place, pair: Pair) -> tuple[int, Terms | None]:
    """The number of the last edition of these two and what it says; 0 and None where there is none."""
    row = session.scalars(
        select(Row).where(Row.course_id == place.course.id, *of_pair(pair)).order_by(Row.number.desc()).limit(1)
    ).one_or_none()
    return (row.number, _terms(row)) if row is not None else (0, None)


def propose(
    session: Session, visitor: Visitor, place: Place, pair: Pair, terms: Terms, *, after: int, now: datetime
) -> UUID:
    """Write the next edition; `after` is the one that the writer had before them. The other one is told.

    An edition that still waits for a signature makes room for it; one in force stays so until both signed this one.
    Raises `Refused` for a text that could not be signed, and where the other one wrote an edition meanwhile.
    """
    check_terms(terms)
    rows = _held_pair(session, place.course.id, pair)
    agreement_id = new_id()
    made = (rows[-1].number if rows else 0) == after and insert_once(
        session,
        Row,
        id=agreement_id,
        organization_id=place.organization_id,
        course_id=place.course.id,
        trainee_id=pair.trainee_id,
        supervisor_id=pair.supervisor_id,
        lane=pair.lane,
        number=after + 1,
        every_days=terms.every_days,
        expectations=terms.expectations.strip(),
        channels=terms.channels.strip(),
        confidentiality=terms.confidentiality.strip(),
        written_by=visitor.person_id,
        written_at=now,
    )
    if not made:
        raise Refused(
            "newer_edition",
            "Meanwhile the other one of you wrote an edition. Please read that first; yours can come after it.",
        )
    for row in rows:
        if row.in_force_at is None and row.ended_at is None:
            row.ended_at = now
    session.flush()
    _note(session, visitor, "agreement.propose", agreement_id, now, number=after + 1)
    _tell_other(session, visitor, place, pair, f"/agreements/{agreement_id}", now)
    return agreement_id


def read(session: Session, visitor: Visitor, place: Place, agreement_id: UUID) -> Agreement:
    """An edition, for one of the two. Raises `NotHere` for everybody else."""
    found = lines(session, place, Row.id == agreement_id)
    if not found or visitor.person_id not in (found[0].pair.trainee_id, found[0].pair.supervisor_id):
        raise NotHere
    line, row = found[0], session.get_one(Row, agreement_id, populate_existing=True)
    names = (line.trainee_name, line.supervisor_name)
    return Agreement(
        line,
        _terms(row),
        _digest(row),
        _signatures(session, agreement_id),
        readers(names),
    )


def readers(names: tuple[str, ...] = ()) -> tuple[Reader, ...]:
    """Who can see what an agreement says."""
    who_sees = ACCESS[Field.SUPERVISION_AGREEMENT].see
    return tuple(Reader(who, names if who is Who.SIDE else ()) for who in Who if who in who_sees)


def sign(session: Session, visitor: Visitor, place: Place, agreement_id: UUID, digest: str, now: datetime) -> bool:
    """Sign exactly what was shown, for oneself. The answer says whether it is in force now.

    Once both signed, the edition before it ends. Raises `Refused` ("changed_since_shown", "newer_edition",
    "conflict") and `NotHere`.
    """
    seen = read(session, visitor, place, agreement_id)
    rows = _held_pair(session, place.course.id, seen.line.pair)
    row = next((one for one in rows if one.id == agreement_id), None)
    if row is None:
        raise NotHere
    if row.ended_at is not None:
        raise Refused("newer_edition", "This edition is not the last one any more. Please read the newest one first.")
    if _digest(row) != digest:
        raise Refused("changed_since_shown", "This changed after the page was shown. Please read it again first.")
    pair_of(session, visitor, place, _other(seen.line.pair, visitor.person_id), row.lane, now)
    made = insert_once(
        session,
        AgreementSignatureRow,
        id=new_id(),
        organization_id=row.organization_id,
        agreement_id=row.id,
        person_id=visitor.person_id,
        digest=digest,
        assurance=visitor.assurance,
        signed_at=now,
    )
    if made:
        _note(session, visitor, "agreement.sign", row.id, now, number=row.number, digest=digest)
        _begin(session, rows, row, now)
        _tell_other(session, visitor, place, seen.line.pair, f"/agreements/{row.id}", now)
    return row.in_force_at is not None


def end(session: Session, visitor: Visitor, place: Place, agreement_id: UUID, now: datetime) -> None:
    """End it, or take a proposal off the table; either of the two may, without a reason. Raises `NotHere`."""
    seen = read(session, visitor, place, agreement_id)
    row = next(one for one in _held_pair(session, place.course.id, seen.line.pair) if one.id == agreement_id)
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _note(session, visitor, "agreement.end", row.id, now, number=row.number)
        _tell_other(session, visitor, place, seen.line.pair, f"/agreements/{row.id}", now)


def _begin(session: Session, rows: list[Row], row: Row, now: datetime) -> None:
    """In force once both have signed; the edition before it ends then."""
    both = {row.trainee_id, row.supervisor_id}
    if not both <= signers_of(session, [row.id]).get(row.id, set()):
        return
    row.in_force_at = now
    for earlier in rows:
        if earlier.id != row.id and earlier.ended_at is None:
            earlier.ended_at = now
    session.flush()


def _signatures(session: Session, agreement_id: UUID) -> tuple[tuple[str, datetime], ...]:
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, AgreementSignatureRow.signed_at)
        .join(AgreementSignatureRow, AgreementSignatureRow.person_id == PersonRow.id)
        .where(AgreementSignatureRow.agreement_id == agreement_id)
        .order_by(AgreementSignatureRow.signed_at)
    )
    return tuple((display_name(person_id, name), signed_at) for person_id, name, signed_at in rows)


def _trainees(session: Session, course_id: UUID, people: list[UUID]) -> frozenset[UUID]:
    return frozenset(
        session.scalars(
            select(MembershipRow.person_id).where(
                MembershipRow.course_id == course_id,
                MembershipRow.person_id.in_(people),
                MembershipRow.capability == Capability.TRAINEE,
                MembershipRow.ended_at.is_(None),
            )
        )
    )


def _held_pair(session: Session, course_id: UUID, pair: Pair) -> list[Row]:
    """All editions of the two, locked, so that two acts at once cannot cross; the oldest first."""
    return list(
        session.scalars(
            select(Row)
            .where(Row.course_id == course_id, *of_pair(pair))
            .order_by(Row.number)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _other(pair: Pair, person_id: UUID) -> UUID:
    return pair.supervisor_id if person_id == pair.trainee_id else pair.trainee_id


def _terms(row: Row) -> Terms:
    return Terms(row.every_days, row.expectations or "", row.channels or "", row.confidentiality or "")


def _digest(row: Row) -> str:
    """Of exactly what the two of them read; who they are stands in the row, and in the signatures."""
    return digest_of(
        rfc8785.dumps(
            {
                "agreement": str(row.id),
                "number": row.number,
                "lane": row.lane.value,
                "every_days": row.every_days,
                "expectations": row.expectations,
                "channels": row.channels,
                "confidentiality": row.confidentiality,
            }
        )
    )


def _note(session: Session, visitor: Visitor, act: str, agreement_id: UUID, now: datetime, **facts: str | int) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"supervision_agreement:{agreement_id}",
        now=now,
        **facts,
    )


def _tell_other(session: Session, visitor: Visitor, place: Place, pair: Pair, further: str, now: datetime) -> None:
    notify.news(
        session,
        organization_id=place.organization_id,
        person_id=_other(pair, visitor.person_id),
        now=now,
        kind=MessageKind.SUPERVISION,
        path=f"/a/{place.activity.id}/supervision{further}",
        sender_id=visitor.person_id,
    )
